//! Webhooks going out: what they say, how they are signed, sent, retried and logged.

mod delivery;
mod sender;
mod webhook;

use serde::Deserialize;
use serde_json::{Value, json};

pub use delivery::{Attempt, Delivery, Outcome};
pub(crate) use sender::{Outbox, post};
pub use webhook::Webhook;

use crate::catalog::Changed;

/// Something that happened at a store.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Event {
    /// What hooks are registered for, `store/product/updated`.
    pub(crate) scope: String,
    /// What it happened to.
    pub(crate) data: Value,
}

impl Event {
    /// What the platform tells of a changed product, when it tells anything.
    pub(crate) fn of_product(changed: Changed, id: u64) -> Option<Self> {
        let word = match changed {
            Changed::Created => "created",
            Changed::Updated => "updated",
            Changed::Deleted => "deleted",
            Changed::Untold => return None,
        };
        Some(Self { scope: format!("store/product/{word}"), data: json!({ "type": "product", "id": id }) })
    }
}
