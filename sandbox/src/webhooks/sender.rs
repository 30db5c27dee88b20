//! Sending: attempts with growing pauses, and the hook switched off when none succeeds.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;

use super::{Delivery, Outcome, Webhook};
use crate::state::{Shared, State, now};

/// The platform's pauses between attempts, in seconds: about 48 hours in all.
const DELAYS: [u64; 11] = [60, 180, 300, 600, 900, 1800, 3600, 7200, 21_600, 50_400, 86_400];
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many are sent at once.
const AT_ONCE: usize = 16;

/// Where webhooks are handed in to be sent.
#[derive(Debug)]
pub(crate) struct Outbox {
    queue: mpsc::UnboundedSender<(u64, Webhook)>,
    under_way: watch::Sender<usize>,
}

/// The other end of an [`Outbox`].
#[derive(Debug)]
pub(crate) struct Queue(mpsc::UnboundedReceiver<(u64, Webhook)>);

impl Outbox {
    pub(crate) fn new() -> (Self, Queue) {
        let (queue, received) = mpsc::unbounded_channel();
        (Self { queue, under_way: watch::Sender::new(0) }, Queue(received))
    }

    pub(crate) fn send(&self, number: u64, webhook: Webhook) {
        self.under_way.send_modify(|count| *count += 1);
        if self.queue.send((number, webhook)).is_err() {
            self.ended();
        }
    }

    fn ended(&self) {
        self.under_way.send_modify(|count| *count -= 1);
    }

    /// Waits until no delivery is under way and none is to be tried again.
    pub(crate) async fn settled(&self) {
        // The sender is ours, so it cannot be gone while this waits.
        let mut under_way = self.under_way.subscribe();
        let _count = under_way.wait_for(|count| *count == 0).await;
    }
}

impl Queue {
    /// Sends what is handed in until the task is aborted; deliveries under way end with it.
    pub(crate) async fn run(mut self, shared: Arc<Shared>) {
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        let mut under_way = JoinSet::new();
        while let Some((number, webhook)) = self.0.recv().await {
            let (shared, turns) = (shared.clone(), turns.clone());
            under_way.spawn(async move {
                let outcome = deliver(&shared, &turns, number, &webhook).await;
                finish(&shared, number, &webhook, outcome);
                shared.outbox.ended();
            });
            while under_way.try_join_next().is_some() {}
        }
    }
}

async fn deliver(shared: &Shared, turns: &Semaphore, number: u64, webhook: &Webhook) -> Outcome {
    let mut delays = shared.read(|state| state.webhook_delays.clone()).unwrap_or_else(platform_delays).into_iter();
    loop {
        let turn = turns.acquire().await;
        let status = post(shared, webhook).await;
        drop(turn);
        shared.note(|state| {
            if let Some(delivery) = logged(state, number) {
                delivery.attempted(status);
            }
        });
        if status.is_some_and(|status| (200..300).contains(&status)) {
            return Outcome::Delivered;
        }
        let Some(delay) = delays.next() else {
            return Outcome::GivenUp;
        };
        tokio::time::sleep(delay).await;
        if !shared.read(|state| is_active(state, webhook)) {
            return Outcome::Dropped;
        }
    }
}

/// One attempt; the status that was answered, if anything was.
pub(crate) async fn post(shared: &Shared, webhook: &Webhook) -> Option<u16> {
    let request = shared.client.post(&webhook.destination).timeout(PATIENCE).body(webhook.body.clone());
    let request = webhook.headers.iter().fold(request, |request, (name, value)| request.header(name, value));
    Some(request.send().await.ok()?.status().as_u16())
}

fn finish(shared: &Shared, number: u64, webhook: &Webhook, outcome: Outcome) {
    if outcome == Outcome::GivenUp {
        shared.change(|state| {
            let hooks = state.stores.get_mut(&webhook.store_hash).map(|store| store.hooks.iter_mut());
            if let Some(hook) = hooks.into_iter().flatten().find(|hook| hook.id == webhook.hook_id) {
                (hook.is_active, hook.updated_at) = (false, now());
            }
        });
    }
    shared.note(|state| {
        if let Some(delivery) = logged(state, number) {
            delivery.outcome = outcome;
        }
    });
}

fn logged(state: &mut State, number: u64) -> Option<&mut Delivery> {
    state.deliveries.iter_mut().rfind(|delivery| delivery.number == number)
}

fn is_active(state: &State, webhook: &Webhook) -> bool {
    let hooks = state.stores.get(&webhook.store_hash).map(|store| store.hooks.iter());
    hooks.into_iter().flatten().any(|hook| hook.id == webhook.hook_id && hook.is_active)
}

fn platform_delays() -> Vec<Duration> {
    DELAYS.into_iter().map(Duration::from_secs).collect()
}
