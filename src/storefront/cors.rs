//! Preflights. One cannot know the app, since it carries no header values, so it answers every https
//! origin; the call itself is held to the store's own origins.

use url::Url;
use worker::Env;

use crate::bindings::Bindings;
use crate::error::Error;
use crate::platform::inbound::{Inbound, Reply};

/// Two hours, the longest Chromium keeps a preflight.
const MAX_AGE_SECONDS: &str = "7200";

/// Answers `OPTIONS`.
pub fn preflight(inbound: &Inbound, env: &Env) -> Reply {
    let is_local = Bindings::of(env).is_ok_and(|bindings| bindings.is_local());
    match inbound.header("origin") {
        Some(origin) if is_web_origin(&origin, is_local) => Reply { headers: Vec::new(), ..Reply::empty(204) }
            .header("access-control-allow-origin", origin)
            .header("access-control-allow-methods", "GET")
            .header(
                "access-control-allow-headers",
                "authorization-client, authorization, signed-payload, content-type, accept",
            )
            .header("access-control-max-age", MAX_AGE_SECONDS)
            .header("cache-control", format!("private, max-age={MAX_AGE_SECONDS}"))
            .header("vary", "origin"),
        _ => Reply::error(&Error::OriginNotAllowed, &inbound.id).header("vary", "origin"),
    }
}

/// Whether `text` is an origin to the letter; over plain http only where this Worker itself is.
fn is_web_origin(text: &str, http_too: bool) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let scheme = url.scheme() == "https" || (http_too && url.scheme() == "http");
    scheme && url.origin().ascii_serialization() == text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_origins_are_echoed() {
        for good in ["https://shop.example", "https://shop.example:8443"] {
            assert!(is_web_origin(good, false), "{good}");
        }
        for bad in [
            "",
            "null",
            "http://shop.example",
            "https://shop.example/",
            "https://shop.example/x",
            "https://u@shop.example",
            "https://SHOP.example",
            "https://shop.example:443",
            "*",
            "https://",
            "file://",
            "https://a b",
        ] {
            assert!(!is_web_origin(bad, false), "{bad}");
        }
        assert!(is_web_origin("http://abc.localhost:8788", true));
    }
}
