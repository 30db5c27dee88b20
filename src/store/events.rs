//! What BigCommerce told this object: taken down, then worked off. Events of products are the catalogue's.

use super::calls::TakeEvent;
use super::inbox;
use super::jobs::{self, JobKind, Outcome};
use super::rows::Installation;
use super::store_do::Store;
use crate::bigcommerce::hooks::{APP_UNINSTALLED, DELIVERY_EXCEPTION, STORE_INFORMATION};
use crate::bigcommerce::webhook::Event;
use crate::error::Result;
use crate::platform::clock;
use crate::platform::log::{self, RequestId};

/// Events worked off in one transaction.
const BATCH: u32 = 200;

impl Store {
    pub(super) fn take_event(&self, TakeEvent { event }: &TakeEvent, request_id: &RequestId) -> Result<()> {
        if !Installation::read(&self.database)?.is_some_and(|installation| installation.is_installed()) {
            return Ok(());
        }
        let now = clock::now();
        let is_new = self.database.transaction(|| {
            let is_new = inbox::take(&self.database, event, now)?;
            if is_new {
                jobs::schedule(&self.database, JobKind::WorkOffEvents, now, now)?;
            }
            Ok(is_new)
        })?;
        if !is_new {
            log::info("webhook_repeated", request_id, self.about(event)?);
        }
        Ok(())
    }

    pub(super) fn work_off_events(&self, request_id: &RequestId) -> Result<Outcome> {
        loop {
            let waiting = inbox::waiting(&self.database, BATCH)?;
            if waiting.is_empty() {
                break;
            }
            self.database.transaction(|| {
                for waiting in &waiting {
                    self.work_off(&waiting.event, request_id)?;
                }
                inbox::mark_done(&self.database, waiting.iter().map(|waiting| waiting.id), clock::now())
            })?;
        }
        Ok(inbox::prune(&self.database, clock::now())?.map_or(Outcome::Done, Outcome::Again))
    }

    fn work_off(&self, event: &Event, request_id: &RequestId) -> Result<()> {
        let job = match event.scope.as_str() {
            STORE_INFORMATION => JobKind::ReadStore,
            APP_UNINSTALLED => JobKind::ConfirmUninstall,
            DELIVERY_EXCEPTION => {
                log::warn("webhook_not_delivered", request_id, self.about(event)?);
                JobKind::KeepHooks
            }
            _ => return Ok(()),
        };
        let now = clock::now();
        jobs::schedule(&self.database, job, now, now)
    }

    fn about(&self, event: &Event) -> Result<serde_json::Value> {
        Ok(serde_json::json!({"client_id": self.app()?.client_id, "scope": event.scope,
            "id": event.id(), "error_code": event.data.get("error_code")}))
    }
}
