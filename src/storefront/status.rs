//! The subscriber status endpoint: asks Ordergroove, within three seconds for all its pages.
//!
//! While the isolate knows the app, `shim.js` asks [`status_from_memory`] first, as it does for a signature: what is
//! spared is a request and a response made over in Rust, about a sixth of what such a call costs.

use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;

use super::edge::{self, EdgeApp};
use super::{Asker, Endpoint, LONGEST_HEADER, ShopperCall, desk, render};
use crate::bigcommerce::ids::CustomerId;
use crate::bigcommerce::token::verify_shopper_token;
use crate::error::{Error, Party, Result};
use crate::ordergroove::signature::Timestamp;
use crate::ordergroove::subscriptions::{self, Page, SubscriberStatus};
use crate::platform::contain::contain;
use crate::platform::inbound::Reply;
use crate::platform::log::RequestId;
use crate::platform::{clock, http};

/// Ordergroove's FAQ: "SLA 1 s, use 3 s". It covers every page of one question.
const TIMEOUT_MILLIS: i64 = 3_000;

/// A page waits no longer, whatever was slow: four seconds, less the way back.
const LONGEST_MILLIS: i64 = 3_800;

/// Checks the call whole and gives the customer it is about.
pub fn customer(app: &EdgeApp, call: &ShopperCall<'_>, now: i64) -> Result<CustomerId> {
    call.check_sizes()?;
    let store = app.store()?;
    call.check_origin(app)?;
    app.signer()?;
    call.check_scheme()?;
    let customer = verify_shopper_token(call.token, app.token_keys(now), app.client_id(), store, now)?;
    app.pace().customer(customer, now * 1000)?;
    Ok(customer)
}

/// Asks Ordergroove about `customer`: page after page, until an active subscription is found or the list ends.
/// `begun` is when the shopper's call came in, in milliseconds.
pub async fn ask(app: &EdgeApp, customer: CustomerId, now: i64, begun: i64) -> Result<SubscriberStatus> {
    if app.is_subscriber(customer) {
        return Ok(SubscriberStatus::Active);
    }
    #[cfg(feature = "test-hooks")]
    crate::test_hooks::panic_when_asked();
    let rest_url = app.rest_url()?;
    let credential = app.credential(Timestamp::now(now))?;
    let end = (clock::millis() + TIMEOUT_MILLIS).min(begun + LONGEST_MILLIS);
    let (mut next, mut seen_any) = (None, false);
    loop {
        let left = u64::try_from(end - clock::millis()).ok().filter(|left| *left > 0);
        let left = left.ok_or_else(|| Error::upstream(Party::Ordergroove, "subscriptions: no answer in time"))?;
        app.pace().upstream(clock::millis())?;
        let question = subscriptions::list(rest_url, customer, &credential, next, Duration::from_millis(left));
        match subscriptions::read_page(rest_url, &http::send(question).await?, seen_any)? {
            Page::Settled(status) => {
                if status == SubscriberStatus::Active {
                    app.note_subscriber(customer);
                }
                return Ok(status);
            }
            Page::Continue(url) => next = Some(url),
        }
        seen_any = true;
    }
}

/// What there is to say without the long way.
pub enum FromMemory {
    /// Ordergroove's number.
    Status(i8),
    /// Ordergroove is asked: the number, or the answer that says what went wrong.
    Asking(LocalBoxFuture<'static, Result<i8, Reply>>),
}

/// The status for a call of `page`, whose token is on the desk, `length` bytes. `None`: the long way finds out why.
pub fn status_from_memory(page: u32, length: usize, ray: Option<String>) -> Option<FromMemory> {
    let (begun, now) = (clock::millis(), clock::now());
    let page = edge::held(page, now)?;
    let app = &page.app;
    if length > LONGEST_HEADER {
        return None;
    }
    app.signer().ok()?;
    let token = desk::read(length)?;
    let customer = verify_shopper_token(&token, app.token_keys(now), app.client_id(), app.store().ok()?, now).ok()?;
    app.pace().customer(customer, now * 1000).ok()?;
    if app.is_subscriber(customer) {
        return Some(FromMemory::Status(SubscriberStatus::Active.number()));
    }
    let asking = async move {
        let asked = {
            let page = page.clone();
            contain(async move { ask(&page.app, customer, now, begun).await }).await
        };
        let asked = asked.unwrap_or_else(|| Err(Error::internal("panicked; the line before has the place")));
        asked.map(SubscriberStatus::number).map_err(|error| {
            let id = RequestId::from_ray(ray.as_deref());
            let client = page.app.client_id().as_str().to_owned();
            let asker = Asker { endpoint: Endpoint::HasSubscriptions, id, client, origin: page.origin.clone() };
            render(&asker, Ok(&page.app), Err(error))
        })
    };
    Some(FromMemory::Asking(asking.boxed_local()))
}
