//! The operator registers apps, looks at them and removes them.
//!
//! An app is registered before it can be installed: its client id and secret come from BigCommerce's
//! developer tools, and the answer says what to enter there in turn.

use serde::Deserialize;
use serde_json::{Value, json};
use worker::Env;

use crate::bigcommerce::ids::ClientId;
use crate::bigcommerce::scopes;
use crate::bindings::Bindings;
use crate::error::{Error, Result};
use crate::ordergroove::hosts::Environment;
use crate::platform::inbound::{Inbound, Reply};
use crate::platform::log;
use crate::secret::Secret;
use crate::store::calls::{Describe, ForgetApp, ListApps, NoteApp, Register, Remove};
use crate::store::{call, registry_do::REGISTRY_NAME};

/// Bytes of a registration; a real one has a few hundred.
const LONGEST_BODY: usize = 8 * 1024;

/// `GET /operator/apps`.
pub async fn list(inbound: &Inbound, env: &Env) -> Result<Reply> {
    let apps = call(env, REGISTRY_NAME, &inbound.id, ListApps {}).await?;
    Ok(Reply::json(200, &json!({ "apps": apps })))
}

/// `GET`, `PUT` and `DELETE /operator/apps/{client_id}`.
pub async fn app(inbound: Inbound, env: &Env, client_id: ClientId) -> Result<Reply> {
    match inbound.method.as_str() {
        "PUT" => register(inbound, env, client_id).await,
        "DELETE" => remove(&inbound, env, client_id).await,
        _ => show(&inbound, env, &client_id).await,
    }
}

async fn show(inbound: &Inbound, env: &Env, client_id: &ClientId) -> Result<Reply> {
    let app = call(env, client_id.as_str(), &inbound.id, Describe {}).await?;
    let mut body = registration(&*Bindings::of(env)?, client_id, app.environment);
    body["state"] = app.state.into();
    body["store_hash"] = json!(app.store_hash);
    body["active"] = app.active.into();
    body["previous_secret_until"] = json!(app.previous_secret_until);
    body["kv_behind"] = app.kv_behind.into();
    Ok(Reply::json(200, &body))
}

async fn register(mut inbound: Inbound, env: &Env, client_id: ClientId) -> Result<Reply> {
    let wanted = Registration::parse(&inbound.text(LONGEST_BODY).await?)?;
    let environment = wanted.environment;
    let register = Register { client_id: client_id.clone(), client_secret: wanted.client_secret, environment };
    let registered = call(env, client_id.as_str(), &inbound.id, register).await?;
    let note = NoteApp { client_id: client_id.clone(), environment };
    call(env, REGISTRY_NAME, &inbound.id, note).await?;
    log::info("registered", &inbound.id, json!({"client_id": client_id, "new": registered.is_new}));
    let status = if registered.is_new { 201 } else { 200 };
    Ok(Reply::json(status, &registration(&*Bindings::of(env)?, &client_id, environment)))
}

async fn remove(inbound: &Inbound, env: &Env, client_id: ClientId) -> Result<Reply> {
    let force = match inbound.query("force").as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(Error::bad_request("force must be true or false.")),
    };
    let removed = call(env, client_id.as_str(), &inbound.id, Remove { force }).await;
    // An app whose removal broke off after the object was emptied is only on the list any more.
    if removed != Err(Error::UnknownApp) || listed(inbound, env, &client_id).await? {
        if removed != Err(Error::UnknownApp) {
            removed?;
        }
        call(env, REGISTRY_NAME, &inbound.id, ForgetApp { client_id: client_id.clone() }).await?;
        log::info("app_removed", &inbound.id, json!({"client_id": client_id, "force": force}));
        return Ok(Reply::empty(204));
    }
    Err(Error::UnknownApp)
}

async fn listed(inbound: &Inbound, env: &Env, client_id: &ClientId) -> Result<bool> {
    let apps = call(env, REGISTRY_NAME, &inbound.id, ListApps {}).await?;
    Ok(apps.iter().any(|app| app.client_id == *client_id))
}

/// What to enter in BigCommerce's developer tools.
fn registration(bindings: &Bindings, client_id: &ClientId, environment: Environment) -> Value {
    json!({
        "client_id": client_id,
        "environment": environment,
        "callbacks": {
            "auth": bindings.callback(client_id, "auth"),
            "load": bindings.callback(client_id, "load"),
            "uninstall": bindings.callback(client_id, "uninstall"),
            "remove_user": bindings.callback(client_id, "remove-user"),
        },
        "scopes": scopes::NEEDED,
    })
}

/// What the operator sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Registration {
    client_secret: Secret,
    environment: Environment,
}

impl Registration {
    fn parse(body: &str) -> Result<Self> {
        const SHAPE: &str =
            "Send JSON of the form {\"client_secret\": \"…\", \"environment\": \"staging\" or \"production\"}.";
        // serde takes a list for a struct too, by the order of its fields.
        if !body.trim_start().starts_with('{') {
            return Err(Error::bad_request(SHAPE));
        }
        let wanted: Self = serde_json::from_str(body).map_err(|error| {
            let reason = error.to_string();
            // serde names a field it does not know; every other reason could quote a value.
            let field = reason
                .strip_prefix("unknown field `")
                .and_then(|rest| rest.split('`').next())
                .filter(|field| field.len() <= 64);
            Error::bad_request(
                field.map_or_else(|| SHAPE.to_owned(), |field| format!("There is no field \"{field}\". {SHAPE}")),
            )
        })?;
        let secret = wanted.client_secret.expose();
        if !(8..=256).contains(&secret.len()) || !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::bad_request(
                "The client secret must be 8 to 256 characters without spaces; copy it from BigCommerce's developer tools.",
            ));
        }
        Ok(wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registration_is_read_strictly_and_never_quoted() {
        let good = r#"{"client_secret":"hunter2hunter2","environment":"staging"}"#;
        assert!(Registration::parse(good).is_ok());
        for bad in [
            "",
            "[]",
            r#"["hunter2hunter2","staging"]"#,
            "{}",
            r#"{"client_secret":"hunter2hunter2"}"#,
            r#"{"client_secret":"hunter2hunter2","environment":"hunter2"}"#,
            r#"{"client_secret":7,"environment":"staging"}"#,
            r#"{"client_secret":"hunter","environment":"staging"}"#,
            r#"{"client_secret":"hunter2 hunter2","environment":"staging"}"#,
            r#"{"client_secret":"hunter2hunter2é","environment":"staging"}"#,
            r#"{"client_secret":"hunter2hunter2","environment":"staging","store":"x"}"#,
            &format!("{good} x"),
        ] {
            let Err(Error::BadRequest { message }) = Registration::parse(bad) else { panic!("{bad}") };
            assert!(!message.contains("hunter"), "{message}");
        }
        let unknown = Registration::parse(r#"{"client_secret":"hunter2hunter2","environment":"staging","store":"x"}"#);
        assert!(matches!(unknown, Err(Error::BadRequest { message }) if message.contains("\"store\"")));
    }
}
