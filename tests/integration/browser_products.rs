//! Deciding in the console what can be subscribed to: requirements C1, C5 and C6.

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser_states::{SIZES, open};
use crate::products::{in_demo_store, named, synced};
use crate::support::browser::Browser;
use crate::support::{App, World, eventually, run};

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const DOWN: &str = "\u{e015}";
const SPACE: &str = " ";

/// The product's id, and its option's by name.
async fn ids(app: &App<'_>, session: &str, name: &str) -> (u64, impl Fn(&str) -> u64) {
    let product = named(app, session, name).await;
    let id = product["id"].as_u64().unwrap();
    let option = move |label: &str| {
        let options = product["options"].as_array().unwrap();
        options.iter().find(|option| option["name"] == label).unwrap()["option_id"].as_u64().unwrap()
    };
    (id, option)
}

/// Opens the products that a search finds.
async fn open_found(app: &App<'_>, size: (u32, u32), search: &str) -> Browser {
    let browser = open(app, size, &format!("/products?search={}", search.replace(' ', "%20")), &[]).await;
    browser.find("[data-product]").await;
    browser
}

async fn search(browser: &Browser, words: &str) {
    browser.fill("#products-search", words).await;
}

/// What an option of a product says in force.
async fn plan(app: &App<'_>, session: &str, name: &str, option: &str) -> Value {
    let product = named(app, session, name).await;
    let found = product["options"].as_array().unwrap().iter().find(|each| each["name"] == option).unwrap();
    json!([product["eligible"], found["every"], found["every_period"], found["is_default"]])
}

#[test]
fn a_product_is_offered_by_keyboard_alone() {
    run(async {
        let (app, session) = in_demo_store(World::shared().await).await;
        let (id, option) = ids(&app, &session, "Green tea sachets").await;
        for (size, every) in SIZES.into_iter().zip([3, 5]) {
            let browser = open_found(&app, size, "green tea").await;
            browser.picture("products").await;
            let field = |name: &str| format!("product-{id}-{name}");
            let weekly = option("Every week");
            browser.run(&format!("document.getElementById('{}').focus()", field("offer"))).await;
            if every == 3 {
                // On, and filled in from what the names say.
                browser.keys(SPACE).await;
                browser.keys(TAB).await;
                browser.keys(ENTER).await;
                browser.focus_is_at(&field("offer")).await;
            } else {
                // The second time the product is offered and has its frequencies.
                browser.attribute_is(&format!("#{}", field("offer")), "checked", "true").await;
            }
            browser.walk_to(&format!("#{}", field(&format!("{weekly}-every"))), TAB).await;
            browser.keys(&format!("\u{e009}a\u{e009}{every}")).await;
            browser.keys(TAB).await;
            browser.keys("mo").await;
            browser.keys(TAB).await;
            browser.keys(DOWN).await;
            browser.says("1 product is not saved yet").await;
            browser.picture("products-unsaved").await;
            // Enter in a field saves.
            browser.run(&format!("document.getElementById('{}').focus()", field(&format!("{weekly}-every")))).await;
            browser.keys(ENTER).await;
            browser.says("1 product is saved.").await;
            let expected = if every == 3 { json!([true, 3, 3, false]) } else { json!([true, 5, 3, false]) };
            assert_eq!(plan(&app, &session, "Green tea sachets", "Every week").await, expected);
            browser.picture("products-saved").await;
            browser.is_quiet().await;
            browser.close().await;
        }
        assert_eq!(plan(&app, &session, "Green tea sachets", "Every 2 weeks").await, json!([true, 2, 2, true]));
    });
}

