//! The signature endpoint, with its whole contract: requirements E1, E3 and E4.

use reqwest::Method;
use sandbox::{JwtAlg, NewStore, SiteUrl, UrlType};
use serde_json::{Value, json};

use ordergroove_bigcommerce::ordergroove::signature::{Signer, Timestamp};

use crate::support::app::{HASH_KEY, SHOPPER, client, refused};
use crate::support::wait::now;
use crate::support::{App, World, run};

fn expected(ts: i64) -> String {
    Signer::new(HASH_KEY).sign(&SHOPPER.to_string(), Timestamp::now(ts))
}

fn decoded(data: &Value) -> String {
    percent_encoding::percent_decode_str(data.as_str().unwrap()).decode_utf8().unwrap().into_owned()
}

#[test]
fn a_shopper_gets_the_signature_of_their_own_id() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        for alg in [JwtAlg::Hs256, JwtAlg::Hs512] {
            let token = world.sandbox.sign_jwt(&app.client_id, alg, app.claims());
            // Twice: read from KV the first time, from memory the second.
            for _ in 0..2 {
                let ts = now() - 100;
                let answer = app.signature(&token).query(&[("ts", ts)]).send().await.unwrap();
                assert_eq!(answer.status(), 200);
                let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
                assert_eq!(header("access-control-allow-origin"), app.origin());
                assert_eq!(
                    (header("content-type"), header("cache-control"), header("vary")),
                    ("application/json".into(), "no-store".into(), "origin".into())
                );
                let body: Value = answer.json().await.unwrap();
                assert_eq!((&body["ts"], &body["customer_id"]), (&json!(ts), &json!(SHOPPER)));
                assert_eq!(decoded(&body["data"]), expected(ts));
                assert_eq!(body.as_object().unwrap().len(), 3);
            }
        }
    });
}

#[test]
fn without_ts_the_servers_clock_is_signed() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let body: Value = app.signature(&app.token()).send().await.unwrap().json().await.unwrap();
        let ts = body["ts"].as_i64().unwrap();
        assert!((now() - ts).abs() <= 2, "{ts}");
        assert_eq!(decoded(&body["data"]), expected(ts));
    });
}

#[test]
fn an_id_in_the_address_or_the_body_changes_nothing() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let answer = app
            .signature(&app.token())
            .query(&[("customer_id", "1"), ("customerId", "1"), ("id", "1")])
            .send()
            .await
            .unwrap();
        assert_eq!(answer.json::<Value>().await.unwrap()["customer_id"], SHOPPER);
    });
}

#[test]
fn ts_is_ten_digits_within_two_hours_back_and_five_minutes_ahead() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let token = app.token();
        for offset in [-7190, -1, 0, 290] {
            let answer = app.signature(&token).query(&[("ts", now() + offset)]).send().await.unwrap();
            assert_eq!(answer.status(), 200, "{offset}");
        }
        let refused_ts = [
            "",
            "0",
            "-1700000000",
            "170000000",
            "17000000000",
            "1700000000.5",
            "1e9",
            "abc",
            " ",
            "%00",
            "9999999999",
        ];
        let far = [now() - 7210, now() + 310].map(|ts| ts.to_string());
        for ts in refused_ts.into_iter().chain(far.iter().map(String::as_str)) {
            let url =
                format!("{}/api/v1/merchant/ordergroove/signature?ts={}", world.worker.url, ts.replace(' ', "%20"));
            let request = app.signature(&token).build().unwrap();
            let mut with_ts = client().get(url);
            for (name, value) in request.headers() {
                with_ts = with_ts.header(name, value);
            }
            let answer = with_ts.send().await.unwrap();
            assert_eq!(answer.headers()["access-control-allow-origin"], app.origin().as_str(), "the page can read why");
            refused(answer, 400, "invalid_timestamp").await;
        }
    });
}

