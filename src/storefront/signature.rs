//! The signature endpoint.
//!
//! While the isolate knows the app, an answer needs no I/O at all: `shim.js` asks
//! [`sign_from_memory`] first, with one call across the JavaScript boundary; both texts pass over the [`desk`].

use serde_json::json;

use super::edge::{self, EdgeApp};
use super::{LONGEST_HEADER, ShopperCall, desk};
use crate::bigcommerce::ids::CustomerId;
use crate::bigcommerce::token::verify_shopper_token;
use crate::error::{Error, Result};
use crate::ordergroove::signature::{Timestamp, url_encoded};
use crate::platform::clock;

/// What was signed, and the signature as the guide's pages decode it.
#[derive(Debug, PartialEq, Eq)]
pub struct Signed {
    data: String,
    ts: Timestamp,
    customer_id: CustomerId,
}

impl Signed {
    /// The answer's body.
    pub fn json(&self) -> serde_json::Value {
        json!({"data": self.data, "ts": self.ts.seconds(), "customer_id": self.customer_id})
    }
}

/// Checks the call whole, then signs.
pub fn sign(app: &EdgeApp, call: &ShopperCall<'_>, now: i64) -> Result<Signed> {
    call.check_sizes()?;
    app.store()?;
    call.check_origin(app)?;
    app.signer()?;
    call.check_scheme()?;
    let customer_id = verified(app, call.token, now)?;
    let ts = match call.ts {
        None => Timestamp::now(now),
        Some(text) => Timestamp::parse(text, now).ok_or(Error::InvalidTimestamp)?,
    };
    app.pace().customer(customer_id, now * 1000)?;
    signed(app, customer_id, ts)
}

fn verified(app: &EdgeApp, token: &str, now: i64) -> Result<CustomerId> {
    Ok(verify_shopper_token(token, app.token_keys(now), app.client_id(), app.store()?, now)?)
}

fn signed(app: &EdgeApp, customer_id: CustomerId, ts: Timestamp) -> Result<Signed> {
    Ok(Signed { data: url_encoded(&app.signer()?.sign(&customer_id.to_string(), ts)), ts, customer_id })
}

/// Leaves the body of a good answer on the desk if memory is all it needs, and gives its length; else 0: then the
/// long way finds out why. The token is on the desk, `length` bytes; `seconds` is the call's `ts`, 0 for none.
pub fn sign_from_memory(page: u32, length: usize, seconds: f64) -> usize {
    body_from_memory(page, length, seconds).map_or(0, |body| desk::leave(&body))
}

fn body_from_memory(page: u32, length: usize, seconds: f64) -> Option<String> {
    let now = clock::now();
    let page = edge::held(page, now)?;
    let app = &page.app;
    #[expect(clippy::cast_possible_truncation, reason = "ten digits")]
    let ts = if seconds == 0.0 { Timestamp::now(now) } else { Timestamp::in_window(seconds as i64, now)? };
    if length > LONGEST_HEADER {
        return None;
    }
    let customer_id = verified(app, &desk::read(length)?, now).ok()?;
    app.pace().customer(customer_id, now * 1000).ok()?;
    let signed = signed(app, customer_id, ts).ok()?;
    // Three values that need no escaping in JSON.
    Some(format!("{{\"data\":\"{}\",\"ts\":{},\"customer_id\":{}}}", signed.data, signed.ts, signed.customer_id))
}
