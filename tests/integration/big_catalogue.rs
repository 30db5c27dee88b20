//! Catalogues of a size that takes minutes: run by `make soak`.

use std::collections::HashMap;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::exports::file;
use crate::imports::{done, press, right_cell, send};
use crate::products::all;
use crate::support::moments::Moments;
use crate::support::products_file::{EXPORTED, ProductsFile};
use crate::support::wait::{timed, within};
use crate::support::{App, World, run};

const LARGE: u32 = 100_000;

/// What a storm of kills blows on.
const STORMY: u32 = 20_000;
const STORMY_FILE: u32 = 5_000;
const KILLS: u32 = 5;

/// Waits until the work at `path` is over. It looks as seldom as a person: a look costs the Worker something, too.
async fn over(app: &App<'_>, session: &str, path: &str) -> Value {
    within(Duration::from_mins(30), path, || async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let work = app.read(session, path).await;
        let state = work["state"].as_str().unwrap();
        (!["running", "waiting", "writing", "uploading", "checking"].contains(&state)).then_some(work)
    })
    .await
}

async fn read(app: &App<'_>, session: &str) -> Value {
    over(app, session, "sync").await
}

/// Asks for an export; gives its file when it is written.
async fn exported(app: &App<'_>, session: &str) -> Vec<u8> {
    let export: Value = app.console_at(session, Method::POST, "exports").send().await.unwrap().json().await.unwrap();
    let export = over(app, session, &format!("exports/{}", export["id"])).await;
    assert_eq!(export["state"], "ready", "{export}");
    file(app, session, &export["id"]).await
}

/// Sends a file; gives the address of the change.
async fn sent(app: &App<'_>, session: &str, bytes: &[u8]) -> String {
    let answer = send(app, session, bytes.to_vec()).await;
    assert_eq!(answer.status(), 202);
    let change: Value = answer.json().await.unwrap();
    format!("changes/{}", change["id"])
}

/// An app installed in a store of so many products, which are being read.
async fn in_large_store(world: &World, products: u32) -> (App<'_>, String) {
    let app = App::registered(world).await;
    world.sandbox.generate_products(&app.store, products, 11);
    let session = app.install().await;
    (app, session)
}

#[test]
#[ignore = "takes minutes: make soak"]
fn a_hundred_thousand_products_are_read_exported_and_imported_again() {
    run(async {
        let world = World::start().await;
        let idle = world.worker.wasm_memory().await;
        let (app, session) = in_large_store(&world, LARGE).await;
        let (sync, reading) = timed(read(&app, &session)).await;
        assert_eq!((&sync["state"], &sync["products"]), (&json!("done"), &json!(LARGE)), "{sync}");
        let read = world.worker.wasm_memory().await;

        let session = app.load(7).await;
        let (bytes, exporting) = timed(exported(&app, &session)).await;
        let rows = ProductsFile::read(&bytes).rows.len() - 1;
        assert_eq!(rows, usize::try_from(LARGE).unwrap());
        let exported = world.worker.wasm_memory().await;

        let (change, importing) =
            timed(async { over(&app, &session, &sent(&app, &session, &bytes).await).await }).await;
        let told = ["state", "rows", "faults", "changed", "unchanged"].map(|name| change[name].clone());
        assert_eq!(told, [json!("ready"), json!(LARGE), json!(0), json!(0), json!(LARGE)], "{change}");
        let imported = world.worker.wasm_memory().await;
        println!("{LARGE} products: read in {reading:.0?}, exported in {exporting:.0?}, imported in {importing:.0?}");
        println!("bytes of wasm memory: {idle} idle, then {read}, {exported} and {imported}");
    });
}

#[test]
#[ignore = "takes minutes: make soak"]
fn a_storm_of_kills_changes_nothing_of_what_is_read() {
    run(async {
        let world = World::start().await;
        let (undisturbed, session) = in_large_store(&world, STORMY).await;
        assert_eq!(read(&undisturbed, &session).await["state"], "done");
        let expected = known(&undisturbed, &session).await;

        let (app, session) = in_large_store(&world, STORMY).await;
        let mut moments = Moments::new();
        for _ in 0..KILLS {
            moments.wait(Duration::from_secs(3)).await;
            world.worker.kill_workerd().await;
            // The alarm is lost with wrangler; the object sets it anew when it is called.
            app.read(&session, "sync").await;
        }
        let sync = read(&app, &session).await;
        assert_eq!(
            (&sync["state"], &sync["products"], &sync["gone"]),
            (&json!("done"), &json!(STORMY), &json!(0)),
            "{sync}"
        );
        assert!(known(&app, &session).await == expected, "the same as undisturbed");
    });
}

