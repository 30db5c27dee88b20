//! The console's API: requirements B4, H7 and the sessions behind it.

use reqwest::Method;
use sandbox::{Fault, FaultKind, Modifier, Product, Route};
use serde_json::{Value, json};

use crate::support::app::{HASH_KEY, refused};
use crate::support::{App, World, eventually, run};

fn check<'a>(overview: &'a Value, id: &str) -> &'a Value {
    overview["checks"].as_array().unwrap().iter().find(|check| check["id"] == id).expect(id)
}

async fn test(app: &App<'_>, session: &str, party: &str) -> Value {
    let answer =
        app.console_at(session, Method::POST, &format!("connections/{party}/test")).send().await.expect("sent");
    assert_eq!(answer.status(), 200);
    answer.json().await.expect("JSON")
}

/// The steps that failed, with what is said of them.
fn failures(test: &Value) -> Vec<(&str, &str)> {
    let failed = test["steps"].as_array().unwrap().iter().filter(|step| step["ok"] == false);
    failed.map(|step| (step["name"].as_str().unwrap(), step["message"].as_str().unwrap())).collect()
}

/// Every address of Ordergroove is the stand-in's.
async fn point_at_the_stand_in(app: &App<'_>, session: &str) {
    let rest = app.world.sandbox.ordergroove_rest_url();
    let patch = json!({"ordergroove": {"api_url": rest, "subscription_url": rest, "static_url": rest}});
    assert_eq!(app.console(session, Method::PATCH).json(&patch).send().await.unwrap().status(), 200);
}

#[test]
fn the_overview_says_what_is_done_and_what_is_missing() {
    run(async {
        let world = World::shared().await;
        let app = App::registered(world).await;
        let box_of_tea =
            Product::named("Tea").with(Modifier::dropdown("Subscription", &["One-time purchase", "Every month"]));
        world.sandbox.set_products(&app.store, vec![box_of_tea]);
        let session = app.install().await;
        let overview = app.read(&session, "overview").await;
        assert_eq!((&overview["store"]["hash"], &overview["environment"]), (&json!(app.store), &json!("staging")));
        assert!(overview["user"]["email"].as_str().unwrap().contains('@'), "{overview}");
        let states = |overview: &Value| {
            let checks = overview["checks"].as_array().unwrap().iter();
            checks
                .map(|check| format!("{} {}", check["id"].as_str().unwrap(), check["state"].as_str().unwrap()))
                // The hooks are made in the background: they may be there already or not.
                .filter(|state| !state.starts_with("webhooks "))
                .collect::<Vec<_>>()
        };
        let before = [
            "active done",
            "scopes done",
            "store_addresses done",
            "merchant_id missing",
            "secret_key missing",
            "edge_copy done",
            "bigcommerce missing",
            "ordergroove missing",
            "sftp missing",
            "products missing",
            "feeds missing",
        ];
        assert_eq!(states(&overview), before);
        app.configure(&session).await;
        point_at_the_stand_in(&app, &session).await;
        test(&app, &session, "bigcommerce").await;
        test(&app, &session, "ordergroove").await;
        crate::sftp_test::set_up(&app, &session).await;
        test(&app, &session, "sftp").await;
        crate::products::synced(&app, &session).await;
        crate::products::offer(&app, &session, "Tea").await;
        crate::feeds::change(&app, &session, json!({"feeds": {"schedule": "30 4 * * *"}})).await;
        // The hooks and the plan of the feeds are made in the background.
        let after = eventually("all is done", || async {
            let after = app.read(&session, "overview").await;
            states(&after).iter().all(|state| state.ends_with(" done")).then_some(after)
        })
        .await;
        assert!(check(&after, "ordergroove")["tested_at"].as_i64().unwrap() > 1_700_000_000);
    });
}

