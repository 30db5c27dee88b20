//! The load token: who opens the console, of which store.

use serde::Deserialize;

use super::audience::Audience;
use super::{Times, TokenFault, TokenKey, claims_of};
use crate::bigcommerce::ids::{ClientId, PanelUser, StoreHash};

/// What a verified load token says. The same token reaches `/load`, `/uninstall` and `/remove-user`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadToken {
    /// The store it was issued for.
    pub store_hash: StoreHash,
    /// Who acts.
    pub user: PanelUser,
    /// Who owns the store.
    pub owner: PanelUser,
    /// When it was issued, Unix seconds.
    pub issued_at: i64,
    /// The page of the console that the link named; `/` when it named none.
    pub path: String,
}

#[derive(Deserialize)]
struct LoadClaims<'a> {
    exp: Option<i64>,
    nbf: Option<i64>,
    iat: Option<i64>,
    #[serde(borrow)]
    aud: Audience<'a>,
    iss: String,
    sub: String,
    user: PanelUser,
    owner: PanelUser,
    #[serde(default)]
    operation: Option<String>,
    #[serde(default)]
    url: serde_json::Value,
}

/// Verifies a `signed_payload_jwt` for `client_id` at `now`.
pub fn verify_load_token<'k>(
    token: &str,
    keys: impl IntoIterator<Item = &'k TokenKey>,
    client_id: &ClientId,
    now: i64,
) -> Result<LoadToken, TokenFault> {
    let json = claims_of(token, keys)?;
    let claims: LoadClaims<'_> = serde_json::from_str(&json).map_err(|_| TokenFault::Malformed)?;
    Times { expires: claims.exp, not_before: claims.nbf, issued_at: claims.iat }.check(now)?;
    let issued_at = claims.iat.ok_or(TokenFault::Malformed)?;
    if !claims.aud.names(client_id) {
        return Err(TokenFault::Audience);
    }
    if claims.iss != "bc" {
        return Err(TokenFault::Issuer);
    }
    if claims.operation.is_some() {
        return Err(TokenFault::Operation);
    }
    Ok(LoadToken {
        store_hash: StoreHash::from_context(&claims.sub).map_err(|_| TokenFault::Store)?,
        user: claims.user,
        owner: claims.owner,
        issued_at,
        path: console_path(claims.url.as_str().unwrap_or_default()).to_owned(),
    })
}

/// A path and nothing that could lead elsewhere: browsers read `//` and `/\` as the beginning of a host.
fn console_path(url: &str) -> &str {
    let is_path =
        url.starts_with('/') && !url.starts_with("//") && !url.contains(|c: char| c == '\\' || c.is_control());
    if is_path { url } else { "/" }
}
