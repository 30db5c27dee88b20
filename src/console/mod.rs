//! The console's API: what the merchant's page asks, for the holder of a session.
//!
//! No cookies: the session's token comes with every call as a bearer token.

use worker::Env;

use crate::error::{Error, Result};
use crate::platform::inbound::{Inbound, Reply};
use crate::secret::Secret;
use crate::store::calls::{PatchSettings, ReadSettings};
use crate::store::{call, sessions::app_of_session};

/// Bytes of a settings patch; a private key is its largest part.
const LONGEST_PATCH: usize = 64 * 1024;

/// `GET` and `PATCH /console/api/settings`.
pub async fn settings(mut inbound: Inbound, env: &Env) -> Result<Reply> {
    let token = inbound.bearer().ok_or(Error::SessionEnded)?;
    let client_id = app_of_session(&token).ok_or(Error::SessionEnded)?;
    let session_token = Secret::new(token);
    let answer = if inbound.method == "PATCH" {
        let patch = Secret::new(inbound.text(LONGEST_PATCH).await?);
        call(env, client_id.as_str(), &inbound.id, PatchSettings { session_token, patch }).await
    } else {
        call(env, client_id.as_str(), &inbound.id, ReadSettings { session_token }).await
    };
    // A session of an app that is not there is no session; which apps are, is nobody's business here.
    let settings = answer.map_err(|error| if error == Error::UnknownApp { Error::SessionEnded } else { error })?;
    Ok(Reply::json(200, &settings))
}
