//! The addresses of an app's callbacks, as the control panel and the platform call them.

use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use crate::jwt;
use crate::model::{App, JwtAlg, Store, User};
use crate::state::{Refused, State, now};

/// A callback that carries a signed payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Callback<'p> {
    /// A user opens the app, at this path of it.
    Load(&'p str),
    /// The app was taken off the store.
    Uninstall,
    /// A user may no longer open it.
    RemoveUser,
}

/// The auth callback with a fresh code, as the install page's iframe calls it.
pub(crate) fn auth_url(state: &mut State, hash: &str, client_id: &str) -> Result<Url, Refused> {
    let code = state.issue_code(hash, client_id)?;
    let (_, app) = state.app_of_store(hash, client_id)?;
    let mut url = app.callbacks.auth.clone();
    url.query_pairs_mut()
        .append_pair("account_uuid", &app.account_uuid)
        .append_pair("code", &code)
        .append_pair("context", &format!("stores/{hash}"))
        .append_pair("scope", &app.scope_string());
    Ok(url)
}

/// A callback with a signed payload for this user; the owner when none is named.
pub(crate) fn signed_url(
    state: &State,
    hash: &str,
    client_id: &str,
    callback: Callback<'_>,
    user_id: Option<u64>,
) -> Result<Url, Refused> {
    let (store, app) = state.app_of_store(hash, client_id)?;
    let user = match user_id {
        None => &store.profile.owner,
        Some(id) => store.user(id).ok_or_else(|| format!("store {hash} has no user {id}"))?,
    };
    let mut url = match callback {
        Callback::Load(_) => &app.callbacks.load,
        Callback::Uninstall => &app.callbacks.uninstall,
        Callback::RemoveUser => &app.callbacks.remove_user,
    }
    .clone();
    let path = if let Callback::Load(path) = callback { path } else { "/" };
    let token = jwt::sign(JwtAlg::Hs256, &app.client_secret, &payload(store, app, user, path));
    url.query_pairs_mut().append_pair("signed_payload_jwt", &token);
    Ok(url)
}

fn payload(store: &Store, app: &App, user: &User, path: &str) -> Value {
    let iat = now();
    let nbf = iat - 5;
    json!({
        "aud": app.client_id,
        "iss": "bc",
        "iat": iat,
        "nbf": nbf,
        "exp": nbf + 86_400,
        "jti": Uuid::new_v4().to_string(),
        "sub": format!("stores/{}", store.profile.hash),
        "user": { "id": user.id, "email": user.email, "locale": "en-US" },
        "owner": { "id": store.profile.owner.id, "email": store.profile.owner.email },
        "url": path,
        "channel_id": null,
    })
}
