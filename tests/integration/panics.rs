//! One panic harms one request, and no object's state.

use sandbox::{Fault, FaultKind, Route, Subscription};
use serde_json::{Value, json};

use crate::support::app::{client, refused};
use crate::support::{App, World, eventually, run};

#[test]
fn requests_under_way_survive_the_panic_of_another() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        app.subscribe(vec![Subscription::active()]);
        world.sandbox.set_fault(
            &app.merchant,
            Route::OgSubscriptions,
            Some(Fault::always(FaultKind::Slow { ms: 1_500 })),
        );
        world.sandbox.clear_requests();
        let token = app.token();
        let slow = tokio::spawn(app.has_subscriptions(&token).send());
        eventually("the slow request is under way", || async { (!world.sandbox.requests().is_empty()).then_some(()) })
            .await;
        for _ in 0..5 {
            let answer = client().post(format!("{}/test/panic", world.worker.url)).send().await.unwrap();
            let text = answer.text().await.unwrap();
            assert!(text.contains("internal") && !text.contains("panic") && !text.contains("src/"), "{text}");
        }
        let body: Value = slow.await.unwrap().unwrap().json().await.unwrap();
        assert_eq!(body, json!({"status": 1}));
        assert!(world.worker.log().contains("a panic that a test asked for"), "the log has the cause");
    });
}

#[test]
fn hundreds_of_panics_leave_a_worker_that_works() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        let token = app.token();
        for round in 0..300 {
            let answer = app.signature(&token).header("x-test-panic", "1").query(&[("ts", "x")]).send().await.unwrap();
            assert_eq!(
                answer.headers()["access-control-allow-origin"],
                app.origin().as_str(),
                "the page can read the error, round {round}"
            );
            refused(answer, 500, "internal").await;
        }
        assert_eq!(app.signature(&token).send().await.unwrap().status(), 200);
        let session = app.load(7).await;
        assert_eq!(app.console(&session, reqwest::Method::GET).send().await.unwrap().status(), 200);
    });
}

#[test]
fn a_panic_while_ordergroove_is_asked_is_answered_and_leaves_a_worker_that_works() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        let token = app.token();
        for round in 0..20 {
            // From the second round on, the isolate knows the app.
            let told = client().post(format!("{}/test/panic-when-asked", world.worker.url)).send().await.unwrap();
            assert_eq!(told.status(), 204);
            let answer = app.has_subscriptions(&token).send().await.unwrap();
            assert_eq!(
                answer.headers()["access-control-allow-origin"],
                app.origin().as_str(),
                "the page can read the error, round {round}"
            );
            assert_eq!(refused(answer, 500, "internal").await["status"], 1, "round {round}");
            let body: Value = app.has_subscriptions(&token).send().await.unwrap().json().await.unwrap();
            assert_eq!(body, json!({"status": -1}), "round {round}");
        }
    });
}

#[test]
fn a_panic_in_an_object_in_the_middle_of_a_change_changes_nothing() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        let session = app.load(7).await;
        let hook = format!("{}/test/panic-in-object?client_id={}", world.worker.url, app.client_id);
        refused(client().post(hook).send().await.unwrap(), 500, "internal").await;
        let settings: Value = app.console(&session, reqwest::Method::GET).send().await.unwrap().json().await.unwrap();
        assert_eq!(
            settings["ordergroove"]["merchant_id"], app.merchant,
            "the half-made change is rolled back, the session lives"
        );
    });
}
