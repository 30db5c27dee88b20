//! `/products-batch/create/` and `/products-batch/update/`: products, a hundred at a time.
//!
//! What the documentation leaves open is taken strictly: a product is created with all that a feed must say of it,
//! and only once.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{HeaderValue, Method, Response, StatusCode, header};
use serde_json::{Map, Value, json};

use super::{auth, json_answer, refuse};
use crate::record::{Call, Refusal};
use crate::state::{Shared, State, now, now_ms};

const MOST_A_BATCH: usize = 100;
const MOST_A_MINUTE: u32 = 600;
const MINUTE_MS: u64 = 60_000;

/// What a product must have when it is created.
const REQUIRED: [&str; 7] = ["product_id", "name", "sku", "price", "live", "image_url", "detail_url"];

/// A merchant's products by their ids, as they were sent.
pub(crate) type Products = BTreeMap<String, Value>;

/// The running minute of a merchant: when it began, and the batches in it.
pub(crate) type Minute = (u64, u32);

/// What a path asks for, and the method it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Create,
    Update,
}

impl Action {
    pub(super) fn of(path: &str) -> Option<Self> {
        match path {
            "/ordergroove/rest/products-batch/create/" => Some(Self::Create),
            "/ordergroove/rest/products-batch/update/" => Some(Self::Update),
            _ => None,
        }
    }

    fn method(self) -> Method {
        match self {
            Self::Create => Method::POST,
            Self::Update => Method::PATCH,
        }
    }
}

pub(super) fn batch(shared: &Shared, call: &Call, action: Action) -> Response<Body> {
    if call.method != action.method() {
        let reason = format!("a batch takes {} here", action.method());
        return refuse(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed.", &reason);
    }
    let merchant = match merchant(shared, call) {
        Ok(merchant) => merchant,
        Err(reason) => return refuse(StatusCode::FORBIDDEN, "Authentication Failed", reason),
    };
    if let Err(seconds) = shared.note(|state| count(state, &merchant)) {
        let mut response = refuse(StatusCode::TOO_MANY_REQUESTS, "Request was throttled.", "more than 600 a minute");
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        return response;
    }
    let items = match items(call) {
        Ok(items) => items,
        Err(reason) => return refuse(StatusCode::BAD_REQUEST, "Invalid batch.", &reason),
    };
    let mut reasons = Vec::new();
    let results: Vec<Value> = shared.note(|state| {
        let products = state.ordergroove_products.entry(merchant.clone()).or_default();
        let set = |id: &str| state.product_statuses.get(&(merchant.clone(), id.to_owned())).copied();
        let mut result = |item: &Value| {
            if let Some(status) = item["product_id"].as_str().and_then(set) {
                return json!({ "product_id": item["product_id"], "status": status });
            }
            let status = take(products, item, action).unwrap_or_else(|(status, reason)| {
                reasons.extend((status == 400).then(|| format!("{item}: {reason}")));
                status
            });
            json!({ "product_id": item["product_id"], "status": status })
        };
        items.iter().map(&mut result).collect()
    });
    let mut response = json_answer(StatusCode::MULTI_STATUS, &json!({ "results": results }));
    if !reasons.is_empty() {
        response.extensions_mut().insert(Refusal(reasons.join("; ")));
    }
    response
}

/// The merchant of an API key with the permission.
fn merchant(shared: &Shared, call: &Call) -> Result<String, &'static str> {
    let caller = shared.read(|state| auth::caller(state, &call.headers, now())).map_err(|_| "no good credential")?;
    if caller.customer.is_some() {
        return Err("a batch needs an API key, not a shopper's signature");
    }
    let has_bulk = |state: &State| state.merchants.get(&caller.merchant_id).is_some_and(|merchant| merchant.bulk);
    if shared.read(has_bulk) { Ok(caller.merchant_id) } else { Err("the key lacks the permission Bulk Operations") }
}

/// Counts a batch; in `Err` the seconds until there is room again.
fn count(state: &mut State, merchant: &str) -> Result<(), u64> {
    let now = now_ms();
    let (began, made) = state.ordergroove_minutes.entry(merchant.to_owned()).or_insert((now, 0));
    if now >= *began + MINUTE_MS {
        (*began, *made) = (now, 0);
    }
    *made += 1;
    if *made > MOST_A_MINUTE { Err((*began + MINUTE_MS - now).div_ceil(1000)) } else { Ok(()) }
}

