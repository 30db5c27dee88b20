//! Applying, undoing, and what happens in between: requirements C4 and C5; changes by a rule.

use reqwest::Method;
use serde_json::{Value, json};

use crate::imports::{checked, done, import, press, right_cell};
use crate::products::{all, in_demo_store, named};
use crate::support::app::refused;
use crate::support::{App, World, run};

const COFFEE: &str = "House blend coffee, 1 kg";

/// A file of these rows: product, eligible, cell.
fn file(rows: &[(&Value, &str, &str)]) -> Vec<u8> {
    let rows = rows.iter().map(|(product, eligible, cell)| format!("{},{eligible},\"{cell}\"\n", product["id"]));
    format!("Product ID,Autoship Eligible,Frequency\n{}", rows.collect::<String>()).into_bytes()
}

/// Saves a product in the grid, as it is but for `eligible` and how often its third option delivers.
async fn edit(app: &App<'_>, session: &str, name: &str, eligible: bool, every: u32) {
    let product = named(app, session, name).await;
    let options: Vec<Value> = (0..)
        .zip(product["options"].as_array().unwrap())
        .map(|(place, option)| {
            let (every, period) = match (option["one_time"] == true, place) {
                (true, _) => (0, 0),
                (_, 2) => (every, 3),
                _ => (1, 3),
            };
            json!({"option_id": option["option_id"], "every": every, "every_period": period, "is_default": place == 0})
        })
        .collect();
    let patch = json!({"products": [{"id": product["id"], "revision": product["revision"], "eligible": eligible, "options": options}]});
    let answer = app.console_at(session, Method::PATCH, "products").json(&patch).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
}

async fn is_eligible(app: &App<'_>, session: &str, name: &str) -> bool {
    named(app, session, name).await["eligible"] == true
}

async fn rule(app: &App<'_>, session: &str, rule: Value) -> Value {
    let answer = app.console_at(session, Method::POST, "changes").json(&rule).send().await.unwrap();
    assert_eq!(answer.status(), 202);
    let change: Value = answer.json().await.unwrap();
    checked(app, session, &change["id"]).await
}

#[test]
fn undoing_an_import_keeps_later_edits_by_hand() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        edit(&app, &session, "Oat granola", true, 2).await;
        let (coffee, decaf) = (named(&app, &session, COFFEE).await, named(&app, &session, "Decaf coffee, 500 g").await);
        let (one, other) = (right_cell(&coffee), right_cell(&decaf));
        let change = import(&app, &session, file(&[(&coffee, "TRUE", &one), (&decaf, "TRUE", &other)])).await;
        done(&app, &session, &change, "apply").await;
        edit(&app, &session, COFFEE, true, 7).await;
        edit(&app, &session, "Dog biscuits", true, 5).await;
        let history = app.read(&session, "changes").await;
        let kinds: Vec<&str> =
            history["changes"].as_array().unwrap().iter().map(|change| change["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["edits", "import", "edits"]);
        let edits = &history["changes"][0];
        assert_eq!(
            (&edits["changed"], &edits["made_eligible"], &edits["can_undo"]),
            (&json!(2), &json!(1), &json!(false)),
            "{edits}"
        );
        assert_eq!(history["changes"][1]["can_undo"], true);

        done(&app, &session, &change, "undo").await;
        assert!(!is_eligible(&app, &session, "Decaf coffee, 500 g").await, "the import's alone");
        let coffee = named(&app, &session, COFFEE).await;
        assert_eq!((&coffee["eligible"], &coffee["options"][2]["every"]), (&json!(true), &json!(7)), "edited since");
        assert!(is_eligible(&app, &session, "Dog biscuits").await && is_eligible(&app, &session, "Oat granola").await);
        edit(&app, &session, "Dog biscuits", false, 5).await;
        assert!(!is_eligible(&app, &session, "Dog biscuits").await);

        // Imported again it lies above what was edited meanwhile.
        let again = import(&app, &session, file(&[(&coffee, "TRUE", &one), (&decaf, "TRUE", &other)])).await;
        assert_eq!(again["changed"], 2);
        done(&app, &session, &again, "apply").await;
        assert_eq!(named(&app, &session, COFFEE).await["options"][2]["every"], 1);
        done(&app, &session, &again, "undo").await;
        assert_eq!(named(&app, &session, COFFEE).await["options"][2]["every"], 7);
    });
}

