//! Who may read: an API key of the merchant, or a signature over one customer.

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use serde::Deserialize;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::state::State;

/// How old a signature may be, in seconds.
const OLDEST: u64 = 2 * 60 * 60;
/// How far ahead its clock may be; Ordergroove's own tolerance is not documented.
const AHEAD: u64 = 5 * 60;

/// Who was let in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Caller {
    pub(super) merchant_id: String,
    /// The one customer a signature speaks for; an API key speaks for all.
    pub(super) customer: Option<String>,
}

/// The JSON that stands in the `Authorization` header.
#[derive(Debug, Deserialize)]
struct Signed {
    public_id: String,
    ts: Timestamp,
    sig_field: String,
    sig: String,
}

/// Seconds, as a number or as a quoted one: Ordergroove's documents show both.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Timestamp {
    Number(u64),
    Text(String),
}

impl Timestamp {
    fn seconds(&self) -> Option<u64> {
        match self {
            Self::Number(seconds) => Some(*seconds),
            Self::Text(text) => text.parse().ok(),
        }
    }
}

/// The signature Ordergroove expects over a customer and a time.
fn signature(hash_key: &str, customer: &str, ts: u64) -> String {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(hash_key.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(format!("{customer}|{ts}").as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// The merchant a request says it is for, unverified; faults are set by it.
pub(super) fn claimed_merchant(state: &State, headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let signed = text("authorization").and_then(|header| serde_json::from_str::<Signed>(header).ok());
    signed
        .map(|signed| signed.public_id)
        .or_else(|| merchant_of_key(state, text("x-api-key")?).map(str::to_owned))
        .unwrap_or_default()
}

/// Lets a caller in, or says for the record why not.
pub(super) fn caller(state: &State, headers: &HeaderMap, now: u64) -> Result<Caller, String> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(key) = text("x-api-key") {
        let merchant = merchant_of_key(state, key).ok_or("x-api-key is of no merchant")?;
        return Ok(Caller { merchant_id: merchant.to_owned(), customer: None });
    }
    let header = text("authorization").ok_or("neither x-api-key nor Authorization is there")?;
    let signed: Signed =
        serde_json::from_str(header).map_err(|error| format!("Authorization is not the signed JSON: {error}"))?;
    let merchant = state.merchants.get(&signed.public_id).ok_or("public_id is of no merchant")?;
    let ts = signed.ts.seconds().ok_or("ts is not a number")?;
    if ts + OLDEST < now {
        return Err(format!("ts is {} s old", now - ts));
    }
    if ts > now + AHEAD {
        return Err(format!("ts is {} s ahead", ts - now));
    }
    let expected = signature(&merchant.hash_key, &signed.sig_field, ts);
    if bool::from(expected.as_bytes().ct_eq(signed.sig.as_bytes())) {
        Ok(Caller { merchant_id: signed.public_id, customer: Some(signed.sig_field) })
    } else {
        Err("sig is not the signature of sig_field and ts".to_owned())
    }
}

fn merchant_of_key<'a>(state: &'a State, key: &str) -> Option<&'a str> {
    let mut merchants = state.merchants.values();
    let found = merchants
        .find(|merchant| merchant.api_keys.iter().any(|known| bool::from(known.as_bytes().ct_eq(key.as_bytes()))))?;
    Some(&found.merchant_id)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;
    use crate::model::NewMerchant;

    const KEY: &str = "0123456789abcdef0123456789abcdef";
    const SIG: &str = "ouZ5fyx79PxcyesBuHqlZ8PfceyrZ7RmZJnnVTf85jQ=";
    const TS: u64 = 1_700_000_000;

    fn state() -> State {
        let mut state = State::default();
        let merchant = NewMerchant {
            merchant_id: "m1".to_owned(),
            hash_key: KEY.to_owned(),
            api_keys: vec!["k1".to_owned()],
            ..NewMerchant::default()
        };
        state.put_merchant(merchant).expect("a good merchant");
        state
    }

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name.parse().expect("a name"), HeaderValue::from_str(value).expect("a value"))])
    }

    fn signed(public_id: &str, ts: &str, customer: &str, sig: &str) -> HeaderMap {
        headers(
            "authorization",
            &format!(r#"{{"public_id":"{public_id}","ts":{ts},"sig_field":"{customer}","sig":"{sig}"}}"#),
        )
    }

    #[test]
    fn signs_as_the_known_vector() {
        assert_eq!(signature(KEY, "70421", TS), SIG);
    }

    #[test]
    fn takes_a_number_and_a_quoted_number() {
        let expected = Ok(Caller { merchant_id: "m1".to_owned(), customer: Some("70421".to_owned()) });
        assert_eq!(caller(&state(), &signed("m1", "1700000000", "70421", SIG), TS), expected);
        assert_eq!(caller(&state(), &signed("m1", "\"1700000000\"", "70421", SIG), TS), expected);
    }

    #[test]
    fn takes_two_hours_back_and_five_minutes_ahead() {
        let headers = signed("m1", "1700000000", "70421", SIG);
        assert!(caller(&state(), &headers, TS + OLDEST).is_ok());
        assert!(caller(&state(), &headers, TS + OLDEST + 1).is_err());
        assert!(caller(&state(), &headers, TS - AHEAD).is_ok());
        assert!(caller(&state(), &headers, TS - AHEAD - 1).is_err());
    }

    #[test]
    fn refuses_what_was_not_signed() {
        for headers in [
            signed("m2", "1700000000", "70421", SIG),
            signed("m1", "1700000001", "70421", SIG),
            signed("m1", "1700000000", "70422", SIG),
            signed("m1", "1700000000", "70421", "x"),
            headers("authorization", "Bearer x"),
            headers("x-api-key", "k2"),
            HeaderMap::new(),
        ] {
            assert!(caller(&state(), &headers, TS).is_err(), "{headers:?}");
        }
    }

    #[test]
    fn an_api_key_speaks_for_every_customer() {
        let expected = Ok(Caller { merchant_id: "m1".to_owned(), customer: None });
        assert_eq!(caller(&state(), &headers("x-api-key", "k1"), TS), expected);
    }
}
