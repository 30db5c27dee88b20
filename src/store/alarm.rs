//! Alarms: an object's own clock, and what makes up for a lost one.

use std::cell::Cell;

use worker::durable::ScheduledTime;

use super::calls::{AppObject, NoteDue};
use super::object::call;
use super::registry_do::REGISTRY_NAME;
use crate::bigcommerce::ids::ClientId;
use crate::error::{Error, Result};
use crate::platform::clock;
use crate::platform::log::{self, RequestId};
use crate::platform::sql::Database;

/// Keeps the alarm of an object at the moment its next job is due.
#[derive(Default)]
pub(super) struct Alarm {
    /// What the alarm is known to be set to, in milliseconds of the runtime's clock, which is the one it goes by;
    /// unknown after a start, since `wrangler dev` drops alarms when it exits.
    set_to: Cell<Option<f64>>,
    /// What the registry is known to have noted; unknown after a start.
    noted: Cell<Option<Note>>,
}

type Note = Option<i64>;

impl Alarm {
    /// Sets the alarm to `due`, unless it is known to be set so.
    pub(super) async fn keep(&self, database: &Database, due: Option<i64>) -> Result<()> {
        let Some(due) = due else { return Ok(()) };
        let at = clock::runtime_millis(due);
        if self.set_to.get() == Some(at) {
            return Ok(());
        }
        database
            .storage()
            .set_alarm(ScheduledTime::new(js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at))))
            .await
            .map_err(Error::internal)?;
        self.set_to.set(Some(at));
        Ok(())
    }

    /// Says that the alarm has gone off.
    pub(super) fn went_off(&self) {
        self.set_to.set(None);
    }

    /// Says that everything is gone, the registry's note with it.
    pub(super) fn start_over(&self) {
        self.set_to.set(None);
        self.noted.set(None);
    }

    /// Tells the registry when work is due next, so that cron wakes the object if its alarm is lost. A
    /// failure costs that second safety only, until the next note.
    pub(super) async fn note(&self, env: &worker::Env, client_id: &ClientId, object: AppObject, due: Option<i64>) {
        if self.noted.get() == Some(due) {
            return;
        }
        let request_id = RequestId::random();
        let note = NoteDue { client_id: client_id.clone(), object, at: due };
        match call(env, REGISTRY_NAME, &request_id, note).await {
            Ok(()) => self.noted.set(Some(due)),
            Err(error) => {
                log::error("note_due_failed", &request_id, &error, serde_json::json!({"client_id": client_id}));
            }
        }
    }
}
