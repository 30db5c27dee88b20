//! Installing, opening and sharing a store: requirements A2, A3, A5 and A6.

use reqwest::Method;
use sandbox::{Fault, FaultKind, JwtAlg, NewStore, Route};
use serde_json::{Value, json};
use url::Url;

use crate::support::app::{client, refused, unique};
use crate::support::{App, World, eventually, run};

#[test]
fn an_install_shows_the_console_and_keeps_the_token() {
    run(async {
        let world = World::shared().await;
        let app = App::registered(world).await;
        let page = app.open(world.sandbox.auth_callback_url(&app.store, &app.client_id)).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let overview = app.read(&page.session_token().expect("a session"), "overview").await;
        assert_eq!(overview["store"], json!({"hash": app.store, "name": format!("Shop {}", app.store)}));
        assert!(
            page.policy.contains("script-src 'self'")
                && page.policy.contains("frame-ancestors https://*.mybigcommerce.com"),
            "{}",
            page.policy
        );
        assert!(!page.policy.contains("unsafe-inline"), "{}", page.policy);
        let token = world.sandbox.token_of(&app.store, &app.client_id).expect("BigCommerce gave a token");
        assert!(!page.text.contains(&token) && !page.text.contains(&app.client_secret));
        let described = app.described().await;
        assert_eq!(
            (&described["state"], &described["store_hash"], &described["active"]),
            (&json!("installed"), &json!(app.store), &json!(true))
        );
        assert_eq!(described["kv_behind"], false);
    });
}

#[test]
fn an_app_that_is_not_registered_says_so() {
    run(async {
        let world = World::shared().await;
        for id in [unique("stranger"), "a.b".to_owned(), "x".repeat(80)] {
            for callback in ["auth?code=c&context=stores%2Fabc&scope=s", "load?signed_payload_jwt=x"] {
                let url = format!("{}/bigcommerce/{id}/{callback}", world.worker.url);
                let answer = client().get(url).send().await.unwrap();
                assert_eq!(answer.status(), 404);
                let page = answer.text().await.unwrap();
                assert!(page.contains("not registered") && page.contains("Request id"), "{page}");
            }
        }
    });
}

#[test]
fn a_code_works_once_and_nothing_else_installs() {
    run(async {
        let world = World::shared().await;
        let app = App::registered(world).await;
        let url = world.sandbox.auth_callback_url(&app.store, &app.client_id);
        assert_eq!(app.open(url.clone()).await.status, 200);
        let again = app.open(url).await;
        assert_eq!((again.status, again.error()), (400, Some("install_code_refused")), "{}", again.text);
        assert_eq!(app.described().await["state"], "installed", "the first one holds");

        let fresh = App::registered(world).await;
        let auth = |query: &str| {
            Url::parse(&format!("{}?{query}", fresh.registration["callbacks"]["auth"].as_str().unwrap())).unwrap()
        };
        for (query, code) in [
            ("", "bad_request"),
            ("code=&context=stores%2Fabc&scope=x", "bad_request"),
            ("code=x&context=abc&scope=x", "bad_request"),
            ("code=x&context=stores%2F..%2Fabc&scope=x", "bad_request"),
            ("code=made-up&context=stores%2Fabc&scope=store_v2_orders", "install_code_refused"),
        ] {
            let page = fresh.open(auth(query)).await;
            assert_eq!(page.error(), Some(code), "{query}: {}", page.text);
            assert!(page.session_token().is_none());
        }
        assert_eq!(fresh.described().await["state"], "registered");
    });
}

#[test]
fn a_new_consent_replaces_the_token_and_keeps_the_settings() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let first = world.sandbox.token_of(&app.store, &app.client_id);
        let session = app.install().await;
        assert_ne!(world.sandbox.token_of(&app.store, &app.client_id), first);
        let settings: Value = app.console(&session, Method::GET).send().await.unwrap().json().await.unwrap();
        assert_eq!(settings["ordergroove"]["merchant_id"], app.merchant);
        assert_eq!(settings["ordergroove"]["secret_key"], json!({"set": true}));
        assert_eq!(app.signature(&app.token()).send().await.unwrap().status(), 200);
    });
}

