//! Rate limits and the short memory of the status: requirement H6.

use reqwest::{Method, Response};
use sandbox::{Fault, FaultKind, Route, Subscription};
use serde_json::{Value, json};

use crate::support::app::refused;
use crate::support::{App, World, run};

/// `wrangler.toml`'s calls a minute of one shopper.
const SHOPPER_CALLS: usize = 60;

/// Calls until it is too much, and how many calls that took. A second's pause pays one call back, so there may be
/// a few more than a minute's calls.
async fn refused_in_the_end(call: impl AsyncFn() -> Response) -> (usize, Response) {
    for calls in 0..SHOPPER_CALLS * 3 {
        let answer = call().await;
        if answer.status() == 429 {
            return (calls, answer);
        }
    }
    panic!("never refused");
}

#[test]
fn a_shopper_who_asks_without_end_is_slowed_down_alone() {
    run(async {
        let world = World::start().await;
        let (app, other_app) = (App::configured(&world).await, App::configured(&world).await);
        let token = app.token();
        let (calls, refusal) = refused_in_the_end(async || app.signature(&token).send().await.unwrap()).await;
        assert!(calls >= SHOPPER_CALLS, "refused after {calls} calls");
        let seconds: u32 = refusal.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=60).contains(&seconds));
        assert_eq!(refusal.headers()["access-control-allow-origin"], app.origin().as_str(), "the page can read it");
        refused(refusal, 429, "too_many_requests").await;
        let (_, status) = refused_in_the_end(async || app.has_subscriptions(&token).send().await.unwrap()).await;
        let status = refused(status, 429, "too_many_requests").await;
        assert_eq!(status["status"], 1, "and no card is deleted for it");

        let mut claims = app.claims();
        claims["customer"]["id"] = json!(70_422);
        let neighbour = world.sandbox.sign_jwt(&app.client_id, sandbox::JwtAlg::Hs256, claims);
        assert_eq!(app.signature(&neighbour).send().await.unwrap().status(), 200, "another shopper of the store");
        assert_eq!(other_app.signature(&other_app.token()).send().await.unwrap().status(), 200, "another store");
        world.worker.set_ahead(61).await;
        assert_eq!(app.signature(&token).send().await.unwrap().status(), 200, "a minute later");
    });
}

#[test]
fn calls_without_a_good_token_slow_nobody_down() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let mut claims = app.claims();
        claims["exp"] = json!(1_700_000_000);
        let expired = world.sandbox.sign_jwt(&app.client_id, sandbox::JwtAlg::Hs256, claims);
        for _ in 0..SHOPPER_CALLS + 10 {
            refused(app.signature(&expired).send().await.unwrap(), 401, "invalid_token").await;
        }
        assert_eq!(app.signature(&app.token()).send().await.unwrap().status(), 200);
    });
}

#[test]
fn an_active_subscriber_is_remembered_for_half_a_minute_and_nobody_else() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        let status = async || {
            let answer: Value = app.has_subscriptions(&app.token()).send().await.unwrap().json().await.unwrap();
            answer["status"].clone()
        };
        app.subscribe(vec![Subscription::cancelled()]);
        assert_eq!(status().await, 0);
        app.subscribe(vec![Subscription::active()]);
        assert_eq!(status().await, 1, "0 is not remembered");
        app.subscribe(vec![]);
        let asked = || world.sandbox.requests().iter().filter(|request| request.scope == app.merchant).count();
        let before = asked();
        assert_eq!((status().await, asked()), (json!(1), before), "1 is");
        world.sandbox.set_fault(&app.merchant, Route::OgSubscriptions, Some(Fault::always(FaultKind::Hang)));
        assert_eq!(status().await, 1, "also when Ordergroove is down");
        world.sandbox.set_fault(&app.merchant, Route::OgSubscriptions, None);
        world.worker.set_ahead(31).await;
        assert_eq!(status().await, -1);
        let session = app.load(7).await;
        assert_eq!(app.console(&session, Method::GET).send().await.unwrap().status(), 200);
    });
}
