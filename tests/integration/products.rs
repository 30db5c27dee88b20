//! Reading the catalogue and deciding what can be subscribed to: requirements C1, C5, C6 and C7.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::{client, refused};
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
        if products.len() as u64 >= read["total"].as_u64().unwrap() {
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

/// Each option as its name suggests; the first is the default.
fn suggested(product: &Value) -> Vec<Value> {
    let options = product["options"].as_array().unwrap().iter().enumerate();
    options
        .map(|(place, option)| {
            let said = &option["suggestion"];
            json!({"option_id": option["option_id"], "every": said["every"], "every_period": said["every_period"], "is_default": place == 0})
        })
        .collect()
}

async fn save(app: &App<'_>, session: &str, products: &Value) -> reqwest::Response {
    let body = json!({"products": products});
    app.console_at(session, Method::PATCH, "products").json(&body).send().await.unwrap()
}

/// Offers a product with what its options' names suggest.
pub async fn offer(app: &App<'_>, session: &str, name: &str) -> Value {
    let product = named(app, session, name).await;
    let patch = json!([{"id": product["id"], "revision": product["revision"], "eligible": true, "options": suggested(&product)}]);
    let answer = save(app, session, &patch).await;
    assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
    named(app, session, name).await
}

#[test]
fn what_makes_no_sense_is_refused_at_its_option_and_nothing_is_saved() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        let granola = named(&app, &session, "Oat granola").await;
        let dripper = named(&app, &session, "Ceramic pour-over dripper").await;
        let good = suggested(&granola);
        let foreign = named(&app, &session, "Dog biscuits").await["options"][0]["option_id"].clone();
        let with = |place: usize, field: &str, value: Value| {
            let mut options = good.clone();
            options[place][field] = value;
            options
        };
        let cases: Vec<(Vec<Value>, Option<usize>, &str)> = vec![
            (with(1, "every", json!(0)), Some(1), "1 or more"),
            (with(1, "every", json!(1001)), Some(1), "1000"),
            (with(1, "every_period", json!(4)), Some(1), "days, weeks or months"),
            (with(1, "every_period", json!(0)), Some(1), "days, weeks or months"),
            (with(0, "every", json!(1)), Some(0), "single purchase"),
            (with(1, "is_default", json!(true)), None, "Only one"),
            (with(0, "is_default", json!(false)), None, "preselected"),
            (with(1, "option_id", foreign), None, "no longer has this option"),
            ([good.clone(), vec![good[1].clone()]].concat(), Some(1), "twice"),
            (vec![], None, "preselected"),
        ];
        let other = named(&app, &session, "Decaf coffee, 500 g").await;
        let fine =
            json!({"id": other["id"], "revision": other["revision"], "eligible": true, "options": suggested(&other)});
        for (options, place, words) in cases {
            let patch = json!([fine, {"id": granola["id"], "revision": granola["revision"], "eligible": true, "options": options}]);
            let refused = refused(save(&app, &session, &patch).await, 422, "invalid_products").await;
            let error = &refused["errors"][0];
            assert_eq!(error["product_id"], granola["id"], "{refused}");
            if let Some(place) = place {
                assert_eq!(error["option_id"], granola["options"][place]["option_id"], "{words}: {refused}");
            }
            assert!(error["message"].as_str().unwrap().contains(words), "{words}: {refused}");
        }
        let without = json!([{"id": dripper["id"], "revision": dripper["revision"], "eligible": true, "options": []}]);
        let refused = refused(save(&app, &session, &without).await, 422, "invalid_products").await;
        assert!(refused["errors"][0]["message"].as_str().unwrap().contains("no options"), "{refused}");
        assert_eq!(app.read(&session, "products?show=eligible").await["total"], 0, "nothing was saved");

        // A product that is not offered may say anything.
        let patch = json!([{"id": granola["id"], "revision": granola["revision"], "eligible": false, "options": with(1, "every", json!(0))}]);
        assert_eq!(save(&app, &session, &patch).await.status(), 200);
    });
}

#[test]
fn a_body_that_is_no_patch_is_refused() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        let product = |fields: Value| {
            let mut product = json!({"id": 1, "revision": 0, "eligible": false});
            product.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            json!({"products": [product]})
        };
        let many: Vec<Value> = (1..=251).map(|id| json!({"id": id, "revision": 0, "eligible": false})).collect();
        let bodies = [
            json!(null),
            json!([]),
            json!({}),
            json!({"products": []}),
            json!({"products": many}),
            json!({"products": [1]}),
            product(json!({"id": -1})),
            product(json!({"id": 1.5})),
            product(json!({"id": "1"})),
            product(json!({"eligible": "yes"})),
            product(json!({"colour": 1})),
            product(json!({"options": [{"option_id": 1, "every": -1}]})),
            product(json!({"options": vec![json!({"option_id": 1}); 251]})),
            json!({"products": [{"id": 1, "revision": 0, "eligible": false}, {"id": 1, "revision": 0, "eligible": false}]}),
        ];
        for body in bodies {
            let answer = app.console_at(&session, Method::PATCH, "products").json(&body).send().await.unwrap();
            refused(answer, 400, "bad_request").await;
        }
        let unknown = product(json!({"id": 9_007_199_254_740_991_u64}));
        let answer = app.console_at(&session, Method::PATCH, "products").json(&unknown).send().await.unwrap();
        refused(answer, 412, "products_changed").await;
    });
}

