//! Saying in the console that a product is no longer sold: requirement D1.

use serde_json::json;

use crate::browser_states::{SIZES, broken, open};
use crate::feeds::{path, ready, sent};
use crate::products::named;
use crate::support::feed_file::{FeedFile, FeedItem};
use crate::support::{App, World, run};

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";

/// Has several variants.
const PRODUCT: &str = "Coffee by weight";

/// Of the product: how many items the next feed has, and how many of them it says are discontinued.
async fn told(app: &App<'_>, session: &str, user: &str, product: u64) -> (usize, usize) {
    assert_eq!(sent(app, session).await["state"], "delivered");
    let feed = FeedFile::read(&app.world.sandbox.sftp().file(user, &path(app)).unwrap());
    let is_discontinued = |item: &&FeedItem| item.get("discontinued").is_some_and(|told| told == "1");
    let discontinued = feed.of_product(product).filter(is_discontinued).count();
    assert_eq!(feed.items().filter(is_discontinued).count(), discontinued, "no other product");
    (feed.of_product(product).count(), discontinued)
}

#[test]
fn a_product_is_marked_as_discontinued_after_a_question_and_taken_back() {
    run(async {
        for size in SIZES {
            let (app, session, user) = ready(World::shared().await).await;
            let id = named(&app, &session, PRODUCT).await["id"].as_u64().unwrap();
            let variants = app.world.sandbox.product(&app.store, id).unwrap().variants.len();
            let button = format!("product-{id}-discontinue");
            let browser = open(&app, size, &format!("/products?search={id}"), &[]).await;

            // By keyboard alone: asked, refused, asked again, agreed.
            browser.walk_to(&format!("#{button}"), TAB).await;
            browser.keys(ENTER).await;
            let asked = browser.text_with("[role=dialog]", "cancels every subscription to this product").await;
            assert!(asked.contains(PRODUCT) && asked.contains("next feed that is delivered"), "{asked}");
            browser.picture("products-discontinue").await;
            browser.answer("Not now").await;
            browser.focus_is_at(&button).await;
            assert_eq!(named(&app, &session, PRODUCT).await["discontinued"], false);
            browser.keys(ENTER).await;
            browser.find("[role=dialog]").await;
            for _ in 0..5 {
                if browser.run("return document.activeElement.textContent").await == "Mark as discontinued" {
                    break;
                }
                browser.keys(TAB).await;
            }
            browser.keys(ENTER).await;
            browser.says(&format!("“{PRODUCT}” is marked as discontinued.")).await;
            browser.text_with(&format!("#product-{id}"), "DISCONTINUED").await;
            browser.focus_is_at(&button).await;
            browser.picture("products-discontinued").await;
            assert_eq!(told(&app, &session, &user, id).await, (variants, variants));

            // Whoever comes next finds it, and can take it back.
            browser
                .goto(
                    app.world
                        .sandbox
                        .deep_link(&app.store, &app.client_id, 7, &format!("/products?search={id}"))
                        .as_str(),
                )
                .await;
            browser.text_with(&format!("#product-{id}"), "DISCONTINUED").await;
            browser.press("Take it back").await;
            browser.says(&format!("“{PRODUCT}” is no longer marked as discontinued.")).await;
            browser.press("Mark as discontinued").await;
            browser.answer("Not now").await;
            assert_eq!(told(&app, &session, &user, id).await, (variants, 0));

            // The history says who did.
            browser.press("Settings").await;
            let history = format!("“{PRODUCT}” (id {id}) was marked as discontinued.");
            browser.text_with("[aria-labelledby=history]", &history).await;
            browser.is_quiet().await;
            browser.close().await;
        }
    });
}

#[test]
fn a_mark_that_could_not_be_set_says_so_and_is_not_shown() {
    run(async {
        let (app, session, _) = ready(World::shared().await).await;
        let id = named(&app, &session, PRODUCT).await["id"].clone();
        for size in SIZES {
            let pretended = [("PUT products", 500, broken())];
            let browser = open(&app, size, &format!("/products?search={id}"), &pretended).await;
            browser.press("Mark as discontinued").await;
            browser.answer("Mark as discontinued").await;
            browser.text_with(&format!("#product-{id}"), "Something went wrong on our side.").await;
            let shown = browser.find(&format!("#product-{id}")).await.text().await.unwrap();
            assert!(!shown.contains("DISCONTINUED"), "{shown}");
            browser.picture("products-discontinue-failed").await;
            assert_eq!(named(&app, &session, PRODUCT).await["discontinued"], json!(false));
            browser.run("window.honest = true").await;
            browser.press("Mark as discontinued").await;
            browser.answer("Mark as discontinued").await;
            browser.text_with(&format!("#product-{id}"), "DISCONTINUED").await;
            browser.press("Take it back").await;
            browser.says("is no longer marked as discontinued.").await;
            browser.close().await;
        }
    });
}
