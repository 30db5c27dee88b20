//! Every state of the products' page: while the catalogue is read, when there is nothing, and when something fails.

use sandbox::{Fault, FaultKind, Route};
use serde_json::{Value, json};

use crate::browser_states::{SIZES, broken, open};
use crate::products::{in_demo_store, synced};
use crate::support::browser::Browser;
use crate::support::{App, World, run};

/// How reading stands, as the service would say it.
fn sync(part: &Value) -> Value {
    let mut sync = json!({"state": "done", "kind": "full", "phase": "options", "done": 82, "total": 82, "per_second": null,
        "seconds_left": null, "estimate_seconds": 2520, "started_at": 1_790_000_000, "finished_at": 1_790_000_100,
        "products": 82, "changed": 0, "gone": 0, "message": ""});
    sync.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
    sync
}

fn nothing(all: u32) -> Value {
    json!({"products": [], "total": 0, "page": 1, "limit": 25, "sync": sync(&json!({})),
        "counts": {"all": all, "eligible": 0, "attention": 0, "no_options": 0}})
}

#[test]
fn reading_is_seen_from_the_first_product_on_and_can_be_stopped() {
    run(async {
        let world = World::shared().await;
        for size in SIZES {
            let app = App::registered(world).await;
            world.sandbox.generate_products(&app.store, 2_000, 6);
            world.sandbox.set_fault(&app.store, Route::Products, Some(Fault::always(FaultKind::Slow { ms: 300 })));
            let session = app.install().await;
            let browser = open(&app, size, "/products", &[]).await;
            browser.find("[role=progressbar]").await;
            browser.text_with("#sync", "Reading your products from BigCommerce").await;
            // What is known can be worked with.
            browser.text_with("#sync", "Reading the options of your products").await;
            browser.text_with("[data-test=sync-progress]", " of 2,000").await;
            browser.find("[data-product]").await;
            browser.text_with("#sync", "left").await;
            browser.press("Cancel").await;
            browser.attribute_is("#sync", "data-sync", "cancelled").await;
            browser.focus_is_at("sync-button").await;
            browser.text_with("#sync", "2,000 products are known. Reading them was cancelled").await;
            world.sandbox.set_fault(&app.store, Route::Products, None);
            browser.press("Read again").await;
            browser.attribute_is("#sync", "data-sync", "done").await;
            browser.text_with("#sync", "2,000 products are known, read").await;
            assert_eq!(synced(&app, &session).await["state"], "done");
            browser.is_quiet().await;
            browser.close().await;
        }
    });
}

#[test]
fn how_reading_stands_is_told_in_words() {
    run(async {
        let (app, _) = in_demo_store(World::shared().await).await;
        let states = [
            (
                "running",
                json!({"state": "running", "done": 30_000, "total": 100_000, "per_second": 12.5, "seconds_left": 5600, "products": 100_000, "finished_at": null}),
                "30,000 of 100,000 · 13 a second · about 93 minutes left",
            ),
            (
                "waiting",
                json!({"state": "waiting", "done": 10, "total": 82, "finished_at": null, "message": "BigCommerce is not answering. We try again in a minute."}),
                "BigCommerce is not answering.",
            ),
            (
                "failed",
                json!({"state": "failed", "message": "BigCommerce refused the app. Install it again."}),
                "BigCommerce refused the app.",
            ),
            (
                "never",
                json!({"state": "never", "products": 0, "finished_at": null, "started_at": null}),
                "Read my products",
            ),
            ("done", json!({}), "Reading all of them takes about 42 minutes."),
        ];
        for size in SIZES {
            for (name, part, words) in &states {
                let browser = open(&app, size, "/products?search=granola", &[("GET sync", 200, sync(part))]).await;
                browser.text_with("#sync", words).await;
                browser.find("[data-product]").await;
                browser.picture(&format!("products-sync-{name}")).await;
                browser.close().await;
            }
        }
    });
}

#[test]
fn products_that_are_not_there_or_not_loaded_are_told_as_such() {
    run(async {
        let (app, _) = in_demo_store(World::shared().await).await;
        let cases: [(&str, &str, u16, Value, &str); 4] = [
            ("loading", "/products", 200, Value::Null, "Loading your products"),
            ("none", "/products", 200, nothing(0), "No products yet"),
            ("no-match", "/products?search=zebra", 200, nothing(82), "No product matches"),
            ("failed", "/products", 500, broken(), "Request id: 8f2a61c0b7d94e13"),
        ];
        for size in SIZES {
            for (name, path, status, body, words) in &cases {
                let browser = open(&app, size, path, &[("GET products?", *status, body.clone())]).await;
                says_somewhere(&browser, words).await;
                browser.picture(&format!("products-{name}")).await;
                if *name == "failed" {
                    browser.run("window.honest = true").await;
                    browser.press("Try again").await;
                    browser.find("[data-product]").await;
                }
                browser.close().await;
            }
        }
    });
}

/// Also what only a screen reader says.
async fn says_somewhere(browser: &Browser, words: &str) {
    let found = format!("return document.body.textContent.includes({})", json!(words));
    crate::support::eventually(words, || async { (browser.run(&found).await == true).then_some(()) }).await;
}

#[test]
fn names_and_modifiers_of_every_kind_have_room() {
    run(async {
        let (app, _) = in_demo_store(World::shared().await).await;
        for size in SIZES {
            for (name, search, words) in [
                ("long-name", "goes on and on", "A coffee whose name goes on"),
                ("unbroken-name", "長い名前", "長い名前"),
                ("attention", "must be chosen", "marked as required"),
                ("many-options", "for each week", "Show 46 more options"),
                ("no-options", "gooseneck", "No subscription options."),
            ] {
                let browser = open(&app, size, &format!("/products?search={search}"), &[]).await;
                browser.text_with("[data-product]", words).await;
                browser.picture(&format!("products-{name}")).await;
                browser.close().await;
            }
            let browser = open(&app, size, "/products?limit=250", &[]).await;
            browser.text_with("[data-test=found]", "82 products").await;
            browser.is_accessible("all products of the demo store").await;
            browser.is_quiet().await;
            browser.close().await;
        }
    });
}
