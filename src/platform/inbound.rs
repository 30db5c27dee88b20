//! A request as handlers see it, and the reply they give.

use std::time::Duration;

use futures_util::StreamExt as _;
use url::Url;
use worker::web_sys::{self, ReadableStream};
use worker::{ByteStream, Headers, Request, Response, ResponseBody};

use super::log::RequestId;
use super::patience::within;
use crate::error::{Error, Result};

/// Bytes of a refused body that are read and forgotten, and how long that may take. A connection that is closed while
/// a body still comes in takes the answer with it, and the sender never learns why.
const MOST_FORGOTTEN: usize = 8 << 20;
const LONGEST_FORGETTING: Duration = Duration::from_secs(5);

/// A request that came in.
pub struct Inbound {
    /// Names it in logs and answers.
    pub id: RequestId,
    /// `GET`, `PUT`, …
    pub method: String,
    url: Url,
    request: Request,
}

impl Inbound {
    /// Wraps the runtime's request.
    pub fn new(request: Request) -> Result<Self> {
        let ray = request.headers().get("cf-ray").unwrap_or_default();
        let url = request.url().map_err(|_| Error::NotFound)?;
        // The crate takes every method it does not know for GET.
        let method = request.inner().method();
        Ok(Self { id: RequestId::from_ray(ray.as_deref()), method, url, request })
    }

    /// The path, as sent.
    pub fn path(&self) -> &str {
        self.url.path()
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<String> {
        self.request.headers().get(name).ok().flatten()
    }

    /// The bearer token of `Authorization`.
    pub fn bearer(&self) -> Option<String> {
        self.header("authorization")?.strip_prefix("Bearer ").map(str::to_owned)
    }

    /// A query parameter, decoded; the first of its name.
    pub fn query(&self, name: &str) -> Option<String> {
        self.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// The body as it comes in, to be passed on.
    pub fn body(&self) -> Option<ReadableStream> {
        self.request.inner().body()
    }

    /// What may be left of the body when the answer is known.
    pub fn rest(&self) -> Rest {
        Rest(Clone::clone(self.request.inner())) // not the clone of JavaScript, which splits the body
    }

    /// The body as text, taken no further than `longest` bytes.
    pub async fn text(&mut self, longest: usize) -> Result<String> {
        let mut body = Vec::new();
        // A request without a body has no stream.
        if let Ok(mut chunks) = self.request.stream() {
            while let Some(chunk) = chunks.next().await {
                body.extend(chunk.map_err(|_| Error::bad_request("The body broke off."))?);
                if body.len() > longest {
                    forget(chunks).await;
                    return Err(Error::BodyTooLarge);
                }
            }
        }
        String::from_utf8(body).map_err(|_| Error::bad_request("The body is not UTF-8."))
    }
}

/// A body that nobody may have asked for.
pub struct Rest(web_sys::Request);

impl Rest {
    /// Reads it, so that its sender listens to the answer.
    pub async fn forget(self) {
        let length = self.0.headers().get("content-length").ok().flatten();
        // Of one that is longer anyway nothing is read: its sender may listen at once.
        let is_long =
            length.and_then(|length| length.parse().ok()).is_some_and(|length: usize| length > MOST_FORGOTTEN);
        if self.0.body().is_some()
            && !is_long
            && !self.0.body_used()
            && let Ok(chunks) = Request::from(self.0).stream()
        {
            forget(chunks).await;
        }
    }
}

async fn forget(mut chunks: ByteStream) {
    let reading = async {
        let mut bytes = 0;
        while let Some(Ok(chunk)) = chunks.next().await {
            bytes += chunk.len();
            if bytes > MOST_FORGOTTEN {
                break;
            }
        }
    };
    // Whoever sends slower than that has to do without.
    let _ = within(LONGEST_FORGETTING, reading).await;
}

/// What a handler answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Header names and values.
    pub headers: Vec<(&'static str, String)>,
    /// Empty for none.
    pub body: String,
    /// A body that is passed on, in place of one of ours.
    pub stream: Option<ReadableStream>,
}

impl Reply {
    /// No body.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: vec![("cache-control", "no-store".to_owned())], body: String::new(), stream: None }
    }

    /// A JSON body. Nothing here is ever stored by a cache.
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::empty(status)
            .header("content-type", "application/json")
            .header("x-content-type-options", "nosniff")
            .body(body.to_string())
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Bytes that are passed on as they come.
    pub fn stream(status: u16, stream: ReadableStream) -> Self {
        Self { stream: Some(stream), ..Self::empty(status) }
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.body = body.into();
        self
    }

    /// An error as JSON: code, sentence, request id. For the storefront's pages, to which `status` means something else.
    pub fn error(error: &Error, request_id: &RequestId) -> Self {
        Self::json(error.status(), &error_body(error, request_id)).with_headers_of(error)
    }

    /// An error as a problem (RFC 9457), with what else its code promises.
    pub fn problem(error: &Error, request_id: &RequestId) -> Self {
        let mut body = error_body(error, request_id);
        body["type"] = "about:blank".into();
        body["title"] = reason_phrase(error.status()).into();
        body["status"] = error.status().into();
        body["detail"] = error.message().into();
        match error {
            Error::InvalidSettings { errors } => body["errors"] = serde_json::json!(errors),
            Error::InvalidProducts { errors } => body["errors"] = serde_json::json!(errors),
            Error::ProductsChanged { changed } => body["changed"] = serde_json::json!(changed),
            Error::SettingsChanged { changed } => body["changed"] = serde_json::json!(changed),
            _ => {}
        }
        let reply = Self::empty(error.status())
            .header("content-type", "application/problem+json")
            .header("x-content-type-options", "nosniff")
            .body(body.to_string());
        reply.with_headers_of(error)
    }

    fn with_headers_of(self, error: &Error) -> Self {
        match error {
            Error::MethodNotAllowed { allow } => self.header("allow", allow.clone()),
            Error::TooManyRequests { retry_after } => self.header("retry-after", retry_after.to_string()),
            Error::OperatorOnly | Error::SessionEnded => self.header("www-authenticate", "Bearer"),
            _ => self,
        }
    }

    /// The runtime's response.
    pub fn into_response(self) -> worker::Result<Response> {
        let headers = Headers::new();
        for (name, value) in &self.headers {
            headers.set(name, value)?;
        }
        let response = match self.stream {
            Some(stream) => Response::from_body(ResponseBody::Stream(stream))?,
            None if self.body.is_empty() => Response::empty()?,
            None => Response::ok(self.body)?,
        };
        Ok(response.with_status(self.status).with_headers(headers))
    }
}

/// The JSON of an error.
pub fn error_body(error: &Error, request_id: &RequestId) -> serde_json::Value {
    serde_json::json!({"code": error.code(), "message": error.message(), "request_id": request_id.as_str()})
}

/// HTTP's own words for a status of [`Error::status`].
fn reason_phrase(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        503 => "Service Unavailable",
        _ => "Internal Server Error",
    }
}
