//! The subscriber status endpoint: asks Ordergroove, within three seconds for all its pages.

use std::time::Duration;

use super::ShopperCall;
use super::edge::EdgeApp;
use crate::bigcommerce::ids::CustomerId;
use crate::bigcommerce::token::verify_shopper_token;
use crate::error::{Error, Party, Result};
use crate::ordergroove::signature::Timestamp;
use crate::ordergroove::subscriptions::{self, Page, SubscriberStatus};
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
