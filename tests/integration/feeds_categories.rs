//! Category feeds from the console to the server: requirement D2.

use std::collections::BTreeSet;

use reqwest::Method;
use sandbox::{Category, Product};
use serde_json::{Value, json};

use crate::feeds::{begin, change, counts, ended, merchant, path, ready, rows, sent};
use crate::support::app::refused;
use crate::support::feed_file::{FeedFile, categories, xmllint_categories};
use crate::support::{App, World, eventually, run};

/// Where the category feed of this app's lies.
pub fn categories_path(app: &App<'_>) -> String {
    format!("/incoming/{}.Categories.xml", merchant(app))
}

/// As [`ready`], with category feeds switched on.
pub async fn ready_for_categories(world: &World) -> (App<'_>, String, String) {
    let (app, session, user) = ready(world).await;
    change(&app, &session, json!({"feeds": {"categories": true}})).await;
    (app, session, user)
}

/// The category feed after a product feed.
pub async fn follower(app: &App<'_>, session: &str, products: &Value) -> Value {
    eventually("a category feed follows", || async {
        let feeds = app.read(session, "feeds").await;
        let runs = feeds["runs"].as_array().unwrap();
        runs.iter().find(|run| run["feed"] == "categories" && run["id"].as_i64() > products["id"].as_i64()).cloned()
    })
    .await
}

/// A product feed, and the category feed after it, when nothing more happens to either.
pub async fn both(app: &App<'_>, session: &str, send_unchanged: bool) -> (Value, Value) {
    let products = begin(app, session, send_unchanged).await;
    let products = ended(app, session, &products).await;
    let categories = follower(app, session, &products).await;
    let categories = ended(app, session, &categories).await;
    (products, categories)
}

fn states((products, categories): &(Value, Value)) -> [&str; 2] {
    [products["state"].as_str().unwrap(), categories["state"].as_str().unwrap()]
}

#[test]
fn none_is_sent_until_somebody_switches_it_on() {
    run(async {
        let world = World::shared().await;
        let (app, session, user) = ready(world).await;
        assert_eq!(app.read(&session, "settings").await["feeds"]["categories"], false);
        assert_eq!(sent(&app, &session).await["state"], "delivered");
        let feeds = app.read(&session, "feeds").await;
        assert_eq!((feeds["runs"].as_array().unwrap().len(), &feeds["run"]), (1, &json!(null)), "{feeds}");
        assert_eq!(world.sandbox.sftp().files(&user), [path(&app)]);
        let asked = |route| {
            world.sandbox.requests().iter().filter(|call| call.scope == app.store && call.route == route).count()
        };
        assert_eq!((asked(sandbox::Route::Trees), asked(sandbox::Route::Categories)), (0, 0));

        for wrong in [json!("true"), json!(1), json!({})] {
            let body = json!({"feeds": {"categories": wrong}});
            let answer = app.console(&session, Method::PATCH).json(&body).send().await.unwrap();
            let errors = refused(answer, 422, "invalid_settings").await;
            assert_eq!(errors["errors"][0]["field"], "feeds.categories", "{wrong}: {errors}");
        }
        let saved = change(&app, &session, json!({"feeds": {"categories": true}})).await;
        assert_eq!(saved["feeds"]["categories"], true);
        let log = app.read(&session, "audit").await;
        let noted = &log["entries"][0];
        assert_eq!(
            (&noted["field"], &noted["before"], &noted["after"], &noted["user"]["id"]),
            (&json!("feeds.categories"), &json!("false"), &json!("true"), &json!(7)),
            "{log}"
        );
        assert_eq!(states(&both(&app, &session, false).await), ["unchanged", "delivered"]);
        assert_eq!(world.sandbox.sftp().files(&user).len(), 2);
        change(&app, &session, json!({"feeds": {"categories": false}})).await;
        let last = sent(&app, &session).await;
        let feeds = app.read(&session, "feeds").await;
        assert_eq!((&feeds["runs"][0]["id"], &feeds["run"]), (&last["id"], &json!(null)), "off is off: {feeds}");
    });
}