#[test]
fn a_connection_test_really_connects_and_says_what_failed() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let session = app.load(7).await;
        point_at_the_stand_in(&app, &session).await;
        let good = test(&app, &session, "bigcommerce").await;
        assert_eq!(good["ok"], true, "{good}");
        let store = app.read(&session, "overview").await["store"]["name"].as_str().unwrap().to_owned();
        assert!(good["steps"][0]["message"].as_str().unwrap().contains(&store), "the store's name came over: {good}");
        let good = test(&app, &session, "ordergroove").await;
        let names = good["steps"].as_array().unwrap().iter().map(|step| step["name"].as_str().unwrap());
        assert_eq!(names.collect::<Vec<_>>(), ["credentials", "api_key", "api_url", "subscription_url", "static_url"]);
        assert_eq!(good["ok"], true, "{good}");

        let patch = json!({"ordergroove": {"secret_key": HASH_KEY.chars().rev().collect::<String>()}});
        assert_eq!(app.console(&session, Method::PATCH).json(&patch).send().await.unwrap().status(), 200);
        let overview = app.read(&session, "overview").await;
        assert_eq!(check(&overview, "ordergroove")["state"], "missing", "what was tested has changed: {overview}");
        assert_eq!(check(&overview, "bigcommerce")["state"], "done");
        let bad = test(&app, &session, "ordergroove").await;
        assert!(matches!(failures(&bad)[..], [("credentials", words)] if words.contains("refused")), "{bad}");
        let overview = app.read(&session, "overview").await;
        assert_eq!(check(&overview, "ordergroove")["state"], "attention");
        assert_eq!(check(&overview, "ordergroove")["message"], failures(&bad)[0].1);

        for (kind, words) in [
            (FaultKind::Hang, "no answer"),
            (FaultKind::Status { code: 503 }, "(503)"),
            (FaultKind::Garbage, "not Ordergroove"),
            (FaultKind::TooMany { with_headers: false }, "busy"),
        ] {
            world.sandbox.set_fault(&app.merchant, Route::OgSubscriptions, Some(Fault::always(kind.clone())));
            let failed = test(&app, &session, "ordergroove").await;
            assert!(failures(&failed)[0].1.contains(words), "{kind:?}: {failed}");
        }
        for (kind, words) in [
            (FaultKind::Hang, "no answer"),
            (FaultKind::Status { code: 401 }, "no longer accepts"),
            (FaultKind::Status { code: 500 }, "(500)"),
            (FaultKind::Garbage, "not BigCommerce"),
            (FaultKind::TooMany { with_headers: true }, "used up"),
        ] {
            world.sandbox.set_fault(&app.store, Route::Store, Some(Fault::always(kind.clone())));
            let failed = test(&app, &session, "bigcommerce").await;
            assert!(failures(&failed)[0].1.contains(words), "{kind:?}: {failed}");
        }
        let unknown = app.console_at(&session, Method::POST, "connections/evil.example/test").send().await.unwrap();
        refused(unknown, 404, "not_found").await;
    });
}

#[test]
fn an_address_where_nobody_answers_is_named() {
    run(async {
        let world = World::shared().await;
        let app = App::registered(world).await;
        let session = app.install().await;
        let failed = test(&app, &session, "ordergroove").await;
        let failed = failures(&failed);
        assert_eq!(failed[0], ("credentials", "Enter the merchant ID and the secret key first."));
        // The real hosts, which a machine without a network does not reach.
        assert!(failed.iter().any(|(name, words)| *name == "api_url" && words.contains("staging.v2.ordergroove.com")));
    });
}

#[test]
fn two_consoles_that_edit_the_same_settings_are_told() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let (ada, bob) = (app.load(7).await, app.load(21).await);
        let read = app.console(&ada, Method::GET).send().await.unwrap();
        let tag = read.headers()["etag"].to_str().unwrap().to_owned();
        let patch = |session: &str, tag: &str, body: Value| {
            app.console(session, Method::PATCH).header("if-match", tag).json(&body).send()
        };
        let saved = patch(&bob, &tag, json!({"ordergroove": {"merchant_id": "bobs"}})).await.unwrap();
        assert_eq!(saved.status(), 200);
        let newer = saved.headers()["etag"].to_str().unwrap().to_owned();
        assert_ne!(newer, tag);
        let told = patch(&ada, &tag, json!({"ordergroove": {"merchant_id": "adas"}})).await.unwrap();
        let told = refused(told, 412, "settings_changed").await;
        let changed = told["changed"].as_array().unwrap();
        assert_eq!((changed.len(), &changed[0]["field"]), (1, &json!("ordergroove.merchant_id")), "{told}");
        assert_eq!(changed[0]["user"]["id"], 21);
        assert_eq!(app.read(&ada, "settings").await["ordergroove"]["merchant_id"], "bobs", "nothing was overwritten");
        assert_eq!(patch(&ada, &newer, json!({"ordergroove": {"merchant_id": "adas"}})).await.unwrap().status(), 200);
        for tag in ["*", "W/\"2\", \"1\"", "\"x\"", "7"] {
            let answer = patch(&ada, tag, json!({"sftp": {"port": 22}})).await.unwrap();
            assert_eq!(answer.status(), if tag == "*" { 200 } else { 412 }, "{tag:?}");
        }
        let same = patch(&ada, "*", json!({"ordergroove": {"merchant_id": "adas"}})).await.unwrap();
        let again = app.console(&ada, Method::GET).send().await.unwrap();
        assert_eq!(same.headers()["etag"], again.headers()["etag"], "what changes nothing makes no version");
    });
}