#[test]
fn what_is_shown_is_in_the_address_and_edits_stay_while_one_looks_around() {
    run(async {
        let (app, session) = in_demo_store(World::shared().await).await;
        let (granola, _) = ids(&app, &session, "Oat granola").await;
        let browser = open(&app, SIZES[0], "/products?search=granola", &[]).await;
        browser.says("1 product matches").await;
        assert_eq!(browser.value("#products-search").await, "granola", "a deep link is taken at its word");
        browser.press("Fill in from the names").await;
        browser.says("1 product is not saved yet").await;

        // Filtered, then searched, then back again: the address and the page agree.
        let address = async || browser.client.current_url().await.unwrap().query().unwrap_or("").to_owned();
        browser.choose("#products-show", "no_options").await;
        browser.says("No product matches").await;
        assert_eq!(address().await, "search=granola&show=no_options");
        browser.press("Show all products").await;
        browser.text_with("[data-test=found]", "1 to 25 shown").await;
        assert_eq!(address().await, "");
        browser.press("Next").await;
        browser.text_with("[data-test=found]", "26 to 50 shown").await;
        browser.focus_is_at("product-list").await;
        assert_eq!(address().await, "page=2");
        search(&browser, "DEMO-00").await;
        browser.text_with("[data-test=found]", "9 products match").await;
        assert_eq!(address().await, "search=DEMO-00");
        browser.client.back().await.unwrap();
        browser.text_with("[data-test=found]", "26 to 50 shown").await;
        assert_eq!(browser.value("#products-search").await, "");
        browser.choose("#products-sort", "-id").await;
        let newest = named(&app, &session, "Our best roast").await["id"].as_u64().unwrap();
        browser.text_with("[data-product]", "Our best roast").await;
        assert!(browser.find("[data-product]").await.attr("id").await.unwrap().unwrap().ends_with(&newest.to_string()));

        // The edit is still there, and is asked about before it is left behind.
        browser.says("1 product is not saved yet").await;
        browser.press("Settings").await;
        browser.says("You changed products and did not save them yet.").await;
        browser.press("Stay here").await;
        browser.lacks("[role=dialog]").await;
        search(&browser, &granola.to_string()).await;
        browser.text_with(&format!("#product-{granola}"), "UNSAVED").await;
        browser.press("Save").await;
        browser.says("1 product is saved.").await;
        assert_eq!(plan(&app, &session, "Oat granola", "Every month").await, json!([false, 1, 3, false]));
        browser.press("Settings").await;
        browser.find("#sftp-username").await;
        browser.is_quiet().await;
        browser.close().await;
    });
}

#[test]
fn mistakes_are_told_at_their_field_and_off_the_page_by_a_list() {
    run(async {
        for size in SIZES {
            let (app, session) = in_demo_store(World::shared().await).await;
            let (granola, option) = ids(&app, &session, "Oat granola").await;
            let browser = open_found(&app, size, "granola").await;
            browser.click(&format!("#product-{granola}-offer")).await;
            browser.press("Save").await;
            let every = format!("product-{granola}-{}-every", option("Every 2 weeks"));
            browser.focus_is_at(&every).await;
            browser.attribute_is(&format!("#{every}"), "aria-invalid", "true").await;
            browser.says("Say how often this is delivered.").await;
            browser.picture("products-mistakes").await;

            // What only the service knows: nothing is saved, and it is found from another page.
            browser.press("Fill in from the names").await;
            browser.fill(&format!("#{every}"), "1001").await;
            search(&browser, "dog biscuits").await;
            browser.says("1 product matches").await;
            browser.press("Fill in from the names").await;
            browser.says("2 products are not saved yet").await;
            browser.press("Save").await;
            browser.says("1 product needs your attention.").await;
            browser.focus_is_at("save-outcome").await;
            browser.picture("products-mistake-elsewhere").await;
            assert_eq!(plan(&app, &session, "Dog biscuits", "Every month").await, json!([false, 0, 0, false]));
            browser.press("Oat granola").await;
            browser.says("Deliver at least once in 1000 periods.").await;
            assert_eq!(browser.value(&format!("#{every}")).await, "1001", "nothing typed is lost");
            browser.fill(&format!("#{every}"), "4").await;
            browser.press("Save").await;
            browser.says("2 products are saved.").await;
            assert_eq!(plan(&app, &session, "Oat granola", "Every 2 weeks").await, json!([true, 4, 2, false]));
            browser.is_quiet().await;
            browser.close().await;
        }
    });
}

#[test]
fn two_people_edit_the_same_product_and_one_chooses() {
    run(async {
        for size in SIZES {
            let (app, session) = in_demo_store(World::shared().await).await;
            let browser = open_found(&app, size, "granola").await;
            let (granola, option) = ids(&app, &session, "Oat granola").await;
            let (weeks, month) = (option("Every 2 weeks"), option("Every month"));
            for (choice, mine) in [("Keep mine", "7"), ("Take what is there now", "6")] {
                browser.fill(&format!("#product-{granola}-{weeks}-every"), mine).await;
                browser.choose(&format!("#product-{granola}-{weeks}-period"), "1").await;

                let theirs = named(&app, &session, "Oat granola").await;
                let other = if theirs["options"][2]["every"] == 8 { 9 } else { 8 };
                let edit = json!({"products": [{"id": granola, "revision": theirs["revision"], "eligible": false, "options": [
                    {"option_id": weeks, "every": 2, "every_period": 2, "is_default": true},
                    {"option_id": month, "every": other, "every_period": 3},
                ]}]});
                let answer = app.console_at(&session, Method::PATCH, "products").json(&edit).send().await.unwrap();
                assert_eq!(answer.status(), 200);

                browser.press("Save").await;
                browser.says("1 product was changed by somebody else or in BigCommerce.").await;
                browser.text_with("[data-moved]", &format!("Every month: every {other} months")).await;
                assert_eq!(browser.value(&format!("#product-{granola}-{month}-every")).await, other.to_string());
                assert_eq!(browser.value(&format!("#product-{granola}-{weeks}-every")).await, mine, "mine is kept");
                browser.picture("products-changed-meanwhile").await;
                browser.press(choice).await;
                browser.focus_is_at(&format!("product-{granola}-offer")).await;
                browser.lacks("[data-moved]").await;
                if choice == "Keep mine" {
                    browser.press("Save").await;
                    browser.says("1 product is saved.").await;
                    let kept = plan(&app, &session, "Oat granola", "Every 2 weeks").await;
                    assert_eq!(kept, json!([false, 7, 1, true]));
                }
            }
            assert_eq!(browser.value(&format!("#product-{granola}-{weeks}-every")).await, "2");
            browser.is_quiet().await;
            browser.close().await;
        }
    });
}

