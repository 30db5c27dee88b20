//! What trying out a connection found, step by step, in words a merchant can act on.

use serde::{Deserialize, Serialize};
use url::Url;

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Stable name, for the console's texts.
    pub name: String,
    /// Whether it went well.
    pub ok: bool,
    /// What was found, and what to do about it.
    pub message: String,
    /// Of an SFTP server's key, to be compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
}

impl Step {
    /// It went well.
    pub fn passed(name: &str, message: impl Into<String>) -> Self {
        Self { name: name.to_owned(), ok: true, message: message.into(), fingerprint: None }
    }

    /// It did not.
    pub fn failed(name: &str, message: impl Into<String>) -> Self {
        Self { name: name.to_owned(), ok: false, message: message.into(), fingerprint: None }
    }

    /// `url` could not be reached, or did not answer in time.
    pub fn no_answer(name: &str, url: &Url) -> Self {
        Self::failed(
            name,
            format!("There was no answer from {}. Check the address, or try again in a minute.", host(url)),
        )
    }

    /// `url` answered, but not as it should.
    pub fn odd_answer(name: &str, url: &Url, status: u16) -> Self {
        Self::failed(name, format!("{} answered with an error ({status}). Try again in a minute.", host(url)))
    }
}

/// The host of an address, with its port if that is an unusual one.
fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
