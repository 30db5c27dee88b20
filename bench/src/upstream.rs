//! The two platforms, as far as a measurement needs them: Ordergroove's list of subscriptions for every contestant, and
//! BigCommerce's side of an install for ours.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::Outcome;
use crate::app::{API_KEY, CLIENT_ID, CLIENT_SECRET, ORIGIN, STORE_HASH};

/// A shopper with an active subscription.
pub(crate) const ACTIVE: u64 = 70421;
/// A shopper whose subscriptions are all over; so is every other id that is not named here, so that load is not
/// answered from the memory that ours has of active subscribers.
pub(crate) const INACTIVE: u64 = 70422;
/// A shopper with an empty list.
pub(crate) const EMPTY: u64 = 70423;
/// A shopper Ordergroove has never heard of: 404.
pub(crate) const UNHEARD_OF: u64 = 70424;
/// A shopper whose only active subscription is on the second page.
pub(crate) const SECOND_PAGE: u64 = 70425;
/// A shopper for whom Ordergroove fails: 500.
pub(crate) const FAILING: u64 = 70426;
/// A shopper for whom Ordergroove answers something else than JSON.
pub(crate) const GARBLED: u64 = 70427;

/// Starts the stand-ins; gives their port. They end with the process.
pub(crate) async fn start() -> Outcome<u16> {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
    let port = listener.local_addr()?.port();
    let app = Router::new()
        .route("/subscriptions/", get(subscriptions))
        .route("/login/oauth2/token", post(exchange))
        .route("/api/stores/{store}/v2/store", get(store))
        .route("/api/stores/{store}/v3/channels", get(channels))
        .route("/api/stores/{store}/v3/sites", get(sites))
        .route("/api/stores/{store}/v3/catalog/products", get(products))
        .route("/api/stores/{store}/v3/hooks", get(hooks).post(add_hook))
        .fallback(unexpected)
        .with_state(Lists::new(port));
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok(port)
}

/// Answers that are the same each time, rendered once.
#[derive(Clone)]
struct Lists {
    active: &'static str,
    inactive: &'static str,
    first_page: &'static str,
    empty: &'static str,
}

impl Lists {
    fn new(port: u16) -> Self {
        let inactive = || record(false);
        let next = format!("http://127.0.0.1:{port}/subscriptions/?customer={SECOND_PAGE}&page=2");
        let page = |next: Option<String>, results: Vec<Value>| {
            let text = json!({"count": results.len(), "next": next, "previous": null, "results": results});
            &*text.to_string().leak()
        };
        Self {
            active: page(None, vec![inactive(), record(true), inactive()]),
            inactive: page(None, vec![inactive(), inactive()]),
            first_page: page(Some(next), vec![inactive()]),
            empty: page(None, Vec::new()),
        }
    }
}

/// A subscription with the fields that Ordergroove's reference shows.
fn record(live: bool) -> Value {
    json!({
        "public_id": "9f0c2d6e5b4a41d8a7b6c5d4e3f20110",
        "customer": "70421",
        "merchant": "0f0e0d0c0b0a4321aabbccddeeff0011",
        "product": "112_377",
        "payment": "4c1a9e0d7b6f4e2c8d3a5b6c7d8e9f00",
        "shipping_address": "1b2c3d4e5f60718293a4b5c6d7e8f901",
        "offer": "7d8e9f001b2c3d4e5f60718293a4b5c6",
        "subscription_type": "replenishment",
        "components": [],
        "extra_data": {},
        "quantity": 1,
        "price": null,
        "frequency_days": 30,
        "reminder_days": 7,
        "every": 1,
        "every_period": 3,
        "start_date": "2026-01-02",
        "cancelled": if live { Value::Null } else { "2026-06-01 10:00:00".into() },
        "cancel_reason": null,
        "session_id": "0f0e0d0c0b0a4321aabbccddeeff0011.424242.1767312000",
        "merchant_order_id": "100245",
        "created": "2026-01-02 09:30:00",
        "updated": "2026-06-01 10:00:00",
        "live": live,
    })
}

