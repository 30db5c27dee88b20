//! The reading of the catalogue when BigCommerce, the machine or the catalogue itself does not hold still.

use std::cell::Cell;
use std::time::Duration;

use reqwest::Method;
use sandbox::{CatalogChange, Fault, FaultKind, Modifier, NewStore, Product, Route};
use serde_json::{Value, json};

use crate::products::{all, in_demo_store, named, synced};
use crate::support::wait::within;
use crate::support::{App, World, eventually, run};

/// What is known of each product, without what may differ between two readings of the same catalogue.
async fn known(app: &App<'_>, session: &str) -> Vec<Value> {
    let mut products = all(app, session).await;
    for product in &mut products {
        product["revision"] = Value::Null;
    }
    products
}

async fn start(app: &App<'_>, session: &str) {
    let answer = app.console_at(session, Method::POST, "sync").send().await.unwrap();
    assert_eq!(answer.status(), 202);
}

async fn until_state(app: &App<'_>, session: &str, state: &str) -> Value {
    eventually(state, || async {
        let sync = app.read(session, "sync").await;
        (sync["state"] == state).then_some(sync)
    })
    .await
}

/// Lets so many seconds pass at the Worker. Sessions end meanwhile.
async fn pass(world: &World, ahead: &Cell<i64>, seconds: i64) {
    ahead.set(ahead.get() + seconds);
    world.worker.set_ahead(ahead.get()).await;
    world.worker.cron().await;
}

#[test]
fn whatever_bigcommerce_answers_the_reading_ends_right() {
    run(async {
        let world = World::start().await;
        let (app, session) = in_demo_store(&world).await;
        let expected = known(&app, &session).await;
        let ahead = Cell::new(0);
        let faults = [
            FaultKind::TooMany { with_headers: true },
            FaultKind::TooMany { with_headers: false },
            FaultKind::Status { code: 500 },
            FaultKind::Status { code: 401 },
            FaultKind::Truncated,
            FaultKind::Garbage,
            FaultKind::Redirect { to: "https://example.com/".to_owned() },
            FaultKind::Close,
        ];
        for fault in faults {
            // Both what is listed and what is asked for by name goes wrong, more than once.
            for phase in ["products", "options"] {
                let case = format!("{fault:?} while reading {phase}");
                let session = app.load(7).await;
                let broken = Some(Fault::always(fault.clone()));
                if phase == "options" {
                    world.sandbox.set_fault(
                        &app.store,
                        Route::Products,
                        Some(Fault::always(FaultKind::Slow { ms: 300 })),
                    );
                    start(&app, &session).await;
                    eventually("the list is read", || async {
                        (app.read(&session, "sync").await["phase"] == "options").then_some(())
                    })
                    .await;
                    world.sandbox.set_fault(&app.store, Route::Products, broken);
                } else {
                    world.sandbox.set_fault(&app.store, Route::Products, broken);
                    start(&app, &session).await;
                }
                let waiting = until_state(&app, &session, "waiting").await;
                world.sandbox.set_fault(&app.store, Route::Products, None);
                assert!(waiting["message"].as_str().unwrap().contains("BigCommerce"), "{case}: {waiting}");
                let done = within(Duration::from_mins(1), &case, || async {
                    pass(&world, &ahead, 700).await;
                    let session = app.load(7).await;
                    let sync = app.read(&session, "sync").await;
                    (sync["state"] == "done").then_some(sync)
                });
                let done = done.await;
                assert_eq!((&done["message"], &done["gone"]), (&json!(""), &json!(0)), "{case}: {done}");
                let session = app.load(7).await;
                assert_eq!(known(&app, &session).await, expected, "{case}");
            }
        }
        assert_eq!(world.sandbox.refusals().iter().filter(|request| request.scope == app.store).count(), 0);
    });
}

