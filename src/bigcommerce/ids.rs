//! Identifiers that BigCommerce gives out, each a type of its own.
//!
//! A value of these types has been checked: it is safe in a path, a key and a log line.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a text is no identifier, as a sentence for the person who sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} must be 1 to {longest} characters of {alphabet}.")]
pub struct MalformedId {
    what: &'static str,
    longest: usize,
    alphabet: &'static str,
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $longest:literal, $alphabet:literal, $allowed:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Checks `text` and takes it as it is.
            pub fn parse(text: &str) -> Result<Self, MalformedId> {
                let allowed: fn(u8) -> bool = $allowed;
                if (1..=$longest).contains(&text.len()) && text.bytes().all(allowed) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(MalformedId { what: $what, longest: $longest, alphabet: $alphabet })
                }
            }

            /// The identifier as BigCommerce writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = MalformedId;
            fn try_from(text: String) -> Result<Self, MalformedId> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id!(
    /// The client id of one app in BigCommerce: the tenant of this deployment.
    ClientId, "The client id", 64, "A-Z, a-z, 0-9, \"-\" and \"_\"",
    |byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
);

text_id!(
    /// The hash that names one store, bare: `abc123`, not `stores/abc123`.
    StoreHash, "The store hash", 32, "A-Z, a-z and 0-9",
    |byte| byte.is_ascii_alphanumeric()
);

impl StoreHash {
    /// Reads the `stores/{hash}` form that callbacks and token answers use.
    pub fn from_context(context: &str) -> Result<Self, MalformedId> {
        Self::parse(context.strip_prefix("stores/").unwrap_or(""))
    }
}

/// A shopper's id in one store. BigCommerce counts from 1; 0 means a guest and is no customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct CustomerId(u64);

impl CustomerId {
    /// A customer that no store has: ids are counted from 1 upwards.
    pub const NOBODY: Self = Self(9_007_199_254_740_991);
}

impl TryFrom<u64> for CustomerId {
    type Error = &'static str;
    fn try_from(id: u64) -> Result<Self, Self::Error> {
        if id == 0 { Err("customer id 0 is a guest") } else { Ok(Self(id)) }
    }
}

impl From<CustomerId> for u64 {
    fn from(id: CustomerId) -> Self {
        id.0
    }
}

impl fmt::Display for CustomerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A user of a store's control panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelUser {
    /// BigCommerce's id of the user.
    pub id: u64,
    /// Absent from some answers; never used as a key.
    #[serde(default)]
    pub email: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_take_what_bigcommerce_gives_and_nothing_else() {
        assert!(ClientId::parse("236754abcDEF_-9").is_ok());
        for bad in ["", "a b", "a/b", "a.b", "a\n", "é", &"x".repeat(65)] {
            assert!(ClientId::parse(bad).is_err(), "{bad:?}");
        }
        assert_eq!(StoreHash::from_context("stores/abc123").unwrap().as_str(), "abc123");
        for bad in ["abc123", "stores/", "stores/a/b", "stores/../x", "Stores/abc", "stores/a?b"] {
            assert!(StoreHash::from_context(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_guest_is_no_customer() {
        assert!(serde_json::from_str::<CustomerId>("0").is_err());
        for bad in ["-1", "1.5", "\"7\"", "null", "18446744073709551616"] {
            assert!(serde_json::from_str::<CustomerId>(bad).is_err(), "{bad}");
        }
        assert_eq!(u64::from(serde_json::from_str::<CustomerId>("70421").unwrap()), 70421);
    }
}
