//! The Ordergroove app for BigCommerce, at the edge.
//!
//! This file holds the entry points alone. What answers an address is in [`routes`]; the Durable
//! Objects are in [`store`]; `ARCHITECTURE.md` walks through both.

pub mod bigcommerce;
pub mod bindings;
pub mod catalog;
pub mod connection;
pub mod console;
pub mod error;
pub mod feeds;
pub mod install;
pub mod operator;
pub mod ordergroove;
pub mod outbound;
pub mod platform;
pub mod routes;
pub mod secret;
pub mod sftp;
pub mod store;
pub mod storefront;
#[cfg(feature = "test-hooks")]
mod test_hooks;
pub mod webhooks;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;
use worker::{Context, Env, Request, Response, ScheduleContext, ScheduledEvent, event, web_sys};

use platform::contain::contain;
use platform::inbound::{Inbound, Reply};
use platform::log::{self, RequestId};
use storefront::{Asker, FromMemory};

/// Every request but those that [`sign_from_memory`] could answer.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    let inbound = match Inbound::new(request) {
        Ok(inbound) => inbound,
        Err(error) => return Reply::problem(&error, &RequestId::random()).into_response(),
    };
    let (id, rest) = (inbound.id.clone(), inbound.rest());
    let shopper = routes::storefront_endpoint(inbound.path()).map(|endpoint| Asker::of(endpoint, &inbound));
    let env_again = env.clone();
    let work = async move {
        #[cfg(feature = "test-hooks")]
        if test_hooks::is_hook(&inbound) {
            return test_hooks::answer(&inbound, &env).await;
        }
        routes::answer(inbound, &env).await
    };
    let reply = match (contain(work).await, shopper) {
        (Some(reply), _) => reply,
        (None, Some(asker)) => storefront::panicked(asker, env_again).await,
        (None, None) => {
            let error = error::Error::internal("panicked; the line before has the place");
            log::error("request_panicked", &id, &error, serde_json::json!({}));
            Reply::problem(&error, &id)
        }
    };
    rest.forget().await;
    reply.into_response()
}

/// What `shim.js` holds on to for the storefront's endpoints: the app `client` asked for by a page of
/// `origin` (empty for none). 0 if that takes the long way.
#[wasm_bindgen]
pub fn hold_page(client: &str, origin: &str) -> u32 {
    storefront::hold_page(client, origin)
}

/// Where `shim.js` puts a token and finds a body: an address in this instance's memory.
#[wasm_bindgen]
pub fn desk() -> *const u8 {
    storefront::desk::address()
}

/// How many bytes of it.
#[wasm_bindgen]
pub fn desk_bytes() -> usize {
    storefront::desk::BYTES
}

/// The signature endpoint while this isolate knows the app: `length` is the token's, on the desk. Leaves a
/// body to answer with 200 there and gives its length, or 0.
#[wasm_bindgen]
pub fn sign_from_memory(page: u32, length: usize, seconds: f64) -> usize {
    storefront::sign_from_memory(page, length, seconds)
}

/// The subscriber status while this isolate knows the app, from a token on the desk: a number; a promise of one, or
/// of a response that says what went wrong; or undefined.
#[wasm_bindgen]
pub fn status_from_memory(page: u32, length: usize, ray: Option<String>) -> JsValue {
    match storefront::status_from_memory(page, length, ray) {
        None => JsValue::UNDEFINED,
        Some(FromMemory::Status(status)) => status.into(),
        Some(FromMemory::Asking(asking)) => future_to_promise(async move {
            match asking.await {
                Ok(status) => Ok(status.into()),
                Err(reply) => Ok(web_sys::Response::from(reply.into_response()?).into()),
            }
        })
        .into(),
    }
}

/// Each minute: wakes the apps whose work is late.
#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    let request_id = RequestId::random();
    let work = {
        let request_id = request_id.clone();
        async move { store::wake_overdue(&env, &request_id).await }
    };
    match contain(work).await {
        Some(Ok(())) => {}
        Some(Err(error)) => log::error("cron_failed", &request_id, &error, serde_json::json!({})),
        None => log::error("cron_failed", &request_id, &error::Error::internal("panicked"), serde_json::json!({})),
    }
}