#[test]
fn missing_scopes_are_named_with_what_will_not_work() {
    run(async {
        let world = World::shared().await;
        let app = App::registered(world).await;
        app.enter_in_developer_tools(&app.store, &["store_v2_orders", "store_v2_products"]);
        let page = app.open(world.sandbox.auth_callback_url(&app.store, &app.client_id)).await;
        assert_eq!(page.status, 200, "the app is installed all the same: {}", page.text);
        let overview = app.read(&page.session_token().expect("a session"), "overview").await.to_string();
        assert!(
            overview.contains("store_v2_information_read_only") && overview.contains("reading the store"),
            "{overview}"
        );
        assert!(!overview.contains("store_v2_products_read_only"), "write access covers reading: {overview}");
    });
}

#[test]
fn bigcommerce_failing_during_an_install_is_said_in_words() {
    run(async {
        let world = World::shared().await;
        for kind in [
            FaultKind::Status { code: 500 },
            FaultKind::Garbage,
            FaultKind::Truncated,
            FaultKind::Close,
            FaultKind::Redirect { to: "http://127.0.0.1:1/".into() },
        ] {
            let app = App::registered(world).await;
            world.sandbox.set_fault(&app.store, Route::Token, Some(Fault::next(1, kind.clone())));
            let page = app.open(world.sandbox.auth_callback_url(&app.store, &app.client_id)).await;
            assert_eq!((page.status, page.error()), (503, Some("upstream_unavailable")), "{kind:?}: {}", page.text);
            assert_eq!(app.described().await["state"], "registered");
            assert_eq!(
                app.open(world.sandbox.auth_callback_url(&app.store, &app.client_id)).await.status,
                200,
                "the next try works"
            );
        }
    });
}

#[test]
fn an_install_does_not_depend_on_reading_the_store() {
    run(async {
        let world = World::start().await;
        let app = App::registered(&world).await;
        for route in [Route::Store, Route::Sites] {
            world.sandbox.set_fault(&app.store, route, Some(Fault::always(FaultKind::TooMany { with_headers: true })));
        }
        let session = app.install().await;
        app.configure(&session).await;
        refused(app.signature(&app.token()).send().await.unwrap(), 403, "origin_not_allowed").await;
        for route in [Route::Store, Route::Sites] {
            world.sandbox.set_fault(&app.store, route, None);
        }
        // The job that reads the store tries again by itself; this isolate looks again after 30 s.
        eventually("the store's addresses are known", || async {
            world.worker.set_ahead(i64::from(rand_step())).await;
            (app.signature(&app.token()).send().await.unwrap().status() == 200).then_some(())
        })
        .await;
    });
}

/// Ever further ahead, so that what is remembered grows old.
fn rand_step() -> u32 {
    use std::sync::atomic::{AtomicU32, Ordering};
    static STEP: AtomicU32 = AtomicU32::new(0);
    STEP.fetch_add(31, Ordering::Relaxed)
}

#[test]
fn any_user_of_the_store_opens_the_app() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        for user in [7, 21] {
            let session = app.load(user).await;
            assert_eq!(app.console(&session, Method::GET).send().await.unwrap().status(), 200);
        }
        for alg in [JwtAlg::Hs256, JwtAlg::Hs512] {
            let page = app.open(load_url(&app, &world.sandbox.sign_jwt(&app.client_id, alg, load_claims(&app)))).await;
            assert_eq!(page.status, 200, "{alg:?}: {}", page.text);
        }
    });
}

fn load_claims(app: &App<'_>) -> Value {
    let now = crate::support::wait::now();
    json!({"aud": app.client_id, "iss": "bc", "iat": now, "nbf": now - 5, "exp": now + 86400, "jti": unique("jti"), "sub": format!("stores/{}", app.store),
        "user": {"id": 33, "email": "new@example.com", "locale": "en-US"}, "owner": {"id": 7, "email": "owner@example.com"}, "url": "/", "channel_id": null})
}

fn load_url(app: &App<'_>, token: &str) -> Url {
    let mut url = Url::parse(app.registration["callbacks"]["load"].as_str().unwrap()).unwrap();
    url.query_pairs_mut().append_pair("signed_payload_jwt", token);
    url
}