const JSON: [(header::HeaderName, &str); 1] = [(header::CONTENT_TYPE, "application/json")];

async fn subscriptions(
    State(lists): State<Lists>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    if headers.get("x-api-key").is_none_or(|key| key != API_KEY) {
        let detail = Json(json!({"detail": "Authentication Failed"}));
        return (StatusCode::FORBIDDEN, detail).into_response();
    }
    let customer = query.get("customer").and_then(|id| id.parse().ok());
    let list = match customer {
        None => return StatusCode::BAD_REQUEST.into_response(),
        Some(EMPTY) => lists.empty,
        Some(UNHEARD_OF) => return StatusCode::NOT_FOUND.into_response(),
        Some(FAILING) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Some(GARBLED) => "<html>Maintenance",
        Some(SECOND_PAGE) if !query.contains_key("page") => lists.first_page,
        Some(ACTIVE | SECOND_PAGE) => lists.active,
        Some(_) => lists.inactive,
    };
    (JSON, list).into_response()
}

async fn exchange(Json(asked): Json<Value>) -> Response {
    if asked["client_id"] != CLIENT_ID || asked["client_secret"] != CLIENT_SECRET {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let user = json!({"id": 11, "username": "owner@shop.example", "email": "owner@shop.example"});
    Json(json!({
        "access_token": "bench-access-token",
        "scope": asked["scope"],
        "user": user,
        "owner": user,
        "context": format!("stores/{STORE_HASH}"),
        "account_uuid": "6d1f2b3c-0b0e-4a5d-9c8b-7a6f5e4d3c2b",
    }))
    .into_response()
}

async fn store(Path(store): Path<String>) -> Json<Value> {
    Json(json!({
        "id": store,
        "name": "Bench",
        "domain": "shop.example",
        "secure_url": ORIGIN,
        "control_panel_base_url": format!("https://store-{store}.mybigcommerce.com"),
        "status": "live",
        "timezone": {"name": "America/Chicago", "raw_offset": -21600, "dst_offset": -18000},
        "currency": "USD",
        "weight_units": "LBS",
        "default_channel_id": 1,
        "default_site_id": 1000,
        "features": {"stencil_enabled": true, "checkout_type": "optimized", "multi_storefront_enabled": false},
    }))
}

/// A list as the v3 API gives it.
fn page(data: &Value) -> Json<Value> {
    let count = data.as_array().map_or(0, Vec::len);
    let pagination = json!({
        "total": count, "count": count, "per_page": 50, "current_page": 1, "total_pages": 1,
    });
    Json(json!({"data": data, "meta": {"pagination": pagination}}))
}

async fn channels() -> Json<Value> {
    page(&json!([{"id": 1, "type": "storefront", "platform": "bigcommerce", "status": "active", "name": "Bench"}]))
}

async fn sites() -> Json<Value> {
    let urls = json!([{"url": ORIGIN, "type": "primary"}, {"url": ORIGIN, "type": "checkout"}]);
    page(&json!([{"id": 1000, "url": ORIGIN, "channel_id": 1, "urls": urls}]))
}

/// None: reading a catalogue is measured with the sandbox.
async fn products() -> Json<Value> {
    page(&json!([]))
}

async fn hooks() -> Json<Value> {
    page(&json!([]))
}

async fn add_hook(Json(mut hook): Json<Value>) -> Json<Value> {
    hook["id"] = json!(1);
    hook["is_active"] = json!(true);
    Json(json!({"data": hook, "meta": {}}))
}

async fn unexpected(uri: Uri) -> (StatusCode, Json<Value>) {
    eprintln!("bench: a contestant called {}, which the stand-ins do not have", uri.path());
    (StatusCode::NOT_FOUND, Json(json!({"status": 404, "title": "Not found"})))
}
