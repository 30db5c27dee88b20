//! Tokens made by somebody else. What each claim and algorithm must be is shown by the unit tests of
//! `bigcommerce::token`; here are tricks with the form of a token, at every door that takes one.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use sha2::{Sha256, Sha512};

use crate::support::app::{HASH_KEY, SHOPPER, client, unique};
use crate::support::wait::now;
use crate::support::{App, World, run};

fn encoded(part: &str) -> String {
    URL_SAFE_NO_PAD.encode(part)
}

fn hs256(message: &str, key: &[u8]) -> Vec<u8> {
    <Hmac<Sha256>>::new_from_slice(key).unwrap().chain_update(message).finalize().into_bytes().to_vec()
}

fn hs512(message: &str, key: &[u8]) -> Vec<u8> {
    <Hmac<Sha512>>::new_from_slice(key).unwrap().chain_update(message).finalize().into_bytes().to_vec()
}

fn token(header: &str, claims: &str, sign: impl Fn(&str) -> Vec<u8>) -> String {
    let message = format!("{}.{}", encoded(header), encoded(claims));
    let signature = sign(&message);
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn load_claims(app: &App<'_>) -> Value {
    json!({"aud": app.client_id, "iss": "bc", "iat": now(), "nbf": now() - 5, "exp": now() + 600,
        "jti": unique("jti"), "sub": format!("stores/{}", app.store),
        "user": {"id": 7, "email": "o@x.io"}, "owner": {"id": 7, "email": "o@x.io"}})
}

/// Shows a token.
type Show<'a> = Box<dyn Fn(&str) -> RequestBuilder + 'a>;

/// Every place where a token is shown, with the claims that its tokens have.
fn doors<'a>(app: &'a App<'_>) -> Vec<(&'static str, Value, Show<'a>)> {
    let callback = |name: &'static str| -> Show<'a> {
        let url = app.registration["callbacks"][name].as_str().unwrap();
        Box::new(move |token| client().get(url).query(&[("signed_payload_jwt", token)]))
    };
    vec![
        ("load", load_claims(app), callback("load")),
        ("uninstall", load_claims(app), callback("uninstall")),
        ("remove_user", load_claims(app), callback("remove_user")),
        ("signature", app.claims(), Box::new(|token| app.signature(token))),
        ("has_subscriptions", app.claims(), Box::new(|token| app.has_subscriptions(token))),
    ]
}

async fn is_refused(what: &str, answer: Response) {
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert_eq!(status, 401, "{what}: {text}");
    assert!(!text.contains("session-token") && !text.contains("\"data\""), "{what}: {text}");
}

#[test]
fn no_key_but_the_client_secret_signs() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        for (door, claims, show) in doors(&app) {
            let claims = claims.to_string();
            let header = r#"{"alg":"HS256","typ":"JWT"}"#;
            let secret = app.client_secret.as_str();
            let keys = [
                String::new(),
                app.client_id.clone(),
                app.store.clone(),
                HASH_KEY.to_owned(),
                app.api_key.clone(),
                secret.to_uppercase(),
                format!("{secret}\n"),
                secret[..secret.len() - 1].to_owned(),
                STANDARD.encode(secret),
                world.sandbox.token_of(&app.store, &app.client_id).unwrap(),
            ];
            for key in keys {
                let forged = token(header, &claims, |message| hs256(message, key.as_bytes()));
                is_refused(&format!("{door}, key {key:?}"), show(&forged).send().await.unwrap()).await;
            }
        }
    });
}

