//! The page of feeds in states that pass too soon to be met: the service's answers are made up in the browser.

use serde_json::{Value, json};

use crate::browser_states::{SIZES, broken, open};
use crate::support::{App, World, run};

const CONFIRMED: &str = "SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8";
const OTHER: &str = "SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDgqnpuDPqIB8ZL8Dk";

fn feed(part: &Value) -> Value {
    let mut run = json!({"id": 21, "feed": "products", "cause": "hand",
        "user": {"id": 7, "email": "owner@shop.example"}, "state": "delivered", "stage_done": 0, "stage_total": 0,
        "created_at": 1_790_000_000, "started_at": 1_790_000_000, "finished_at": 1_790_000_042, "attempts": 0,
        "next_try_at": null, "products": 1204, "items": 3412, "left_out": 0,
        "added": 3, "changed": 5, "removed": 1, "bytes": 1_482_911, "sha256": "9f86d081884c7d65".repeat(4),
        "file": "m-1.Products.xml", "channel": "sftp", "has_file": true, "message": "", "notes": []});
    run.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
    run
}

fn feeds(run: &Value, runs: &[Value], missing: &[&str], host_key: &str) -> Value {
    json!({"schedule": {"expression": "30 4 * * *", "time_zone": "America/Chicago", "is_off": false,
            "words": "Every day at 04:30", "warnings": [], "next": [1_790_069_400, 1_790_155_800]},
        "destination": {"channel": "sftp", "address": "sftp://feed@feeds.example:22/incoming/m-1.Products.xml",
            "missing": missing, "host_key": host_key},
        "run": run, "runs": runs})
}

fn settings(host_key: &str) -> Value {
    json!({"environment": "staging",
        "ordergroove": {"merchant_id": "m-1", "secret_key": {"set": true}, "api_url": "", "rest_url": "",
            "subscription_url": "", "static_url": "", "api_key": {"set": false}},
        "sftp": {"host": "feeds.example", "port": 22, "username": "feed", "password": {"set": true},
            "private_key": {"set": false}, "directory": "/incoming", "host_key": host_key},
        "feeds": {"schedule": "30 4 * * *", "time_zone": "America/Chicago", "categories": false, "channel": "sftp",
            "shrink_limit": 20}})
}

