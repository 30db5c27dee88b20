//! The two signed tokens BigCommerce hands out, told apart for good.
//!
//! A *load token* opens the console for a user of the control panel; a *shopper token* says who is
//! signed in at the storefront. Both are HMAC'd with the app's client secret, so only the claims
//! keep one from passing as the other: issuer, audience, subject and operation are all required.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Hmac;
use jwt_compact::{Algorithm, AlgorithmSignature, UntrustedToken};
use serde::de::{DeserializeOwned, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Sha256, Sha512};

use super::ids::{ClientId, CustomerId, PanelUser, StoreHash};
use super::prepared_hmac::{Hs256, Hs512, hmac_of};

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

/// A client secret, ready to verify: the key schedule of both hashes is done once.
pub struct TokenKey {
    hs256: Hmac<Sha256>,
    hs512: Hmac<Sha512>,
}

impl TokenKey {
    /// Prepares `client_secret`, whose bytes are the key as they are.
    pub fn new(client_secret: &str) -> Self {
        Self { hs256: hmac_of(client_secret.as_bytes()), hs512: hmac_of(client_secret.as_bytes()) }
    }

    /// Verifies signature and times of `token` at `now` (Unix seconds) and gives its claims.
    fn verify<T: Timed>(&self, token: &str, now: i64) -> Result<T, TokenFault> {
        let parsed = UntrustedToken::new(token).map_err(|_| TokenFault::Malformed)?;
        let (signed, _) = token.rsplit_once('.').ok_or(TokenFault::Malformed)?;
        let verified = match parsed.algorithm() {
            "HS256" => verifies(&Hs256, &self.hs256, &parsed, signed),
            "HS512" => verifies(&Hs512, &self.hs512, &parsed, signed),
            _ => return Err(TokenFault::Algorithm),
        };
        if !verified {
            return Err(TokenFault::Signature);
        }
        // jwt-compact reads claims through a flattened struct, which buffers every one of them first.
        let (_, claims) = signed.split_once('.').ok_or(TokenFault::Malformed)?;
        let claims = URL_SAFE_NO_PAD.decode(claims).map_err(|_| TokenFault::Malformed)?;
        let claims: T = serde_json::from_slice(&claims).map_err(|_| TokenFault::Malformed)?;
        check_times(claims.times(), now)?;
        Ok(claims)
    }
}

fn verifies<A: Algorithm>(algorithm: &A, key: &A::VerifyingKey, token: &UntrustedToken<'_>, signed: &str) -> bool {
    let signature = A::Signature::try_from_slice(token.signature_bytes());
    signature.is_ok_and(|signature| algorithm.verify_signature(&signature, key, signed.as_bytes()))
}

/// Tries each of an app's secrets: after a new one was registered the old one is valid for 24 h.
fn verify_with_any<'k, T: Timed>(
    keys: impl IntoIterator<Item = &'k TokenKey>,
    token: &str,
    now: i64,
) -> Result<T, TokenFault> {
    let mut fault = TokenFault::Signature;
    for key in keys {
        match key.verify(token, now) {
            Err(TokenFault::Signature) => {}
            Err(other) => fault = other,
            Ok(claims) => return Ok(claims),
        }
    }
    Err(fault)
}

/// Claims that say when they hold: `exp`, `nbf` and `iat`, Unix seconds.
trait Timed: DeserializeOwned {
    fn times(&self) -> (Option<i64>, Option<i64>, Option<i64>);
}

fn check_times(
    (expires, not_before, issued_at): (Option<i64>, Option<i64>, Option<i64>),
    now: i64,
) -> Result<(), TokenFault> {
    if expires.ok_or(TokenFault::NoExpiry)?.saturating_add(LEEWAY_SECONDS) < now {
        return Err(TokenFault::Expired);
    }
    if [not_before, issued_at].into_iter().flatten().any(|at| at > now.saturating_add(LEEWAY_SECONDS)) {
        return Err(TokenFault::NotYetValid);
    }
    Ok(())
}

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
struct LoadClaims {
    exp: Option<i64>,
    nbf: Option<i64>,
    iat: Option<i64>,
    aud: Audience,
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
    let claims: LoadClaims = verify_with_any(keys, token, now)?;
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

#[derive(Deserialize)]
struct ShopperClaims {
    exp: Option<i64>,
    nbf: Option<i64>,
    iat: Option<i64>,
    aud: Audience,
    iss: String,
    sub: String,
    store_hash: String,
    operation: String,
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
    let claims: ShopperClaims = verify_with_any(keys, token, now)?;
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

impl Timed for LoadClaims {
    fn times(&self) -> (Option<i64>, Option<i64>, Option<i64>) {
        (self.exp, self.nbf, self.iat)
    }
}

impl Timed for ShopperClaims {
    fn times(&self) -> (Option<i64>, Option<i64>, Option<i64>) {
        (self.exp, self.nbf, self.iat)
    }
}

/// `aud` is a text or a list of texts (RFC 7519, 4.1.3).
struct Audience(Vec<String>);

impl<'de> Deserialize<'de> for Audience {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = Audience;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list of texts")
            }

