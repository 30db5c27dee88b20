//! `/sandbox`: the stand-ins set up and looked into over HTTP, by a person or by `sandbox demo`.
//!
//! | path | what |
//! |---|---|
//! | `GET stores`, `PUT stores` | the stores; add or change one |
//! | `PUT`, `DELETE stores/{hash}/theme` | theme settings |
//! | `GET`, `PUT stores/{hash}/catalog` | every product's id and name; replace all: `"demo"`, `"empty"`, `{count, seed}` |
//! | `PUT stores/{hash}/products` | add a product, or change the one with its id |
//! | `GET`, `DELETE stores/{hash}/products/{id}` | one product |
//! | `POST stores/{hash}/events` | tell the hooks of `{scope, data}` |
//! | `PUT stores/{hash}/hooks/{id}` | `{is_active}` |
//! | `GET deliveries` | the webhooks that were sent |
//! | `GET apps`, `PUT apps` | the developer portal |
//! | `GET stores/{hash}/apps/{client_id}/auth-callback` | its address, with a fresh code |
//! | `GET stores/{hash}/apps/{client_id}/load-callback?user=` | its address, signed |
//! | `POST stores/{hash}/apps/{client_id}/revoke` | ends the token |
//! | `GET merchants`, `PUT merchants` | Ordergroove's merchants |
//! | `GET merchants/{id}/products` | what was sent in product batches |
//! | `PUT merchants/{id}/subscriptions/{customer}` | a list of `{live, cancelled}` |
//! | `GET`, `PUT`, `DELETE faults` | all; set `{scope, route, fault: {kind, ..., times}}`; take all back |
//! | `GET`, `DELETE requests`; `GET refusals` | what was asked |

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::bigcommerce::callbacks::{self, Callback};
use crate::faults::{Fault, Route};
use crate::model::{NewApp, NewMerchant, NewStore, Subscription, ThemeSettings};
use crate::sandbox;
use crate::state::{Refused, Shared};

mod catalog;

type Here = State<Arc<Shared>>;
type Answer = Result<Json<Value>, Problem>;

/// 422 with the reason.
#[derive(Debug)]
pub(crate) struct Problem(Refused);

impl From<Refused> for Problem {
    fn from(reason: Refused) -> Self {
        Self(reason)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "message": self.0 }))).into_response()
    }
}

pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/stores", get(stores).put(put_store))
        .route("/stores/{hash}/theme", put(put_theme).delete(delete_theme))
        .route("/stores/{hash}/apps/{client_id}/auth-callback", get(auth_callback))
        .route("/stores/{hash}/apps/{client_id}/load-callback", get(load_callback))
        .route("/stores/{hash}/apps/{client_id}/revoke", post(revoke))
        .merge(catalog::router())
        .route("/apps", get(apps).put(put_app))
        .route("/merchants", get(merchants).put(put_merchant))
        .route("/merchants/{id}/products", get(ordergroove_products))
        .route("/merchants/{id}/subscriptions/{customer}", put(put_subscriptions))
        .route("/faults", get(faults).put(put_fault).delete(delete_faults))
        .route("/requests", get(requests).delete(delete_requests))
        .route("/refusals", get(refusals))
}

fn done() -> Json<Value> {
    Json(json!({}))
}

async fn stores(State(shared): Here) -> Json<Value> {
    Json(shared.read(|state| {
        let store = |store: &crate::model::Store| {
            let hash = &store.profile.hash;
            json!({
                "profile": store.profile,
                "storefront": shared.storefront_origin(hash),
                "control_panel": shared.control_panel_origin(hash),
                "installs": store.installs,
                "hooks": store.hooks,
                "theme": store.theme,
            })
        };
        state.stores.values().map(store).collect()
    }))
}

async fn put_store(State(shared): Here, Json(store): Json<NewStore>) -> Answer {
    shared.change(|state| state.put_store(store))?;
    Ok(done())
}

async fn put_theme(State(shared): Here, Path(hash): Path<String>, Json(theme): Json<ThemeSettings>) -> Answer {
    shared.change(|state| state.attach_theme(&hash, Some(theme)))?;
    Ok(done())
}

async fn delete_theme(State(shared): Here, Path(hash): Path<String>) -> Answer {
    shared.change(|state| state.attach_theme(&hash, None))?;
    Ok(done())
}

async fn auth_callback(State(shared): Here, Path((hash, client_id)): Path<(String, String)>) -> Answer {
    let url = shared.change(|state| callbacks::auth_url(state, &hash, &client_id))?;
    Ok(Json(json!({ "url": url })))
}

#[derive(Deserialize)]
struct ByUser {
    user: Option<u64>,
}

async fn load_callback(
    State(shared): Here,
    Path((hash, client_id)): Path<(String, String)>,
    Query(by): Query<ByUser>,
) -> Answer {
    let url = shared.read(|state| callbacks::signed_url(state, &hash, &client_id, Callback::Load("/"), by.user))?;
    Ok(Json(json!({ "url": url })))
}

async fn revoke(State(shared): Here, Path((hash, client_id)): Path<(String, String)>) -> Json<Value> {
    shared.change(|state| sandbox::revoke(state, &hash, &client_id));
    done()
}

async fn apps(State(shared): Here) -> Json<Value> {
    Json(shared.read(|state| state.apps.values().map(|app| json!(app)).collect()))
}

async fn put_app(State(shared): Here, Json(app): Json<NewApp>) -> Answer {
    shared.change(|state| state.put_app(app))?;
    Ok(done())
}

async fn merchants(State(shared): Here) -> Json<Value> {
    Json(shared.read(|state| state.merchants.values().map(|merchant| json!(merchant)).collect()))
}

async fn put_merchant(State(shared): Here, Json(merchant): Json<NewMerchant>) -> Answer {
    let answer = Json(json!(merchant));
    shared.change(|state| state.put_merchant(merchant))?;
    Ok(answer)
}

async fn ordergroove_products(State(shared): Here, Path(merchant): Path<String>) -> Json<Value> {
    Json(shared.read(|state| json!(state.ordergroove_products.get(&merchant))))
}

async fn put_subscriptions(
    State(shared): Here,
    Path((merchant, customer)): Path<(String, String)>,
    Json(subscriptions): Json<Vec<Subscription>>,
) -> Answer {
    shared.change(|state| sandbox::set_subscriptions(state, &merchant, &customer, subscriptions))?;
    Ok(done())
}

/// A missing or null `fault` takes it back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PutFault {
    scope: String,
    route: Route,
    fault: Option<Fault>,
}

async fn faults(State(shared): Here) -> Json<Value> {
    Json(shared.read(|state| json!(state.faults)))
}

async fn put_fault(State(shared): Here, Json(put): Json<PutFault>) -> Json<Value> {
    shared.change(|state| sandbox::set_fault(state, &put.scope, put.route, put.fault));
    done()
}

async fn delete_faults(State(shared): Here) -> Json<Value> {
    shared.change(|state| state.faults.clear());
    done()
}

async fn requests(State(shared): Here) -> Json<Value> {
    Json(shared.read(|state| json!(state.requests)))
}

async fn delete_requests(State(shared): Here) -> Json<Value> {
    shared.note(|state| state.requests.clear());
    done()
}

async fn refusals(State(shared): Here) -> Json<Value> {
    Json(shared.read(|state| {
        state.requests.iter().filter(|request| request.refusal.is_some()).map(|request| json!(request)).collect()
    }))
}
