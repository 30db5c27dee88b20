//! `current.jwt`: who is signed in at the storefront, in words the app can verify.

use serde_json::{Value, json};

use crate::jwt;
use crate::model::{App, Customer};
use crate::state::now;

/// How long such a token lives, in seconds.
const LIFETIME: u64 = 900;

/// The claims for a shopper; `sub` is the bare store hash.
pub(crate) fn claims(hash: &str, client_id: &str, customer: &Customer) -> Value {
    let iat = now();
    json!({
        "customer": {
            "id": customer.id,
            "email": customer.email,
            "group_id": customer.group_id.to_string(),
        },
        "iss": "bc/apps",
        "sub": hash,
        "iat": iat,
        "exp": iat + LIFETIME,
        "version": 1,
        "aud": client_id,
        // The documentation's sample has another value here than in `aud`; only `aud` is to be checked.
        "application_id": format!("{client_id}-application"),
        "store_hash": hash,
        "operation": "current_customer",
    })
}

/// The token, signed as the app is set to.
pub(crate) fn token(hash: &str, app: &App, customer: &Customer) -> String {
    jwt::sign(app.jwt_alg, &app.client_secret, &claims(hash, &app.client_id, customer))
}
