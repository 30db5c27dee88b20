//! The states of exports and changes that pass too soon to be met: the service's answers are made up in the browser.

use serde_json::{Value, json};

use crate::browser_states::{SIZES, broken, open};
use crate::support::{App, World, run};

fn change(part: &Value) -> Value {
    let mut change = json!({"id": 5, "kind": "import", "file_name": "products.csv", "file_bytes": 38_211,
        "user": {"id": 7, "email": "owner@shop.example"}, "created_at": 1_790_000_000, "state": "ready",
        "done": 38_211, "total": 38_211, "rows": 82, "faults": 0, "changed": 0, "unchanged": 82, "made_eligible": 0,
        "made_not_eligible": 0, "applied_at": null, "undone_at": null, "can_undo": false, "message": ""});
    change.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
    change
}

#[test]
fn a_change_stands_in_words() {
    run(async {
        let app = App::configured(World::shared().await).await;
        let states = [
            ("checking", json!({"state": "checking", "done": 12_000}), "12 KB of 37 KB checked"),
            (
                "checking-rule",
                json!({"kind": "fill", "file_name": null, "state": "checking", "done": 1200, "total": 5000}),
                "1,200 of 5,000 products looked at",
            ),
            ("nothing", json!({}), "Nothing would change"),
            ("failed", json!({"state": "failed", "message": "The file is no table."}), "The file is no table."),
            ("cancelled", json!({"state": "cancelled"}), "It was thrown away."),
        ];
        for size in SIZES {
            for (name, part, words) in &states {
                let answers = [("GET changes/5", 200, change(part))];
                let browser = open(&app, size, "/changes/5", &answers).await;
                browser.says(words).await;
                browser.picture(&format!("change-{name}")).await;
                browser.close().await;
            }
            let browser = open(&app, size, "/changes/5", &[("GET changes/5", 200, Value::Null)]).await;
            browser.find("main [role=status]").await;
            browser.picture("change-loading").await;
            browser.close().await;
            let browser = open(&app, size, "/changes/5", &[("GET changes/5", 500, broken())]).await;
            browser.says("Request id: 8f2a61c0b7d94e13").await;
            browser.picture("change-not-loaded").await;
            browser.close().await;
        }
    });
}

#[test]
fn a_change_that_is_not_there_says_so() {
    run(async {
        let app = App::configured(World::shared().await).await;
        let browser = open(&app, SIZES[0], "/changes/4711", &[]).await;
        browser.says("That did not work").await;
        browser.press("Back to Import & export").await;
        browser.says("No products were changed yet.").await;
        browser.close().await;
    });
}

#[test]
fn exports_stand_in_words_and_a_long_history_comes_in_pages() {
    run(async {
        let app = App::configured(World::shared().await).await;
        let export = |id: u32, state: &str| {
            json!({"id": id, "state": state, "done": 30, "total": 82, "bytes": 1_500_000,
                "user": {"id": 7, "email": "owner@shop.example"}, "created_at": 1_790_000_000, "message": ""})
        };
        let exports = json!({"exports": [export(3, "writing"), export(2, "ready"), export(1, "failed")]});
        let page = |newest: u32, next: Value| {
            let changes: Vec<Value> = (0..20).map(|age| change(&json!({"id": newest - age, "changed": 3}))).collect();
            json!({"changes": changes, "next": next})
        };
        let busy = json!({"status": 409, "code": "conflict", "detail": "Another file is being checked.",
            "request_id": "8f2a61c0b7d94e13"});
        for size in SIZES {
            let answers = [
                ("GET exports", 200, exports.clone()),
                ("GET changes", 200, page(60, json!(41))),
                ("GET changes?before", 200, page(40, Value::Null)),
                ("DELETE exports", 409, busy.clone()),
            ];
            let browser = open(&app, size, "/import-export", &answers).await;
            browser.says("30 of 82 products").await;
            browser.says("By owner@shop.example, 1.4 MB").await;
            browser.says("It could not be written.").await;
            browser.says("20 changes shown.").await;
            browser.is_accessible("exports").await;
            browser.press("Show older changes").await;
            browser.says("40 changes shown.").await;
            browser.press("Delete").await;
            browser.says("Another file is being checked.").await;
            browser.close().await;

            let browser =
                open(&app, size, "/import-export", &[("GET changes", 500, broken()), ("GET exports", 500, broken())])
                    .await;
            browser.says("Request id: 8f2a61c0b7d94e13").await;
            browser.picture("import-export-failed").await;
            browser.run("window.honest = true").await;
            browser.press("Try again").await;
            browser.says("There are no exports yet.").await;
            browser.close().await;
        }
    });
}
