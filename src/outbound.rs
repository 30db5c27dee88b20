//! A call to another party, as plain data: what is asked, of whom, and what came back.
//!
//! `platform::http` sends these. Keeping them free of `worker` types lets the code that knows
//! BigCommerce and Ordergroove be tested on the host.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use crate::error::Party;

/// A request that is about to leave.
#[derive(Debug, Clone)]
pub struct OutboundRequest {
    /// Whose fault it is when this goes wrong.
    pub party: Party,
    /// What is called; only hosts of the operator or of the allow-list get here.
    pub url: Url,
    /// Method, headers (secrets among them: never logged) and JSON body.
    pub method: Method,
    /// Header names and values, beside `Accept: application/json`.
    pub headers: Vec<(&'static str, String)>,
    /// Sent as `application/json`.
    pub body: Option<Value>,
    /// How long the whole answer may take.
    pub timeout: Duration,
    /// Headers of the answer that are wanted.
    pub wanted: &'static [&'static str],
    /// Bytes of the answer that are read.
    pub longest: usize,
}

/// The methods this app uses towards others so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates.
    Post,
    /// Changes.
    Put,
    /// Changes a part.
    Patch,
    /// Deletes.
    Delete,
}

impl OutboundRequest {
    /// A read of `url`.
    pub fn get(party: Party, url: Url, timeout: Duration) -> Self {
        Self {
            party,
            url,
            method: Method::Get,
            headers: Vec::new(),
            body: None,
            timeout,
            wanted: &[],
            longest: LONGEST_ANSWER,
        }
    }

    /// A POST of `body`.
    pub fn post(party: Party, url: Url, body: Value, timeout: Duration) -> Self {
        Self { method: Method::Post, body: Some(body), ..Self::get(party, url, timeout) }
    }

    /// A PATCH with `body`.
    pub fn patch(party: Party, url: Url, body: Value, timeout: Duration) -> Self {
        Self { method: Method::Patch, ..Self::post(party, url, body, timeout) }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// What the other party said.
#[derive(Debug, Clone, Default)]
pub struct OutboundAnswer {
    /// HTTP status. A redirect arrives as such: it is never followed.
    pub status: u16,
    /// The body as text; bytes that are no UTF-8 are replaced.
    pub body: String,
    /// The wanted headers that are there.
    pub headers: Vec<(&'static str, String)>,
    /// Whether the body was longer than wanted; it is empty then.
    pub is_too_long: bool,
}

impl OutboundAnswer {
    /// An answer without headers.
    pub fn new(status: u16, body: impl Into<String>) -> Self {
        Self { status, body: body.into(), ..Self::default() }
    }

    /// A wanted header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// The body as `T`, or the reason it is not.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, String> {
        if self.is_too_long {
            return Err(format!("status {}, the answer is too long", self.status));
        }
        serde_json::from_str(&self.body).map_err(|error| format!("status {}, unreadable body: {error}", self.status))
    }
}

/// Bytes of an answer that are read, unless a request says otherwise.
pub const LONGEST_ANSWER: usize = 2 * 1024 * 1024;

/// Appends path segments to a base address that may have a path of its own.
pub fn join(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    let whole = format!("{}/{}", base.path().trim_end_matches('/'), path.trim_start_matches('/'));
    url.set_path(&whole);
    url.set_query(None);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn join_keeps_the_path_of_the_base() {
        let base = |text: &str| Url::parse(text).unwrap();
        assert_eq!(join(&base("https://a.example"), "/v2/x").as_str(), "https://a.example/v2/x");
        assert_eq!(join(&base("http://127.0.0.1:1/b/?q#f"), "v2/x").path(), "/b/v2/x");
    }
}