            fn visit_str<E>(self, name: &str) -> Result<Audience, E> {
                Ok(Audience(vec![name.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Audience, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = list.next_element()? {
                    names.push(name);
                }
                Ok(Audience(names))
            }
        }
        deserializer.deserialize_any(Names)
    }
}

impl Audience {
    fn names(&self, client_id: &ClientId) -> bool {
        self.0.iter().any(|name| name == client_id.as_str())
    }
}

#[cfg(test)]
mod tests {
    use hmac::Mac as _;
    use serde_json::{Value, json};

    use super::*;

    const NOW: i64 = 1_700_000_000;
    const SECRET: &str = "client-secret-of-the-app";

    fn part(value: &Value) -> String {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string())
    }

    fn mint(alg: &str, claims: &Value, secret: &str) -> String {
        use base64::Engine as _;
        let message = format!("{}.{}", part(&json!({"alg": alg, "typ": "JWT"})), part(claims));
        let signature = match alg {
            "HS512" => {
                hmac_of::<Hmac<Sha512>>(secret.as_bytes()).chain_update(&message).finalize().into_bytes().to_vec()
            }
            _ => hmac_of::<Hmac<Sha256>>(secret.as_bytes()).chain_update(&message).finalize().into_bytes().to_vec(),
        };
        format!("{message}.{}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(signature))
    }

    fn shopper() -> Value {
        json!({"customer": {"id": 70421, "email": "ada@example.com", "group_id": "0"}, "iss": "bc/apps",
            "sub": "abc123", "iat": NOW, "exp": NOW + 900, "version": 1, "aud": "client1",
            "application_id": "other", "store_hash": "abc123", "operation": "current_customer"})
    }

    fn load() -> Value {
        json!({"aud": "client1", "iss": "bc", "iat": NOW, "nbf": NOW - 5, "exp": NOW + 86400, "jti": "u",
            "sub": "stores/abc123", "user": {"id": 21, "email": "clerk@x.io", "locale": "en-US"},
            "owner": {"id": 7, "email": "o@x.io"}, "url": "/", "channel_id": null})
    }

    fn with(mut claims: Value, path: &str, value: Value) -> Value {
        match path.split_once('.') {
            Some((outer, inner)) => claims[outer][inner] = value,
            None if value.is_null() => drop(claims.as_object_mut().unwrap().remove(path)),
            None => claims[path] = value,
        }
        claims
    }

    fn check_shopper(token: &str) -> Result<CustomerId, TokenFault> {
        let (id, store) = (ClientId::parse("client1").unwrap(), StoreHash::parse("abc123").unwrap());
        verify_shopper_token(token, [&TokenKey::new(SECRET)], &id, &store, NOW)
    }

    fn check_load(token: &str) -> Result<LoadToken, TokenFault> {
        verify_load_token(token, [&TokenKey::new(SECRET)], &ClientId::parse("client1").unwrap(), NOW)
    }

    #[test]
    fn both_algorithms_are_taken_and_no_other() {
        for alg in ["HS256", "HS512"] {
            assert_eq!(u64::from(check_shopper(&mint(alg, &shopper(), SECRET)).unwrap()), 70421);
            assert_eq!(check_load(&mint(alg, &load(), SECRET)).unwrap().user.id, 21);
        }
        for alg in ["none", "None", "HS384", "RS256", "", "hs256"] {
            assert_eq!(check_shopper(&mint(alg, &shopper(), SECRET)), Err(TokenFault::Algorithm), "{alg}");
        }
        let unsigned = format!("{}.{}.", part(&json!({"alg": "none"})), part(&shopper()));
        assert_eq!(check_shopper(&unsigned), Err(TokenFault::Algorithm));
    }

    #[test]
    fn one_kind_of_token_never_passes_as_the_other() {
        assert!(check_shopper(&mint("HS256", &load(), SECRET)).is_err());
        assert!(check_load(&mint("HS256", &shopper(), SECRET)).is_err());
        // Even with every claim of both in one token.
        let mut both = shopper();
        both.as_object_mut().unwrap().extend(load().as_object().unwrap().clone());
        both["operation"] = json!("current_customer");
        assert!(check_shopper(&mint("HS256", &both, SECRET)).is_err());
        assert_eq!(check_load(&mint("HS256", &both, SECRET)), Err(TokenFault::Operation));
    }

    #[test]
    fn every_claim_of_a_shopper_token_counts() {
        let cases = [
            ("aud", json!("client2"), TokenFault::Audience),
            ("aud", json!(["x", "y"]), TokenFault::Audience),
            ("aud", Value::Null, TokenFault::Malformed),
            ("iss", json!("bc"), TokenFault::Issuer),
            ("operation", json!("load"), TokenFault::Operation),
            ("operation", Value::Null, TokenFault::Malformed),
            ("store_hash", json!("zzz999"), TokenFault::Store),
            ("sub", json!("zzz999"), TokenFault::Store),
            ("customer.id", json!(0), TokenFault::Customer),
            ("customer.id", json!(-5), TokenFault::Customer),
            ("customer.id", json!(1.5), TokenFault::Customer),
            ("customer.id", json!("70421"), TokenFault::Customer),
            ("customer.id", json!(null), TokenFault::Customer),
            ("customer", json!("70421"), TokenFault::Malformed),
            ("exp", Value::Null, TokenFault::NoExpiry),
            ("exp", json!("soon"), TokenFault::Malformed),
            ("exp", json!(NOW - 61), TokenFault::Expired),
            ("iat", json!(NOW + 61), TokenFault::NotYetValid),
            ("nbf", json!(NOW + 61), TokenFault::NotYetValid),
        ];
        for (claim, value, fault) in cases {
            let token = mint("HS256", &with(shopper(), claim, value.clone()), SECRET);
            assert_eq!(check_shopper(&token), Err(fault), "{claim} = {value}");
        }
        for (claim, value) in [("aud", json!(["x", "client1"])), ("exp", json!(NOW - 60)), ("iat", json!(NOW + 60))] {
            assert!(check_shopper(&mint("HS256", &with(shopper(), claim, value), SECRET)).is_ok(), "{claim}");
        }
        assert_eq!(check_shopper(&mint("HS256", &shopper(), "other")), Err(TokenFault::Signature));
    }

    #[test]
    fn a_load_token_names_a_page_of_the_console_and_never_another_place() {
        let path = |url: Value| check_load(&mint("HS256", &with(load(), "url", url), SECRET)).unwrap().path;
        for url in ["/", "/settings", "/settings?tab=1#sftp"] {
            assert_eq!(path(json!(url)), url);
        }
        for url in [
            json!("//evil.example"),
            json!("/\\evil.example"),
            json!("https://evil.example"),
            json!("settings"),
            json!(""),
            json!("/a\nb"),
            json!(7),
            Value::Null,
        ] {
            assert_eq!(path(url.clone()), "/", "{url}");
        }
    }

    #[test]
    fn every_claim_of_a_load_token_counts() {
        let cases = [
            ("aud", json!("client2"), TokenFault::Audience),
            ("iss", json!("bc/apps"), TokenFault::Issuer),
            ("sub", json!("abc123"), TokenFault::Store),
            ("sub", json!("stores/../x"), TokenFault::Store),
            ("user", Value::Null, TokenFault::Malformed),
            ("iat", Value::Null, TokenFault::Malformed),
            ("exp", Value::Null, TokenFault::NoExpiry),
            ("exp", json!(NOW - 61), TokenFault::Expired),
            ("nbf", json!(NOW + 61), TokenFault::NotYetValid),
        ];
        for (claim, value, fault) in cases {
            assert_eq!(
                check_load(&mint("HS256", &with(load(), claim, value.clone()), SECRET)),
                Err(fault),
                "{claim} = {value}"
            );
        }
    }

    #[test]
    fn a_replaced_secret_still_verifies_beside_the_new_one() {
        let keys = [TokenKey::new("new"), TokenKey::new(SECRET)];
        let id = ClientId::parse("client1").unwrap();
        assert!(verify_load_token(&mint("HS256", &load(), SECRET), &keys, &id, NOW).is_ok());
        let expired = mint("HS256", &with(load(), "exp", json!(1)), SECRET);
        assert_eq!(verify_load_token(&expired, &keys, &id, NOW), Err(TokenFault::Expired));
        assert_eq!(verify_load_token(&expired, &keys[..1], &id, NOW), Err(TokenFault::Signature));
    }

    #[test]
    fn garbage_is_malformed_and_never_a_panic() {
        assert_eq!(check_shopper(""), Err(TokenFault::Missing));
        for token in ["a", "a.b", "a.b.c", "....", "e30.e30.", "é.é.é", &"x.".repeat(4000), "bnVsbA.bnVsbA.bnVsbA"] {
            assert!(check_shopper(token).is_err(), "{token:.20}");
            assert!(check_load(token).is_err(), "{token:.20}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_answered(token in ".{0,200}") {
            let _ = check_shopper(&token);
            let _ = check_load(&token);
        }
    }
}
