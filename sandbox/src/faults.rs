//! Faults: what a route can be told to do instead of, or before, its answer.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};

/// The routes of the stand-ins, as faults and records name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// `POST /oauth2/token`.
    Token,
    /// `/v2/store`.
    Store,
    /// `/v2/time`.
    Time,
    /// `/v3/channels`.
    Channels,
    /// `/v3/sites`.
    Sites,
    /// `/v3/hooks` and below.
    Hooks,
    /// `/v3/catalog/products`.
    Products,
    /// `/v3/catalog/products/{id}`.
    Product,
    /// The variants of a product, and below.
    Variants,
    /// The modifiers of a product, and below.
    Modifiers,
    /// `/v3/catalog/trees`.
    Trees,
    /// `/v3/catalog/trees/categories`.
    Categories,
    /// Any other path of the `BigCommerce` API.
    OtherBigcommerce,
    /// `/customer/current.jwt` of a storefront.
    CurrentJwt,
    /// `/subscriptions/` of Ordergroove's REST API.
    OgSubscriptions,
    /// `/products-batch/` of Ordergroove's REST API.
    OgProducts,
    /// Any other Ordergroove path.
    OtherOrdergroove,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// The right answer, late.
    Slow {
        /// How late.
        ms: u64,
    },
    /// No answer; the connection stays open.
    Hang,
    /// 429, with the rate-limit headers of both platforms or, as under platform load, without.
    TooMany {
        /// Whether the headers are there.
        with_headers: bool,
    },
    /// This status with an error body.
    Status {
        /// The status code.
        code: u16,
    },
    /// 200 and bytes that are not JSON.
    Garbage,
    /// The right answer, cut off in the middle.
    Truncated,
    /// 302 to another address.
    Redirect {
        /// Where to.
        to: String,
    },
    /// The connection is dropped without an answer.
    Close,
}

/// A fault, and for which requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// After this many requests that go well.
    #[serde(default, skip_serializing_if = "is_at_once")]
    pub after: u32,
    /// For this many requests; without it, until taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks it")]
fn is_at_once(after: &u32) -> bool {
    *after == 0
}

impl Fault {
    /// A fault that stays until taken back.
    pub fn always(kind: FaultKind) -> Self {
        Self { kind, after: 0, times: None }
    }

    /// A fault for the next `times` requests.
    pub fn next(times: u32, kind: FaultKind) -> Self {
        Self { kind, after: 0, times: Some(times) }
    }

    /// The same, but only after `requests` that go well.
    #[must_use]
    pub fn after(self, requests: u32) -> Self {
        Self { after: requests, ..self }
    }
}

impl From<FaultKind> for Fault {
    fn from(kind: FaultKind) -> Self {
        Self::always(kind)
    }
}

/// A fault that is set, with the scope and route it applies to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SetFault {
    /// A store hash, a merchant id, or `*`.
    pub(crate) scope: String,
    pub(crate) route: Route,
    pub(crate) fault: Fault,
}

/// Takes the fault that applies, counting it down; the named scope wins over `*`.
pub(crate) fn take(faults: &mut Vec<SetFault>, scope: &str, route: Route) -> Option<FaultKind> {
    let place = [scope, "*"]
        .iter()
        .find_map(|wanted| faults.iter().position(|set| set.route == route && set.scope == *wanted))?;
    if faults[place].fault.after > 0 {
        faults[place].fault.after -= 1;
        return None;
    }
    let kind = faults[place].fault.kind.clone();
    if let Some(times) = faults[place].fault.times.as_mut() {
        *times = times.saturating_sub(1);
        if *times == 0 {
            faults.remove(place);
        }
    }
    Some(kind)
}

/// Marks a response that must not be sent: the server drops the connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DropConnection;

/// What a fault makes of a request before its handler runs: an answer of its own, or nothing.
pub(crate) async fn before(kind: &FaultKind) -> Option<Response<Body>> {
    match kind {
        FaultKind::Slow { ms } => {
            tokio::time::sleep(Duration::from_millis(*ms)).await;
            None
        }
        FaultKind::Truncated => None,
        FaultKind::Hang => std::future::pending().await,
        FaultKind::TooMany { with_headers } => {
            let mut response = answer(
                StatusCode::TOO_MANY_REQUESTS,
                "application/json",
                r#"{"status":429,"title":"Too Many Requests","type":"about:blank"}"#.to_owned(),
            );
            if *with_headers {
                for (name, value) in [
                    ("x-rate-limit-requests-left", "0"),
                    ("x-rate-limit-requests-quota", "450"),
                    ("x-rate-limit-time-window-ms", "30000"),
                    ("x-rate-limit-time-reset-ms", "2000"),
                    ("x-retry-after", "2"),
                    ("retry-after", "2"),
                ] {
                    response.headers_mut().insert(name, HeaderValue::from_static(value));
                }
            }
            Some(response)
        }
        FaultKind::Status { code } => Some(answer(
            StatusCode::from_u16(*code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            "application/json",
            format!(r#"{{"status":{code},"title":"Set by a fault","type":"about:blank"}}"#),
        )),
        FaultKind::Garbage => {
            Some(answer(StatusCode::OK, "application/json", "\u{0}<!doctype nonsense \u{fffd}".to_owned()))
        }
        FaultKind::Redirect { to } => {
            let mut response = answer(StatusCode::FOUND, "text/plain", String::new());
            if let Ok(value) = HeaderValue::from_str(to) {
                response.headers_mut().insert(header::LOCATION, value);
            }
            Some(response)
        }
        FaultKind::Close => {
            let mut response = answer(StatusCode::OK, "text/plain", String::new());
            response.extensions_mut().insert(DropConnection);
            Some(response)
        }
    }
}

/// Cuts the body of a finished answer in half; headers and status stay.
pub(crate) async fn cut(response: Response<Body>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let bytes = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(bytes.slice(..bytes.len() / 2)))
}

fn answer(status: StatusCode, content_type: &'static str, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
