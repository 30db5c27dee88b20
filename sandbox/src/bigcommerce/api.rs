//! The gate of the REST API: what every request is checked for before its resource answers.

use axum::body::Body;
use axum::http::{Method, Response, StatusCode, header};
use serde_json::Value;

use super::endpoints::{Endpoint, Place};
use super::problem::{Problem, json_answer};
use super::{catalog, hooks, limits, resources};
use crate::faults::Route;
use crate::record::Call;
use crate::state::{Shared, now};

/// A request that passed the gate.
#[derive(Debug)]
pub(super) struct Passed<'a> {
    pub(super) store_hash: &'a str,
    pub(super) client_id: String,
    /// The ids in the path, as many as the endpoint has.
    pub(super) ids: &'a [u64],
    /// The endpoint's path, with `{id}` where the ids were.
    pub(super) template: &'static str,
    pub(super) method: &'a Method,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Option<Value>,
}

impl Passed<'_> {
    /// A query parameter's value.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

pub(super) fn answer(shared: &Shared, call: &Call, place: Option<&Place>) -> Response<Body> {
    let Some(place) = place else {
        return Problem::new(404, "The path is not /stores/{hash}/{version}/...").into_response(false);
    };
    let mut response =
        match gate(shared, call, place).and_then(|(endpoint, passed)| resource(shared, endpoint, &passed)) {
            Ok(body) => json_answer(StatusCode::OK, &body),
            Err(problem) => problem.into_response(place.v2),
        };
    limits::tell(shared, &place.store_hash, &mut response);
    response
}

fn resource(shared: &Shared, endpoint: &Endpoint, passed: &Passed<'_>) -> Result<Value, Problem> {
    match endpoint.route {
        Route::Store => resources::store(shared, passed.store_hash),
        Route::Time => Ok(serde_json::json!({ "time": now() })),
        Route::Channels => resources::channels(shared, passed),
        Route::Sites => resources::sites(shared, passed),
        Route::Products => catalog::list(shared, passed),
        Route::Trees => catalog::categories::trees(shared, passed),
        Route::Categories => catalog::categories::list(shared, passed),
        Route::Product | Route::Variants | Route::Modifiers => catalog::one(shared, passed),
        _ => hooks::answer(shared, passed),
    }
}

fn gate<'a>(shared: &Shared, call: &'a Call, place: &'a Place) -> Result<(&'static Endpoint, Passed<'a>), Problem> {
    let token = call.header("x-auth-token").ok_or_else(|| Problem::new(401, "X-Auth-Token is missing."))?;
    let (client_id, scopes) = shared
        .read(|state| {
            let (_, client_id, install) = state.install_of_token(&place.store_hash, token)?;
            Some((client_id.to_owned(), install.scopes.clone()))
        })
        .ok_or_else(|| Problem::new(401, "X-Auth-Token is not a token of an app on this store."))?;
    limits::count(shared, &place.store_hash)?;
    let endpoint = place.endpoint.ok_or_else(|| Problem::new(404, "The API has no such path."))?;
    if !endpoint.methods.contains(&call.method) {
        return Err(Problem::new(405, format!("{} is not a method of this path.", call.method)));
    }
    if !accepts_json(call) {
        return Err(Problem::new(406, "Accept does not name application/json; v2 would answer XML."));
    }
    if !endpoint.scopes.is_empty() && !endpoint.scopes.iter().any(|scope| scopes.contains(*scope)) {
        return Err(Problem::new(403, format!("The token has none of the scopes {:?}.", endpoint.scopes)));
    }
    let query = call.query();
    endpoint.check_query(&query)?;
    let body = body(call)?;
    if let Some(judge) = &shared.judge {
        judge
            .check(&call.method, &place.path, &query, body.as_ref())
            .map_err(|reason| Problem::new(400, format!("Against the OpenAPI files: {reason}")))?;
    }
    let passed = Passed {
        store_hash: &place.store_hash,
        client_id,
        ids: &place.ids,
        template: endpoint.path,
        method: &call.method,
        query,
        body,
    };
    Ok((endpoint, passed))
}

fn accepts_json(call: &Call) -> bool {
    call.header("accept").is_some_and(|accept| {
        accept.split(',').any(|part| part.split(';').next().is_some_and(|kind| kind.trim() == "application/json"))
    })
}

fn body(call: &Call) -> Result<Option<Value>, Problem> {
    if !matches!(call.method, Method::POST | Method::PUT | Method::PATCH) {
        return if call.body.is_empty() {
            Ok(None)
        } else {
            Err(Problem::new(400, format!("A {} has no body.", call.method)))
        };
    }
    let content_type = call.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
    if content_type.split(';').next().map(str::trim) != Some("application/json") {
        return Err(Problem::new(415, format!("Content-Type is {content_type:?}, not application/json.")));
    }
    serde_json::from_slice(&call.body)
        .map(Some)
        .map_err(|error| Problem::new(400, format!("The body is not JSON: {error}")))
}
