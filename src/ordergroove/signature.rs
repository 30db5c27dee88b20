//! The signature that signs a shopper in at Ordergroove.
//!
//! Source: Ordergroove, "HMAC and AES authentication". Base64 of HMAC-SHA256 over
//! `<customer id>|<seconds since 1970>`, keyed with the merchant's hash key as it is;
//! valid for two hours.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::Sha256;

/// Bytes of a hash key.
pub const HASH_KEY_LENGTH: usize = 32;

/// How old a signed time may be: Ordergroove takes it for two hours.
pub const OLDEST_SECONDS: i64 = 2 * 60 * 60;

/// How far ahead a shopper's clock may be.
pub const AHEAD_SECONDS: i64 = 5 * 60;

/// What `encodeURIComponent` leaves alone.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'!')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// A merchant's hash key, ready to sign: the key schedule is done once.
#[derive(Clone)]
pub struct Signer(Hmac<Sha256>);

impl Signer {
    /// Prepares a hash key.
    pub fn new(hash_key: &str) -> Self {
        Self(
            Hmac::new_from_slice(hash_key.as_bytes())
                .unwrap_or_else(|_| unreachable!("HMAC takes a key of any length")),
        )
    }

    /// Signs `field` (for a shopper the customer id) at `ts` (Unix seconds): plain base64.
    pub fn sign(&self, field: &str, ts: Timestamp) -> String {
        let mut mac = self.0.clone();
        mac.update(field.as_bytes());
        mac.update(b"|");
        mac.update(ts.to_string().as_bytes());
        BASE64.encode(mac.finalize().into_bytes())
    }
}

/// Encodes a signature for a URL or form field. Never used in a header or in the cookie.
pub fn url_encoded(signature: &str) -> String {
    utf8_percent_encode(signature, COMPONENT).to_string()
}

/// A time that Ordergroove can read: Unix seconds of 10 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The server's own clock.
    pub fn now(now: i64) -> Self {
        Self(now)
    }

    /// Reads the `ts` of a storefront call: 10 digits, at most two hours back and five minutes ahead of `now`.
    pub fn parse(text: &str, now: i64) -> Option<Self> {
        if text.len() != 10 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Self::in_window(text.parse().ok()?, now)
    }

    /// Takes `ts` if it lies in the window around `now`.
    pub fn in_window(ts: i64, now: i64) -> Option<Self> {
        (now - OLDEST_SECONDS..=now + AHEAD_SECONDS).contains(&ts).then_some(Self(ts))
    }

    /// Unix seconds.
    pub fn seconds(self) -> i64 {
        self.0
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_of_the_reference() {
        let signature = Signer::new("0123456789abcdef0123456789abcdef").sign("70421", Timestamp(1_700_000_000));
        assert_eq!(signature, "ouZ5fyx79PxcyesBuHqlZ8PfceyrZ7RmZJnnVTf85jQ=");
        assert_eq!(url_encoded(&signature), "ouZ5fyx79PxcyesBuHqlZ8PfceyrZ7RmZJnnVTf85jQ%3D");
        assert_eq!(url_encoded("a+b/c="), "a%2Bb%2Fc%3D");
    }

    #[test]
    fn the_window_is_two_hours_back_and_five_minutes_ahead() {
        let now = 1_700_000_000;
        for (offset, ok) in [(-7200, true), (-7201, false), (0, true), (300, true), (301, false)] {
            assert_eq!(Timestamp::parse(&(now + offset).to_string(), now).is_some(), ok, "{offset}");
        }
        for bad in ["", "17000000000", "170000000", "+700000000", "1700000000.", " 1700000000", "1.7000e+09", "١٢٣٤٥"]
        {
            assert_eq!(Timestamp::parse(bad, now), None, "{bad:?}");
        }
    }
}
