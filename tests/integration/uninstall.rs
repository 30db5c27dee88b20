//! Uninstalling: requirement A4.

use reqwest::Method;
use sandbox::{Fault, FaultKind, Route};
use serde_json::{Value, json};

use crate::support::app::{client, refused};
use crate::support::{App, World, eventually, run};

async fn uninstall(app: &App<'_>) {
    app.world.sandbox.revoke_token(&app.store, &app.client_id);
    let url = app.world.sandbox.uninstall_callback_url(&app.store, &app.client_id);
    assert_eq!(client().get(url).send().await.unwrap().status(), 200);
    eventually("uninstalled", || async { (app.described().await["state"] == "uninstalled").then_some(()) }).await;
}

#[test]
fn an_uninstall_is_believed_when_the_token_is_dead() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        let session = app.load(7).await;
        assert_eq!(app.signature(&app.token()).send().await.unwrap().status(), 200);
        uninstall(&app).await;
        refused(app.console(&session, Method::GET).send().await.unwrap(), 401, "session_ended").await;
        let page = app.open(world.sandbox.load_callback_url(&app.store, &app.client_id, 7)).await;
        assert_eq!((page.status, page.error()), (409, Some("not_installed")));

        // Requirement: the edge refuses within 120 seconds.
        world.worker.set_ahead(119).await;
        refused(app.signature(&app.token()).send().await.unwrap(), 409, "not_installed").await;
        let refusal = refused(app.has_subscriptions(&app.token()).send().await.unwrap(), 409, "not_installed").await;
        assert_eq!(refusal.get("status"), None, "an app that is not installed says nothing about cards");

        let session = app.install().await;
        let settings: Value = app.console(&session, Method::GET).send().await.unwrap().json().await.unwrap();
        assert_eq!(
            settings["ordergroove"]["merchant_id"], app.merchant,
            "settings are kept for a store that comes back"
        );
        world.worker.set_ahead(240).await;
        assert_eq!(app.signature(&app.token()).send().await.unwrap().status(), 200);
    });
}

#[test]
fn a_replayed_or_premature_uninstall_is_not_believed() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        // Whoever has seen a load link can call this; the token it proves with is still good at BigCommerce.
        let mut url = world.sandbox.load_callback_url(&app.store, &app.client_id, 21);
        let path = url.path().replace("/load", "/uninstall");
        url.set_path(&path);
        assert_eq!(client().get(url).send().await.unwrap().status(), 200);
        world.sandbox.clear_requests();
        eventually("BigCommerce is asked", || async {
            world.sandbox.requests().iter().any(|request| request.path.contains("/v2/store")).then_some(())
        })
        .await;
        assert_eq!(app.described().await["state"], "installed");
        world.worker.set_ahead(700).await;
        world.worker.cron().await;
        eventually("it is given up after ten minutes", || async {
            (!world.worker.events("uninstall_not_believed").is_empty()).then_some(())
        })
        .await;
        assert_eq!(app.described().await["state"], "installed");
        assert_eq!(app.signature(&app.token()).send().await.unwrap().status(), 200);
    });
}

#[test]
fn an_outage_at_bigcommerce_is_no_uninstall_and_the_truth_comes_out_later() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        world.sandbox.set_fault(&app.store, Route::Store, Some(Fault::always(FaultKind::Status { code: 503 })));
        world.sandbox.revoke_token(&app.store, &app.client_id);
        let url = world.sandbox.uninstall_callback_url(&app.store, &app.client_id);
        assert_eq!(client().get(url).send().await.unwrap().status(), 200);
        eventually("BigCommerce is asked", || async {
            world
                .sandbox
                .requests()
                .iter()
                .any(|request| request.path.contains("/v2/store") && request.status == Some(503))
                .then_some(())
        })
        .await;
        assert_eq!(app.described().await["state"], "installed");
        world.sandbox.set_fault(&app.store, Route::Store, None);
        world.worker.set_ahead(200).await;
        world.worker.cron().await;
        eventually("uninstalled", || async { (app.described().await["state"] == "uninstalled").then_some(()) }).await;
    });
}

#[test]
fn a_store_that_does_not_come_back_is_forgotten_after_thirty_days() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        uninstall(&app).await;
        world.worker.set_ahead(29 * 86400).await;
        world.worker.cron().await;
        assert_eq!(app.described().await["store_hash"], app.store, "kept for 30 days");
        world.worker.set_ahead(30 * 86400 + 300).await;
        world.worker.cron().await;
        eventually("erased", || async { (app.described().await["store_hash"] == Value::Null).then_some(()) }).await;
        let session = app.install().await;
        let settings: Value = app.console(&session, Method::GET).send().await.unwrap().json().await.unwrap();
        assert_eq!(settings["ordergroove"]["merchant_id"], "");
        assert_eq!(settings["ordergroove"]["secret_key"], json!({"set": false}));
        let log = app.read(&session, "audit").await;
        assert_eq!(log["entries"].as_array().unwrap().len(), 1, "only the new installation: {log}");
    });
}

#[test]
fn an_unsigned_uninstall_is_refused() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        for callback in ["uninstall", "remove_user"] {
            let url = app.registration["callbacks"][callback].as_str().unwrap();
            for query in
                [String::new(), "?signed_payload_jwt=x.y.z".to_owned(), format!("?signed_payload_jwt={}", app.token())]
            {
                refused(client().get(format!("{url}{query}")).send().await.unwrap(), 401, "invalid_token").await;
            }
        }
        assert_eq!(app.described().await["state"], "installed");
    });
}
