//! What others can see: logs without secrets, state at rest sealed, and every request as the
//! platforms' own descriptions have it.

use reqwest::Method;
use serde_json::json;

use crate::support::app::HASH_KEY;
use crate::support::files::files_below;
use crate::support::worker::OPERATOR_TOKEN;
use crate::support::{App, World, run};

#[test]
fn no_secret_is_logged_or_rests_unsealed() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        let session = app.load(7).await;
        let (password, key) = (
            "the-sftp-password-of-this-test",
            "-----BEGIN OPENSSH PRIVATE KEY-----\nplantedprivatekey\n-----END OPENSSH PRIVATE KEY-----",
        );
        let patch = json!({"sftp": {"password": password, "private_key": key}});
        assert_eq!(app.console(&session, Method::PATCH).json(&patch).send().await.unwrap().status(), 200);
        let token = app.token();
        app.signature(&token).send().await.unwrap();
        app.has_subscriptions(&token).send().await.unwrap();
        app.signature(&format!("{token}x")).send().await.unwrap();
        app.open(world.sandbox.uninstall_callback_url(&app.store, &app.client_id)).await;
        let bad = json!({"ordergroove": {"secret_key": "planted-and-refused"}});
        app.console(&session, Method::PATCH).json(&bad).send().await.unwrap();
        let access_token = world.sandbox.token_of(&app.store, &app.client_id).unwrap();
        let (_, session_secret) = session.split_once('.').unwrap();
        let secrets = [
            HASH_KEY,
            password,
            "plantedprivatekey",
            "planted-and-refused",
            &app.client_secret,
            &app.api_key,
            &access_token,
            session_secret,
            OPERATOR_TOKEN,
            &token,
        ];
        let log = world.worker.log();
        assert!(log.contains("settings_saved"), "the log is the one that is meant: {log}");
        for secret in secrets {
            assert!(!log.contains(secret), "in the log: {secret}");
        }
        for file in files_below(world.worker.state()) {
            // The simulator's own trace of requests is not part of a deployment.
            if file.to_string_lossy().contains("observability") {
                continue;
            }
            let bytes = std::fs::read(&file).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            for secret in secrets {
                assert!(!text.contains(secret), "in {}: {secret}", file.display());
            }
        }
    });
}

#[test]
fn bigcommerce_refuses_none_of_our_requests() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        app.load(7).await;
        app.signature(&app.token()).send().await.unwrap();
        app.has_subscriptions(&app.token()).send().await.unwrap();
        let refusals = world.sandbox.refusals();
        assert!(refusals.is_empty(), "{refusals:#?}");
        let paths: Vec<String> = world.sandbox.requests().into_iter().map(|request| request.path).collect();
        for part in ["/oauth2/token", "/v2/store", "/v3/sites", "/subscriptions/"] {
            assert!(paths.iter().any(|path| path.contains(part)), "{part}: {paths:?}");
        }
        if std::env::var_os("BIGCOMMERCE_OPENAPI_DIR").is_some() {
            assert!(
                world.sandbox.judged_operations().is_some_and(|operations| operations > 100),
                "BigCommerce's own files judge"
            );
        }
    });
}