#[test]
fn every_wrong_token_is_refused_and_the_log_says_which() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let other = App::configured(world).await;
        let now = now();
        let spoiled = |path: &str, value: Value| {
            let mut claims = app.claims();
            match path.split_once('.') {
                Some((outer, inner)) => claims[outer][inner] = value,
                None if value.is_null() => drop(claims.as_object_mut().unwrap().remove(path)),
                None => claims[path] = value,
            }
            world.sandbox.sign_jwt(&app.client_id, JwtAlg::Hs256, claims)
        };
        let load = world.sandbox.load_callback_url(&app.store, &app.client_id, 7);
        let load_token = load.query_pairs().find(|(key, _)| key == "signed_payload_jwt").unwrap().1.into_owned();
        let signed_with = |client_id: &str, alg| world.sandbox.sign_jwt(client_id, alg, app.claims());
        let good = app.token();
        let tampered = format!("{}A.{}", &good[..good.rfind('.').unwrap()], &good[good.rfind('.').unwrap() + 1..]);
        let cases = [
            (String::new(), "token missing"),
            ("x".to_owned(), "token malformed"),
            ("..".to_owned(), "token malformed"),
            ("e30.e30.e30".to_owned(), "token malformed"),
            (tampered, "token"),
            (signed_with(&app.client_id, JwtAlg::None), "token algorithm not allowed"),
            (signed_with(&app.client_id, JwtAlg::Hs384), "token algorithm not allowed"),
            (signed_with(&other.client_id, JwtAlg::Hs256), "token signature wrong"),
            (spoiled("aud", json!(other.client_id)), "token audience wrong"),
            (spoiled("iss", json!("bc")), "token issuer wrong"),
            (spoiled("operation", json!("customer_login")), "token operation wrong"),
            (spoiled("store_hash", json!(other.store)), "token store wrong"),
            (spoiled("sub", json!(other.store)), "token store wrong"),
            (spoiled("customer.id", json!(0)), "token customer id wrong"),
            (spoiled("customer.id", json!("70421")), "token customer id wrong"),
            (spoiled("customer.id", json!(-7)), "token customer id wrong"),
            (spoiled("exp", json!(now - 70)), "token expired"),
            (spoiled("exp", Value::Null), "token has no expiry"),
            (spoiled("nbf", json!(now + 120)), "token not yet valid"),
            (load_token, "token"),
        ];
        for (token, cause) in cases {
            let body = refused(app.signature(&token).send().await.unwrap(), 401, "invalid_token").await;
            let id = body["request_id"].as_str().unwrap();
            let lines = crate::support::eventually("the refusal is logged", || async {
                let lines: Vec<Value> = world
                    .worker
                    .events("storefront_refused")
                    .into_iter()
                    .filter(|line| line["request_id"] == id)
                    .collect();
                (!lines.is_empty()).then_some(lines)
            })
            .await;
            assert_eq!(lines.len(), 1, "logged once");
            assert!(lines[0]["cause"].as_str().unwrap().starts_with(cause), "{cause}: {}", lines[0]);
            assert!(!body["message"].as_str().unwrap().contains("wrong"), "the caller is not told which: {body}");
            assert!(token.len() < 20 || !lines[0].to_string().contains(&token));
        }
        assert_eq!(app.signature(&good).send().await.unwrap().status(), 200);
    });
}

#[test]
fn the_authorization_scheme_is_to_the_letter() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let url = format!("{}/api/v1/merchant/ordergroove/signature", world.worker.url);
        for scheme in [None, Some("bigcommerce"), Some("Bearer BigCommerce"), Some("BigCommerce x"), Some("")] {
            let request =
                client().get(&url).header("authorization-client", &app.client_id).header("signed-payload", app.token());
            let request = scheme.iter().fold(request, |request, scheme| request.header("authorization", *scheme));
            refused(request.send().await.unwrap(), 401, "invalid_token").await;
        }
    });
}

#[test]
fn an_app_that_cannot_sign_says_why() {
    run(async {
        let world = World::shared().await;
        let url = format!("{}/api/v1/merchant/ordergroove/signature", world.worker.url);
        for id in ["", "nobody", "a/b", "a.b", "é"] {
            let answer = client()
                .get(&url)
                .header("authorization-client", reqwest::header::HeaderValue::from_bytes(id.as_bytes()).unwrap())
                .send()
                .await
                .unwrap();
            assert!(!answer.headers().contains_key("access-control-allow-origin"));
            refused(answer, 404, "unknown_app").await;
        }
        refused(client().get(&url).send().await.unwrap(), 404, "unknown_app").await;

        let registered = App::registered(world).await;
        refused(registered.signature(&registered.token_unchecked()).send().await.unwrap(), 409, "not_installed").await;

        for patch in [json!({}), json!({"merchant_id": "m"}), json!({"secret_key": HASH_KEY})] {
            let app = App::registered(world).await;
            let session = app.install().await;
            let answer =
                app.console(&session, Method::PATCH).json(&json!({"ordergroove": patch})).send().await.unwrap();
            assert_eq!(answer.status(), 200);
            refused(app.signature(&app.token()).send().await.unwrap(), 409, "not_configured").await;
            refused(app.has_subscriptions(&app.token()).send().await.unwrap(), 409, "not_configured").await;
        }
    });
}

#[test]
fn only_pages_of_the_store_get_an_answer() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let other = App::configured(world).await;
        let with_origin = |origin: &str| {
            let mut request = app.signature(&app.token()).build().unwrap();
            request.headers_mut().insert("origin", origin.parse().unwrap());
            client().execute(request)
        };
        let port = world.sandbox.address().port();
        for origin in [
            other.origin(),
            "null".into(),
            "https://evil.example".into(),
            app.origin().replace("http:", "https:"),
            format!("{}/", app.origin()),
            format!("http://{}.localhost:{}", app.store, port + 1),
        ] {
            let answer = with_origin(&origin).await.unwrap();
            assert!(!answer.headers().contains_key("access-control-allow-origin"), "{origin}");
            refused(answer, 403, "origin_not_allowed").await;
        }
        let mut request = app.signature(&app.token()).build().unwrap();
        request.headers_mut().remove("origin");
        assert_eq!(
            client().execute(request).await.unwrap().status(),
            200,
            "not a browser across sites: the token decides"
        );
        // The store's canonical address and its checkout host count as well.
        let canonical = format!("https://store-{}.mybigcommerce.com", app.store);
        assert_eq!(with_origin(&canonical).await.unwrap().status(), 200);
    });
}

