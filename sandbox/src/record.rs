//! What was asked of the stand-ins, kept for tests and for a person to look at.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{Request, Response, Uri};
use serde::{Deserialize, Serialize};

use crate::faults::{self, FaultKind, Route};
use crate::state::{Shared, now};

/// How many requests are kept before the oldest go.
const KEPT: usize = 20_000;

/// One request to a stand-in API. Secrets stay in: tests look for them where they must not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Counts up from 1.
    pub number: u64,
    /// Seconds since 1970.
    pub at: u64,
    /// Which route it was.
    pub route: Route,
    /// The store hash or merchant id it concerned, as far as the request told.
    pub scope: String,
    /// The method.
    pub method: String,
    /// Path and query as sent.
    pub path: String,
    /// Headers in the order they came.
    pub headers: Vec<(String, String)>,
    /// The body, with what is not UTF-8 replaced.
    pub body: String,
    /// The status, once there was an answer; a hung or dropped request has none.
    pub status: Option<u16>,
    /// Why the platform would refuse it; a fault is not a refusal.
    pub refusal: Option<String>,
}

impl Recorded {
    /// The first header of this name, which is lowercase.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Marks an answer as a refusal, with the reason.
#[derive(Debug, Clone)]
pub(crate) struct Refusal(pub(crate) String);

/// A request with its body read, so that it can be recorded, judged and answered.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: axum::http::Method,
    pub(crate) uri: Uri,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) body: Bytes,
}

impl Call {
    pub(crate) fn path(&self) -> &str {
        self.uri.path()
    }

    /// The query as decoded pairs, in order.
    pub(crate) fn query(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(self.uri.query().unwrap_or_default().as_bytes()).into_owned().collect()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// Runs a stand-in's handler between the fault that is set and the record that is kept.
pub(crate) async fn recorded<F>(
    shared: Arc<Shared>,
    route: Route,
    scope: String,
    request: Request<Body>,
    handler: impl FnOnce(Arc<Shared>, Call) -> F,
) -> Response<Body>
where
    F: Future<Output = Response<Body>>,
{
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, 16 << 20).await else {
        return Response::builder().status(413).body(Body::empty()).unwrap_or_default();
    };
    let call = Call { method: parts.method, uri: parts.uri, headers: parts.headers, body };
    let (number, fault) = shared.note(|state| {
        let number = state.requests.last().map_or(0, |last| last.number) + 1;
        if state.requests.len() >= KEPT {
            state.requests.drain(..KEPT / 10);
        }
        state.requests.push(record(&call, number, route, scope.clone()));
        (number, faults::take(&mut state.faults, &scope, route))
    });
    let instead = match &fault {
        Some(kind) => faults::before(kind).await,
        None => None,
    };
    let mut response = match instead {
        Some(response) => response,
        None => handler(shared.clone(), call).await,
    };
    if fault == Some(FaultKind::Truncated) {
        response = faults::cut(response).await;
    }
    let refusal = response.extensions().get::<Refusal>().map(|refusal| refusal.0.clone());
    let dropped = response.extensions().get::<faults::DropConnection>().is_some();
    shared.note(|state| {
        if let Some(record) = state.requests.iter_mut().rfind(|record| record.number == number) {
            record.status = (!dropped).then(|| response.status().as_u16());
            record.refusal = refusal;
        }
    });
    response
}

fn record(call: &Call, number: u64, route: Route, scope: String) -> Recorded {
    Recorded {
        number,
        at: now(),
        route,
        scope,
        method: call.method.to_string(),
        path: call.uri.path_and_query().map_or_else(String::new, ToString::to_string),
        headers: call
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect(),
        body: String::from_utf8_lossy(&call.body).into_owned(),
        status: None,
        refusal: None,
    }
}
