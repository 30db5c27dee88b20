//! What the overview says of the products and the feeds.

use serde_json::json;

use super::catalog_do::Catalog;
use super::sync::SyncState;
use crate::error::Result;
use crate::store::overview::{Check, CheckState};

impl Catalog {
    pub(super) fn check_products(&self) -> Result<Check> {
        let counts = self.counts()?;
        let run = self.run_of_sync()?;
        let (state, message) = match run {
            None => (CheckState::Missing, "The store's products are not read from BigCommerce yet.".to_owned()),
            Some(run) if matches!(run.state, SyncState::Failed | SyncState::Waiting) => {
                (CheckState::Attention, run.message)
            }
            Some(run) if counts.all == 0 && run.is_under_way() => {
                (CheckState::Missing, "The store's products are being read from BigCommerce.".to_owned())
            }
            Some(_) if counts.all == 0 => (CheckState::Missing, "The store has no products yet.".to_owned()),
            Some(_) if counts.attention > 0 => {
                let verb = if counts.attention == 1 { "needs" } else { "need" };
                (CheckState::Attention, format!("{} of {} products {verb} attention.", counts.attention, counts.all))
            }
            Some(_) if counts.eligible == 0 => {
                (CheckState::Missing, format!("None of the store's {} products can be subscribed to yet.", counts.all))
            }
            Some(_) => {
                (CheckState::Done, format!("{} of {} products can be subscribed to.", counts.eligible, counts.all))
            }
        };
        Ok(Check::new("products", state).with(json!({"message": message})))
    }

    pub(super) fn check_feeds(&self) -> Result<Check> {
        let (state, message) = match self.last_feed()? {
            Some(last) if last.needs_attention() => (CheckState::Attention, last.said()),
            _ if !self.has_feed_plan()? => {
                (CheckState::Missing, "No schedule is set, so no feed is sent by itself.".to_owned())
            }
            Some(last) => (CheckState::Done, last.said()),
            None => (CheckState::Done, "The first feed is sent at its time.".to_owned()),
        };
        Ok(Check::new("feeds", state).with(json!({"message": message})))
    }
}
