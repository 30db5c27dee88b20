//! The one app that every contestant serves, and the credentials of its shoppers, made independently of the code under
//! measurement.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::Hmac;
use serde_json::{Value, json};
use sha2::{Sha256, Sha384, Sha512};

pub(crate) const CLIENT_ID: &str = "q3k9bench7client1x5m2vd8s0a4ztw";
pub(crate) const CLIENT_SECRET: &str = "5f2b1c9d8e7a6f504132b4c5d6e7f8091a2b3c4d5e6f70819203a4b5c6d7e8f9";
pub(crate) const STORE_HASH: &str = "bench1abc";
pub(crate) const MERCHANT_ID: &str = "0f0e0d0c0b0a4321aabbccddeeff0011";
pub(crate) const SECRET_KEY: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const API_KEY: &str = "bench-api-key-0123456789";
pub(crate) const ORIGIN: &str = "https://shop.example";

pub(crate) const SIGNATURE: &str = "/api/v1/merchant/ordergroove/signature";
pub(crate) const SUBSCRIPTIONS: &str = "/api/v1/ordergroove/customer/has_subscriptions";

/// Unix seconds.
pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.expect("the clock is past 1970").as_secs()
}

/// What BigCommerce says of a shopper who is signed in.
pub(crate) fn claims(customer: u64) -> Value {
    let now = now();
    json!({
        "customer": {"id": customer, "email": "ada.moss@shop.example", "group_id": "1"},
        "iss": "bc/apps",
        "sub": STORE_HASH,
        "iat": now,
        "exp": now + 900,
        "version": 1,
        "aud": CLIENT_ID,
        "application_id": CLIENT_ID,
        "store_hash": STORE_HASH,
        "operation": "current_customer",
    })
}

/// How a token is signed.
#[derive(Clone, Copy)]
pub(crate) enum Algorithm {
    Hs256,
    Hs384,
    Hs512,
    None,
}

impl Algorithm {
    fn name(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
            Self::None => "none",
        }
    }

    fn sign(self, key: &str, text: &str) -> Vec<u8> {
        match self {
            Self::Hs256 => hmac::<Hmac<Sha256>>(key, text),
            Self::Hs384 => hmac::<Hmac<Sha384>>(key, text),
            Self::Hs512 => hmac::<Hmac<Sha512>>(key, text),
            Self::None => Vec::new(),
        }
    }
}

fn hmac<M: hmac::Mac + hmac::digest::KeyInit>(key: &str, text: &str) -> Vec<u8> {
    let mut mac = <M as hmac::Mac>::new_from_slice(key.as_bytes()).expect("any key fits an HMAC");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// A compact token.
pub(crate) fn token(algorithm: Algorithm, claims: &Value, key: &str) -> String {
    let header = json!({"alg": algorithm.name(), "typ": "JWT"});
    let [header, claims] = [&header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    let signed = format!("{header}.{claims}");
    let signature = URL_SAFE_NO_PAD.encode(algorithm.sign(key, &signed));
    format!("{signed}.{signature}")
}

/// The token of a shopper as BigCommerce issues it.
pub(crate) fn shopper_token(customer: u64) -> String {
    token(Algorithm::Hs256, &claims(customer), CLIENT_SECRET)
}

/// The `data` that the signature endpoint answers: URL-encoded base64.
pub(crate) fn expected_data(customer: u64, ts: u64) -> String {
    let digest = hmac::<Hmac<Sha256>>(SECRET_KEY, &format!("{customer}|{ts}"));
    let encoded = STANDARD.encode(digest);
    encoded.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_vector_comes_out() {
        assert_eq!(expected_data(70421, 1_700_000_000), "ouZ5fyx79PxcyesBuHqlZ8PfceyrZ7RmZJnnVTf85jQ%3D");
    }

    #[test]
    fn a_token_has_the_form_and_the_signature_of_rfc_7515() {
        // The signature is from openssl dgst -sha256 -hmac.
        let made = token(Algorithm::Hs256, &json!({"a": 1}), "secret");
        assert_eq!(made, "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhIjoxfQ.57TF7smP9XDhIexBqPC-F1toZReYZLWb_YRU5tv0sxM");
        assert!(token(Algorithm::None, &json!({}), "secret").ends_with('.'));
    }
}