/// What a page of feeds needs that has `run` under way or held.
fn with_run(part: &Value) -> [(&'static str, u16, Value); 2] {
    let run = feed(part);
    [
        ("GET settings", 200, settings(CONFIRMED)),
        ("GET feeds", 200, feeds(&run.clone(), &[run, feed(&json!({"id": 20}))], &[], CONFIRMED)),
    ]
}

#[test]
fn a_feed_under_way_tells_how_far_it_is() {
    run(async {
        let app = App::configured(World::shared().await).await;
        let states = [
            ("waiting", json!({"state": "waiting"}), "It goes on in a moment."),
            ("building", json!({"state": "building", "stage_done": 620, "stage_total": 1204}), "620 of 1,204 products"),
            (
                "delivering",
                json!({"state": "delivering", "stage_done": 620_000, "stage_total": 1_482_911}),
                "605 KB of 1.4 MB",
            ),
            (
                "again",
                json!({"state": "delivering", "attempts": 2, "next_try_at": 1_790_000_500, "message": "No answer."}),
                "Try number 3",
            ),
        ];
        for size in SIZES {
            for (name, part, words) in &states {
                let browser = open(&app, size, "/feeds", &with_run(part)).await;
                browser.text_with("#run", words).await;
                browser.find("#cancel-run").await;
                browser.picture(&format!("feeds-{name}")).await;
                browser.close().await;
            }
        }
    });
}

#[test]
fn a_feed_that_shrank_is_sent_or_discarded_after_a_question() {
    run(async {
        let app = App::configured(World::shared().await).await;
        let held = json!({"state": "held", "products": 800, "added": 0, "removed": 404, "finished_at": null});
        for size in SIZES {
            let mut answers = with_run(&held).to_vec();
            answers.push(("POST feeds/runs/21/confirm", 500, broken()));
            let browser = open(&app, size, "/feeds", &answers).await;
            browser.text_with("#run", "It has 800 products; the last feed had 1,204. That is 34 % fewer.").await;
            browser.picture("feeds-held").await;
            browser.click("#discard-run").await;
            browser.says("Discard this feed?").await;
            browser.picture("feeds-discard").await;
            browser.press("Not now").await;
            browser.click("#confirm-run").await;
            browser.says("Send this feed?").await;
            browser.picture("feeds-confirm").await;
            browser.click("[role=dialog] button:last-child").await;
            browser.says("Request id: 8f2a61c0b7d94e13").await;
            browser.find("#confirm-run").await;
            browser.close().await;
        }
    });
}

#[test]
fn a_feed_that_is_over_stands_in_words() {
    run(async {
        let app = App::configured(World::shared().await).await;
        let left_out = json!({"rows": [{"product_id": 112, "variant_id": 377, "name": "Green Tea", "sku": "TEA-250",
            "reason": "It has no picture."}], "next": null});
        let difference = |first: u32, next: Value| {
            let kinds = ["added", "changed", "removed"].iter().zip(first..);
            let rows: Vec<Value> =
                kinds.map(|(kind, id)| json!({"product_id": id, "name": format!("Tea {id}"), "kind": kind})).collect();
            json!({"rows": rows, "next": next})
        };
        let states = [
            ("delivered", json!({"left_out": 1, "notes": ["The server was slow."]}), "The server was slow."),
            ("unchanged", json!({"state": "unchanged", "added": 0, "changed": 0, "removed": 0}), "nothing differs"),
            ("failed", json!({"state": "failed", "message": "The password is wrong."}), "The password is wrong."),
            ("cancelled", json!({"state": "cancelled", "bytes": 0, "sha256": "", "has_file": false}), "Cancelled on"),
        ];
        for size in SIZES {
            for (name, part, words) in &states {
                let answers = [
                    ("GET feeds/runs/21", 200, feed(part)),
                    ("GET feeds/runs/21/left-out", 200, left_out.clone()),
                    ("GET feeds/runs/21/difference", 200, difference(1, json!(3))),
                    ("GET feeds/runs/21/difference?after=3", 200, difference(4, Value::Null)),
                ];
                let browser = open(&app, size, "/feeds/runs/21", &answers).await;
                browser.says(words).await;
                if *name == "delivered" {
                    browser.text_with("[aria-labelledby=left-out]", "It has no picture.").await;
                    browser.press("Show more products").await;
                    browser.says("6 products shown.").await;
                }
                browser.picture(&format!("feed-{name}")).await;
                browser.close().await;
            }
        }
    });
}

#[test]
fn feeds_that_are_loading_or_cannot_be_loaded_say_so() {
    run(async {
        let app = App::configured(World::shared().await).await;
        for size in SIZES {
            let browser = open(&app, size, "/feeds", &[("GET feeds", 200, Value::Null)]).await;
            browser.text_with("[role=status]", "Loading the feeds").await;
            browser.picture("feeds-loading").await;
            browser.close().await;
            for path in ["/feeds", "/feeds/runs/21"] {
                let browser = open(&app, size, path, &[("GET feeds", 500, broken())]).await;
                browser.says("Request id: 8f2a61c0b7d94e13").await;
                browser.is_accessible(path).await;
                browser.close().await;
            }
        }
    });
}

#[test]
fn a_schedule_is_told_in_words_before_it_is_saved_and_a_refused_one_says_why() {
    run(async {
        let app = App::configured(World::shared().await).await;
        let plan = json!({"is_off": false, "words": "Every Monday at 04:30", "warnings": ["It is a holiday."],
            "next": [1_790_587_800]});
        let refused = json!({"status": 422, "code": "invalid_settings",
            "errors": [{"field": "feeds.time_zone", "message": "Choose a time zone such as America/Chicago."}]});
        let none = feeds(&Value::Null, &[], &["sftp.username"], "");
        for size in SIZES {
            let answers = [
                ("GET settings", 200, settings("")),
                ("GET feeds", 200, none.clone()),
                ("POST feeds/schedule", 200, plan.clone()),
            ];
            let browser = open(&app, size, "/feeds", &answers).await;
            browser.says("No feed was sent yet.").await;
            assert_eq!(browser.run("return document.getElementById('run-now').disabled").await, true);
            browser.click("#schedule-preset option[value='30 4 * * 1']").await;
            assert_eq!(browser.value("#schedule-weekday").await, "1");
            let told = browser.text_with("[data-test=plan]", "Every Monday at 04:30").await;
            for part in ["It is a holiday.", "Mon, Sep 28, 2026, 04:30", "In America/Chicago", "In UTC"] {
                assert!(told.contains(part), "{part}: {told}");
            }
            browser.picture("feeds-schedule").await;
            browser.close().await;

            let answers = [
                ("GET settings", 200, settings("")),
                ("GET feeds", 200, none.clone()),
                ("POST feeds/schedule", 422, refused.clone()),
            ];
            let browser = open(&app, size, "/feeds", &answers).await;
            browser.fill("#feeds-time_zone", "Atlantis").await;
            browser.text_with("[data-test=plan]", "Choose a time zone such as America/Chicago.").await;
            browser.is_accessible("a schedule that was refused").await;
            browser.close().await;
        }
    });
}

#[test]
fn the_key_of_the_server_is_compared_before_anything_is_sent_and_a_changed_one_is_told_loudly() {
    run(async {
        let app = App::configured(World::shared().await).await;
        let tested = |fingerprint: &str| {
            json!({"party": "sftp", "ok": false, "tested_at": 1_790_000_000, "steps": [{"name": "address", "ok": true},
                {"name": "host_key", "ok": false, "message": "Compare it.", "fingerprint": fingerprint}]})
        };
        for size in SIZES {
            for (name, pinned, shown, words) in [
                ("new", "", CONFIRMED, "Is this Ordergroove's server?"),
                ("changed", CONFIRMED, OTHER, "The key of the server has changed"),
            ] {
                let answers = [
                    ("GET settings", 200, settings(pinned)),
                    ("GET feeds", 200, feeds(&Value::Null, &[], &[], pinned)),
                    ("POST connections/sftp", 200, tested(shown)),
                ];
                let browser = open(&app, size, "/feeds", &answers).await;
                browser.press("Test SFTP").await;
                browser.find("#compare-key").await;
                browser.picture(&format!("feeds-key-{name}")).await;
                browser.click("#compare-key").await;
                browser.text_with("[role=dialog]", words).await;
                browser.text_with("[data-test=fingerprint]", shown).await;
                browser.picture(&format!("feeds-key-{name}-asked")).await;
                browser.close().await;
            }
        }
    });
}