#[test]
fn the_audit_log_says_who_changed_what_and_no_secret() {
    run(async {
        let world = World::shared().await;
        let app = App::registered(world).await;
        let session = app.install().await;
        let bob = app.load(21).await;
        let save = async |session: &str, body: Value| {
            assert_eq!(app.console(session, Method::PATCH).json(&body).send().await.unwrap().status(), 200);
        };
        save(&session, json!({"ordergroove": {"merchant_id": "one", "secret_key": HASH_KEY}})).await;
        save(&bob, json!({"ordergroove": {"merchant_id": "two", "secret_key": HASH_KEY}, "sftp": {"port": 2222}}))
            .await;
        save(&bob, json!({"ordergroove": {"secret_key": null}})).await;
        save(&bob, json!({"ordergroove": {"merchant_id": "two"}})).await;
        let log = app.read(&bob, "audit").await;
        assert!(!log.to_string().contains(HASH_KEY));
        let lines: Vec<String> = log["entries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| {
                let text = |name: &str| entry[name].as_str().unwrap_or("-").to_owned();
                let who = entry["user"]["id"].as_u64().unwrap();
                format!("{who} {} {} {} {}", text("action"), text("field"), text("before"), text("after"))
            })
            .collect();
        let owner = app.read(&session, "overview").await["user"]["id"].as_u64().unwrap();
        assert_eq!(
            lines,
            [
                "21 secret_removed ordergroove.secret_key - -".to_owned(),
                "21 secret_replaced ordergroove.secret_key - -".to_owned(),
                "21 setting_changed sftp.port 22 2222".to_owned(),
                "21 setting_changed ordergroove.merchant_id one two".to_owned(),
                format!("{owner} secret_set ordergroove.secret_key - -"),
                format!("{owner} setting_changed ordergroove.merchant_id  one"),
                format!("{owner} installed - - -"),
            ]
        );
        let first = app.read(&bob, "audit?limit=3").await;
        let next = first["next"].as_i64().unwrap();
        let rest = app.read(&bob, &format!("audit?limit=100&before={next}")).await;
        assert_eq!((first["entries"].as_array().unwrap().len(), rest["entries"].as_array().unwrap().len()), (3, 4));
        assert_eq!(rest["next"], Value::Null);
        for bad in ["limit=0", "limit=101", "limit=x", "before=-1", "before=0", "before=99999999999999999999"] {
            let answer = app.console_at(&bob, Method::GET, &format!("audit?{bad}")).send().await.unwrap();
            refused(answer, 400, "bad_request").await;
        }
    });
}

