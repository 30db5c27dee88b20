//! A demo shop: sign in, account, sign out, and `current.jwt`.

mod view;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Extension, Query, State};
use axum::http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use axum::routing::{any, get};
use axum::{Form, Router};
use serde::Deserialize;
use serde_json::json;

use crate::bigcommerce::current_customer;
use crate::faults::Route;
use crate::model::Customer;
use crate::pages;
use crate::record::{Call, Refusal, recorded};
use crate::server::{ForStore, StoreHash};
use crate::state::Shared;

type Here = State<Arc<Shared>>;

/// The shop's session cookie.
const SESSION: &str = "SHOP_SESSION_TOKEN";

pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/login.php", get(login).post(sign_in))
        .route("/account.php", get(account))
        .route("/manage-subscriptions/", get(subscriptions))
        .route("/og-auth-msi/", get(auth_page))
        .route("/guide.html", get(guide))
        .route("/customer/current.jwt", any(current_jwt))
        .route("/assets/{name}", get(pages::asset))
        .with_state(shared.clone())
}

/// The session's value in a cookie header.
fn session(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix(SESSION)?.strip_prefix('='))
}

fn customer(shared: &Shared, hash: &str, headers: &HeaderMap) -> Option<Customer> {
    let session = session(headers)?;
    shared.read(|state| {
        let store = state.stores.get(hash)?;
        store.customer(*store.sessions.get(session)?).cloned()
    })
}

fn page(shared: &Shared, hash: &str, headers: &HeaderMap, view: view::View) -> Response<Body> {
    let customer = customer(shared, hash, headers);
    if view.needs_customer() && customer.is_none() {
        return Redirect::to("/login.php").into_response();
    }
    let page = shared.read(|state| state.stores.get(hash).map(|store| view.page(store, customer.as_ref())));
    let mut response = match page {
        Some(page) => page.into_response(),
        None => (StatusCode::NOT_FOUND, "There is no such store.").into_response(),
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn home(State(shared): Here, Extension(StoreHash(hash)): ForStore, headers: HeaderMap) -> Response<Body> {
    page(&shared, &hash, &headers, view::View::Home)
}

async fn account(State(shared): Here, Extension(StoreHash(hash)): ForStore, headers: HeaderMap) -> Response<Body> {
    page(&shared, &hash, &headers, view::View::Account)
}

async fn subscriptions(
    State(shared): Here,
    Extension(StoreHash(hash)): ForStore,
    headers: HeaderMap,
) -> Response<Body> {
    page(&shared, &hash, &headers, view::View::Subscriptions)
}

async fn auth_page(State(shared): Here, Extension(StoreHash(hash)): ForStore, headers: HeaderMap) -> Response<Body> {
    page(&shared, &hash, &headers, view::View::AuthPage)
}

async fn guide(State(shared): Here, Extension(StoreHash(hash)): ForStore, headers: HeaderMap) -> Response<Body> {
    page(&shared, &hash, &headers, view::View::Guide)
}

#[derive(Deserialize)]
struct Login {
    action: Option<String>,
}

async fn login(
    State(shared): Here,
    Extension(StoreHash(hash)): ForStore,
    Query(login): Query<Login>,
    headers: HeaderMap,
) -> Response<Body> {
    if login.action.as_deref() != Some("logout") {
        return page(&shared, &hash, &headers, view::View::Login { failed: false });
    }
    if let Some(session) = session(&headers) {
        shared.change(|state| state.stores.get_mut(&hash).and_then(|store| store.sessions.remove(session)));
    }
    with_cookie(Redirect::to("/").into_response(), "gone; Max-Age=0")
}

#[derive(Deserialize)]
struct SignIn {
    email: String,
}

async fn sign_in(
    State(shared): Here,
    Extension(StoreHash(hash)): ForStore,
    headers: HeaderMap,
    Form(form): Form<SignIn>,
) -> Response<Body> {
    let session = shared.change(|state| {
        let store = state.stores.get_mut(&hash)?;
        let email = form.email.trim();
        let id = store.profile.customers.iter().find(|customer| customer.email.eq_ignore_ascii_case(email))?.id;
        let session = uuid::Uuid::new_v4().simple().to_string();
        store.sessions.insert(session.clone(), id);
        Some(session)
    });
    match session {
        Some(session) => with_cookie(Redirect::to("/account.php").into_response(), &session),
        None => page(&shared, &hash, &headers, view::View::Login { failed: true }),
    }
}

fn with_cookie(mut response: Response<Body>, value: &str) -> Response<Body> {
    if let Ok(cookie) = HeaderValue::from_str(&format!("{SESSION}={value}; Path=/; HttpOnly; SameSite=Lax")) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

async fn current_jwt(
    State(shared): Here,
    Extension(StoreHash(hash)): ForStore,
    request: Request<Body>,
) -> Response<Body> {
    let scope = hash.clone();
    recorded(shared, Route::CurrentJwt, scope, request, |shared, call| async move {
        current_jwt_answer(&shared, &hash, &call)
    })
    .await
}

fn current_jwt_answer(shared: &Shared, hash: &str, call: &Call) -> Response<Body> {
    let refuse = |status: StatusCode, reason: &str| {
        let mut response = (status, reason.to_owned()).into_response();
        response.extensions_mut().insert(Refusal(reason.to_owned()));
        response
    };
    if call.method != axum::http::Method::GET {
        return refuse(StatusCode::METHOD_NOT_ALLOWED, "current.jwt takes GET.");
    }
    let query = call.query();
    let [(name, client_id)] = query.as_slice() else {
        return refuse(StatusCode::BAD_REQUEST, "current.jwt takes app_client_id and nothing else.");
    };
    if name != "app_client_id" {
        return refuse(StatusCode::BAD_REQUEST, "app_client_id is missing.");
    }
    // Any app-level client id will do, installed or not, registered for this store or another.
    let Some(app) = shared.read(|state| state.apps.get(client_id).cloned()) else {
        return refuse(StatusCode::FORBIDDEN, "app_client_id is of no app.");
    };
    let Some(customer) = customer(shared, hash, &call.headers) else {
        return (StatusCode::NOT_FOUND, "").into_response();
    };
    let token = current_customer::token(hash, &app, &customer);
    if call.header("accept").is_some_and(|accept| accept.contains("application/json")) {
        return axum::Json(json!({ "token": token })).into_response();
    }
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], token).into_response()
}
