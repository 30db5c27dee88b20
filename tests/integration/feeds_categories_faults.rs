//! Category feeds that something goes wrong with: BigCommerce, the server, or the Worker itself.

use reqwest::Method;
use sandbox::{Category, Fault, FaultKind, Route};
use serde_json::json;

use crate::feeds::{begin, change, ended, path};
use crate::feeds_categories::{both, categories_path, follower, long, ready_for_categories};
use crate::support::app::refused;
use crate::support::feed_file::{categories, xmllint_categories};
use crate::support::wait::now;
use crate::support::{World, eventually, run};

#[test]
fn whatever_bigcommerce_answers_it_is_asked_again_until_the_categories_are_there() {
    run(async {
        let world = World::shared().await;
        let (app, session, user) = ready_for_categories(world).await;
        let faults = [
            FaultKind::TooMany { with_headers: true },
            FaultKind::Status { code: 500 },
            FaultKind::Garbage,
            FaultKind::Truncated,
            FaultKind::Close,
        ];
        for (fault, route) in faults.into_iter().zip([Route::Categories, Route::Trees].into_iter().cycle()).chain([
            (FaultKind::TooMany { with_headers: false }, Route::Categories),
            (FaultKind::Garbage, Route::Categories),
        ]) {
            let case = format!("{fault:?} from {route:?}");
            world.sandbox.set_fault(&app.store, route, Some(Fault::always(fault)));
            let products = begin(&app, &session, true).await;
            let products = ended(&app, &session, &products).await;
            assert_eq!(products["state"], "delivered", "{case}: {products}");
            let run = follower(&app, &session, &products).await;
            let waiting = eventually(&format!("it is put off: {case}"), || async {
                let run = app.read(&session, &format!("feeds/runs/{}", run["id"])).await;
                run["next_try_at"].is_i64().then_some(run)
            })
            .await;
            assert!(waiting["message"].as_str().unwrap().contains("BigCommerce"), "{case}: {waiting}");
            assert!(["waiting", "syncing"].contains(&waiting["state"].as_str().unwrap()), "{case}: {waiting}");
            world.sandbox.set_fault(&app.store, route, None);
            // After a 429 that says nothing half a minute is waited.
            let run = long(&app, &session, &run).await;
            assert_eq!(
                (&run["state"], &run["message"], &run["attempts"], &run["next_try_at"]),
                (&json!("delivered"), &json!(""), &json!(0), &json!(null)),
                "{case}: {run}"
            );
            assert_eq!(
                categories(&world.sandbox.sftp().file(&user, &categories_path(&app)).unwrap()).len(),
                4,
                "{case}"
            );
        }
        assert!(world.sandbox.refusals().iter().all(|call| call.scope != app.store), "{:?}", world.sandbox.refusals());
    });
}

#[test]
fn a_store_without_a_category_is_told_and_another_try_sends_the_first() {
    run(async {
        let world = World::shared().await;
        let (app, session, user) = ready_for_categories(world).await;
        world.sandbox.clear_categories(&app.store);
        let (products, failed) = both(&app, &session, false).await;
        assert_eq!((&products["state"], &failed["state"]), (&json!("delivered"), &json!("failed")), "{failed}");
        assert!(failed["message"].as_str().unwrap().contains("no categories that can be sent"), "{failed}");
        assert_eq!(world.sandbox.sftp().files(&user), [path(&app)]);
        world.sandbox.put_category(&app.store, Category { id: 23, name: "Shop all".into(), ..Category::default() });
        let retry = format!("feeds/runs/{}/retry", failed["id"]);
        change(&app, &session, json!({"feeds": {"categories": false}})).await;
        refused(app.console_at(&session, Method::POST, &retry).send().await.unwrap(), 409, "conflict").await;
        change(&app, &session, json!({"feeds": {"categories": true}})).await;
        assert_eq!(app.console_at(&session, Method::POST, &retry).send().await.unwrap().status(), 202);
        let again = follower(&app, &session, &failed).await;
        let again = ended(&app, &session, &again).await;
        assert_eq!(
            (&again["state"], &again["cause"], &again["items"]),
            (&json!("delivered"), &json!("retry"), &json!(1))
        );
        xmllint_categories(&world.sandbox.sftp().file(&user, &categories_path(&app)).unwrap());
    });
}