#[test]
fn what_changed_since_the_check_is_checked_again_before_it_is_applied() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        let (coffee, decaf) = (named(&app, &session, COFFEE).await, named(&app, &session, "Decaf coffee, 500 g").await);
        let (one, other) = (right_cell(&coffee), right_cell(&decaf));
        let first = import(&app, &session, file(&[(&coffee, "TRUE", &one)])).await;
        done(&app, &session, &first, "apply").await;
        let second = import(&app, &session, file(&[(&coffee, "FALSE", ""), (&decaf, "TRUE", &other)])).await;
        assert_eq!(second["changed"], 2);
        // By hand, above the first and below what the second becomes.
        edit(&app, &session, COFFEE, false, 9).await;
        let answer = press(&app, &session, &second, "apply").await;
        assert_eq!(answer.status(), 202);
        let change: Value = answer.json().await.unwrap();
        assert!(
            change["state"] == "checking" && change["message"].as_str().unwrap().contains("checked again"),
            "{change}"
        );
        let second = checked(&app, &session, &second["id"]).await;
        assert_eq!(
            (&second["state"], &second["changed"], &second["unchanged"]),
            (&json!("ready"), &json!(1), &json!(1))
        );
        done(&app, &session, &second, "apply").await;
        assert!(is_eligible(&app, &session, "Decaf coffee, 500 g").await);
        assert_eq!(named(&app, &session, COFFEE).await["options"][2]["every"], 9, "as it was edited");
        refused(press(&app, &session, &first, "undo").await, 409, "conflict").await;
        done(&app, &session, &second, "undo").await;
        done(&app, &session, &first, "undo").await;
        assert!(!is_eligible(&app, &session, "Decaf coffee, 500 g").await);
    });
}

#[test]
fn an_option_that_went_away_meanwhile_is_found_when_a_change_is_applied() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        let coffee = named(&app, &session, COFFEE).await;
        let change = import(&app, &session, file(&[(&coffee, "TRUE", &right_cell(&coffee))])).await;
        assert_eq!(change["state"], "ready");
        let (id, modifier) = (coffee["id"].as_u64().unwrap(), coffee["modifier"]["id"].as_u64().unwrap());
        world.sandbox.edit_modifier(&app.store, id, modifier, |modifier| {
            modifier.values.remove(3);
        });
        assert_eq!(app.console_at(&session, Method::POST, "sync").send().await.unwrap().status(), 202);
        crate::products::synced(&app, &session).await;
        assert_eq!(press(&app, &session, &change, "apply").await.status(), 202);
        let change = checked(&app, &session, &change["id"]).await;
        assert_eq!((&change["state"], &change["faults"]), (&json!("faulty"), &json!(1)), "{change}");
        let faults = app.read(&session, &format!("changes/{}/faults", change["id"])).await;
        let fault = &faults["faults"][0];
        assert_eq!(
            (&fault["row"], &fault["column"], &fault["product_id"]),
            (&json!(2), &json!("Frequency"), &json!(id))
        );
        assert!(fault["reason"].as_str().unwrap().contains("is not one of this product's options"), "{fault}");
    });
}

