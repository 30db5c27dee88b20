//! Ordergroove as the Worker and a shopper's browser meet it.
//!
//! Only the REST list of subscriptions and the product batches answer; the other hosts
//! are recorded and answer 404, so that a call nobody planned shows up.

mod auth;
pub(crate) mod products;
mod subscriptions;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Method, Request, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::faults::Route;
use crate::record::{Call, Refusal, recorded};
use crate::state::Shared;

/// Everything under `/ordergroove`.
pub(crate) async fn answer(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response<Body> {
    let batch = products::Action::of(request.uri().path());
    let route = match (request.uri().path(), batch) {
        ("/ordergroove/rest/subscriptions/", _) => Route::OgSubscriptions,
        (_, Some(_)) => Route::OgProducts,
        _ => Route::OtherOrdergroove,
    };
    // A preflight concerns no merchant and asks for nothing: no record, no fault.
    if request.method() == Method::OPTIONS {
        return open(Response::new(Body::empty()));
    }
    let scope = shared.read(|state| auth::claimed_merchant(state, request.headers()));
    let response = recorded(shared, route, scope, request, |shared, call| async move {
        match (route, batch) {
            (_, Some(action)) => products::batch(&shared, &call, action),
            (Route::OgSubscriptions, _) => subscriptions::list(&shared, &call),
            _ => refuse(StatusCode::NOT_FOUND, "Unable to find requested asset.", "the stand-in has no such path"),
        }
    })
    .await;
    open(response)
}

/// Ordergroove's browser API answers every origin.
fn open(mut response: Response<Body>) -> Response<Body> {
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, PATCH, DELETE, OPTIONS"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, x-og-api-version"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Ordergroove's error body; the reason is for the record only.
fn refuse(status: StatusCode, detail: &str, reason: &str) -> Response<Body> {
    let mut response = json_answer(status, &json!({ "detail": detail }));
    response.extensions_mut().insert(Refusal(reason.to_owned()));
    response
}

fn json_answer(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The address this request came in on, for links to the next page.
fn own_address(shared: &Shared, call: &Call) -> String {
    format!("{}{}", shared.url(), call.path())
}
