//! Webhooks, as tests have them sent, held, changed and looked up.

use std::time::Duration;

use serde_json::Value;

use super::{Sandbox, set_hook_active};
use crate::webhooks::{self, Delivery, Event, Webhook};

impl Sandbox {
    /// Tells the hooks of an event, as the platform does.
    pub fn emit(&self, hash: &str, scope: &str, data: Value) {
        self.shared.emit(hash, &Event { scope: scope.to_owned(), data });
    }

    /// What would be sent of an event, to be changed and sent by [`Sandbox::send_webhook`].
    pub fn compose_webhooks(&self, hash: &str, scope: &str, data: Value) -> Vec<Webhook> {
        self.shared.read(|state| Webhook::of(state, hash, &Event { scope: scope.to_owned(), data }))
    }

    /// Keeps the store's webhooks from now on, or no longer: what was kept is for the test to send.
    pub fn hold_webhooks(&self, hash: &str, hold: bool) {
        self.change(|state| {
            state.store_mut(hash)?.holds_webhooks = hold;
            Ok(())
        });
    }

    /// The webhooks kept for a store, oldest first; they are kept no longer.
    pub fn take_held_webhooks(&self, hash: &str) -> Vec<Webhook> {
        self.shared.note(|state| state.held.extract_if(.., |webhook| webhook.store_hash == hash).collect())
    }

    /// Sends a webhook until it is taken, and logs it.
    pub fn send_webhook(&self, webhook: Webhook) {
        self.shared.send(webhook);
    }

    /// Sends a webhook once, and gives the status that was answered, if anything was. Nothing is logged.
    pub async fn post_webhook(&self, webhook: &Webhook) -> Option<u16> {
        webhooks::post(&self.shared, webhook).await
    }

    /// How long to wait before each further attempt, of all deliveries from now on; none after the last.
    pub fn set_webhook_delays(&self, delays: &[Duration]) {
        self.shared.change(|state| state.webhook_delays = Some(delays.to_owned()));
    }

    /// Whether the app's webhooks are signed as Standard Webhooks says; they are unless this says no.
    pub fn sign_webhooks(&self, client_id: &str, sign: bool) {
        self.change(|state| {
            let app = state.apps.get_mut(client_id).ok_or_else(|| format!("there is no app {client_id}"))?;
            app.unsigned_webhooks = !sign;
            Ok(())
        });
    }

    /// Switches a hook off, as the platform does after 90 quiet days, or on.
    pub fn set_hook_active(&self, hash: &str, hook_id: u64, active: bool) {
        self.change(|state| set_hook_active(state, hash, hook_id, active));
    }

    /// Every webhook that was sent, oldest first.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.shared.read(|state| state.deliveries.clone())
    }

    /// Waits until every webhook is delivered or given up.
    pub async fn webhooks_settled(&self) {
        self.shared.outbox.settled().await;
    }
}