#[test]
fn a_load_token_that_is_not_right_opens_nothing() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let other = App::configured(world).await;
        let now = crate::support::wait::now();
        let spoiled = |claim: &str, value: Value| {
            let mut claims = load_claims(&app);
            claims[claim] = value;
            world.sandbox.sign_jwt(&app.client_id, JwtAlg::Hs256, claims)
        };
        let mut tokens = vec![
            String::new(),
            "x.y.z".to_owned(),
            app.token(),
            world.sandbox.sign_jwt(&other.client_id, JwtAlg::Hs256, load_claims(&app)),
        ];
        tokens.push(spoiled("aud", json!(other.client_id)));
        tokens.push(spoiled("iss", json!("bc/apps")));
        tokens.push(spoiled("exp", json!(now - 120)));
        tokens.push(spoiled("nbf", json!(now + 120)));
        tokens.push(spoiled("sub", json!(app.store)));
        for alg in [JwtAlg::None, JwtAlg::Hs384] {
            tokens.push(world.sandbox.sign_jwt(&app.client_id, alg, load_claims(&app)));
        }
        for token in tokens {
            let page = app.open(load_url(&app, &token)).await;
            assert_eq!((page.status, page.error()), (401, Some("invalid_token")), "{token}: {}", page.text);
        }
        let elsewhere = app.open(load_url(&app, &spoiled("sub", json!(format!("stores/{}", other.store))))).await;
        assert_eq!((elsewhere.status, elsewhere.error()), (409, Some("another_store")));
    });
}

#[test]
fn one_app_serves_one_store() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let second = unique("store");
        world.sandbox.add_store(NewStore { hash: second.clone(), quota: 100_000, ..NewStore::default() });
        app.enter_in_developer_tools(&second, &app.scopes());
        let url = world.sandbox.auth_callback_url(&second, &app.client_id);
        let page = app.open(url.clone()).await;
        assert_eq!((page.status, page.error()), (409, Some("another_store")), "{}", page.text);
        // The browser's word for the store is not what decides.
        let mut lying = url;
        let query: Vec<(String, String)> = lying
            .query_pairs()
            .map(|(key, value)| {
                let value = if key == "context" { format!("stores/{}", app.store) } else { value.into_owned() };
                (key.into_owned(), value)
            })
            .collect();
        lying.query_pairs_mut().clear().extend_pairs(query);
        let page = app.open(lying).await;
        assert!(page.status == 409 || page.status == 400, "{}", page.text);
        assert_eq!(app.described().await["store_hash"], app.store);
    });
}

#[test]
fn a_second_app_on_a_store_stays_passive_until_the_first_is_gone() {
    run(async {
        let world = World::shared().await;
        let first = App::configured(world).await;
        let second = App::registered_for(world, &first.store).await;
        let page = second.open(world.sandbox.auth_callback_url(&second.store, &second.client_id)).await;
        let overview = second.read(&page.session_token().expect("a session"), "overview").await;
        assert_eq!(overview["checks"][0], json!({"id": "active", "state": "attention"}));
        assert_eq!(
            (first.described().await["active"].clone(), second.described().await["active"].clone()),
            (json!(true), json!(false))
        );

        world.sandbox.revoke_token(&first.store, &first.client_id);
        first.open(world.sandbox.uninstall_callback_url(&first.store, &first.client_id)).await;
        eventually("the first app is gone", || async {
            (first.described().await["state"] == "uninstalled").then_some(())
        })
        .await;
        eventually("the second app takes over when it is opened", || async {
            let session = second.load(7).await;
            (second.read(&session, "overview").await["checks"][0]["state"] == "done").then_some(())
        })
        .await;
        assert_eq!(second.described().await["active"], true);
    });
}

#[test]
fn a_removed_user_is_out_for_good_until_let_in_again() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let old_link = world.sandbox.load_callback_url(&app.store, &app.client_id, 21);
        let (clerk, owner) = (app.open(old_link.clone()).await.session_token().unwrap(), app.load(7).await);
        let removal = world.sandbox.remove_user_callback_url(&app.store, &app.client_id, 21);
        assert_eq!(client().get(removal.clone()).send().await.unwrap().status(), 200);
        refused(app.console(&clerk, Method::GET).send().await.unwrap(), 401, "session_ended").await;
        assert_eq!(app.console(&owner, Method::GET).send().await.unwrap().status(), 200, "nobody else is touched");
        let replayed = app.open(old_link).await;
        assert_eq!((replayed.status, replayed.error()), (401, Some("session_ended")), "{}", replayed.text);
        let again = eventually("a link made later opens the app", || async {
            let page = app.open(world.sandbox.load_callback_url(&app.store, &app.client_id, 21)).await;
            page.session_token()
        })
        .await;
        assert_eq!(client().get(removal).send().await.unwrap().status(), 200, "BigCommerce may repeat itself");
        assert_eq!(app.console(&again, Method::GET).send().await.unwrap().status(), 200, "let in again, and still in");
    });
}
