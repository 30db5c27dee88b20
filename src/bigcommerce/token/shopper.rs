//! The shopper token, BigCommerce's "current customer": who is signed in at the storefront.

use std::borrow::Cow;

use serde::Deserialize;

use super::audience::Audience;
use super::{Times, TokenFault, TokenKey, claims_of};
use crate::bigcommerce::ids::{ClientId, CustomerId, StoreHash};

#[derive(Deserialize)]
struct ShopperClaims<'a> {
    exp: Option<i64>,
    nbf: Option<i64>,
    iat: Option<i64>,
    #[serde(borrow)]
    aud: Audience<'a>,
    #[serde(borrow)]
    iss: Cow<'a, str>,
    #[serde(borrow)]
    sub: Cow<'a, str>,
    #[serde(borrow)]
    store_hash: Cow<'a, str>,
    #[serde(borrow)]
    operation: Cow<'a, str>,
    customer: ShopperCustomer,
}

#[derive(Deserialize)]
struct ShopperCustomer {
    id: serde_json::Value,
}

/// Verifies a current-customer token for `client_id` in `store` and gives the customer it names.
pub fn verify_shopper_token<'k>(
    token: &str,
    keys: impl IntoIterator<Item = &'k TokenKey>,
    client_id: &ClientId,
    store: &StoreHash,
    now: i64,
) -> Result<CustomerId, TokenFault> {
    if token.is_empty() {
        return Err(TokenFault::Missing);
    }
    let json = claims_of(token, keys)?;
    let claims: ShopperClaims<'_> = serde_json::from_str(&json).map_err(|_| TokenFault::Malformed)?;
    Times { expires: claims.exp, not_before: claims.nbf, issued_at: claims.iat }.check(now)?;
    if !claims.aud.names(client_id) {
        return Err(TokenFault::Audience);
    }
    if claims.iss != "bc/apps" {
        return Err(TokenFault::Issuer);
    }
    if claims.operation != "current_customer" {
        return Err(TokenFault::Operation);
    }
    if claims.store_hash != claims.sub || claims.sub != store.as_str() {
        return Err(TokenFault::Store);
    }
    let id = claims.customer.id.as_u64().ok_or(TokenFault::Customer)?;
    CustomerId::try_from(id).map_err(|_| TokenFault::Customer)
}
