//! Whether an answer keeps the contract of the storefront endpoints.

use serde_json::Value;

use crate::app::{self, ORIGIN, SUBSCRIPTIONS};
use crate::http::Answer;
use crate::upstream::ACTIVE;

/// The customer of the checks that are not about customers.
pub(crate) const CUSTOMER: u64 = ACTIVE;

/// What must come back.
pub(crate) enum Expected {
    /// A signature of [`CUSTOMER`] over this time, or over the server's clock.
    Signature(Option<u64>),
    /// A subscriber status.
    Status(i64),
    /// An error body with CORS headers for the store.
    Refusal(u16, &'static str),
    /// An error body that other sites cannot read.
    Forbidden(u16, &'static str),
    /// Only this status.
    Bare(u16),
    /// Leave to send the real request, for this origin.
    Preflight(&'static str),
}

/// Why an answer will not do.
type Verdict = Result<(), String>;

fn require(holds: bool, reason: impl FnOnce() -> String) -> Verdict {
    if holds { Ok(()) } else { Err(reason()) }
}

/// Compares the answer to a request for `path` with what was expected.
pub(crate) fn judge(expected: &Expected, path: &str, answer: &Answer) -> Verdict {
    let allowed_origin = answer.header("access-control-allow-origin");
    match *expected {
        Expected::Signature(ts) => {
            readable(200, answer)?;
            signature(ts, &json(answer)?)
        }
        Expected::Status(status) => {
            readable(200, answer)?;
            let body = json(answer)?;
            require(body == serde_json::json!({"status": status}), || format!("expected {status}"))
        }
        Expected::Refusal(status, code) => {
            readable(status, answer)?;
            let body = json(answer)?;
            require(!path.starts_with(SUBSCRIPTIONS) || body["status"] == 1, || "status is not 1".into())?;
            refusal(code, &body)
        }
        Expected::Forbidden(status, code) => {
            has_status(status, answer)?;
            require(allowed_origin.is_none_or(|origin| origin == ORIGIN && code == "unknown_app"), || {
                "readable by others".into()
            })?;
            refusal(code, &json(answer)?)
        }
        Expected::Bare(status) => has_status(status, answer),
        Expected::Preflight(origin) => {
            require((200..=204).contains(&answer.status), || "not allowed".into())?;
            require(allowed_origin == Some(origin), || "another origin".into())?;
            let lower = |name| answer.header(name).unwrap_or_default().to_ascii_lowercase();
            require(lower("access-control-allow-methods").contains("get"), || "GET not allowed".into())?;
            require(!lower("access-control-max-age").is_empty(), || "not cacheable".into())?;
            let headers = lower("access-control-allow-headers");
            let known: Vec<&str> = headers.split(',').map(str::trim).collect();
            let needed = ["authorization", "authorization-client", "signed-payload", "content-type"];
            let missing = needed.iter().find(|name| !known.contains(name));
            missing.map_or(Ok(()), |name| Err(format!("{name} not allowed")))
        }
    }
}

fn has_status(status: u16, answer: &Answer) -> Verdict {
    require(answer.status == status, || format!("expected {status}"))
}

/// The status, and the headers that every answer to the store's own pages has.
fn readable(status: u16, answer: &Answer) -> Verdict {
    has_status(status, answer)?;
    let lower = |name| answer.header(name).unwrap_or_default().to_ascii_lowercase();
    require(lower("content-type").starts_with("application/json"), || "not JSON".into())?;
    require(lower("cache-control").contains("no-store"), || "may be stored".into())?;
    require(lower("x-content-type-options") == "nosniff", || "may be taken for something else".into())?;
    require(lower("vary").contains("origin"), || "does not vary by origin".into())?;
    require(lower("access-control-allow-origin") == ORIGIN, || "no CORS header".into())
}

fn json(answer: &Answer) -> Result<Value, String> {
    serde_json::from_slice(&answer.body).map_err(|error| format!("body: {error}"))
}

fn signature(ts: Option<u64>, body: &Value) -> Verdict {
    let signed = body["ts"].as_u64().ok_or("ts is no number")?;
    match ts {
        Some(ts) => require(signed == ts, || "another ts".into())?,
        None => require(signed.abs_diff(app::now()) <= 5, || "not the server's clock".into())?,
    }
    require(body["customer_id"] == CUSTOMER, || "another customer".into())?;
    require(body["data"] == app::expected_data(CUSTOMER, signed), || "a wrong signature".into())
}

fn refusal(code: &str, body: &Value) -> Verdict {
    require(body["code"] == code, || format!("expected code {code}"))?;
    for member in ["message", "request_id"] {
        let text = body[member].as_str().unwrap_or_default();
        require(!text.is_empty(), || format!("no {member}"))?;
    }
    Ok(())
}