#[test]
fn products_that_come_and_go_between_two_pages_are_neither_lost_nor_doubled() {
    run(async {
        let world = World::shared().await;
        let app = App::registered(world).await;
        world.sandbox.generate_products(&app.store, 600, 3);
        let session = app.install().await;
        synced(&app, &session).await;
        let ids = world.sandbox.product_ids(&app.store);
        let mut moved = world.sandbox.product(&app.store, ids[300]).unwrap();
        moved.name = "Renamed between two pages".to_owned();
        // One of the page just read goes, one of the page to come goes, one changes, one appears.
        world.sandbox.change_before_page(&app.store, 2, CatalogChange::Delete(ids[10]));
        world.sandbox.change_before_page(&app.store, 2, CatalogChange::Delete(ids[400]));
        world.sandbox.change_before_page(&app.store, 2, CatalogChange::Put(Box::new(moved)));
        let appeared = Product { id: 3_000_000, ..Product::named("Appeared") };
        world.sandbox.change_before_page(&app.store, 3, CatalogChange::Put(Box::new(appeared)));
        start(&app, &session).await;
        let sync = synced(&app, &session).await;
        assert_eq!((&sync["state"], &sync["gone"]), (&json!("done"), &json!(2)), "{sync}");
        assert!(sync["message"].as_str().unwrap().contains("2 products are no longer in the store"), "{sync}");
        let known: Vec<u64> = all(&app, &session).await.iter().map(|product| product["id"].as_u64().unwrap()).collect();
        assert_eq!(known, world.sandbox.product_ids(&app.store));
        named(&app, &session, "Renamed between two pages").await;
        named(&app, &session, "Appeared").await;
    });
}

#[test]
fn the_quota_is_shared_and_three_requests_are_under_way_at_most() {
    run(async {
        let world = World::shared().await;
        let app = App::registered(world).await;
        world.sandbox.add_store(NewStore {
            hash: app.store.clone(),
            quota: 50,
            quota_window_ms: 2_000,
            ..NewStore::default()
        });
        app.enter_in_developer_tools(&app.store, &app.scopes());
        world.sandbox.generate_products(&app.store, 900, 5);
        let session = app.install().await;
        // Other apps use half of a window.
        world.sandbox.spend_quota(&app.store, 25);
        let sync = within(Duration::from_secs(90), "read", || async {
            let sync = app.read(&session, "sync").await;
            (sync["state"] == "done").then_some(sync)
        })
        .await;
        assert_eq!(sync["products"], 900, "{sync}");
        assert!(
            (2..=3).contains(&world.sandbox.most_in_flight(&app.store)),
            "{}",
            world.sandbox.most_in_flight(&app.store)
        );
        let least = world.sandbox.least_quota_left(&app.store).unwrap();
        assert!((7..=10).contains(&least), "a fifth of 50 is left to others but for what was under way: {least}");
        let refused = world
            .sandbox
            .requests()
            .into_iter()
            .filter(|request| request.scope == app.store && request.status == Some(429));
        assert_eq!(refused.count(), 0);
    });
}

#[test]
fn progress_is_told_and_a_reading_can_be_stopped() {
    run(async {
        let world = World::shared().await;
        let app = App::registered(world).await;
        world.sandbox.generate_products(&app.store, 2_000, 6);
        world.sandbox.set_fault(&app.store, Route::Products, Some(Fault::always(FaultKind::Slow { ms: 200 })));
        let session = app.install().await;
        let running = eventually("some pages are read", || async {
            let sync = app.read(&session, "sync").await;
            (sync["phase"] == "options" && sync["done"].as_i64()? > 0).then_some(sync)
        })
        .await;
        assert_eq!(
            (&running["state"], &running["total"], &running["products"]),
            (&json!("running"), &json!(2000), &json!(2000))
        );
        assert!(running["seconds_left"].as_i64().unwrap() > 0, "{running}");
        assert!(running["estimate_seconds"].as_i64().unwrap() > 0, "{running}");
        // Starting it again does not start it over.
        start(&app, &session).await;
        let still = app.read(&session, "sync").await;
        assert!(still["phase"] == "options" && still["started_at"] == running["started_at"], "{still}");
        let stopped: Value =
            app.console_at(&session, Method::DELETE, "sync").send().await.unwrap().json().await.unwrap();
        assert_eq!(stopped["state"], "cancelled", "{stopped}");
        let page = app.read(&session, "products?limit=1").await;
        assert_eq!(page["total"], 2000, "what was read stays");
        world.sandbox.set_fault(&app.store, Route::Products, None);
        start(&app, &session).await;
        assert_eq!(synced(&app, &session).await["state"], "done");
    });
}

#[test]
fn a_page_too_long_to_read_is_asked_for_in_parts() {
    run(async {
        let world = World::shared().await;
        let app = App::registered(world).await;
        let sizes: Vec<String> = (0..150).map(|size| format!("Size {size}")).collect();
        let sizes: Vec<&str> = sizes.iter().map(String::as_str).collect();
        let products =
            (0..60).map(|number| Product::named(&format!("Shirt {number}")).in_variants("Size", &sizes)).collect();
        world.sandbox.set_products(&app.store, products);
        let session = app.install().await;
        let sync = synced(&app, &session).await;
        assert_eq!((&sync["state"], &sync["products"]), (&json!("done"), &json!(60)), "{sync}");
        assert_eq!(named(&app, &session, "Shirt 7").await["variants"], 150);
    });
}