#[test]
fn a_category_feed_names_the_products_of_the_product_feed_and_reaches_the_server_whole() {
    run(async {
        let world = World::shared().await;
        let (app, session, user) = ready_for_categories(world).await;
        let sftp = world.sandbox.sftp();
        let other = Category { name: "Of another storefront".into(), tree_id: 2, ..Category::default() };
        world.sandbox.put_category(&app.store, other);
        let empty = world.sandbox.put_category(&app.store, Category { name: "Empty".into(), ..Category::default() });
        let (products, run) = both(&app, &session, false).await;
        assert_eq!((&run["state"], &run["message"], &run["cause"]), (&json!("delivered"), &json!(""), &json!("hand")));
        assert_eq!((&run["user"]["id"], &run["notes"]), (&json!(7), &json!([])));
        assert_eq!(run["file"], format!("{}.Categories.xml", merchant(&app)));
        let mut files = sftp.files(&user);
        files.sort();
        assert_eq!(files, [categories_path(&app), path(&app)], "nothing beside them");
        let there = sftp.file(&user, &categories_path(&app)).expect("the category feed");
        let download = app.console_at(&session, Method::GET, &format!("feeds/runs/{}/file", run["id"]));
        assert_eq!(download.send().await.unwrap().bytes().await.unwrap(), there, "the same bytes in the console");
        let sha256 = crate::feeds::sha256(&there);
        assert_eq!((run["bytes"].as_u64(), run["sha256"].as_str()), (Some(there.len() as u64), Some(&*sha256)));
        xmllint_categories(&there);
        assert!(there.is_ascii());

        // Each category has the products that are in it and in the product feed, under the same ids.
        let feed = FeedFile::read(&sftp.file(&user, &path(&app)).unwrap());
        assert_eq!(feed.len() as u64, products["items"].as_u64().unwrap());
        let told = categories(&there);
        let named: Vec<(u64, &str)> = told.iter().map(|(id, name, _)| (*id, name.as_str())).collect();
        assert_eq!(named[..3], [(23, "Shop all"), (24, "Coffee"), (25, "The & <tisanes>")]);
        assert_eq!((named[3].0, named[4..].to_vec()), (26, vec![(empty, "Empty")]));
        for (id, _, members) in &told {
            let is_in = |product: &u64| world.sandbox.product(&app.store, *product).unwrap().categories.contains(id);
            let listed = world.sandbox.product_ids(&app.store).into_iter().filter(is_in);
            let expected: BTreeSet<&str> =
                listed.flat_map(|product| feed.of_product(product)).map(|item| item["product_id"].as_str()).collect();
            assert_eq!(members.iter().map(String::as_str).collect::<BTreeSet<_>>(), expected, "{id}");
            assert_eq!(members.len(), expected.len(), "{id}: each once");
            assert_eq!(members.is_empty(), *id == empty, "{id}");
        }
        // What cannot be written is counted and listed with the reason.
        let left_out = rows(&app, &session, &run, "left-out").await;
        let [gift] = &left_out[..] else { panic!("{left_out:?}") };
        assert_eq!(
            (&gift["product_id"], &gift["variant_id"], &gift["name"]),
            (&json!(27), &json!(null), &json!("\u{1f381}"))
        );
        assert!(gift["reason"].as_str().unwrap().contains("Latin letters"), "{gift}");
        assert_eq!((&run["items"], &run["left_out"], counts(&run)), (&json!(5), &json!(1), [5, 0, 0]));
        let difference = rows(&app, &session, &run, "difference").await;
        let told: Vec<&str> = difference.iter().map(|row| row["name"].as_str().unwrap()).collect();
        assert_eq!(told, ["Shop all", "Coffee", "Thé & <tisanes>", "茶道具", "Empty"]);
        assert!(world.sandbox.refusals().iter().all(|call| call.scope != app.store), "{:?}", world.sandbox.refusals());
    });
}

#[test]
fn what_did_not_change_is_not_sent_and_what_did_is_told_by_category() {
    run(async {
        let world = World::shared().await;
        let (app, session, user) = ready_for_categories(world).await;
        let sftp = world.sandbox.sftp();
        assert_eq!(states(&both(&app, &session, false).await), ["delivered", "delivered"]);
        let logins = sftp.logins(&user);
        assert_eq!(states(&both(&app, &session, false).await), ["unchanged", "unchanged"]);
        assert_eq!(sftp.logins(&user), logins, "nobody called the server");
        assert_eq!(states(&both(&app, &session, true).await), ["delivered", "delivered"], "when asked to");

        world.sandbox.put_category(&app.store, Category { id: 24, name: "Kaffee".into(), ..Category::default() });
        let renamed = both(&app, &session, false).await;
        assert_eq!((states(&renamed), counts(&renamed.1)), (["unchanged", "delivered"], [0, 1, 0]));
        let file = || categories(&sftp.file(&user, &categories_path(&app)).unwrap());
        assert_eq!(file()[1].1, "Kaffee");

        // A product that moves to another category is the same product.
        let id = world.sandbox.product_ids(&app.store)[0];
        world.sandbox.edit_product(&app.store, id, |product| product.categories = vec![26]);
        let moved = both(&app, &session, false).await;
        assert_eq!((states(&moved), counts(&moved.1)), (["unchanged", "delivered"], [0, 2, 0]));
        let names = |category: usize| file()[category].2.iter().any(|member| member.starts_with(&format!("{id}_")));
        assert!(!names(0) && names(3));

        // One that cannot be in the product feed is in no category.
        world.sandbox.edit_product(&app.store, id, |product| product.images.clear());
        let unsendable = both(&app, &session, false).await;
        assert_eq!((states(&unsendable), counts(&unsendable.1)), (["delivered", "delivered"], [0, 1, 0]));
        assert!(!names(3));

        // Neither is one that is gone.
        let gone = world.sandbox.product_ids(&app.store)[1];
        world.sandbox.delete_product(&app.store, gone);
        assert_eq!(states(&both(&app, &session, false).await), ["delivered", "delivered"]);
        assert!(file().iter().flat_map(|category| &category.2).all(|member| !member.starts_with(&format!("{gone}_"))));

        // Half of the categories are gone: somebody has to look.
        let before = sftp.file(&user, &categories_path(&app));
        world.sandbox.delete_category(&app.store, 24);
        world.sandbox.delete_category(&app.store, 26);
        let (_, held) = both(&app, &session, false).await;
        assert_eq!((&held["state"], counts(&held)), (&json!("held"), [0, 0, 2]), "{held}");
        assert!(held["message"].as_str().unwrap().contains("2 categories, 2 fewer"), "{held}");
        assert_eq!(sftp.file(&user, &categories_path(&app)), before, "nothing was sent");
        let overview = app.read(&session, "overview").await;
        let check = overview["checks"].as_array().unwrap().iter().find(|check| check["id"] == "feeds").unwrap();
        assert_eq!(check["state"], "attention");
        assert!(check["message"].as_str().unwrap().starts_with("Category feed: "), "{check}");
        let confirm = format!("feeds/runs/{}/confirm", held["id"]);
        assert_eq!(app.console_at(&session, Method::POST, &confirm).send().await.unwrap().status(), 202);
        assert_eq!(ended(&app, &session, &held).await["state"], "delivered");
        assert_eq!(file().len(), 2);
    });
}