#[test]
fn a_schedule_sends_both_and_one_that_is_cancelled_sends_nothing() {
    run(async {
        let world = World::start().await;
        let (app, session, user) = ready_for_categories(&world).await;
        change(&app, &session, json!({"feeds": {"schedule": "*/20 * * * *", "time_zone": "UTC"}})).await;
        let due = app.read(&session, "feeds").await["schedule"]["next"][0].as_i64().unwrap();
        world.sandbox.set_fault(&app.store, Route::Categories, Some(Fault::always(FaultKind::Slow { ms: 3000 })));
        world.worker.set_ahead(due - now() + 1).await;
        world.worker.cron().await;
        let session = app.load(7).await;
        let run = follower(&app, &session, &json!({"id": 0})).await;
        assert_eq!((&run["cause"], &run["user"]), (&json!("schedule"), &json!(null)), "{run}");
        let at = format!("feeds/runs/{}", run["id"]);
        assert_eq!(app.console_at(&session, Method::DELETE, &at).send().await.unwrap().status(), 204);
        assert_eq!(app.read(&session, &at).await["state"], "cancelled");
        assert_eq!(world.sandbox.sftp().files(&user), [path(&app)]);
        world.sandbox.set_fault(&app.store, Route::Categories, None);
        world.worker.set_ahead(due - now() + 20 * 60 + 1).await;
        world.worker.cron().await;
        let session = app.load(7).await;
        let run = follower(&app, &session, &run).await;
        let run = ended(&app, &session, &run).await;
        assert_eq!((&run["state"], &run["cause"]), (&json!("delivered"), &json!("schedule")), "{run}");
        assert_eq!(world.sandbox.sftp().files(&user).len(), 2);
    });
}

#[test]
fn killed_while_categories_are_read_built_and_delivered_the_same_comes_out() {
    run(async {
        let world = World::start().await;
        let (app, session, user) = ready_for_categories(&world).await;
        let sftp = world.sandbox.sftp();
        for number in 0..600 {
            world.sandbox.put_category(&app.store, Category { name: format!("Small {number}"), ..Category::default() });
        }
        let (_, undisturbed) = both(&app, &session, true).await;
        let file = sftp.file(&user, &categories_path(&app)).unwrap();
        xmllint_categories(&file);
        world.sandbox.set_fault(&app.store, Route::Categories, Some(Fault::always(FaultKind::Slow { ms: 250 })));
        let mut caught = 0;
        for wanted in ["waiting", "syncing", "syncing", "building", "checking", "delivering"] {
            let products = begin(&app, &session, true).await;
            let products = ended(&app, &session, &products).await;
            let run = follower(&app, &session, &products).await;
            for _ in 0..400 {
                let state = app.read(&session, &format!("feeds/runs/{}", run["id"])).await["state"].clone();
                if state == wanted || state == "delivered" {
                    caught += u32::from(state != "delivered");
                    break;
                }
            }
            world.worker.kill_workerd().await;
            assert_eq!(sftp.file(&user, &categories_path(&app)).unwrap(), file, "whole at every moment");
            let run = ended(&app, &session, &run).await;
            assert_eq!((&run["state"], &run["sha256"]), (&json!("delivered"), &undisturbed["sha256"]), "{run}");
            assert_eq!(sftp.file(&user, &categories_path(&app)).unwrap(), file);
            assert_eq!(sftp.files(&user).len(), 2, "nothing beside the two");
        }
        assert!(caught > 1, "the kills came too late");
    });
}