#[test]
fn many_products_are_filled_in_and_offered_at_once_and_seen_before_they_are_saved() {
    run(async {
        for size in SIZES {
            let (app, session) = in_demo_store(World::shared().await).await;
            let browser = open_found(&app, size, "coffee").await;
            let found = app.read(&session, "products?search=coffee&limit=25").await;
            let found = found["products"].as_array().unwrap();
            browser.click("#select-page").await;
            browser.text_with("[data-test=selected]", &format!("{} products selected", found.len())).await;
            browser.press("Fill in the obvious").await;
            browser.text_with("[data-test=bulk-result]", "filled in. Look at them, then save.").await;
            let (house, option) = ids(&app, &session, "House blend coffee, 1 kg").await;
            search(&browser, "house blend").await;
            browser.says("1 product matches").await;
            let month = format!("#product-{house}-{}", option("Every month"));
            assert_eq!(browser.value(&format!("{month}-every")).await, "1");
            assert_eq!(browser.value(&format!("{month}-period")).await, "3");
            assert_eq!(app.read(&session, "products?show=eligible").await["total"], 0, "nothing is saved yet");

            // What is selected stays selected while one looks around.
            browser.text_with("[data-test=selected]", &format!("{} products selected", found.len())).await;
            browser.press("Offer").await;
            browser.text_with("[data-test=bulk-result]", "will be offered once you save.").await;
            browser.picture("products-many").await;
            browser.press("Save").await;
            browser.says("products are saved.").await;
            let offered = app.read(&session, "products?show=eligible&limit=250").await;
            assert_eq!(offered["total"].as_u64().unwrap(), found.len() as u64);
            assert_eq!(offered["counts"]["attention"], app.read(&session, "products").await["counts"]["attention"]);
            browser.press("Stop offering").await;
            browser.press("Discard changes").await;
            browser.says("Your changes were discarded.").await;
            browser.is_quiet().await;
            browser.close().await;
        }
    });
}

#[test]
fn a_product_whose_option_went_away_is_put_right() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        let browser = open_found(&app, SIZES[0], "dog biscuits").await;
        browser.press("Fill in from the names").await;
        let (id, _) = ids(&app, &session, "Dog biscuits").await;
        browser.click(&format!("#product-{id}-offer")).await;
        browser.press("Save").await;
        browser.says("1 product is saved.").await;
        let modifier = named(&app, &session, "Dog biscuits").await["modifier"]["id"].as_u64().unwrap();
        world.sandbox.edit_modifier(&app.store, id, modifier, |modifier| drop(modifier.values.remove(1)));
        browser.press("Read again").await;
        browser.says("This product no longer has this option.").await;
        browser.picture("products-option-gone").await;
        browser.press("Go on without that option").await;
        browser.focus_is_at(&format!("product-{id}-offer")).await;
        browser.press("Save").await;
        browser.says("1 product is saved.").await;
        browser.lacks("[data-note=error]").await;
        synced(&app, &session).await;
        assert_eq!(named(&app, &session, "Dog biscuits").await["faults"], json!([]));
        browser.is_quiet().await;
        browser.close().await;
    });
}

#[test]
fn edits_outlive_a_session_that_ended() {
    run(async {
        let (app, _) = in_demo_store(World::shared().await).await;
        let over = json!({"status": 401, "code": "session_ended", "detail": "Your session has ended."});
        let browser = open(&app, SIZES[1], "/products?search=granola", &[("PATCH products", 401, over)]).await;
        browser.press("Fill in from the names").await;
        browser.press("Save").await;
        browser.says("Your session has ended").await;
        browser.goto(app.world.sandbox.deep_link(&app.store, &app.client_id, 7, "/").as_str()).await;
        browser.says("You edited products on").await;
        browser.picture("products-draft").await;
        browser.run("window.honest = true").await;
        browser.press("Go to the products").await;
        browser.press("Put them back").await;
        browser.press("Save").await;
        browser.says("1 product is saved.").await;
        let session = app.load(7).await;
        eventually("the edit is saved", || async {
            (plan(&app, &session, "Oat granola", "Every month").await == json!([false, 1, 3, false])).then_some(())
        })
        .await;
        browser.close().await;
    });
}