#[test]
fn no_header_makes_a_wrong_signature_right() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let key = app.client_secret.as_bytes();
        for (door, claims, show) in doors(&app) {
            let claims = claims.to_string();
            // Rightly signed with an algorithm, but naming another one, in every spelling that libraries fell for.
            for alg in
                ["none", "NONE", "nOnE", "HS384", "RS256", "ES256", "PS256", "EdDSA", "hs256", "HS256 ", "dir", ""]
            {
                let header = json!({"alg": alg, "typ": "JWT"}).to_string();
                for signed in
                    [token(&header, &claims, |message| hs256(message, key)), token(&header, &claims, |_| Vec::new())]
                {
                    is_refused(&format!("{door}, alg {alg:?}"), show(&signed).send().await.unwrap()).await;
                }
            }
            for header in [
                "{}",
                "[]",
                "null",
                r#"{"alg":null}"#,
                r#"{"alg":["HS256"]}"#,
                r#"{"alg":{"HS256":1}}"#,
                r#"{"typ":"JWT"}"#,
                r#"{"alg":"HS256""#,
            ] {
                let signed = token(header, &claims, |message| hs256(message, key));
                is_refused(&format!("{door}, header {header}"), show(&signed).send().await.unwrap()).await;
            }
            // The algorithms swapped: each signature has the length of the other.
            let swapped = [
                token(r#"{"alg":"HS256"}"#, &claims, |message| hs512(message, key)),
                token(r#"{"alg":"HS512"}"#, &claims, |message| hs256(message, key)),
                token(r#"{"alg":"HS512"}"#, &claims, |message| hs512(message, key)[..32].to_vec()),
                token(r#"{"alg":"HS256"}"#, &claims, |message| hs256(message, key)[..31].to_vec()),
                token(r#"{"alg":"HS256"}"#, &claims, |message| [hs256(message, key), vec![0]].concat()),
                // A key of the attacker's own in the header is nobody's key.
                token(r#"{"alg":"HS256","jwk":{"kty":"oct","k":"a2V5"},"kid":"../../dev/null"}"#, &claims, |message| {
                    hs256(message, b"key")
                }),
            ];
            for signed in swapped {
                is_refused(door, show(&signed).send().await.unwrap()).await;
            }
        }
    });
}

#[test]
fn a_token_is_three_parts_of_base64url_and_nothing_else() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let key = app.client_secret.as_bytes();
        for (door, claims, show) in doors(&app) {
            let good = token(r#"{"alg":"HS256","typ":"JWT"}"#, &claims.to_string(), |message| hs256(message, key));
            let (message, signature) = good.rsplit_once('.').unwrap();
            let (header, payload) = message.split_once('.').unwrap();
            let bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
            let last = signature.chars().last().unwrap();
            let nested = token(r#"{"alg":"HS256","cty":"JWT"}"#, &good, |message| hs256(message, key));
            for broken in [
                format!("{message}."),
                format!("{message}..{signature}"),
                format!("{message}.{signature}."),
                format!("{message}.{signature}.{signature}"),
                format!(".{message}.{signature}"),
                format!("{header}..{signature}"),
                format!("{payload}.{header}.{signature}"),
                format!("{good}, {good}"),
                format!("Bearer {good}"),
                format!("{message}.{}", URL_SAFE.encode(&bytes)),
                format!("{message}.{}", hex(&bytes)),
                // Bits that decode to the same bytes: one token has one spelling.
                format!("{message}.{}{}", &signature[..signature.len() - 1], char::from(last as u8 ^ 1)),
                nested,
                token(r#"{"alg":"HS256"}"#, &format!("[{claims}]"), |message| hs256(message, key)),
                token(r#"{"alg":"HS256"}"#, &format!("{claims}{claims}"), |message| hs256(message, key)),
                token(r#"{"alg":"HS256"}"#, "null", |message| hs256(message, key)),
            ] {
                is_refused(&format!("{door}: {broken}"), show(&broken).send().await.unwrap()).await;
            }
            // Any one byte changed in any part.
            for part in [header, payload, signature] {
                let at = good.find(part).unwrap() + part.len() / 2;
                let other = if good.as_bytes()[at] == b'A' { "B" } else { "A" };
                let changed = format!("{}{other}{}", &good[..at], &good[at + 1..]);
                is_refused(&format!("{door}: byte {at}"), show(&changed).send().await.unwrap()).await;
            }
        }
        assert_eq!(app.described().await["state"], "installed");
        let session = app.load(7).await;
        assert_eq!(
            app.console(&session, reqwest::Method::GET).send().await.unwrap().status(),
            200,
            "user 7 was not removed"
        );
    });
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

#[test]
fn a_claim_given_twice_or_too_large_decides_nothing() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let key = app.client_secret.as_bytes();
        // Signed by BigCommerce's own key, so this is about readers that differ, not about strangers.
        let good = app.claims().to_string();
        for (more, what) in [
            (r#","customer":{"id":1}"#, "another customer"),
            (r#","exp":9999999999"#, "another expiry"),
            (r#","aud":"somebody"#, "broken"),
        ] {
            let claims = format!("{}{more}}}", &good[..good.len() - 1]);
            let twice = token(r#"{"alg":"HS256"}"#, &claims, |message| hs256(message, key));
            is_refused(what, app.signature(&twice).send().await.unwrap()).await;
        }
        for id in
            ["18446744073709551616", "1e3", "70421.0", "\"70421\"", "[70421]", "true", "-0", "9223372036854775808e0"]
        {
            let claims = good.replace(&format!(r#""id":{SHOPPER}"#), &format!(r#""id":{id}"#));
            assert_ne!(claims, good);
            let odd = token(r#"{"alg":"HS256"}"#, &claims, |message| hs256(message, key));
            is_refused(id, app.signature(&odd).send().await.unwrap()).await;
        }
        for time in ["9223372036854775807", "-9223372036854775808", "1e400"] {
            let now = now().to_string();
            let claims = good.replacen(&now, time, 1);
            let odd = token(r#"{"alg":"HS256"}"#, &claims, |message| hs256(message, key));
            let answer = app.signature(&odd).send().await.unwrap();
            assert!([200, 401].contains(&answer.status().as_u16()), "{time}: {}", answer.status());
        }
    });
}
