//! The cron event: apps whose work is late are woken, since an alarm can be lost.

use worker::Env;

use super::calls::{Overdue, Wake};
use super::object::call;
use super::registry_do::REGISTRY_NAME;
use crate::error::Result;
use crate::platform::log::{self, RequestId};

/// Asks the registry who is late and calls each; an object that is called sets its alarm anew.
pub async fn wake_overdue(env: &Env, request_id: &RequestId) -> Result<()> {
    for client_id in call(env, REGISTRY_NAME, request_id, Overdue {}).await? {
        log::warn("woken", request_id, serde_json::json!({"client_id": client_id}));
        if let Err(error) = call(env, client_id.as_str(), request_id, Wake {}).await {
            log::error("wake_failed", request_id, &error, serde_json::json!({"client_id": client_id}));
        }
    }
    Ok(())
}
