//! The exchange of an install code for an access token.
//!
//! Source: BigCommerce, "Single-click app OAuth flow". The code is single use; the token has no
//! expiry and dies when the app is uninstalled, its scopes change or the owner's e-mail changes.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::ids::{ClientId, PanelUser, StoreHash};
use crate::error::{Error, Party};
use crate::outbound::{OutboundAnswer, OutboundRequest, join};

/// An install is watched by a person: longer than this nobody waits.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the auth callback brought, not yet believed.
pub struct Grant<'a> {
    /// The app's id and secret.
    pub client_id: &'a ClientId,
    /// Never logged.
    pub client_secret: &'a str,
    /// One-time code.
    pub code: &'a str,
    /// `stores/{hash}` as the browser brought it.
    pub context: &'a str,
    /// Granted scopes, separated by spaces.
    pub scope: &'a str,
    /// The registered auth callback, to the letter.
    pub redirect_uri: &'a str,
}

/// What BigCommerce answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// Never logged.
    pub access_token: String,
    /// The scopes that were really granted.
    pub scopes: Vec<String>,
    /// From the answer, so it can be believed.
    pub store_hash: StoreHash,
    /// Who installed.
    pub user: PanelUser,
}

/// Builds the exchange.
pub fn exchange(login_url: &Url, grant: &Grant<'_>) -> OutboundRequest {
    let body = json!({
        "client_id": grant.client_id.as_str(),
        "client_secret": grant.client_secret,
        "code": grant.code,
        "context": grant.context,
        "scope": grant.scope,
        "grant_type": "authorization_code",
        "redirect_uri": grant.redirect_uri,
    });
    OutboundRequest::post(Party::BigCommerce, join(login_url, "/oauth2/token"), body, TIMEOUT)
}

/// Reads the answer to [`exchange`].
pub fn granted(answer: &OutboundAnswer) -> Result<Granted, Error> {
    #[derive(Deserialize)]
    struct Body {
        access_token: String,
        scope: String,
        user: PanelUser,
        context: String,
    }
    match answer.status {
        200..=299 => {}
        // BigCommerce documents no error body: any 4xx means the code or the credentials were refused.
        400..=499 => return Err(Error::CodeRefused { status: answer.status }),
        status => return Err(Error::upstream(Party::BigCommerce, format!("token exchange answered {status}"))),
    }
    let unreadable = |cause: String| Error::upstream(Party::BigCommerce, format!("token exchange: {cause}"));
    // The body holds the token, so a parse error must not quote it; serde names line and column only.
    let body: Body = answer.json().map_err(unreadable)?;
    if body.access_token.is_empty() {
        return Err(unreadable("empty access token".to_owned()));
    }
    Ok(Granted {
        scopes: body.scope.split_whitespace().map(str::to_owned).collect(),
        store_hash: StoreHash::from_context(&body.context).map_err(|error| unreadable(error.to_string()))?,
        user: body.user,
        access_token: body.access_token,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> OutboundAnswer {
        OutboundAnswer::new(status, body)
    }

    #[test]
    fn the_store_comes_from_the_answer() {
        let body = r#"{"access_token":"tok","scope":"store_v2_orders store_v2_products","user":{"id":11,"username":"a@x.io","email":"a@x.io"},
            "owner":{"id":7,"username":"o@x.io","email":"o@x.io"},"context":"stores/abc123","account_uuid":"0b0e"}"#;
        let granted = granted(&answer(200, body)).unwrap();
        assert_eq!(granted.store_hash.as_str(), "abc123");
        assert_eq!(granted.scopes, ["store_v2_orders", "store_v2_products"]);
    }

    #[test]
    fn refusals_and_garbage_are_told_apart() {
        assert!(matches!(granted(&answer(400, "{}")), Err(Error::CodeRefused { status: 400 })));
        for (status, body) in [
            (500, ""),
            (302, ""),
            (200, "<html>"),
            (200, r#"{"access_token":"","scope":"","user":{"id":1},"context":"stores/a"}"#),
            (200, r#"{"access_token":"t","scope":"","user":{"id":1},"context":"a"}"#),
        ] {
            assert!(
                matches!(granted(&answer(status, body)), Err(Error::UpstreamUnavailable { .. })),
                "{status} {body}"
            );
        }
    }
}
