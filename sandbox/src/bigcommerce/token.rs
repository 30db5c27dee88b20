//! `POST /oauth2/token`: a grant code becomes the token of an app on a store.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::{HeaderMap, Response, StatusCode, header};
use serde_json::{Value, json};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::problem::json_answer;
use crate::model::Install;
use crate::record::{Call, Refusal};
use crate::state::{Shared, State};

type Fields = BTreeMap<String, String>;

/// The store a request says it is for; faults are set by it.
pub(super) fn store_of(headers: &HeaderMap, body: &[u8]) -> String {
    fields(headers, body)
        .ok()
        .and_then(|fields| fields.get("context")?.strip_prefix("stores/").map(str::to_owned))
        .unwrap_or_default()
}

pub(super) fn exchange(shared: &Shared, call: &Call) -> Response<Body> {
    let outcome = if call.method == axum::http::Method::POST {
        fields(&call.headers, &call.body).and_then(|fields| shared.change(|state| grant(state, &fields)))
    } else {
        return refused(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "The token endpoint takes POST.");
    };
    match outcome {
        Ok(answer) => json_answer(StatusCode::OK, &answer),
        Err((code, reason)) => refused(StatusCode::BAD_REQUEST, code, &reason),
    }
}

fn refused(status: StatusCode, code: &str, reason: &str) -> Response<Body> {
    // The real answer is not documented beyond its status, so nothing may rely on more than that.
    let mut response = json_answer(status, &json!({ "error": code }));
    response.extensions_mut().insert(Refusal(format!("{code}: {reason}")));
    response
}

type Denied = (&'static str, String);

fn grant(state: &mut State, fields: &Fields) -> Result<Value, Denied> {
    let field = |name: &str| {
        fields.get(name).map(String::as_str).ok_or_else(|| ("invalid_request", format!("{name} is missing")))
    };
    if field("grant_type")? != "authorization_code" {
        return Err(("unsupported_grant_type", "grant_type is not authorization_code".to_owned()));
    }
    let (client_id, secret) = (field("client_id")?, field("client_secret")?);
    let (code, context) = (field("code")?, field("context")?);
    let (scope, redirect_uri) = (field("scope")?, field("redirect_uri")?);
    let app = state
        .apps
        .get(client_id)
        .filter(|app| bool::from(app.client_secret.as_bytes().ct_eq(secret.as_bytes())))
        .ok_or_else(|| ("invalid_client", "unknown client_id or wrong client_secret".to_owned()))?
        .clone();
    if redirect_uri != app.callbacks.auth.as_str() {
        return Err((
            "invalid_request",
            format!("redirect_uri is not the registered auth callback {}", app.callbacks.auth),
        ));
    }
    let grant = state
        .grants
        .get_mut(code)
        .filter(|grant| grant.client_id == client_id)
        .ok_or_else(|| ("invalid_grant", "the code was not issued to this app".to_owned()))?;
    if grant.used {
        return Err(("invalid_grant", "the code was used before".to_owned()));
    }
    if context != format!("stores/{}", grant.store_hash) {
        return Err(("invalid_request", "context is not the one the code was issued for".to_owned()));
    }
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<BTreeSet<_>>();
    if words(scope) != words(&grant.scope) {
        return Err(("invalid_scope", "scope is not the one the code was issued for".to_owned()));
    }
    grant.used = true;
    let grant = grant.clone();
    let store =
        state.stores.get_mut(&grant.store_hash).ok_or_else(|| ("invalid_request", "the store is gone".to_owned()))?;
    let token = Uuid::new_v4().simple().to_string();
    store.installs.insert(client_id.to_owned(), Install { token: Some(token.clone()), scopes: words(&grant.scope) });
    let person = |user: &crate::model::User| json!({ "id": user.id, "username": user.email, "email": user.email });
    Ok(json!({
        "access_token": token,
        "scope": grant.scope,
        "user": person(&grant.user),
        "owner": person(&store.profile.owner),
        "context": context,
        "account_uuid": app.account_uuid,
    }))
}

fn fields(headers: &HeaderMap, body: &[u8]) -> Result<Fields, Denied> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match content_type.split(';').next().map(str::trim) {
        Some("application/json") => serde_json::from_slice(body)
            .map_err(|error| ("invalid_request", format!("the body is not an object of strings: {error}"))),
        Some("application/x-www-form-urlencoded") => Ok(url::form_urlencoded::parse(body).into_owned().collect()),
        _ => Err(("invalid_request", format!("Content-Type {content_type:?} is neither JSON nor a form"))),
    }
}
