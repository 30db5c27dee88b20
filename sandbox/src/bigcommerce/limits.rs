//! The request quota that all apps of a store share, and how many of their requests are in flight.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode};

use super::problem::Problem;
use crate::state::{Shared, State, now_ms};

/// The running window of a store: when it began, and the requests made in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    began: u64,
    made: u32,
}

/// How many requests of a store are being answered, the most there were at once, and the least that was left.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Flights {
    now: u32,
    pub(crate) most: u32,
    pub(crate) least_left: Option<u32>,
}

/// A request of a store while it is being answered.
#[derive(Debug)]
pub(super) struct InFlight {
    shared: Arc<Shared>,
    hash: String,
}

impl InFlight {
    pub(super) fn enter(shared: &Arc<Shared>, hash: &str) -> Self {
        shared.note(|state| {
            let flights = state.flights.entry(hash.to_owned()).or_default();
            flights.now += 1;
            flights.most = flights.most.max(flights.now);
        });
        Self { shared: shared.clone(), hash: hash.to_owned() }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.shared.note(|state| {
            if let Some(flights) = state.flights.get_mut(&self.hash) {
                flights.now -= 1;
            }
        });
    }
}

/// Starts counting the most at once anew.
pub(crate) fn forget_most(state: &mut State) {
    for flights in state.flights.values_mut() {
        (flights.most, flights.least_left) = (flights.now, None);
    }
}

/// Counts requests that nobody made here: those of the store's other apps.
pub(crate) fn spend(state: &mut State, hash: &str, requests: u32) {
    let window = window(state, hash);
    window.made = window.made.saturating_add(requests);
}

/// Counts a request; refused when the quota is used up.
pub(super) fn count(shared: &Shared, hash: &str) -> Result<(), Problem> {
    shared.note(|state| {
        let quota = quota(state, hash).0;
        let window = window(state, hash);
        window.made = window.made.saturating_add(1);
        if window.made > quota { Err(Problem::new(429, "The store's request quota is used up.")) } else { Ok(()) }
    })
}

/// Says on an answer how much is left, and on a refusal when to come back.
pub(super) fn tell(shared: &Shared, hash: &str, response: &mut Response<Body>) {
    let (quota, length, window) = shared.note(|state| {
        let (quota, length) = quota(state, hash);
        let window = *window(state, hash);
        let least = &mut state.flights.entry(hash.to_owned()).or_default().least_left;
        let left = quota.saturating_sub(window.made);
        *least = Some(least.map_or(left, |known| known.min(left)));
        (quota, length, window)
    });
    let reset = (window.began + length).saturating_sub(now_ms());
    let mut headers = vec![
        ("x-rate-limit-requests-left", u64::from(quota.saturating_sub(window.made))),
        ("x-rate-limit-requests-quota", u64::from(quota)),
        ("x-rate-limit-time-window-ms", length),
        ("x-rate-limit-time-reset-ms", reset),
    ];
    if response.status() == StatusCode::TOO_MANY_REQUESTS {
        headers.push(("x-retry-after", reset.div_ceil(1000)));
    }
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from(value));
    }
}

/// Requests per window, and its length in milliseconds.
fn quota(state: &State, hash: &str) -> (u32, u64) {
    state.stores.get(hash).map_or((0, 0), |store| (store.profile.quota, store.profile.quota_window_ms))
}

/// The window that runs now.
fn window<'a>(state: &'a mut State, hash: &str) -> &'a mut Window {
    let (now, length) = (now_ms(), quota(state, hash).1);
    let window = state.windows.entry(hash.to_owned()).or_insert(Window { began: now, made: 0 });
    if now >= window.began + length {
        *window = Window { began: now, made: 0 };
    }
    window
}
