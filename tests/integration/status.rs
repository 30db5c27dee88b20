//! The subscriber status endpoint: requirement E2, with Ordergroove well and ill.

use std::time::Duration;

use reqwest::Method;
use sandbox::{Fault, FaultKind, Route, Subscription};
use serde_json::{Value, json};

use crate::support::app::{client, refused};
use crate::support::wait::timed;
use crate::support::{App, World, run};

async fn status(app: &App<'_>) -> Value {
    let answer = app.has_subscriptions(&app.token()).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["access-control-allow-origin"], app.origin().as_str());
    answer.json().await.unwrap()
}

#[test]
fn one_zero_and_minus_one_as_numbers() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        assert_eq!(status(&app).await, json!({"status": -1}), "Ordergroove does not know the customer");
        app.subscribe(vec![Subscription::cancelled(), Subscription::cancelled()]);
        assert_eq!(status(&app).await, json!({"status": 0}));
        app.subscribe(vec![Subscription::cancelled(), Subscription::active()]);
        assert_eq!(status(&app).await, json!({"status": 1}));
    });
}

#[test]
fn an_active_one_is_found_on_a_later_page() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let mut subscriptions = vec![Subscription::cancelled(); 35];
        app.subscribe(subscriptions.clone());
        assert_eq!(status(&app).await, json!({"status": 0}));
        subscriptions.push(Subscription::active());
        app.subscribe(subscriptions);
        assert_eq!(status(&app).await, json!({"status": 1}));
    });
}

#[test]
fn without_an_api_key_the_customers_own_signature_asks() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let session = app.load(7).await;
        let patch = json!({"ordergroove": {"api_key": null}});
        assert_eq!(app.console(&session, Method::PATCH).json(&patch).send().await.unwrap().status(), 200);
        app.subscribe(vec![Subscription::active()]);
        assert_eq!(status(&app).await, json!({"status": 1}));
        let asked =
            world.sandbox.requests().into_iter().rev().find(|request| request.scope == app.merchant).expect("recorded");
        let proof: Value = serde_json::from_str(asked.header("authorization").expect("the JSON header")).unwrap();
        assert_eq!((&proof["public_id"], &proof["sig_field"]), (&json!(app.merchant), &json!("70421")));
    });
}

#[test]
fn whatever_goes_wrong_an_installed_app_says_one() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        app.subscribe(vec![Subscription::cancelled()]);
        let one = |body: Value| assert_eq!(body["status"], 1, "{body}");
        one(refused(app.has_subscriptions("").send().await.unwrap(), 401, "invalid_token").await);
        one(refused(app.has_subscriptions(&"x".repeat(9000)).send().await.unwrap(), 431, "header_too_large").await);
        let mut foreign = app.has_subscriptions(&app.token()).build().unwrap();
        foreign.headers_mut().insert("origin", "https://evil.example".parse().unwrap());
        one(refused(client().execute(foreign).await.unwrap(), 403, "origin_not_allowed").await);
        let mut post = app.has_subscriptions(&app.token()).build().unwrap();
        *post.method_mut() = Method::POST;
        one(refused(client().execute(post).await.unwrap(), 405, "method_not_allowed").await);
        // A query leads it the long way round; the short one panics in panics.rs.
        let panicked = app.has_subscriptions(&app.token()).query(&[("a", "b")]).header("x-test-panic", "1");
        let panicked = panicked.send().await.unwrap();
        one(refused(panicked, 500, "internal").await);
        let unknown = client()
            .get(format!("{}/api/v1/ordergroove/customer/has_subscriptions", world.worker.url))
            .send()
            .await
            .unwrap();
        assert_eq!(refused(unknown, 404, "unknown_app").await.get("status"), None);
    });
}

#[test]
fn ordergroove_down_slow_or_lying_is_an_outage_within_four_seconds_and_never_a_no() {
    run(async {
        let world = World::shared().await;
        let kinds = [
            FaultKind::Hang,
            FaultKind::Slow { ms: 10_000 },
            FaultKind::Status { code: 500 },
            FaultKind::Status { code: 403 },
            FaultKind::TooMany { with_headers: true },
            FaultKind::TooMany { with_headers: false },
            FaultKind::Garbage,
            FaultKind::Truncated,
            FaultKind::Close,
            FaultKind::Redirect { to: "http://127.0.0.1:1/".to_owned() },
        ];
        for kind in kinds {
            let app = App::configured(world).await;
            app.subscribe(vec![Subscription::cancelled()]);
            world.sandbox.set_fault(&app.merchant, Route::OgSubscriptions, Some(Fault::always(kind.clone())));
            // The second time the isolate knows the app, and the call goes the short way.
            for way in ["long", "short"] {
                let (answer, took) = timed(app.has_subscriptions(&app.token()).send()).await;
                let answer = answer.unwrap();
                assert!(took < Duration::from_secs(4), "{kind:?}, {way}, took {took:?}");
                assert_eq!(answer.headers()["access-control-allow-origin"], app.origin().as_str());
                let body = refused(answer, 503, "upstream_unavailable").await;
                assert_eq!(body["status"], 1, "{kind:?}, {way}");
            }
            let (signed, took) = timed(app.signature(&app.token()).send()).await;
            assert_eq!(
                (signed.unwrap().status().as_u16(), took < Duration::from_secs(4)),
                (200, true),
                "a signature needs no Ordergroove"
            );
            world.sandbox.set_fault(&app.merchant, Route::OgSubscriptions, None);
            assert_eq!(status(&app).await, json!({"status": 0}), "well again after {kind:?}");
        }
    });
}

#[test]
fn pages_that_trickle_count_as_one_question() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        app.subscribe(vec![Subscription::cancelled(); 60]);
        world.sandbox.set_fault(
            &app.merchant,
            Route::OgSubscriptions,
            Some(Fault::always(FaultKind::Slow { ms: 900 })),
        );
        let (answer, took) = timed(app.has_subscriptions(&app.token()).send()).await;
        refused(answer.unwrap(), 503, "upstream_unavailable").await;
        assert!(took < Duration::from_secs(4), "{took:?}");
    });
}

#[test]
fn with_bigcommerce_down_shoppers_notice_nothing() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        app.subscribe(vec![Subscription::active()]);
        for route in [Route::Store, Route::Sites, Route::Channels, Route::Token] {
            world.sandbox.set_fault(&app.store, route, Some(Fault::always(FaultKind::Hang)));
        }
        let token = app.token();
        let (signed, took) = timed(app.signature(&token).send()).await;
        assert_eq!((signed.unwrap().status().as_u16(), took < Duration::from_secs(4)), (200, true));
        assert_eq!(status(&app).await, json!({"status": 1}));
    });
}