#[test]
fn a_large_category_and_many_small_ones_come_whole() {
    run(async {
        let world = World::shared().await;
        let (app, session, user) = ready_for_categories(world).await;
        let labels: Vec<String> = (0..600).map(|number| format!("No. {number}")).collect();
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        let product = |number: u64| Product {
            id: 1_000_000_000 + number,
            sku: format!("LARGE-{number}"),
            images: vec!["large.jpg".to_owned()],
            ..Product::named(&format!("Large {number}")).in_variants("Number", &labels)
        };
        world.sandbox.set_products(&app.store, (0..25).map(product).collect());
        for number in 0..600 {
            world.sandbox.put_category(&app.store, Category { name: format!("Small {number}"), ..Category::default() });
        }
        let run = begin(&app, &session, false).await;
        let products = long(&app, &session, &run).await;
        // What the demo store had is gone.
        assert_eq!((&products["state"], &products["items"]), (&json!("delivered"), &json!(15_000)), "{products}");
        let run = follower(&app, &session, &products).await;
        let run = long(&app, &session, &run).await;
        assert_eq!((&run["state"], &run["items"]), (&json!("delivered"), &json!(604)), "{run}");
        assert!(run["bytes"].as_u64().unwrap() > 512 * 1024, "more than a chunk: {run}");
        let file = world.sandbox.sftp().file(&user, &categories_path(&app)).unwrap();
        xmllint_categories(&file);
        let told = categories(&file);
        let feed = FeedFile::read(&world.sandbox.sftp().file(&user, &path(&app)).unwrap());
        let all: Vec<&str> = feed.items().map(|item| item["product_id"].as_str()).collect();
        assert_eq!((told[0].0, told[0].2.iter().map(String::as_str).collect::<Vec<_>>()), (23, all));
        assert_eq!((told.len(), told[603].1.as_str()), (604, "Small 599"));
        // However the file is cut into chunks, only what changed is told.
        let longer = Category { id: 23, name: "Shop all, as it is called from now on".into(), ..Category::default() };
        world.sandbox.put_category(&app.store, longer);
        let run = begin(&app, &session, false).await;
        let products = long(&app, &session, &run).await;
        let run = follower(&app, &session, &products).await;
        let run = long(&app, &session, &run).await;
        assert_eq!(
            (&products["state"], &run["state"], counts(&run)),
            (&json!("unchanged"), &json!("delivered"), [0, 1, 0])
        );
    });
}

/// [`ended`], for a feed that takes its time.
pub async fn long(app: &App<'_>, session: &str, run: &Value) -> Value {
    crate::support::wait::within(std::time::Duration::from_mins(3), "the feed comes to an end", || async {
        let run = app.read(session, &format!("feeds/runs/{}", run["id"])).await;
        ["held", "delivered", "unchanged", "failed"].contains(&run["state"].as_str().unwrap()).then_some(run)
    })
    .await
}

#[test]
fn by_ordergrooves_api_none_is_sent_and_the_run_says_so() {
    run(async {
        let world = World::shared().await;
        let (app, session, user) = ready_for_categories(world).await;
        app.configure(&session).await;
        let api = json!({"feeds": {"channel": "rest"}, "ordergroove": {"api_key": app.api_key}});
        let saved = change(&app, &session, api).await;
        assert_eq!(saved["feeds"]["categories"], true, "it is kept for the day it goes by SFTP again");
        let run = sent(&app, &session).await;
        assert_eq!(run["state"], "delivered", "{run}");
        assert!(run["notes"][0].as_str().unwrap().contains("REST API takes none"), "{run}");
        let feeds = app.read(&session, "feeds").await;
        assert_eq!((feeds["runs"].as_array().unwrap().len(), &feeds["run"]), (1, &json!(null)), "{feeds}");
        assert_eq!(world.sandbox.sftp().logins(&user), 0);
    });
}