/// What is known of each product, without what differs between two stores with the same catalogue.
async fn known(app: &App<'_>, session: &str) -> Vec<Value> {
    let mut products = all(app, session).await;
    for product in &mut products {
        (product["revision"], product["panel_url"]) = (Value::Null, Value::Null);
    }
    products
}

#[test]
#[ignore = "takes minutes: make soak"]
fn a_storm_of_kills_leaves_an_import_whole_or_undone() {
    run(async {
        let world = World::start().await;
        let (app, session) = in_large_store(&world, STORMY_FILE).await;
        assert_eq!(read(&app, &session).await["state"], "done");
        let bytes = offering_all(&app, &session).await;
        let undisturbed = over(&app, &session, &sent(&app, &session, &bytes).await).await;
        assert_eq!((&undisturbed["state"], &undisturbed["rows"]), (&json!("ready"), &json!(STORMY_FILE)));
        let all = undisturbed["made_eligible"].as_u64().unwrap();
        assert!(all > u64::from(STORMY_FILE) / 4, "{undisturbed}");

        let mut moments = Moments::new();
        for _ in 0..KILLS {
            let path = sent(&app, &session, &bytes).await;
            moments.wait(Duration::from_secs(2)).await;
            world.worker.kill_workerd().await;
            let change = over(&app, &session, &path).await;
            assert_eq!(told(&change), told(&undisturbed), "{change}");
            assert_eq!(eligible(&app, &session).await, Some(0), "nothing is in force before it is applied");

            let storm = async {
                tokio::join!(app.console_at(&session, Method::POST, &format!("{path}/apply")).send(), async {
                    moments.wait(Duration::from_millis(100)).await;
                    world.worker.kill_workerd().await;
                })
            };
            tokio::select! {
                _ = storm => {}
                () = look_on(&app, &session, all) => {}
            }
            let change = app.read(&session, &path).await;
            match change["state"].as_str().unwrap() {
                "applied" => {
                    assert_eq!(eligible(&app, &session).await, Some(all));
                    done(&app, &session, &change, "undo").await;
                }
                state => {
                    assert_eq!((state, eligible(&app, &session).await), ("ready", Some(0)));
                    done(&app, &session, &change, "apply").await;
                    assert_eq!(eligible(&app, &session).await, Some(all));
                    assert_eq!(press(&app, &session, &change, "undo").await.status(), 200);
                }
            }
            assert_eq!(eligible(&app, &session).await, Some(0), "undone whole");
        }
    });
}

/// Asks again and again what can be subscribed to: never a part of it.
async fn look_on(app: &App<'_>, session: &str, all: u64) {
    loop {
        let seen = eligible(app, session).await;
        assert!(seen.is_none_or(|seen| seen == 0 || seen == all), "{seen:?} of {all}");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// How many products can be subscribed to, as the list and the counts say; nothing while the Worker is dead.
async fn eligible(app: &App<'_>, session: &str) -> Option<u64> {
    let answer = app.console_at(session, Method::GET, "products?show=eligible&limit=1").send().await.ok()?;
    let page: Value = answer.error_for_status().ok()?.json().await.ok()?;
    assert_eq!(page["total"], page["counts"]["eligible"]);
    page["total"].as_u64()
}

/// The catalogue's file with every product that has a one-time option made eligible.
async fn offering_all(app: &App<'_>, session: &str) -> Vec<u8> {
    let has_one_time = |product: &Value| {
        product["options"].as_array().is_some_and(|options| options.iter().any(|option| option["one_time"] == true))
    };
    let products = all(app, session).await;
    let cells: HashMap<String, String> = products
        .iter()
        .filter(|product| has_one_time(product))
        .map(|product| (product["id"].to_string(), right_cell(product)))
        .collect();
    let mut file = ProductsFile::read(&exported(app, session).await);
    let [id, eligible, frequency] = ["Product ID", "Autoship Eligible", "Frequency"].map(|name| file.column(name));
    for row in &mut file.rows {
        if let Some(cell) = cells.get(&row[id]) {
            "TRUE".clone_into(&mut row[eligible]);
            cell.clone_into(&mut row[frequency]);
        }
    }
    file.bytes(EXPORTED)
}

fn told(change: &Value) -> Value {
    ["state", "rows", "faults", "changed", "unchanged", "made_eligible"]
        .iter()
        .map(|name| change[name].clone())
        .collect()
}
