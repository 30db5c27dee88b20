//! `BigCommerce` as an app meets it: token exchange, signed callbacks, the REST API.

mod api;
pub(crate) mod callbacks;
mod catalog;
pub(crate) mod current_customer;
mod endpoints;
mod hooks;
pub(crate) mod limits;
mod moment;
mod paging;
mod problem;
mod resources;
mod token;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, Response};

use crate::faults::Route;
use crate::record::recorded;
use crate::state::Shared;

/// `POST /bigcommerce/login/oauth2/token`. A fault for it is found by `*`: only the body tells the store.
pub(crate) async fn token(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_default();
    let scope = token::store_of(&parts.headers, &bytes);
    let request = Request::from_parts(parts, Body::from(bytes));
    recorded(shared, Route::Token, scope, request, |shared, call| async move { token::exchange(&shared, &call) }).await
}

/// Everything under `/bigcommerce/api`.
pub(crate) async fn api(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response<Body> {
    let place = endpoints::Place::of(request.uri().path());
    let route = place.as_ref().map_or(Route::OtherBigcommerce, endpoints::Place::route);
    let scope = place.as_ref().map_or_else(String::new, |place| place.store_hash.clone());
    let _in_flight = limits::InFlight::enter(&shared, &scope);
    recorded(shared, route, scope, request, |shared, call| async move { api::answer(&shared, &call, place.as_ref()) })
        .await
}
