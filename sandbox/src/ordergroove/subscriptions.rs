//! `/subscriptions/`: a customer's subscriptions, in pages.

use axum::body::Body;
use axum::http::{Method, Response, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{auth, json_answer, own_address, refuse};
use crate::record::Call;
use crate::state::{Shared, now};

const DEFAULT_PAGE: usize = 10;
const MAX_PAGE: usize = 100;

pub(super) fn list(shared: &Shared, call: &Call) -> Response<Body> {
    if call.method != Method::GET {
        return refuse(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed.", "the list takes GET only");
    }
    let denied = |reason: &str| refuse(StatusCode::FORBIDDEN, "Authentication Failed", reason);
    let caller = match shared.read(|state| auth::caller(state, &call.headers, now())) {
        Ok(caller) => caller,
        Err(reason) => return denied(&reason),
    };
    let query = call.query();
    let known = ["customer", "page", "page_size", "cursor"];
    if let Some((name, _)) = query.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        return refuse(StatusCode::BAD_REQUEST, "Unknown filter.", &format!("{name} is not a filter of the list"));
    }
    let parameter = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let customer = match (parameter("customer"), caller.customer.as_deref()) {
        (Some(asked), Some(own)) if asked != own => {
            return denied("the signature is of another customer");
        }
        (Some(asked), _) => asked,
        (None, Some(own)) => own,
        (None, None) => {
            return denied("an API key without bulk permission needs the customer filter");
        }
    };
    let records = shared.read(|state| {
        let merchant = state.merchants.get(&caller.merchant_id);
        let subscriptions = merchant.and_then(|merchant| merchant.subscriptions.get(customer));
        subscriptions.map(|all| records(&caller.merchant_id, customer, all)).unwrap_or_default()
    });
    let number = |name: &str, default: usize| match parameter(name) {
        None => Some(default),
        Some(text) => text.parse().ok().filter(|number| *number > 0),
    };
    let (Some(size), Some(page)) = (number("page_size", DEFAULT_PAGE), number("page", 1)) else {
        return refuse(StatusCode::NOT_FOUND, "Invalid page.", "page or page_size is not a positive number");
    };
    let size = size.min(MAX_PAGE);
    let by_cursor = call.header("x-og-api-version") == Some("2");
    let start = match (by_cursor, parameter("cursor")) {
        (true, None) => Some(0),
        (true, Some(cursor)) => offset_of(cursor),
        (false, _) => (page - 1).checked_mul(size),
    };
    let Some(start) = start.filter(|start| *start == 0 || *start < records.len()) else {
        return refuse(StatusCode::NOT_FOUND, "Invalid page.", "the page is past the end or the cursor is not ours");
    };
    let link = |offset: usize| {
        let mut link = url::form_urlencoded::Serializer::new(String::new());
        link.append_pair("customer", customer).append_pair("page_size", &size.to_string());
        if by_cursor {
            link.append_pair("cursor", &URL_SAFE_NO_PAD.encode(format!("o={offset}")));
        } else {
            link.append_pair("page", &(offset / size + 1).to_string());
        }
        format!("{}?{}", own_address(shared, call), link.finish())
    };
    let mut answer = json!({
        "next": (start + size < records.len()).then(|| link(start + size)),
        "previous": (start > 0).then(|| link(start.saturating_sub(size))),
    });
    if !by_cursor {
        answer["count"] = json!(records.len());
    }
    answer["results"] = records.into_iter().skip(start).take(size).collect();
    json_answer(StatusCode::OK, &answer)
}

fn offset_of(cursor: &str) -> Option<usize> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    text.strip_prefix("o=")?.parse().ok()
}

fn records(merchant_id: &str, customer: &str, subscriptions: &[crate::model::Subscription]) -> Vec<Value> {
    let record = |(place, subscription): (usize, &crate::model::Subscription)| {
        json!({
            "public_id": format!("{customer}{place:08}"),
            "merchant": merchant_id,
            "customer": customer,
            "product": format!("{}", 100 + place),
            "quantity": 1,
            "every": 1,
            "every_period": 3,
            "live": subscription.live,
            "cancelled": subscription.cancelled,
            "created": "2026-01-05 08:00:00",
        })
    };
    subscriptions.iter().enumerate().map(record).collect()
}