#[test]
fn a_preflight_answers_every_https_page_and_can_be_kept() {
    run(async {
        let world = World::shared().await;
        for path in ["/api/v1/merchant/ordergroove/signature", "/api/v1/ordergroove/customer/has_subscriptions"] {
            let ask = |origin: &str| {
                client()
                    .request(Method::OPTIONS, format!("{}{path}?ts=1700000000", world.worker.url))
                    .header("origin", origin)
                    .header("access-control-request-method", "GET")
                    .header(
                        "access-control-request-headers",
                        "authorization,authorization-client,content-type,signed-payload",
                    )
                    .send()
            };
            let answer = ask("https://any.example").await.unwrap();
            assert_eq!(answer.status(), 204);
            let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
            assert_eq!(header("access-control-allow-origin"), "https://any.example");
            for name in ["authorization-client", "authorization", "signed-payload", "content-type"] {
                assert!(header("access-control-allow-headers").split(", ").any(|allowed| allowed == name), "{name}");
            }
            assert!(header("access-control-max-age").parse::<u32>().unwrap() >= 600);
            assert!(!answer.headers().contains_key("access-control-allow-credentials"));
            for origin in ["null", "https://any.example/", "ftp://any.example", "javascript:alert(1)"] {
                let answer = ask(origin).await.unwrap();
                assert!(!answer.headers().contains_key("access-control-allow-origin"), "{origin}");
                refused(answer, 403, "origin_not_allowed").await;
            }
        }
    });
}

#[test]
fn other_methods_paths_and_oversized_headers_are_refused() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            let mut request = app.signature(&app.token()).build().unwrap();
            *request.method_mut() = method;
            let answer = client().execute(request).await.unwrap();
            assert_eq!(answer.headers()["allow"], "GET, OPTIONS");
            assert_eq!(answer.headers()["access-control-allow-origin"], app.origin().as_str());
            refused(answer, 405, "method_not_allowed").await;
        }
        for path in [
            "/api/v1/merchant/ordergroove/signature/",
            "/api/v1/merchant/ordergroove/signatures",
            "/api/v1/merchant/ordergroove",
            "/api/v1/x",
            "/API/v1/merchant/ordergroove/signature",
        ] {
            refused(client().get(format!("{}{path}", world.worker.url)).send().await.unwrap(), 404, "not_found").await;
        }
        let long = "x".repeat(8 * 1024 + 1);
        let answer = app.signature(&long).send().await.unwrap();
        assert_eq!(answer.headers()["access-control-allow-origin"], app.origin().as_str());
        refused(answer, 431, "header_too_large").await;
        for name in ["authorization-client", "authorization", "origin"] {
            let mut request = app.signature(&app.token()).build().unwrap();
            request.headers_mut().insert(name, long.parse().unwrap());
            refused(client().execute(request).await.unwrap(), 431, "header_too_large").await;
        }
        let fits = "x".repeat(8 * 1024);
        refused(app.signature(&fits).send().await.unwrap(), 401, "invalid_token").await;
    });
}

#[test]
fn settings_reach_the_edge_within_the_memory_of_an_isolate() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        let session = app.load(7).await;
        assert_eq!(app.signature(&app.token()).send().await.unwrap().status(), 200);
        let key = "another-hash-key-of-32-bytes-abc";
        let patch = json!({"ordergroove": {"secret_key": key}});
        assert_eq!(app.console(&session, Method::PATCH).json(&patch).send().await.unwrap().status(), 200);
        world.worker.set_ahead(100).await;
        let body: Value = app.signature(&app.token()).send().await.unwrap().json().await.unwrap();
        let ts = Timestamp::now(body["ts"].as_i64().unwrap());
        assert_eq!(decoded(&body["data"]), Signer::new(key).sign(&SHOPPER.to_string(), ts));
    });
}

#[test]
fn a_page_whose_address_is_in_another_script_gets_an_answer() {
    run(async {
        let world = World::shared().await;
        let app = App::registered(world).await;
        let checkout = SiteUrl { url: format!("https://Kasse.{}.Münze.example/", app.store), kind: UrlType::Checkout };
        world.sandbox.add_store(NewStore {
            hash: app.store.clone(),
            quota: 100_000,
            extra_urls: vec![checkout],
            ..NewStore::default()
        });
        let session = app.install().await;
        app.configure(&session).await;
        for (origin, status) in [("xn--mnze-0ra", 200), ("xn--mnz-hoa", 403)] {
            let mut request = app.signature(&app.token()).build().unwrap();
            // As browsers spell it.
            let origin = format!("https://kasse.{}.{origin}.example", app.store);
            request.headers_mut().insert("origin", origin.parse().unwrap());
            assert_eq!(client().execute(request).await.unwrap().status(), status, "{origin}");
        }
    });
}
