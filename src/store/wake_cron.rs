//! The cron event: apps whose work is late are woken, since an alarm can be lost.

use worker::Env;

use super::calls::{AppObject, Late, Overdue, Wake, WakeCatalog};
use super::object::call;
use super::registry_do::REGISTRY_NAME;
use crate::error::Result;
use crate::platform::log::{self, RequestId};

/// Asks the registry who is late and calls each; an object that is called sets its alarm anew.
pub async fn wake_overdue(env: &Env, request_id: &RequestId) -> Result<()> {
    for Late { client_id, object } in call(env, REGISTRY_NAME, request_id, Overdue {}).await? {
        log::warn("woken", request_id, serde_json::json!({"client_id": client_id, "object": object}));
        let woken = match object {
            AppObject::Store => call(env, client_id.as_str(), request_id, Wake {}).await,
            AppObject::Catalog => call(env, client_id.as_str(), request_id, WakeCatalog {}).await,
        };
        if let Err(error) = woken {
            log::error("wake_failed", request_id, &error, serde_json::json!({"client_id": client_id}));
        }
    }
    Ok(())
}