#[test]
fn rules_fill_in_offer_and_withdraw_many_at_once() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        let before = all(&app, &session).await;
        let fill = rule(&app, &session, json!({"kind": "fill"})).await;
        assert_eq!(
            (&fill["state"], &fill["total"], &fill["made_eligible"]),
            (&json!("ready"), &json!(before.len()), &json!(0)),
            "{fill}"
        );
        done(&app, &session, &fill, "apply").await;
        let coffee = named(&app, &session, COFFEE).await;
        for option in coffee["options"].as_array().unwrap() {
            assert_eq!(
                (&option["every"], &option["every_period"]),
                (&option["suggestion"]["every"], &option["suggestion"]["every_period"])
            );
            assert_eq!(option["is_default"], option["one_time"]);
        }
        // Without a modifier, or where names say nothing, a product cannot be offered; the others are.
        let offer = rule(&app, &session, json!({"kind": "offer", "show": "all", "search": ""})).await;
        assert_eq!(offer["state"], "ready");
        let (faults, offered) = (offer["faults"].as_u64().unwrap(), offer["made_eligible"].as_u64().unwrap());
        assert!(faults > 10 && offered > 30 && offered == offer["changed"].as_u64().unwrap(), "{offer}");
        let page = app.read(&session, &format!("changes/{}/faults", offer["id"])).await;
        assert!(
            page["faults"]
                .as_array()
                .unwrap()
                .iter()
                .all(|fault| fault["row"].is_null() && fault["product_id"].is_u64())
        );
        done(&app, &session, &offer, "apply").await;
        let counts = app.read(&session, "products").await["counts"].clone();
        assert_eq!(counts["eligible"], offered, "{counts}");
        for product in all(&app, &session).await {
            assert!(product["eligible"] == false || product["faults"] == json!([]), "{product}");
        }

        let some =
            rule(&app, &session, json!({"kind": "withdraw", "show": "eligible", "search": "coffee blend"})).await;
        assert_eq!((&some["changed"], &some["made_not_eligible"]), (&json!(1), &json!(1)), "{some}");
        let one = rule(&app, &session, json!({"kind": "withdraw", "products": [coffee["id"]]})).await;
        assert_eq!(one["changed"], 1);
        done(&app, &session, &one, "apply").await;
        assert!(!is_eligible(&app, &session, COFFEE).await);
        for change in [&one, &offer, &fill] {
            done(&app, &session, change, "undo").await;
        }
        let plain = |products: Vec<Value>| -> Vec<Value> {
            products
                .into_iter()
                .map(|product| json!([product["id"], product["eligible"], product["options"]]))
                .collect()
        };
        assert_eq!(plain(all(&app, &session).await), plain(before));
        for body in [
            json!({"kind": "offer", "products": []}),
            json!({"kind": "offer", "show": "some"}),
            json!({"kind": "offer", "colour": 1}),
            json!({"kind": "offer", "search": "x".repeat(201)}),
            json!({}),
        ] {
            let answer = app.console_at(&session, Method::POST, "changes").json(&body).send().await.unwrap();
            refused(answer, 400, "bad_request").await;
        }
    });
}

#[test]
fn old_layers_are_folded_and_nothing_that_is_in_force_changes() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        let names = [COFFEE, "Decaf coffee, 500 g", "Espresso roast, 250 g"];
        edit(&app, &session, "Oat granola", true, 3).await;
        let mut applied = Vec::new();
        for round in 0..24_usize {
            let product = named(&app, &session, names[round % 3]).await;
            let eligible = if product["eligible"] == true { "FALSE" } else { "TRUE" };
            let change = import(&app, &session, file(&[(&product, eligible, &right_cell(&product))])).await;
            assert_eq!(change["changed"], 1);
            applied.push(done(&app, &session, &change, "apply").await);
        }
        for name in names {
            assert!(!is_eligible(&app, &session, name).await, "{name}: eight times to and fro");
        }
        assert_eq!(named(&app, &session, "Oat granola").await["options"][2]["every"], 3);
        // Of 25 layers the newest can be undone, one after the other; the folded ones cannot.
        let mut undone = 0;
        for change in applied.iter().rev() {
            let change = app.read(&session, &format!("changes/{}", change["id"])).await;
            if change["can_undo"] == false {
                break;
            }
            done(&app, &session, &change, "undo").await;
            undone += 1;
        }
        assert_eq!(undone, 19, "twenty layers are kept, the lowest holds all that was before");
        let mut eligible = Vec::new();
        for name in names {
            eligible.push(is_eligible(&app, &session, name).await);
        }
        // Five of the 24 are left: the first and second name twice, the third once.
        assert_eq!(eligible, [false, false, true]);
    });
}