#[test]
fn changes_are_noticed_without_reading_everything() {
    run(async {
        let world = World::start().await;
        let (app, session) = in_demo_store(&world).await;
        world.sandbox.hold_webhooks(&app.store, true);
        let ahead = Cell::new(0);
        let coffee = named(&app, &session, "Decaf coffee, 500 g").await["id"].as_u64().unwrap();
        let tea = named(&app, &session, "Green tea sachets").await["id"].as_u64().unwrap();
        let water = named(&app, &session, "Sparkling water").await["id"].as_u64().unwrap();
        world.sandbox.edit_product(&app.store, coffee, |product| product.name = "Decaf, renamed".to_owned());
        world.sandbox.add_product(
            &app.store,
            Product::named("New tea").with(Modifier::dropdown("Subscription", &["Every month"])),
        );
        world.sandbox.clear_requests();
        pass(&world, &ahead, 3_700).await;
        let session = app.load(7).await;
        eventually("the change is seen", || async {
            let page = app.read(&session, "products?search=renamed").await;
            (page["total"] == 1).then_some(())
        })
        .await;
        let new = eventually("the new one's options are read", || async {
            let page = app.read(&session, "products?search=new%20tea").await;
            (page["products"][0]["options_read"] == true).then(|| page["products"][0].clone())
        })
        .await;
        assert_eq!(new["options"][0]["name"], "Every month", "{new}");
        let asked = world
            .sandbox
            .requests()
            .into_iter()
            .filter(|request| request.scope == app.store && request.route == Route::Products);
        assert!(asked.count() <= 4, "only what changed is read");

        // Editing a modifier moves no date, and a deletion is in no list of changes.
        world.sandbox.edit_modifier(
            &app.store,
            tea,
            world.sandbox.product(&app.store, tea).unwrap().modifiers[0].id,
            |modifier| {
                modifier.values[0].label = "Every 9 weeks".to_owned();
            },
        );
        world.sandbox.delete_product(&app.store, water);
        within(Duration::from_mins(2), "both are noticed within a day", || async {
            assert!(ahead.get() < 3_700 + 25 * 3_600, "a day has passed");
            pass(&world, &ahead, 900).await;
            let session = app.load(7).await;
            let tea = app.read(&session, "products?search=green%20tea").await;
            let water = app.read(&session, "products?search=sparkling%20water").await;
            (tea["products"][0]["options"][0]["name"] == "Every 9 weeks" && water["total"] == 0).then_some(())
        })
        .await;
    });
}

#[test]
fn killed_five_times_in_the_middle_it_ends_as_if_undisturbed() {
    run(async {
        let world = World::start().await;
        let app = App::registered(&world).await;
        world.sandbox.generate_products(&app.store, 3_000, 9);
        let session = app.install().await;
        let mut seen = 0;
        for round in 0..5 {
            world.sandbox.set_fault(&app.store, Route::Products, Some(Fault::always(FaultKind::Slow { ms: 20 })));
            // A moment that differs from run to run: some pages after the last one.
            let pages = 3 + (std::process::id() as usize + round * 7) % 25;
            let count = || {
                world
                    .sandbox
                    .requests()
                    .iter()
                    .filter(|request| request.scope == app.store && request.route == Route::Products)
                    .count()
            };
            let begun = count();
            eventually("some pages later", || async {
                (count() >= begun + pages || app_is_done(&app, &session).await).then_some(())
            })
            .await;
            world.worker.kill_workerd().await;
            let sync = app.read(&session, "sync").await;
            let read = if sync["phase"] == "options" {
                3_000 + sync["done"].as_i64().unwrap()
            } else {
                sync["done"].as_i64().unwrap()
            };
            assert!(read >= seen, "what was committed is not read again: {read} after {seen}");
            seen = read;
        }
        world.sandbox.set_fault(&app.store, Route::Products, None);
        let done = synced(&app, &session).await;
        assert_eq!((&done["state"], &done["gone"]), (&json!("done"), &json!(0)), "{done}");

        let undisturbed = App::registered(&world).await;
        world.sandbox.generate_products(&undisturbed.store, 3_000, 9);
        let other = undisturbed.install().await;
        assert_eq!(synced(&undisturbed, &other).await["state"], "done");
        let place = |mut products: Vec<Value>| {
            for product in &mut products {
                product["panel_url"] = Value::Null;
            }
            products
        };
        assert_eq!(place(known(&app, &session).await), place(known(&undisturbed, &other).await));
    });
}

async fn app_is_done(app: &App<'_>, session: &str) -> bool {
    app.read(session, "sync").await["state"] == "done"
}