#[test]
fn the_audit_log_says_who_decided_what_about_feeds_and_products() {
    run(async {
        let world = World::shared().await;
        let (app, session, _) = crate::feeds::ready(world).await;
        let bob = app.load(21).await;
        let press = async |method: Method, path: &str| {
            let answer = app.console_at(&bob, method, path).send().await.unwrap();
            (answer.status().as_u16(), answer.json::<Value>().await.unwrap_or_default())
        };
        let newest = async || {
            let entry = app.read(&session, "audit?limit=1").await["entries"][0].clone();
            let text = |name: &str| entry[name].as_str().unwrap_or("-").to_owned();
            format!("{} {} {} {}", entry["user"]["id"], text("action"), text("field"), text("after"))
        };

        // A feed that fails, by wrong settings, is tried again; one that shrank is cancelled, another confirmed.
        crate::feeds::change(&app, &session, json!({"sftp": {"password": "wrong"}})).await;
        let failed = crate::feeds::sent(&app, &bob).await;
        assert_eq!(newest().await, "21 feed_started - -");
        crate::feeds::change(&app, &session, json!({"sftp": {"password": crate::feeds::PASSWORD}})).await;
        let of = |run: &Value, end: &str| format!("feeds/runs/{}{end}", run["id"]);
        assert_eq!(press(Method::POST, &of(&failed, "/confirm")).await.0, 409);
        assert!(newest().await.contains("secret_replaced"), "what was refused was not done");
        assert_eq!(press(Method::POST, &of(&failed, "/retry")).await.0, 202);
        assert_eq!(newest().await, format!("21 feed_retried {} {}", failed["id"], failed["created_at"]));
        assert_eq!(crate::feeds::ended(&app, &session, &failed).await["state"], "delivered");
        let ids = world.sandbox.product_ids(&app.store);
        for id in &ids[..ids.len() / 2] {
            world.sandbox.delete_product(&app.store, *id);
        }
        let held = crate::feeds::sent(&app, &session).await;
        assert_eq!(press(Method::DELETE, &of(&held, "")).await.0, 204);
        assert_eq!(newest().await, format!("21 feed_cancelled {} {}", held["id"], held["created_at"]));
        let held = crate::feeds::sent(&app, &session).await;
        assert_eq!(press(Method::POST, &of(&held, "/confirm")).await.0, 202);
        assert_eq!(newest().await, format!("21 feed_confirmed {} {}", held["id"], held["created_at"]));

        // A mark is told once, however often it is set.
        let id = ids[ids.len() - 1];
        let name = world.sandbox.product(&app.store, id).unwrap().name;
        let mark = format!("products/{id}/discontinued");
        for (method, action) in [(Method::PUT, "product_discontinued"), (Method::DELETE, "product_continued")] {
            assert_eq!(press(method.clone(), &mark).await.0, 204);
            assert_eq!(newest().await, format!("21 {action} {id} {name}"));
            let before = app.read(&session, "audit?limit=1").await;
            assert_eq!(press(method, &mark).await.0, 204);
            assert_eq!(app.read(&session, "audit?limit=1").await, before);
        }
        assert_eq!(press(Method::PUT, "products/9007199254740991/discontinued").await.0, 404);
        assert_eq!(newest().await, format!("21 product_continued {id} {name}"));
    });
}

#[test]
fn a_session_is_read_kept_alive_and_ended() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        let (session, other) = (app.load(21).await, app.load(21).await);
        let read = app.read(&session, "session").await;
        assert_eq!((&read["user"]["id"], &read["idle_seconds"]), (&json!(21), &json!(1800)));
        for minutes in [29, 58, 87] {
            world.worker.set_ahead(minutes * 60).await;
            assert_eq!(app.read(&session, "session").await["ends_at"], read["ends_at"], "24 hours from the start");
        }
        refused(app.console(&other, Method::GET).send().await.unwrap(), 401, "session_ended").await;
        let other = app.load(21).await;
        let ended = app.console_at(&session, Method::DELETE, "session").send().await.unwrap();
        assert_eq!(ended.status(), 204);
        refused(app.console_at(&session, Method::GET, "session").send().await.unwrap(), 401, "session_ended").await;
        refused(app.console_at(&session, Method::DELETE, "session").send().await.unwrap(), 401, "session_ended").await;
        assert_eq!(
            app.console(&other, Method::GET).send().await.unwrap().status(),
            200,
            "the user's other tab goes on"
        );
    });
}

#[test]
fn a_body_that_is_called_something_else_is_refused() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let session = app.load(7).await;
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            let answer =
                app.console(&session, Method::PATCH).header("content-type", kind).body("{}").send().await.unwrap();
            refused(answer, 415, "unsupported_media_type").await;
        }
        for kind in ["application/json; charset=utf-8", "APPLICATION/JSON", "application/merge-patch+json"] {
            let answer =
                app.console(&session, Method::PATCH).header("content-type", kind).body("{}").send().await.unwrap();
            assert_eq!(answer.status(), 200, "{kind}");
        }
    });
}
