use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use sha2::{Sha256, Sha512};

use super::*;
use crate::bigcommerce::ids::{ClientId, CustomerId, StoreHash};
use crate::bigcommerce::prepared_hmac::hmac_of;

const NOW: i64 = 1_700_000_000;
const SECRET: &str = "client-secret-of-the-app";

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn mint(alg: &str, claims: &Value, secret: &str) -> String {
    let message = format!("{}.{}", part(&json!({"alg": alg, "typ": "JWT"})), part(claims));
    let signature = match alg {
        "HS512" => hmac_of::<Hmac<Sha512>>(secret.as_bytes()).chain_update(&message).finalize().into_bytes().to_vec(),
        _ => hmac_of::<Hmac<Sha256>>(secret.as_bytes()).chain_update(&message).finalize().into_bytes().to_vec(),
    };
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
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
fn a_header_that_is_remembered_vouches_for_nothing_else() {
    let genuine = mint("HS256", &shopper(), SECRET);
    assert!(check_shopper(&genuine).is_ok());
    let [header, claims, signature] = genuine.split('.').collect::<Vec<_>>()[..] else { panic!("{genuine}") };
    let longer = mint("HS512", &shopper(), SECRET);
    let longer = longer.rsplit('.').next().unwrap();
    for (claims, signature, fault) in [
        (part(&with(shopper(), "customer.id", json!(1))).as_str(), signature, TokenFault::Signature),
        (claims, longer, TokenFault::Signature),
        (claims, "", TokenFault::Signature),
        (claims, "*", TokenFault::Malformed),
        ("", signature, TokenFault::Signature),
        (claims, &format!("{longer}AAAAAAAAAAAAAAAA"), TokenFault::Malformed),
    ] {
        assert_eq!(check_shopper(&format!("{header}.{claims}.{signature}")), Err(fault), "{claims}.{signature}");
    }
    let unsigned = format!("{}.{claims}.{signature}", part(&json!({"alg": "none", "typ": "JWT"})));
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
