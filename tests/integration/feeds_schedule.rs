//! When feeds are sent: requirement D3, and that none is sent twice or forgotten.

use reqwest::Method;
use serde_json::{Value, json};

use crate::feeds::{change, ready};
use crate::support::app::refused;
use crate::support::wait::now;
use crate::support::{App, World, eventually, run};

async fn preview(app: &App<'_>, session: &str, expression: &str, time_zone: &str) -> reqwest::Response {
    let body = json!({"expression": expression, "time_zone": time_zone});
    app.console_at(session, Method::POST, "feeds/schedule").json(&body).send().await.unwrap()
}

async fn runs(app: &App<'_>, session: &str) -> Vec<Value> {
    app.read(session, "feeds").await["runs"].as_array().unwrap().clone()
}

fn causes(runs: &[Value]) -> Vec<&str> {
    runs.iter().map(|run| run["cause"].as_str().unwrap()).collect()
}

/// The runs when there are so many and the newest is over.
async fn settled(app: &App<'_>, session: &str, count: usize) -> Vec<Value> {
    eventually("the feed that was due is over", || async {
        let runs = runs(app, session).await;
        let is_over = |run: &Value| ["delivered", "unchanged", "failed"].contains(&run["state"].as_str().unwrap());
        (runs.len() >= count && is_over(&runs[0])).then_some(runs)
    })
    .await
}

#[test]
fn a_schedule_is_told_in_words_before_it_is_saved() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let session = app.load(7).await;
        let told: Value = preview(&app, &session, "30 4 * * *", "America/Chicago").await.json().await.unwrap();
        assert_eq!((&told["is_off"], &told["words"]), (&json!(false), &json!("Every day at 04:30")), "{told}");
        let next: Vec<i64> = told["next"].as_array().unwrap().iter().map(|at| at.as_i64().unwrap()).collect();
        assert_eq!(next.len(), 5);
        assert!(next[0] > now() && next[0] <= now() + 25 * 3600 && next.is_sorted());
        let off: Value = preview(&app, &session, "* * * * *", "UTC").await.json().await.unwrap();
        assert_eq!((&off["is_off"], &off["next"]), (&json!(true), &json!([])));
        let many: Value = preview(&app, &session, "* 4 * * *", "UTC").await.json().await.unwrap();
        assert!(many["warnings"][0].as_str().unwrap().contains("60"), "{many}");
        for (expression, zone, fields) in [
            ("30 4 * *", "UTC", vec!["feeds.schedule"]),
            ("99 4 * * *", "Mars/Phobos", vec!["feeds.schedule", "feeds.time_zone"]),
            ("0 0 31 2 *", "UTC", vec!["feeds.schedule"]),
        ] {
            let body = refused(preview(&app, &session, expression, zone).await, 422, "invalid_settings").await;
            let named: Vec<&str> =
                body["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
            assert_eq!(named, fields, "{expression} {zone}");
            let (name, value) = if fields.len() == 1 { ("schedule", expression) } else { ("time_zone", zone) };
            let save =
                app.console(&session, Method::PATCH).json(&json!({"feeds": {name: value}})).send().await.unwrap();
            refused(save, 422, "invalid_settings").await;
        }
        let saved =
            change(&app, &session, json!({"feeds": {"schedule": " 15  */2 * * * ", "time_zone": "Europe/Berlin"}}))
                .await;
        assert_eq!(saved["feeds"]["schedule"], "15 */2 * * *");
        let cleared =
            change(&app, &session, json!({"feeds": {"schedule": null, "time_zone": "", "shrink_limit": null}})).await;
        assert_eq!(
            cleared["feeds"],
            json!({"schedule": "* * * * *", "time_zone": "America/Chicago", "categories": false, "channel": "sftp", "shrink_limit": 20})
        );
    });
}

#[test]
fn a_feed_is_sent_once_when_its_minute_comes_and_once_for_all_that_were_missed() {
    run(async {
        let world = World::start().await;
        let (app, session, user) = ready(&world).await;
        change(&app, &session, json!({"feeds": {"schedule": "*/20 * * * *", "time_zone": "UTC"}})).await;
        let feeds = app.read(&session, "feeds").await;
        let due = feeds["schedule"]["next"][0].as_i64().unwrap();
        assert_eq!(feeds["runs"], json!([]));
        // Just past the minute: however often cron fires and the alarm goes off, one run.
        world.worker.set_ahead(due - now() + 1).await;
        for _ in 0..3 {
            world.worker.cron().await;
        }
        let session = app.load(7).await;
        let first = settled(&app, &session, 1).await;
        world.worker.cron().await;
        assert_eq!(causes(&first), ["schedule"], "{first:?}");
        assert_eq!((&first[0]["state"], &first[0]["user"]), (&json!("delivered"), &json!(null)));
        assert!(world.sandbox.sftp().file(&user, &crate::feeds::path(&app)).is_some());
        // Hours in which nothing ran: one feed for all of them.
        world.worker.set_ahead(due - now() + 5 * 3600 + 30).await;
        world.worker.cron().await;
        let session = app.load(7).await;
        let second = settled(&app, &session, 2).await;
        assert_eq!(causes(&second), ["catch_up", "schedule"], "{second:?}");
        for _ in 0..2 {
            world.worker.cron().await;
        }
        assert_eq!(runs(&app, &session).await.len(), 2);
        // Off is off.
        change(&app, &session, json!({"feeds": {"schedule": "* * * * *"}})).await;
        world.worker.set_ahead(due - now() + 9 * 3600).await;
        world.worker.cron().await;
        let session = app.load(7).await;
        assert_eq!(runs(&app, &session).await.len(), 2);
    });
}
