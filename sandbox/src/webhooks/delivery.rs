//! The log of webhooks that were sent.

use serde::Serialize;

use super::Webhook;
use crate::state::now;

/// How many deliveries are kept before the oldest go.
const KEPT: usize = 20_000;

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Not taken yet; there is an attempt to come.
    Waiting,
    /// Answered with 2xx.
    Delivered,
    /// Not taken by the last attempt; its hook is no longer active.
    GivenUp,
    /// The hook was deleted or deactivated in the meantime.
    Dropped,
}

/// One attempt to deliver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// Seconds since 1970.
    pub at: u64,
    /// What was answered, if anything was.
    pub status: Option<u16>,
}

/// A webhook and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// Counts up from 1.
    pub number: u64,
    /// What was sent.
    #[serde(flatten)]
    pub webhook: Webhook,
    /// Every attempt, oldest first.
    pub attempts: Vec<Attempt>,
    /// How it stands.
    pub outcome: Outcome,
}

impl Delivery {
    /// Writes down a webhook that is about to be sent, and gives its number.
    pub(crate) fn begin(deliveries: &mut Vec<Self>, webhook: &Webhook) -> u64 {
        let number = deliveries.last().map_or(0, |last| last.number) + 1;
        if deliveries.len() >= KEPT {
            deliveries.drain(..KEPT / 10);
        }
        deliveries.push(Self { number, webhook: webhook.clone(), attempts: Vec::new(), outcome: Outcome::Waiting });
        number
    }

    pub(super) fn attempted(&mut self, status: Option<u16>) {
        self.attempts.push(Attempt { at: now(), status });
    }
}
