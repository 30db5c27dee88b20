//! BigCommerce's four callbacks: install, open, uninstall, remove a user.
//!
//! The first two are opened in an iframe of the control panel and answer a page in plain words; the
//! others are called by BigCommerce's servers, which look at nothing but the status.

pub mod pages;

use worker::Env;

use crate::bigcommerce::ids::ClientId;
use crate::bindings::Bindings;
use crate::error::{Error, Result};
use crate::platform::inbound::{Inbound, Reply};
use crate::secret::Secret;
use crate::store::call;
use crate::store::calls::{Install, Load, RemoveUser, Uninstall};

/// Longer than any code, context or list of scopes BigCommerce sends.
const LONGEST_PARAMETER: usize = 4096;

/// `GET /bigcommerce/{client_id}/auth`: installed, or consented to anew.
pub async fn auth(inbound: &Inbound, env: &Env, client_id: ClientId) -> Result<Reply> {
    let parameter = |name: &str| match inbound.query(name) {
        Some(value) if !value.is_empty() && value.len() <= LONGEST_PARAMETER => Ok(value),
        _ => Err(Error::bad_request(format!(
            "BigCommerce sent no usable \"{name}\". Start the installation again from the control panel."
        ))),
    };
    let install =
        Install { code: Secret::new(parameter("code")?), context: parameter("context")?, scope: parameter("scope")? };
    let opened = call(env, client_id.as_str(), &inbound.id, install).await?;
    pages::console(&opened, &*Bindings::of(env)?)
}

/// `GET /bigcommerce/{client_id}/load`: a user opens the app.
pub async fn load(inbound: &Inbound, env: &Env, client_id: ClientId) -> Result<Reply> {
    let opened = call(env, client_id.as_str(), &inbound.id, Load { token: signed_payload(inbound) }).await?;
    pages::console(&opened, &*Bindings::of(env)?)
}

/// `GET /bigcommerce/{client_id}/uninstall`.
pub async fn uninstall(inbound: &Inbound, env: &Env, client_id: ClientId) -> Result<Reply> {
    call(env, client_id.as_str(), &inbound.id, Uninstall { token: signed_payload(inbound) }).await?;
    Ok(Reply::empty(200))
}

/// `GET /bigcommerce/{client_id}/remove-user`.
pub async fn remove_user(inbound: &Inbound, env: &Env, client_id: ClientId) -> Result<Reply> {
    call(env, client_id.as_str(), &inbound.id, RemoveUser { token: signed_payload(inbound) }).await?;
    Ok(Reply::empty(200))
}

fn signed_payload(inbound: &Inbound) -> Secret {
    Secret::new(inbound.query("signed_payload_jwt").unwrap_or_default())
}
