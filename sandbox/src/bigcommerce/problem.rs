//! Answers of the REST API: JSON, and errors in the two shapes the versions have.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::record::Refusal;

/// What the API says no with.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    title: String,
    errors: BTreeMap<String, String>,
    /// A missing record is an answer; everything else is a request that should not have been sent.
    refusal: bool,
}

impl Problem {
    pub(crate) fn new(status: u16, title: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, title: title.into(), errors: BTreeMap::new(), refusal: true }
    }

    /// 422 with one field at fault.
    pub(crate) fn field(name: &str, message: impl Into<String>) -> Self {
        let mut problem = Self::new(422, "The filters or the fields of the request are not valid.");
        problem.errors.insert(name.to_owned(), message.into());
        problem
    }

    /// 404 for a record that is not there.
    pub(crate) fn no_such(what: &str) -> Self {
        Self { refusal: false, ..Self::new(404, format!("There is no such {what}.")) }
    }

    pub(crate) fn into_response(self, v2: bool) -> Response<Body> {
        let status = self.status.as_u16();
        let body = if v2 {
            json!([{ "status": status, "message": self.title, "details": self.errors }])
        } else {
            json!({ "status": status, "title": self.title, "type": "about:blank", "errors": self.errors })
        };
        let mut response = json_answer(self.status, &body);
        if self.refusal {
            let fields = self.errors.iter().map(|(name, message)| format!(" {name}: {message}"));
            let reason = std::iter::once(self.title.clone()).chain(fields).collect();
            response.extensions_mut().insert(Refusal(reason));
        }
        response
    }
}

/// A JSON answer.
pub(crate) fn json_answer(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
