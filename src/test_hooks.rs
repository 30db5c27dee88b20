//! Ways for the tests to make time pass and things break. Compiled only with the feature
//! `test-hooks`, which `make deploy` never sets.

mod sftp;

use std::cell::Cell;

use worker::Env;

use crate::bigcommerce::ids::ClientId;
use crate::platform::clock::skew;
use crate::platform::inbound::{Inbound, Reply};
use crate::store::call;
use crate::store::calls::Panic;

/// Whether `inbound` is for this module.
pub fn is_hook(inbound: &Inbound) -> bool {
    inbound.path().starts_with("/test/")
}

thread_local! {
    static PANICS_WHEN_ASKED: Cell<bool> = const { Cell::new(false) };
}

/// `POST /test/clock?ahead=<seconds>`, `POST /test/panic`, `POST /test/panic-when-asked`: at the next question for a
/// status, `POST /test/panic-in-object?client_id=`, `GET /test/memory`: the bytes of wasm memory, which all objects of
/// the isolate share, `POST /test/sftp`: see there.
pub async fn answer(inbound: &Inbound, env: &Env) -> Reply {
    match inbound.path() {
        "/test/clock" => {
            skew::set(inbound.query("ahead").and_then(|ahead| ahead.parse().ok()).unwrap_or(0));
            Reply::empty(204)
        }
        "/test/memory" => Reply::json(200, &serde_json::json!({"bytes": memory()})),
        "/test/sftp" => sftp::answer(inbound).await,
        "/test/panic-when-asked" => {
            PANICS_WHEN_ASKED.set(true);
            Reply::empty(204)
        }
        "/test/panic" => panic!("a panic that a test asked for"),
        "/test/panic-in-object" => {
            let client_id = ClientId::parse(&inbound.query("client_id").unwrap_or_default());
            let Ok(client_id) = client_id else { return Reply::empty(400) };
            match call(env, client_id.as_str(), &inbound.id, Panic {}).await {
                Ok(()) => Reply::empty(204),
                Err(error) => Reply::problem(&error, &inbound.id),
            }
        }
        _ => Reply::empty(404),
    }
}

/// Panics in the middle of a storefront call that has the header `x-test-panic`.
pub fn panic_if_asked(inbound: &Inbound) {
    assert!(inbound.header("x-test-panic").is_none(), "a panic that a test asked for");
}

/// Panics where Ordergroove is about to be asked for a status, once for each time that a test said so.
pub fn panic_when_asked() {
    assert!(!PANICS_WHEN_ASKED.take(), "a panic that a test asked for");
}

/// It only ever grows.
#[cfg(target_arch = "wasm32")]
fn memory() -> usize {
    const PAGE: usize = 64 * 1024;
    core::arch::wasm32::memory_size::<0>() * PAGE
}

#[cfg(not(target_arch = "wasm32"))]
const fn memory() -> usize {
    0
}
