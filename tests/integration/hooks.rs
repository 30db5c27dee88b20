//! The hooks that the app makes at BigCommerce and looks after.

use reqwest::Method;
use sandbox::{Fault, FaultKind, JwtAlg, Route};
use serde_json::{Value, json};

use crate::support::app::operator;
use crate::support::hooks::{ALL, post};
use crate::support::wait::now;
use crate::support::{App, World, eventually, run};

/// Waits until the overview's line about webhooks is in `state`; gives the line.
async fn stands(app: &App<'_>, session: &str, state: &str) -> Value {
    eventually(&format!("webhooks are {state}"), || async {
        let check = app.webhooks_check(session).await;
        (check["state"] == state).then_some(check)
    })
    .await
}

/// Opens the app where the clock is `seconds` ahead, for which BigCommerce's own link would be too old.
async fn load_ahead(app: &App<'_>, seconds: i64) -> String {
    let at = now() + seconds;
    let claims = json!({"aud": app.client_id, "iss": "bc", "iat": at, "nbf": at - 5, "exp": at + 600,
        "sub": format!("stores/{}", app.store), "user": {"id": 7, "email": "o@x.io"}, "owner": {"id": 7, "email": "o@x.io"}});
    let token = app.world.sandbox.sign_jwt(&app.client_id, JwtAlg::Hs256, claims);
    let url = format!("{}/bigcommerce/{}/load?signed_payload_jwt={token}", app.world.worker.url, app.client_id);
    let page = app.open(url.parse().unwrap()).await;
    page.session_token().expect("a session")
}

/// Id and secret of each hook.
fn ids(hooks: &[Value]) -> Vec<(&Value, &Value)> {
    hooks.iter().map(|hook| (&hook["id"], &hook["headers"]["X-Hook-Secret"])).collect()
}

#[test]
fn an_install_makes_the_hooks_and_opening_the_app_does_not_make_them_twice() {
    run(async {
        let world = World::start().await;
        let app = App::registered(&world).await;
        let session = app.install().await;
        let hooks = app.hooked().await;
        let address = format!("{}/bigcommerce/{}/webhooks", world.worker.url, app.client_id);
        let scopes: Vec<&str> = hooks.iter().filter_map(|hook| hook["scope"].as_str()).collect();
        assert_eq!(
            scopes,
            [
                "store/app/uninstalled",
                "store/hook/deliveryException",
                "store/information/updated",
                "store/product/created",
                "store/product/deleted",
                "store/product/updated",
            ]
        );
        for hook in &hooks {
            let is_exception = hook["scope"] == "store/hook/deliveryException";
            let destination = if is_exception { format!("{address}/exceptions") } else { address.clone() };
            assert_eq!((&hook["destination"], &hook["is_active"]), (&json!(destination), &json!(true)), "{hook}");
            let secret = hook["headers"]["X-Hook-Secret"].as_str().expect("a secret");
            assert_eq!((secret.len(), secret.contains(&app.client_secret)), (43, false), "{hook}");
        }
        assert_eq!(stands(&app, &session, "done").await["last_event_at"], Value::Null);

        world.worker.set_ahead(660).await;
        world.sandbox.clear_requests();
        app.load(7).await;
        eventually("they are looked at again", || async {
            let listed = |request: &sandbox::Recorded| request.route == Route::Hooks && request.status == Some(200);
            world.sandbox.requests().iter().any(listed).then_some(())
        })
        .await;
        stands(&app, &session, "done").await;
        assert_eq!(app.hooks().await, hooks, "and nothing is changed");
        assert!(world.sandbox.refusals().is_empty(), "{:?}", world.sandbox.refusals());
    });
}

#[test]
fn a_hook_that_was_switched_off_is_switched_on_again_and_the_merchant_is_told_for_a_day() {
    run(async {
        let world = World::start().await;
        let app = App::registered(&world).await;
        app.install().await;
        let hooks = app.hooked().await;
        world.sandbox.set_hook_active(&app.store, hooks[3]["id"].as_u64().unwrap(), false);
        // Nobody opens the app: it looks once a day by itself.
        world.worker.set_ahead(86_400 + 120).await;
        world.worker.cron().await;
        eventually("it is on again", || async { (app.hooks().await[3]["is_active"] == true).then_some(()) }).await;
        let session = load_ahead(&app, 86_400 + 120).await;
        let told = stands(&app, &session, "attention").await;
        assert!(told["message"].as_str().unwrap().contains("switched off"), "{told}");
        assert_eq!(ids(&app.hooks().await), ids(&hooks), "the same hooks");

        world.worker.set_ahead(3 * 86_400).await;
        let session = load_ahead(&app, 3 * 86_400).await;
        stands(&app, &session, "done").await;
    });
}

