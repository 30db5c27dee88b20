//! SIGKILL of workerd during uploads, checks and exports: the same comes out as if nothing had happened.

use reqwest::Method;
use serde_json::{Value, json};

use crate::exports::{export, file, written};
use crate::imports::{checked, done, hold_upload, import, right_cell, send};
use crate::products::synced;
use crate::support::products_file::{EXPORTED, ProductsFile};
use crate::support::{App, World, eventually, run};

/// An app in a store of many products, all of which have options.
async fn in_large_store(world: &World, products: u32) -> (App<'_>, String) {
    let app = App::registered(world).await;
    world.sandbox.generate_products(&app.store, products, 7);
    let session = app.install().await;
    assert_eq!(synced(&app, &session).await["state"], "done");
    (app, session)
}

/// Makes every product that can be subscribed to eligible, with a frequency for each option.
async fn filled(app: &App<'_>, session: &str) -> ProductsFile {
    let mut file = export(app, session).await;
    for product in crate::products::all(app, session).await {
        if product["options"].as_array().is_some_and(|options| options.iter().any(|option| option["one_time"] == true))
        {
            let id = product["id"].as_u64().unwrap();
            file.set(id, "Autoship Eligible", "TRUE").set(id, "Frequency", &right_cell(&product));
        }
    }
    file
}

fn told(change: &Value) -> Value {
    json!([
        change["state"],
        change["rows"],
        change["faults"],
        change["changed"],
        change["unchanged"],
        change["made_eligible"]
    ])
}

/// All products of a change's difference.
async fn difference(app: &App<'_>, session: &str, change: &Value) -> Vec<Value> {
    let (mut products, mut after) = (Vec::new(), json!(0));
    while !after.is_null() {
        let page = app.read(session, &format!("changes/{}/difference?after={after}", change["id"])).await;
        products.extend(page["products"].as_array().unwrap().iter().cloned());
        after = page["next"].clone();
    }
    products
}

/// A change whose check the kill came in the middle of; a check that is over before is tried again.
async fn killed_while_it_was_checked(app: &App<'_>, session: &str, bytes: &[u8]) -> Value {
    for _ in 0..5 {
        let change: Value = send(app, session, bytes.to_vec()).await.json().await.unwrap();
        app.world.worker.kill_workerd().await;
        let change = app.read(session, &format!("changes/{}", change["id"])).await;
        if change["state"] == "checking" {
            return change;
        }
        let path = format!("changes/{}", change["id"]);
        assert_eq!(app.console_at(session, Method::DELETE, &path).send().await.unwrap().status(), 204);
    }
    panic!("the check was always faster")
}

#[test]
fn a_check_that_is_killed_again_and_again_finds_the_same() {
    run(async {
        let world = World::start().await;
        let (app, session) = in_large_store(&world, 1500).await;
        let mut bytes = filled(&app, &session).await.bytes(EXPORTED);
        // Blank lines make the check long enough to be killed in the middle.
        let blank = [b" ".repeat(1022), b"\r\n".to_vec()].concat();
        bytes.extend(blank.repeat(24 * 1024));
        let undisturbed = import(&app, &session, bytes.clone()).await;
        assert!(undisturbed["changed"].as_u64().unwrap() > 100, "{undisturbed}");
        let expected = difference(&app, &session, &undisturbed).await;

        let change = killed_while_it_was_checked(&app, &session, &bytes).await;
        for _ in 0..2 {
            assert_eq!(app.read(&session, "products").await["counts"]["eligible"], 0, "nothing is in force yet");
            world.worker.kill_workerd().await;
        }
        let change = checked(&app, &session, &change["id"]).await;
        assert_eq!(told(&change), told(&undisturbed));
        assert_eq!(difference(&app, &session, &change).await, expected);

        done(&app, &session, &change, "apply").await;
        world.worker.kill_workerd().await;
        let counts = app.read(&session, "products").await["counts"].clone();
        assert_eq!(counts["eligible"], change["made_eligible"], "all of it or nothing");
        let undone = app.console_at(&session, Method::POST, &format!("changes/{}/undo", change["id"]));
        assert_eq!(undone.send().await.unwrap().status(), 200);
        world.worker.kill_workerd().await;
        assert_eq!(app.read(&session, "products").await["counts"]["eligible"], 0);
    });
}

#[test]
fn an_upload_that_dies_with_the_worker_is_said_so_and_can_be_sent_again() {
    run(async {
        let world = World::start().await;
        let (app, session) = in_large_store(&world, 300).await;
        let bytes = filled(&app, &session).await.bytes(EXPORTED);
        let held = hold_upload(&app, &session, bytes.len(), &bytes[..bytes.len() / 2]).await;
        world.worker.kill_workerd().await;
        drop(held);
        let change = import(&app, &session, bytes).await;
        assert_eq!(change["state"], "ready", "{change}");
        let broken = app.read(&session, "changes").await["changes"][1].clone();
        assert_eq!((&broken["state"], &broken["message"]), (&json!("failed"), &json!("The upload broke off.")));
    });
}

#[test]
fn an_export_that_is_killed_goes_on_and_is_the_same_file() {
    run(async {
        let world = World::start().await;
        let (app, session) = in_large_store(&world, 1500).await;
        let begin = || app.console_at(&session, Method::POST, "exports").send();
        let first: Value = begin().await.unwrap().json().await.unwrap();
        let first = written(&app, &session, first["id"].as_i64().unwrap()).await;
        let expected = file(&app, &session, &first["id"]).await;

        let second: Value = begin().await.unwrap().json().await.unwrap();
        for _ in 0..2 {
            world.worker.kill_workerd().await;
            // The alarm is lost with wrangler; the object sets it anew when it is called.
            eventually("the object is called", || async {
                Some(app.read(&session, &format!("exports/{}", second["id"])).await)
            })
            .await;
        }
        let second = written(&app, &session, second["id"].as_i64().unwrap()).await;
        assert_eq!(
            (&second["state"], &second["done"], &second["bytes"]),
            (&json!("ready"), &first["done"], &first["bytes"])
        );
        assert!(file(&app, &session, &second["id"]).await == expected, "byte for byte");
    });
}
