//! What BigCommerce tells of products: taken down, then the products are read anew.

use super::catalog_do::Catalog;
use super::reading::Stop;
use crate::bigcommerce::products::MOST_WITH_MODIFIERS;
use crate::error::Result;
use crate::platform::clock;
use crate::platform::log::{self, RequestId};
use crate::store::calls::TakeProductEvent;
use crate::store::inbox;
use crate::store::jobs::{self, JobKind, Outcome};

/// Events looked at together: a product that changed often meanwhile is read once.
const BATCH: u32 = 200;

impl Catalog {
    pub(super) fn take_event(
        &self,
        TakeProductEvent { event }: &TakeProductEvent,
        request_id: &RequestId,
    ) -> Result<()> {
        let now = clock::now();
        let is_new = self.database.transaction(|| {
            let is_new = inbox::take(&self.database, event, now)?;
            if is_new {
                jobs::schedule(&self.database, JobKind::WorkOffEvents, now, now)?;
            }
            Ok(is_new)
        })?;
        if !is_new {
            let fields = serde_json::json!({"client_id": self.client_id()?, "scope": event.scope, "id": event.id()});
            log::info("webhook_repeated", request_id, fields);
        }
        Ok(())
    }

    /// Whatever happened to a product, it is read as it is now: so the order of events does not matter.
    pub(super) async fn work_off_events(&self, request_id: &RequestId) -> Result<Outcome> {
        let access = self.access(request_id).await?;
        loop {
            let waiting = inbox::waiting(&self.database, BATCH)?;
            if waiting.is_empty() {
                break;
            }
            let room = match self.room() {
                Ok(room) => room,
                Err(stop) => return put_off(stop),
            };
            let mut ids: Vec<u64> = waiting.iter().filter_map(|waiting| waiting.event.id()).collect();
            ids.sort_unstable();
            ids.dedup();
            ids.truncate(room * MOST_WITH_MODIFIERS);
            let products = match self.read_named(&access, &ids, true).await {
                Ok(products) => products,
                Err(stop) => return put_off(stop),
            };
            let read = waiting.iter().filter(|waiting| waiting.event.id().is_none_or(|id| ids.contains(&id)));
            self.database.transaction(|| {
                let changed = self.mark_unanswered(&ids, &products)?
                    + self.keep_products(&products, false)?
                    + self.keep_options(&products)?;
                if changed > 0 {
                    self.next_generation()?;
                }
                inbox::mark_done(&self.database, read.clone().map(|waiting| waiting.id), clock::now())
            })?;
        }
        Ok(inbox::prune(&self.database, clock::now())?.map_or(Outcome::Done, Outcome::Again))
    }
}

fn put_off(stop: Stop) -> Result<Outcome> {
    match stop {
        Stop::Wait(until) => Ok(Outcome::Again(until)),
        Stop::Failed(error) => Err(error),
    }
}
