//! Reading the catalogue and deciding what can be subscribed to: requirements C1, C5, C6 and C7.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::refused;
use crate::support::{App, World, eventually, run};

/// The catalogue as it is when the running sync is over.
pub async fn synced(app: &App<'_>, session: &str) -> Value {
    eventually("the catalogue is read", || async {
        let sync = app.read(session, "sync").await;
        ["done", "failed", "cancelled"].contains(&sync["state"].as_str().unwrap()).then_some(sync)
    })
    .await
}

/// All products, by id.
pub async fn all(app: &App<'_>, session: &str) -> Vec<Value> {
    let mut products = Vec::new();
    for page in 1.. {
        let read = app.read(session, &format!("products?sort=id&limit=250&page={page}")).await;
        products.extend(read["products"].as_array().unwrap().iter().cloned());
        if products.len() as i64 >= read["total"].as_i64().unwrap() {
            break;
        }
    }
    products
}

pub async fn named(app: &App<'_>, session: &str, name: &str) -> Value {
    let found = all(app, session).await.into_iter().find(|product| product["name"] == name);
    found.unwrap_or_else(|| panic!("no product {name}"))
}

/// An app installed in a store with the demo catalogue, which is read.
pub async fn in_demo_store(world: &World) -> (App<'_>, String) {
    let app = App::registered(world).await;
    world.sandbox.set_products(&app.store, sandbox::demo_catalog());
    let session = app.install().await;
    let sync = synced(&app, &session).await;
    assert_eq!(sync["state"], "done", "{sync}");
    (app, session)
}

#[test]
fn an_install_reads_the_whole_catalogue() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        assert_eq!(app.read(&session, "sync").await["kind"], "full");
        let products = all(&app, &session).await;
        assert!(products.len() >= 60);
        let ids: Vec<u64> = products.iter().map(|product| product["id"].as_u64().unwrap()).collect();
        assert_eq!(ids, world.sandbox.product_ids(&app.store));
        for product in &products {
            let real = world.sandbox.product(&app.store, product["id"].as_u64().unwrap()).unwrap();
            assert_eq!(product["name"], real.name);
            let matching = |name: &str| name.to_lowercase().contains("subscription");
            let modifier =
                real.modifiers.iter().find(|modifier| matching(&modifier.display_name) && !modifier.values.is_empty());
            assert_eq!(
                product["modifier"].is_null(),
                !real.modifiers.iter().any(|modifier| matching(&modifier.display_name)),
                "{product}"
            );
            if let Some(modifier) = modifier {
                let labels: Vec<&str> = product["options"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|option| option["name"].as_str().unwrap())
                    .collect();
                let expected: Vec<&str> = modifier.values.iter().map(|value| value.label.as_str()).collect();
                assert_eq!(labels, expected, "{product}");
            }
            assert_eq!((&product["options_read"], &product["eligible"]), (&json!(true), &json!(false)));
        }
    });
}

#[test]
fn a_product_is_offered_by_hand() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        let coffee = named(&app, &session, "House blend coffee, 1 kg").await;
        let options: Vec<Value> = coffee["options"].as_array().unwrap().iter().map(|option| {
            let said = &option["suggestion"];
            json!({"option_id": option["option_id"], "every": said["every"], "every_period": said["every_period"], "is_default": option["one_time"]})
        }).collect();
        let patch = json!({"products": [{"id": coffee["id"], "revision": coffee["revision"], "eligible": true, "options": options}]});
        let answer = app.console_at(&session, Method::PATCH, "products").json(&patch).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let saved: Value = answer.json().await.unwrap();
        let saved = &saved["products"][0];
        assert_eq!((&saved["eligible"], &saved["faults"]), (&json!(true), &json!([])), "{saved}");
        assert_ne!(saved["revision"], coffee["revision"]);
        let page = app.read(&session, "products?show=eligible").await;
        assert_eq!((&page["total"], &page["products"][0]), (&json!(1), saved), "{page}");
        assert_eq!(page["counts"]["eligible"], 1);
        let stale = app.console_at(&session, Method::PATCH, "products").json(&patch).send().await.unwrap();
        let stale = refused(stale, 412, "products_changed").await;
        assert_eq!(stale["changed"], json!([coffee["id"]]));
    });
}
