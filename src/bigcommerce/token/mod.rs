//! The two signed tokens BigCommerce hands out, told apart for good.
//!
//! A *load token* opens the console for a user of the control panel; a *shopper token* says who is
//! signed in at the storefront. Both are HMAC'd with the app's client secret, so only the claims
//! keep one from passing as the other: issuer, audience, subject and operation are all required.

mod audience;
mod key;
mod load;
mod shopper;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use key::TokenKey;
pub use load::{LoadToken, verify_load_token};
pub use shopper::verify_shopper_token;

/// Seconds a clock may be off. BigCommerce's own samples reject fresh load tokens without it
/// (sample-app-nodejs issue 101, "jwt not active").
pub const LEEWAY_SECONDS: i64 = 60;

/// Why a token was refused. The caller is told only that it was; the log says which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum TokenFault {
    /// Nothing was sent.
    #[error("token missing")]
    Missing,
    /// Not three parts of base64url JSON, or claims of the wrong shape.
    #[error("token malformed")]
    Malformed,
    /// `alg` is not HS256 or HS512.
    #[error("token algorithm not allowed")]
    Algorithm,
    /// Signed with something else than the client secret.
    #[error("token signature wrong")]
    Signature,
    /// `exp` is past.
    #[error("token expired")]
    Expired,
    /// `exp` is missing.
    #[error("token has no expiry")]
    NoExpiry,
    /// `nbf` or `iat` lies in the future.
    #[error("token not yet valid")]
    NotYetValid,
    /// Meant for another app.
    #[error("token audience wrong")]
    Audience,
    /// Not issued for this purpose.
    #[error("token issuer wrong")]
    Issuer,
    /// Not a current-customer token.
    #[error("token operation wrong")]
    Operation,
    /// Of another store.
    #[error("token store wrong")]
    Store,
    /// No positive whole number.
    #[error("token customer id wrong")]
    Customer,
    /// The `Authorization` header of a storefront call is not `BigCommerce`.
    #[error("authorization scheme wrong")]
    Scheme,
}

/// What is in a token that was signed with one of an app's secrets: after a new one was registered the old one is valid
/// for 24 h.
fn claims_of<'k>(token: &str, keys: impl IntoIterator<Item = &'k TokenKey>) -> Result<String, TokenFault> {
    let mut opened = Err(TokenFault::Signature);
    for key in keys {
        opened = key.open(token);
        if opened != Err(TokenFault::Signature) {
            break;
        }
    }
    opened
}

/// When a token holds, Unix seconds.
#[derive(Debug, Clone, Copy)]
struct Times {
    expires: Option<i64>,
    not_before: Option<i64>,
    issued_at: Option<i64>,
}

impl Times {
    fn check(self, now: i64) -> Result<(), TokenFault> {
        if self.expires.ok_or(TokenFault::NoExpiry)?.saturating_add(LEEWAY_SECONDS) < now {
            return Err(TokenFault::Expired);
        }
        let latest = now.saturating_add(LEEWAY_SECONDS);
        if [self.not_before, self.issued_at].into_iter().flatten().any(|at| at > latest) {
            return Err(TokenFault::NotYetValid);
        }
        Ok(())
    }
}