#[test]
fn products_are_searched_sorted_filtered_and_paged() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        let everything = all(&app, &session).await;
        let found = |page: Value| {
            page["products"]
                .as_array()
                .unwrap()
                .iter()
                .map(|product| product["name"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(found(app.read(&session, "products?search=COFFEE%20decaf").await), ["Decaf coffee, 500 g"]);
        assert_eq!(found(app.read(&session, "products?search=demo-001").await).len(), 1);
        let tea = named(&app, &session, "Green tea sachets").await;
        assert_eq!(found(app.read(&session, &format!("products?search={}", tea["id"])).await), ["Green tea sachets"]);
        let literal = found(app.read(&session, "products?search=%25").await);
        assert!(literal.iter().all(|name| name.contains('%')) && literal.len() < 5, "{literal:?}");
        for nothing in ["_", "%27%20OR%201%3D1%20--", "no%20such%20product", "99999999999999999999"] {
            assert_eq!(app.read(&session, &format!("products?search={nothing}")).await["total"], 0, "{nothing}");
        }
        let names = |sort: &'static str| {
            let (app, session) = (&app, &session);
            async move {
                let mut names = Vec::new();
                for page in 1.. {
                    let read = found(app.read(session, &format!("products?sort={sort}&limit=30&page={page}")).await);
                    if read.is_empty() {
                        return names;
                    }
                    names.extend(read);
                }
                names
            }
        };
        let (up, mut down) = (names("name").await, names("-name").await);
        down.reverse();
        assert_eq!(up, down);
        assert_eq!(up.len(), everything.len());
        let lower: Vec<String> = up.iter().map(|name| name.to_ascii_lowercase()).collect();
        assert!(lower.is_sorted(), "{up:?}");

        offer(&app, &session, "Oat granola").await;
        let shown = |show: &'static str| {
            let (app, session) = (&app, &session);
            async move { app.read(session, &format!("products?show={show}&limit=250")).await }
        };
        let counts = shown("all").await["counts"].clone();
        for (show, expected) in [
            ("all", &counts["all"]),
            ("eligible", &counts["eligible"]),
            ("attention", &counts["attention"]),
            ("no_options", &counts["no_options"]),
        ] {
            let page = shown(show).await;
            assert_eq!(
                (&page["total"], page["products"].as_array().unwrap().len() as u64),
                (expected, expected.as_u64().unwrap()),
                "{show}"
            );
        }
        assert_eq!(counts["eligible"], 1);
        assert_eq!(shown("not_eligible").await["total"].as_i64().unwrap(), counts["all"].as_i64().unwrap() - 1);
        let without = everything.iter().filter(|product| product["modifier"].is_null()).count();
        assert_eq!(counts["no_options"], without);
        for bad in ["show=some", "sort=price", "page=0", "limit=251", "limit=x", &format!("search={}", "x".repeat(201))]
        {
            let answer = app.console_at(&session, Method::GET, &format!("products?{bad}")).send().await.unwrap();
            refused(answer, 400, "bad_request").await;
        }
    });
}

#[test]
fn a_modifier_that_is_required_doubled_or_lost_is_warned_of() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        let codes = |product: &Value| {
            product["warnings"]
                .as_array()
                .unwrap()
                .iter()
                .map(|warning| warning["code"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(codes(&named(&app, &session, "Subscription that must be chosen").await), ["required"]);
        assert_eq!(codes(&named(&app, &session, "Two subscriptions to choose from").await), ["ambiguous"]);
        let before = app.read(&session, "products").await["counts"]["attention"].as_i64().unwrap();

        let granola = offer(&app, &session, "Oat granola").await;
        let biscuits = offer(&app, &session, "Dog biscuits").await;
        let modifier = |product: &Value| (product["id"].as_u64().unwrap(), product["modifier"]["id"].as_u64().unwrap());
        let (id, renamed) = modifier(&granola);
        world
            .sandbox
            .edit_modifier(&app.store, id, renamed, |modifier| "Delivery".clone_into(&mut modifier.display_name));
        let (id, cut) = modifier(&biscuits);
        world.sandbox.edit_modifier(&app.store, id, cut, |modifier| drop(modifier.values.remove(1)));
        assert_eq!(app.console_at(&session, Method::POST, "sync").send().await.unwrap().status(), 202);
        synced(&app, &session).await;
        let granola = named(&app, &session, "Oat granola").await;
        assert_eq!((codes(&granola), &granola["eligible"]), (vec!["lost".to_owned()], &json!(true)), "{granola}");
        let biscuits = named(&app, &session, "Dog biscuits").await;
        assert!(biscuits["faults"][0]["message"].as_str().unwrap().contains("no longer has this option"), "{biscuits}");
        let page = app.read(&session, "products?show=attention&limit=250").await;
        assert_eq!(page["total"], before + 2, "{page}");

        // Named as before, everything is as it was.
        let granola_id = granola["id"].as_u64().unwrap();
        world.sandbox.edit_modifier(&app.store, granola_id, renamed, |modifier| {
            modifier.display_name = "Subscription".to_owned();
        });
        app.console_at(&session, Method::POST, "sync").send().await.unwrap();
        synced(&app, &session).await;
        let granola = named(&app, &session, "Oat granola").await;
        assert_eq!(
            (codes(&granola).len(), &granola["faults"], &granola["options"][1]["every"]),
            (0, &json!([]), &json!(2)),
            "{granola}"
        );
        let overview = app.read(&session, "overview").await;
        let check = overview["checks"].as_array().unwrap().iter().find(|check| check["id"] == "products").unwrap();
        assert_eq!(check["state"], "attention", "{check}");
    });
}

#[test]
fn products_of_one_app_are_nobody_elses() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        let other = App::registered(world).await;
        let others = other.install().await;
        synced(&other, &others).await;
        assert_eq!(app.read(&session, "products").await["total"], 82);
        assert_eq!(other.read(&others, "products").await["total"], 0);
        refused(
            client().get(format!("{}/console/api/products", world.worker.url)).send().await.unwrap(),
            401,
            "session_ended",
        )
        .await;
    });
}
