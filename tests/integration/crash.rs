//! SIGKILL in the middle: nothing that was acknowledged is lost, and what was begun goes on.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::{client, operator, refused};
use crate::support::worker::{SEALING_KEYS, Worker, fresh_state};
use crate::support::world::start_sandbox;
use crate::support::{App, World, eventually, run};

#[test]
fn a_killed_workerd_loses_nothing_that_was_acknowledged() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        let session = app.load(7).await;
        for round in 0..3 {
            let merchant = format!("merchant-{round}");
            let saved = app
                .console(&session, Method::PATCH)
                .json(&json!({"ordergroove": {"merchant_id": merchant}}))
                .send()
                .await
                .unwrap();
            assert_eq!(saved.status(), 200);
            world.worker.kill_workerd().await;
            let settings: Value = app.console(&session, Method::GET).send().await.unwrap().json().await.unwrap();
            assert_eq!(settings["ordergroove"]["merchant_id"], merchant, "settings and session survive");
            assert_eq!(app.described().await["state"], "installed");
            assert_eq!(app.signature(&app.token()).send().await.unwrap().status(), 200);
        }
    });
}

#[test]
fn killed_in_the_middle_of_writes_only_whole_changes_are_found() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        let session = app.load(7).await;
        let mut acknowledged = -1_i64;
        for round in 0..4 {
            let writer = {
                let request = |number: i64| {
                    let patch = json!({"ordergroove": {"merchant_id": format!("n{number}")}, "sftp": {"username": format!("n{number}")}});
                    app.console(&session, Method::PATCH).json(&patch).send()
                };
                let killer = async {
                    tokio::task::yield_now().await;
                    eventually("some writes are through", || async {
                        (world.worker.events("settings_saved").len() > (round + 1) * 5).then_some(())
                    })
                    .await;
                    world.worker.kill_workerd().await;
                };
                let writes = async {
                    let mut last = acknowledged;
                    for number in acknowledged + 1.. {
                        match request(number).await {
                            Ok(answer) if answer.status() == 200 => last = number,
                            _ => break,
                        }
                    }
                    last
                };
                tokio::join!(writes, killer).0
            };
            acknowledged = writer;
            world.worker.answers().await;
            let settings: Value = app.console(&session, Method::GET).send().await.unwrap().json().await.unwrap();
            let found = |value: &Value| value.as_str().unwrap().trim_start_matches('n').parse::<i64>().unwrap();
            let (merchant, user) =
                (found(&settings["ordergroove"]["merchant_id"]), found(&settings["sftp"]["username"]));
            assert_eq!(merchant, user, "a change is whole");
            assert!(merchant >= acknowledged, "acknowledged {acknowledged}, found {merchant}");
            acknowledged = acknowledged.max(merchant);
        }
    });
}

#[test]
fn an_uninstall_that_was_being_asked_about_goes_on_after_a_crash() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        let url = world.sandbox.uninstall_callback_url(&app.store, &app.client_id);
        assert_eq!(client().get(url).send().await.unwrap().status(), 200);
        world.worker.kill_workerd().await;
        world.sandbox.revoke_token(&app.store, &app.client_id);
        world.worker.set_ahead(120).await;
        world.worker.cron().await;
        eventually("uninstalled", || async { (app.described().await["state"] == "uninstalled").then_some(()) }).await;
    });
}

#[test]
fn a_retired_sealing_key_is_replaced_everywhere() {
    run(async {
        let sandbox = start_sandbox().await;
        let state = fresh_state();
        let world = World { worker: Worker::start_with(&sandbox, &state, SEALING_KEYS).await, sandbox };
        let app = App::configured(&world).await;
        let (client_id, store) = (app.client_id.clone(), app.store.clone());
        let token = app.token();
        let World { worker, sandbox } = world;
        drop(worker);

        let both = format!("t2:bmV3LXNlYWxpbmcta2V5LW9mLTMyLWJ5dGVzLS0tISE=,{SEALING_KEYS}");
        let worker = Worker::start_with(&sandbox, &state, &both).await;
        let path = format!("/operator/apps/{client_id}");
        assert_eq!(operator(&worker, Method::GET, &path).send().await.unwrap().status(), 200);
        eventually("everything is sealed anew", || async { (!worker.events("resealed").is_empty()).then_some(()) })
            .await;
        eventually("KV is not behind", || async {
            let app: Value = operator(&worker, Method::GET, &path).send().await.ok()?.json().await.ok()?;
            (app["kv_behind"] == false).then_some(())
        })
        .await;
        drop(worker);

        let (new, _) = both.split_once(',').unwrap();
        let worker = Worker::start_with(&sandbox, &state, new).await;
        let answer = client()
            .get(format!("{}/api/v1/merchant/ordergroove/signature", worker.url))
            .header("authorization-client", &client_id)
            .header("authorization", "BigCommerce")
            .header("signed-payload", &token)
            .header("origin", sandbox.storefront_origin(&store))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200, "the old key is needed no more");
        refused(client().get(format!("{}/operator/apps", worker.url)).send().await.unwrap(), 401, "operator_only")
            .await;
    });
}
