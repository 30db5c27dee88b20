//! Whether a customer has an active subscription.
//!
//! Ordergroove publishes the value table (1, 0, -1) and the REST list; that the one follows from
//! the other as below is our reading: `live` is the active flag, `cancelled` a date once it ended.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::signature::{Signer, Timestamp};
use crate::bigcommerce::ids::CustomerId;
use crate::error::{Error, Party};
use crate::outbound::{OutboundAnswer, OutboundRequest, join};

/// What the storefront is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubscriberStatus {
    /// At least one active subscription.
    Active,
    /// Only ended ones.
    Inactive,
    /// None at all, or a customer Ordergroove does not know.
    Unknown,
}

impl SubscriberStatus {
    /// Ordergroove's number for it: 1, 0, -1.
    pub fn number(self) -> i8 {
        match self {
            Self::Active => 1,
            Self::Inactive => 0,
            Self::Unknown => -1,
        }
    }
}

/// How this app proves who it is to the REST API.
pub enum Credential<'a> {
    /// Application scope, preferred server to server.
    ApiKey(&'a str),
    /// Storefront scope: a signature over the customer's own id.
    Signature {
        /// The merchant's public id.
        merchant_id: &'a str,
        /// Its hash key.
        signer: &'a Signer,
        /// The time to sign.
        ts: Timestamp,
    },
}

/// The list of a customer's subscriptions, or the page of it that `next` names.
pub fn list(
    rest_url: &Url,
    customer: CustomerId,
    credential: &Credential<'_>,
    next: Option<Url>,
    timeout: Duration,
) -> OutboundRequest {
    let url = next.unwrap_or_else(|| {
        let mut first = join(rest_url, "/subscriptions/");
        first.query_pairs_mut().append_pair("customer", &customer.to_string());
        first
    });
    let request = OutboundRequest::get(Party::Ordergroove, url, timeout);
    match credential {
        Credential::ApiKey(key) => request.header("x-api-key", *key),
        Credential::Signature { merchant_id, signer, ts } => {
            let field = customer.to_string();
            let sig = signer.sign(&field, *ts);
            let proof = json!({"public_id": merchant_id, "ts": ts.seconds(), "sig_field": field, "sig": sig});
            request.header("authorization", proof.to_string())
        }
    }
}

/// What one page of the list settles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// Nothing further can change the answer.
    Settled(SubscriberStatus),
    /// No active one so far; the next page must be read.
    Continue(Url),
}

/// Reads one page. `seen_any` is whether an earlier page held a subscription.
pub fn read_page(rest_url: &Url, answer: &OutboundAnswer, seen_any: bool) -> Result<Page, Error> {
    #[derive(Deserialize)]
    struct Body {
        #[serde(default)]
        next: Option<String>,
        results: Vec<Subscription>,
    }
    #[derive(Deserialize)]
    struct Subscription {
        live: bool,
        #[serde(default)]
        cancelled: Option<serde_json::Value>,
    }
    let wrong = |cause: String| Error::upstream(Party::Ordergroove, format!("subscriptions: {cause}"));
    match answer.status {
        200..=299 => {}
        404 => return Ok(Page::Settled(SubscriberStatus::Unknown)),
        status => return Err(wrong(format!("status {status}"))),
    }
    let body: Body = answer.json().map_err(wrong)?;
    if body.results.iter().any(|one| one.live && one.cancelled.is_none()) {
        return Ok(Page::Settled(SubscriberStatus::Active));
    }
    match body.next.filter(|next| !next.is_empty()) {
        // The next page carries our credential, so it goes nowhere else than the first one did.
        Some(next) => match rest_url.join(&next) {
            Ok(url) if url.origin() == rest_url.origin() => Ok(Page::Continue(url)),
            _ => Err(wrong("next page at another host".to_owned())),
        },
        None if seen_any || !body.results.is_empty() => Ok(Page::Settled(SubscriberStatus::Inactive)),
        None => Ok(Page::Settled(SubscriberStatus::Unknown)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(status: u16, body: &str, seen_any: bool) -> Result<Page, Error> {
        let rest = Url::parse("https://restapi.ordergroove.com").unwrap();
        read_page(&rest, &OutboundAnswer::new(status, body), seen_any)
    }

    #[test]
    fn the_value_table() {
        use SubscriberStatus::{Active, Inactive, Unknown};
        for (status, body, seen, expected) in [
            (200, r#"{"count":0,"next":null,"results":[]}"#, false, Unknown),
            (200, r#"{"results":[]}"#, true, Inactive),
            (404, "", false, Unknown),
            (200, r#"{"next":null,"results":[{"live":false,"cancelled":"2026-01-01"}]}"#, false, Inactive),
            (200, r#"{"next":null,"results":[{"live":true,"cancelled":"2026-01-01"}]}"#, false, Inactive),
            (
                200,
                r#"{"next":"https://restapi.ordergroove.com/subscriptions/?page=2","results":[{"live":true,"cancelled":null}]}"#,
                false,
                Active,
            ),
        ] {
            assert_eq!(page(status, body, seen).unwrap(), Page::Settled(expected), "{body}");
        }
    }

    #[test]
    fn pages_are_followed_at_the_same_host_only() {
        let next = |url: &str| page(200, &format!(r#"{{"next":"{url}","results":[{{"live":false}}]}}"#), false);
        assert!(matches!(
            next("https://restapi.ordergroove.com/subscriptions/?customer=7&page=2"),
            Ok(Page::Continue(_))
        ));
        assert!(matches!(next("/subscriptions/?page=2"), Ok(Page::Continue(_))));
        for bad in ["https://evil.example/", "http://restapi.ordergroove.com/", "https://restapi.ordergroove.com:444/"]
        {
            assert!(next(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn anything_else_is_an_outage_and_never_a_no() {
        for (status, body) in [
            (500, ""),
            (403, r#"{"detail":"Authentication Failed"}"#),
            (302, ""),
            (429, ""),
            (200, "<html>"),
            (200, "{}"),
            (200, r#"{"results":[{}]}"#),
            (200, r#"{"results":[{"live":fal"#),
        ] {
            assert!(page(status, body, false).is_err(), "{status} {body}");
        }
    }
}