#[test]
fn hooks_that_somebody_changed_are_put_right() {
    run(async {
        let world = World::start().await;
        let app = App::registered(&world).await;
        app.install().await;
        let hooks = app.hooked().await;
        let id = |number: usize| hooks[number]["id"].as_u64().unwrap();
        app.hooks_api(Method::PUT, &format!("/{}", id(0)), Some(json!({"destination": "https://old.example/x"}))).await;
        app.hooks_api(Method::PUT, &format!("/{}", id(2)), Some(json!({"headers": {"X-Hook-Secret": "x"}}))).await;
        app.hooks_api(Method::DELETE, &format!("/{}", id(4)), None).await;
        for scope in ["store/cart/*", "store/product/updated"] {
            let body = json!({"scope": scope, "destination": "https://old.example/hooks"});
            app.hooks_api(Method::POST, "", Some(body)).await;
        }
        world.worker.set_ahead(660).await;
        app.load(7).await;
        let what = |hooks: &[Value]| -> Vec<Value> {
            let fields = ["scope", "destination", "headers", "is_active"];
            hooks.iter().map(|hook| fields.iter().map(|&field| hook[field].clone()).collect()).collect()
        };
        eventually("they are as they were", || async { (what(&app.hooks().await) == what(&hooks)).then_some(()) })
            .await;
        let after = app.hooks().await;
        for number in [0, 1, 2, 3, 5] {
            assert_eq!(after[number]["id"], hooks[number]["id"], "repaired where it was");
        }
    });
}

#[test]
fn a_delivery_that_failed_has_the_hooks_looked_after() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let hooks = app.hooked().await;
        let id = hooks[5]["id"].as_u64().unwrap();
        world.sandbox.set_hook_active(&app.store, id, false);
        let data = json!({"type": "hook", "id": id, "error_code": 90002});
        let exception = app.webhook("store/hook/deliveryException", data);
        assert!(exception.destination.ends_with("/webhooks/exceptions"), "{}", exception.destination);
        assert_eq!(post(&exception).await.status(), 200);
        eventually("it is on again", || async { (app.hooks().await[5]["is_active"] == true).then_some(()) }).await;
        eventually("the log has it", || async {
            let lines = world.worker.events("webhook_not_delivered");
            lines.iter().any(|line| line["id"] == id && line["error_code"] == 90002).then_some(())
        })
        .await;
    });
}

#[test]
fn a_new_client_secret_replaces_the_hooks_secret() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let hooks = app.hooked().await;
        let body = json!({"client_secret": "the-new-client-secret", "environment": "staging"});
        let path = format!("/operator/apps/{}", app.client_id);
        assert_eq!(operator(&world.worker, Method::PUT, &path).json(&body).send().await.unwrap().status(), 200);
        let renewed = eventually("each has another secret", || async {
            let renewed = app.hooks().await;
            let differ = |number: usize| renewed[number]["headers"] != hooks[number]["headers"];
            (0..ALL).all(differ).then_some(renewed)
        })
        .await;
        for (old, new) in hooks.iter().zip(&renewed) {
            assert_eq!(old["id"], new["id"]);
            assert_eq!(renewed[0]["headers"], new["headers"]);
        }
    });
}

#[test]
fn while_bigcommerce_takes_no_hooks_the_merchant_is_told_and_it_is_tried_again() {
    run(async {
        let world = World::start().await;
        let app = App::registered(&world).await;
        world.sandbox.set_fault(&app.store, Route::Hooks, Some(Fault::always(FaultKind::Hang)));
        let session = app.install().await;
        assert_eq!(app.webhooks_check(&session).await["state"], "missing");
        world.sandbox.set_fault(&app.store, Route::Hooks, Some(Fault::always(FaultKind::Status { code: 422 })));
        let told = stands(&app, &session, "attention").await;
        assert!(told["message"].as_str().unwrap().contains("tries again"), "{told}");
        world.sandbox.set_fault(&app.store, Route::Hooks, None);
        stands(&app, &session, "done").await;
        assert_eq!(app.hooks().await.len(), ALL);
    });
}
