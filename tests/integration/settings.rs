//! Settings through the API: requirements A7 and B1.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::{HASH_KEY, client, refused};
use crate::support::{App, World, run};

#[test]
fn defaults_are_those_of_the_environment() {
    run(async {
        let world = World::shared().await;
        let app = App::registered(world).await;
        let session = app.install().await;
        let settings: Value = app.console(&session, Method::GET).send().await.unwrap().json().await.unwrap();
        assert_eq!(
            settings,
            json!({
                "environment": "staging",
                "ordergroove": {"merchant_id": "", "secret_key": {"set": false}, "api_url": "https://staging.v2.ordergroove.com",
                    "rest_url": "https://staging.restapi.ordergroove.com", "subscription_url": "https://staging.sc.ordergroove.com",
                    "static_url": "https://staging.static.ordergroove.com", "api_key": {"set": false}},
                "sftp": {"host": "staging.feeds.ordergroove.com", "port": 22, "username": "", "password": {"set": false},
                    "private_key": {"set": false}, "directory": "/incoming", "host_key": ""},
                "feeds": {"schedule": "* * * * *", "time_zone": "America/Chicago", "categories": false, "channel": "sftp", "shrink_limit": 20},
            })
        );
    });
}

#[test]
fn a_patch_takes_any_part_and_answers_the_whole_without_secrets() {
    run(async {
        let world = World::shared().await;
        let app = App::registered(world).await;
        let session = app.install().await;
        let patch = |body: Value| app.console(&session, Method::PATCH).json(&body).send();
        let saved: Value = patch(json!({"ordergroove": {"merchant_id": "  m-1  ", "secret_key": HASH_KEY}}))
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert_eq!(
            (&saved["ordergroove"]["merchant_id"], &saved["ordergroove"]["secret_key"]),
            (&json!("m-1"), &json!({"set": true}))
        );
        let saved: Value = patch(json!({"sftp": {"username": "feed", "password": "pass word", "port": 2222}}))
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert_eq!(saved["ordergroove"]["merchant_id"], "m-1", "the rest stays");
        assert_eq!((&saved["sftp"]["port"], &saved["sftp"]["password"]), (&json!(2222), &json!({"set": true})));
        assert!(!saved.to_string().contains("pass word") && !saved.to_string().contains(HASH_KEY));
        let saved: Value = patch(json!({"ordergroove": {"secret_key": null, "merchant_id": null}}))
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert_eq!(
            (&saved["ordergroove"]["merchant_id"], &saved["ordergroove"]["secret_key"]),
            (&json!(""), &json!({"set": false}))
        );
    });
}

#[test]
fn a_bad_value_is_refused_at_its_field_and_nothing_is_saved() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let session = app.load(7).await;
        let before: Value = app.console(&session, Method::GET).send().await.unwrap().json().await.unwrap();
        let refuse = async |body: Value| {
            let answer = app.console(&session, Method::PATCH).json(&body).send().await.unwrap();
            let refusal = refused(answer, 422, "invalid_settings").await;
            let fields = refusal["errors"].as_array().unwrap().iter();
            fields
                .map(|error| {
                    (error["field"].as_str().unwrap().to_owned(), error["message"].as_str().unwrap().to_owned())
                })
                .collect::<Vec<_>>()
        };
        let errors = refuse(json!({"ordergroove": {"merchant_id": "ok", "secret_key": "too-short", "rest_url": "https://evil.example"}})).await;
        assert_eq!(
            errors.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(),
            ["ordergroove.rest_url", "ordergroove.secret_key"]
        );
        assert!(errors[1].1.contains("32") && !errors[1].1.contains("too-short"), "{errors:?}");
        for url in [
            "http://restapi.ordergroove.com",
            "https://restapi.ordergroove.com.evil.example",
            "http://169.254.169.254/",
            "http://localhost:1/",
            "gopher://x",
            "not an address",
            "https://user:pass@restapi.ordergroove.com",
        ] {
            assert_eq!(refuse(json!({"ordergroove": {"rest_url": url}})).await[0].0, "ordergroove.rest_url", "{url}");
        }
        assert_eq!(refuse(json!({"ordergroove": {"colour": "red"}})).await[0].0, "ordergroove.colour");
        assert_eq!(refuse(json!({"environment": "production"})).await[0].0, "environment");
        let after: Value = app.console(&session, Method::GET).send().await.unwrap().json().await.unwrap();
        assert_eq!(after, before);
    });
}

#[test]
fn bodies_that_are_none_are_refused() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let session = app.load(7).await;
        for body in [b"".to_vec(), b"{".to_vec(), b"{} {}".to_vec(), vec![0xff; 10], vec![0x00]] {
            let answer = app.console(&session, Method::PATCH).body(body).send().await.unwrap();
            refused(answer, 400, "bad_request").await;
        }
        let large = json!({"ordergroove": {"merchant_id": "x".repeat(70_000)}});
        refused(app.console(&session, Method::PATCH).json(&large).send().await.unwrap(), 413, "body_too_large").await;
        let deep = "{\"ordergroove\":".repeat(5_000);
        refused(app.console(&session, Method::PATCH).body(deep).send().await.unwrap(), 413, "body_too_large").await;
        for body in ["[".repeat(30_000), "{\"sftp\":".repeat(5_000)] {
            let answer = app.console(&session, Method::PATCH).body(body).send().await.unwrap();
            assert!([400, 422].contains(&answer.status().as_u16()), "however deep, it is refused: {}", answer.status());
        }
        refused(app.console(&session, Method::DELETE).send().await.unwrap(), 405, "method_not_allowed").await;
    });
}

#[test]
fn a_session_ends_by_itself() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        let session = app.load(7).await;
        for minutes in [29, 58, 87] {
            world.worker.set_ahead(minutes * 60).await;
            assert_eq!(
                app.console(&session, Method::GET).send().await.unwrap().status(),
                200,
                "used within 30 minutes"
            );
        }
        world.worker.set_ahead((87 + 31) * 60).await;
        refused(app.console(&session, Method::GET).send().await.unwrap(), 401, "session_ended").await;
    });
}

#[test]
fn a_session_in_steady_use_ends_after_a_day() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        let session = app.load(7).await;
        for minutes in (0..24 * 60).step_by(29) {
            world.worker.set_ahead(minutes * 60).await;
            assert_eq!(
                app.console(&session, Method::GET).send().await.unwrap().status(),
                200,
                "after {minutes} minutes"
            );
        }
        world.worker.set_ahead(24 * 3600 + 60).await;
        refused(app.console(&session, Method::GET).send().await.unwrap(), 401, "session_ended").await;
    });
}

#[test]
fn nothing_but_a_live_session_is_a_session() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let session = app.load(7).await;
        let (id, secret) = session.split_once('.').unwrap();
        let flipped = format!("{id}.{}", secret.chars().rev().collect::<String>());
        for token in [
            "",
            "x",
            ".",
            &format!("{id}."),
            &flipped,
            &format!("nobody.{secret}"),
            &format!("{session}x"),
            &session[..session.len() - 1],
        ] {
            refused(app.console(token, Method::GET).send().await.unwrap(), 401, "session_ended").await;
        }
        let bare = client().get(format!("{}/console/api/settings", world.worker.url)).send().await.unwrap();
        refused(bare, 401, "session_ended").await;
    });
}