fn items(call: &Call) -> Result<Vec<Value>, String> {
    if call.query().iter().any(|(name, value)| name != "force_all_fields" || value != "true") {
        return Err("the only parameter is force_all_fields=true".to_owned());
    }
    if !call.header("content-type").is_some_and(|kind| kind.starts_with("application/json")) {
        return Err("the body is no application/json".to_owned());
    }
    let items: Vec<Value> = serde_json::from_slice(&call.body).map_err(|error| format!("no JSON array: {error}"))?;
    if items.is_empty() || items.len() > MOST_A_BATCH {
        return Err(format!("a batch has 1 to {MOST_A_BATCH} products, not {}", items.len()));
    }
    Ok(items)
}

/// Takes an item in, or gives the status of its refusal with the reason.
fn take(products: &mut Products, item: &Value, action: Action) -> Result<u16, (u16, String)> {
    let bad = |reason: String| (400, reason);
    let sent = item.as_object().ok_or_else(|| bad("not an object".to_owned()))?;
    let id = sent.get("product_id").and_then(Value::as_str).ok_or_else(|| bad("no product_id".to_owned()))?;
    for (name, value) in sent {
        check(name, value).map_err(|wanted| bad(format!("{name} is not {wanted}")))?;
    }
    let known = products.get(id).and_then(Value::as_object);
    let mut whole: Map<String, Value> = match (action, known) {
        (Action::Create, None) => Map::new(),
        (Action::Create, Some(_)) => return Err(bad("it is there already".to_owned())),
        (Action::Update, None) => return Err((404, "there is no such product".to_owned())),
        (Action::Update, Some(known)) => known.clone(),
    };
    whole.extend(sent.clone());
    together(&whole).map_err(|reason| bad(reason.to_owned()))?;
    if let Some(missing) = REQUIRED.iter().find(|name| !whole.contains_key(**name)) {
        return Err(bad(format!("{missing} is missing")));
    }
    products.insert(id.to_owned(), Value::Object(whole));
    Ok(200)
}

/// What must be so of a whole product.
fn together(product: &Map<String, Value>) -> Result<(), &'static str> {
    let is = |name: &str| product.get(name) == Some(&Value::Bool(true));
    if is("discontinued") && (is("live") || is("autoship_enabled")) {
        return Err("a discontinued product is neither live nor enabled");
    }
    if product.contains_key("every") != product.contains_key("every_period") {
        return Err("every and every_period go together");
    }
    Ok(())
}

/// Whether a field may have this value, or what it may have.
fn check(name: &str, value: &Value) -> Result<(), &'static str> {
    let text = |most: usize| value.as_str().is_some_and(|text| is_text(text, most));
    let begins = |begin: &[&str]| value.as_str().is_some_and(|text| begin.iter().any(|begin| text.starts_with(begin)));
    let (is_good, wanted) = match name {
        "product_id" | "sku" => (text(64), "ASCII of 1 to 64 characters"),
        "name" => (text(1024), "ASCII of 1 to 1024 characters"),
        "price" => (value.is_number() && is_price(&value.to_string()), "a number with two decimals, to 99999999.99"),
        "image_url" => (text(400) && begins(&["https://"]), "an https address of at most 400 characters"),
        "detail_url" => (text(400) && begins(&["https://", "http://"]), "an address of at most 400 characters"),
        "live" | "autoship_enabled" | "autoship_by_default" | "discontinued" => (value.is_boolean(), "true or false"),
        "every" => (value.as_u64().is_some_and(|every| every > 0), "a number above 0"),
        "every_period" => (value.as_u64().is_some_and(|period| (1..=4).contains(&period)), "1 to 4"),
        "product_type" => (
            matches!(value.as_str(), Some("standard" | "static price bundle" | "dynamic price bundle")),
            "standard, static price bundle or dynamic price bundle",
        ),
        "extra_data" => (value.as_str().is_some_and(is_extra_data), "a JSON object in a text, of texts to 1024"),
        "groups" => (value.as_array().is_some_and(|groups| groups.iter().all(is_group)), "a list of groups"),
        _ => (false, "a field of a product"),
    };
    if is_good { Ok(()) } else { Err(wanted) }
}

fn is_text(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && !text.trim().is_empty()
}

/// By its digits: as a float, 0.1 would have more than two.
fn is_price(digits: &str) -> bool {
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (1..=8).contains(&whole.len()) && part.len() <= 2 && are_digits(whole) && are_digits(part)
}

fn is_extra_data(text: &str) -> bool {
    let fields: Option<Map<String, Value>> = serde_json::from_str(text).ok();
    fields.is_some_and(|fields| fields.values().all(|value| value.as_str().is_some_and(|text| is_text(text, 1024))))
}

fn is_group(group: &Value) -> bool {
    let kind = group["group_type"].as_str();
    group["name"].as_str().is_some_and(|name| is_text(name, 64)) && matches!(kind, Some("sku_swap" | "incentive"))
}
