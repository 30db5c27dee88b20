//! Feeds by Ordergroove's product batches when Ordergroove asks to wait, or refuses one product of many: requirement D6.

use std::collections::BTreeMap;

use sandbox::{Fault, FaultKind, Recorded, Route};
use serde_json::{Value, json};

use crate::feeds::{begin, change, ended, rows};
use crate::products::synced;
use crate::support::wait::now;
use crate::support::{App, World, eventually, run};

/// Enough for some batches: every tenth is sold in three sizes.
const PRODUCTS: u32 = 500;

/// An app in a store of [`PRODUCTS`], whose feeds go by batches.
async fn by_batches(world: &World) -> (App<'_>, String) {
    let app = App::registered(world).await;
    world.sandbox.generate_products(&app.store, PRODUCTS, 11);
    let session = app.install().await;
    assert_eq!(synced(&app, &session).await["state"], "done");
    app.configure(&session).await;
    change(&app, &session, json!({"feeds": {"channel": "rest"}})).await;
    (app, session)
}

/// The calls with products so far.
fn calls(app: &App<'_>) -> Vec<Recorded> {
    let of_app = |call: &Recorded| call.route == Route::OgProducts && call.scope == app.merchant;
    app.world.sandbox.requests().into_iter().filter(of_app).collect()
}

/// How often each product was created.
fn created(calls: &[Recorded]) -> BTreeMap<String, u32> {
    let mut times = BTreeMap::new();
    for call in calls.iter().filter(|call| call.method == "POST" && call.status == Some(207)) {
        for product in serde_json::from_str::<Vec<Value>>(&call.body).unwrap() {
            *times.entry(product["product_id"].as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    times
}

#[test]
fn told_to_wait_in_the_middle_it_waits_and_everything_arrives_once() {
    run(async {
        let world = World::start().await;
        let mut ahead = 0;
        for (with_headers, at_least) in [(true, 2), (false, 60)] {
            let (app, session) = by_batches(&world).await;
            let too_many = FaultKind::TooMany { with_headers };
            world.sandbox.set_fault(&app.merchant, Route::OgProducts, Some(Fault::next(1, too_many).after(3)));
            let begun = begin(&app, &session, false).await;
            let waiting = eventually("it waits", || async {
                let run = app.read(&session, &format!("feeds/runs/{}", begun["id"])).await;
                (run["attempts"] == 1).then_some(run)
            })
            .await;
            assert_eq!(waiting["state"], "delivering", "{waiting}");
            assert!(waiting["message"].as_str().unwrap().contains("tried again by itself"), "{waiting}");
            let wait = waiting["next_try_at"].as_i64().unwrap() - (now() + ahead);
            assert!((at_least - 5..=at_least.max(15)).contains(&wait), "{wait} s: {waiting}");
            let before = calls(&app);
            assert_eq!(before.iter().map(|call| call.status.unwrap()).collect::<Vec<u16>>(), [207, 207, 207, 429]);
            let there = world.sandbox.ordergroove_products(&app.merchant).len();
            assert!((1..=100).contains(&there), "the first batch: {there}");

            ahead += wait + 5;
            world.worker.set_ahead(ahead).await;
            world.worker.cron().await;
            let run = ended(&app, &session, &begun).await;
            assert_eq!((&run["state"], &run["message"]), (&json!("delivered"), &json!("")), "{run}");
            let there = world.sandbox.ordergroove_products(&app.merchant);
            assert_eq!(Some(there.len() as u64), run["items"].as_u64());
            assert!(there.len() > 500, "some batches: {}", there.len());
            let calls = calls(&app);
            let created = created(&calls);
            assert!(created.values().all(|times| *times == 1), "{created:?}");
            assert_eq!(created.len(), there.len());
            assert_eq!(world.sandbox.refusals(), [], "never more than a hundred a call");
            // 600 a minute are ten a second.
            let mut seconds = BTreeMap::new();
            for call in &calls {
                *seconds.entry(call.at).or_insert(0) += 1;
            }
            assert!(seconds.values().all(|calls| *calls <= 10), "{seconds:?}");
        }
    });
}

#[test]
fn a_product_that_ordergroove_refuses_is_listed_and_the_others_arrive() {
    run(async {
        let world = World::shared().await;
        let (app, session) = by_batches(world).await;
        let [refused, later] = [0, 1].map(|at| {
            let id = world.sandbox.product_ids(&app.store)[at];
            let variant = world.sandbox.product(&app.store, id).unwrap().variants[0].id;
            format!("{id}_{variant}")
        });
        world.sandbox.set_product_status(&app.merchant, &refused, Some(400));
        world.sandbox.set_product_status(&app.merchant, &later, Some(503));
        let begun = begin(&app, &session, false).await;
        eventually("it is put off", || async {
            (app.read(&session, &format!("feeds/runs/{}", begun["id"])).await["attempts"] == 1).then_some(())
        })
        .await;
        world.sandbox.set_product_status(&app.merchant, &later, None);
        let run = ended(&app, &session, &begun).await;
        assert_eq!(run["state"], "delivered", "{run}");
        let there = world.sandbox.ordergroove_products(&app.merchant);
        assert!(there.contains_key(&later) && !there.contains_key(&refused));
        assert_eq!(there.len() as u64 + 1, run["items"].as_u64().unwrap());
        let left_out = rows(&app, &session, &run, "left-out").await;
        let said: Vec<&Value> =
            left_out.iter().filter(|row| row["reason"].as_str().unwrap().contains("refused")).collect();
        let [row] = said[..] else { panic!("{left_out:?}") };
        assert_eq!(format!("{}_{}", row["product_id"], row["variant_id"]), refused);
        assert_eq!(run["left_out"].as_u64().unwrap(), left_out.len() as u64);
    });
}
