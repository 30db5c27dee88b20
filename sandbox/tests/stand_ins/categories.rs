//! Category trees and the categories in them, as an app reads them.

use crate::common::{APP, SECRET, STORE, api, app, client, install, start, value};
use reqwest::Method;
use sandbox::{Category, Fault, FaultKind, Product, Route, Sandbox, demo_catalog};
use serde_json::{Value, json};

async fn shop() -> (Sandbox, String) {
    let sandbox = start().await;
    sandbox.add_app(app(APP, SECRET, &["store_v2_products_read_only"]));
    let token = install(&sandbox, APP, SECRET).await;
    (sandbox, token)
}

async fn ask(sandbox: &Sandbox, token: &str, path: &str) -> (u16, Value) {
    value(api(sandbox, token, Method::GET, &format!("/v3/catalog/trees{path}"))).await
}

async fn ids(sandbox: &Sandbox, token: &str, path: &str, id: &str) -> Vec<u64> {
    let (status, body) = ask(sandbox, token, path).await;
    assert_eq!(status, 200, "{path}: {body}");
    body["data"].as_array().expect("a list").iter().filter_map(|item| item[id].as_u64()).collect()
}

#[tokio::test]
async fn a_store_has_the_categories_of_its_demo_products() {
    let (sandbox, token) = shop().await;
    sandbox.set_products(STORE, demo_catalog());
    let known = ids(&sandbox, &token, "/categories?limit=250", "category_id").await;
    assert_eq!(known, [23, 24, 25, 26, 27]);
    let products = sandbox.product_ids(STORE).into_iter().map(|id| sandbox.product(STORE, id).expect("it"));
    let mut used: Vec<u64> = products.flat_map(|product| product.categories).collect();
    used.sort_unstable();
    used.dedup();
    assert_eq!(used, known, "each has a product, and no product is in another");
    let (_, body) = ask(&sandbox, &token, "/categories?category_id:in=26").await;
    let expected = json!({"category_id": 26, "parent_id": 25, "tree_id": 1, "name": "茶道具", "is_visible": true});
    for (name, value) in expected.as_object().expect("an object") {
        assert_eq!(&body["data"][0][name], value, "{name}");
    }
}

#[tokio::test]
async fn trees_are_those_of_channels_and_filter_categories() {
    let (sandbox, token) = shop().await;
    let other = Category { name: "Of another shop".into(), tree_id: 2, is_visible: false, ..Category::default() };
    let other = sandbox.put_category(STORE, other);
    assert_eq!(other, 28);
    assert_eq!(ids(&sandbox, &token, "", "id").await, [1, 2]);
    let (_, body) = ask(&sandbox, &token, "?channel_id:in=2").await;
    assert_eq!(body["data"], json!([{"id": 2, "name": "Catalog tree 2", "channels": [2]}]));
    assert_eq!(ids(&sandbox, &token, "?id:in=1", "id").await, [1]);
    assert_eq!(ids(&sandbox, &token, "?channel_id:in=3", "id").await, [0_u64; 0]);
    for (query, expected) in [
        ("tree_id:in=2", vec![28]),
        ("tree_id:not_in=1", vec![28]),
        ("tree_id:in=1,2&is_visible=false", vec![28]),
        ("category_id:in=23,26&category_id:not_in=23", vec![26]),
        ("parent_id:in=25", vec![26]),
        ("parent_id:not_in=0", vec![26]),
        ("name=Coffee", vec![24]),
        ("name:like=tisane", vec![25]),
        ("keyword=shop", vec![23, 28]),
        ("category_uuid:in=00000000-0000-4000-9000-000000000024", vec![24]),
        ("page_title=Tea", vec![]),
    ] {
        assert_eq!(ids(&sandbox, &token, &format!("/categories?{query}"), "category_id").await, expected, "{query}");
    }
    assert_eq!(sandbox.refusals(), []);
}

#[tokio::test]
async fn a_page_has_the_fields_that_are_asked_for_and_no_more_than_250() {
    let (sandbox, token) = shop().await;
    for number in 0..600 {
        sandbox.put_category(STORE, Category { name: format!("Category {number}"), ..Category::default() });
    }
    let mut seen = Vec::new();
    for page in 1..=3 {
        let path = format!("/categories?limit=250&page={page}&include_fields=name");
        let (_, body) = ask(&sandbox, &token, &path).await;
        assert_eq!(body["meta"]["pagination"]["total"], 605);
        for category in body["data"].as_array().expect("a list") {
            let names: Vec<&String> = category.as_object().expect("an object").keys().collect();
            assert_eq!(names, ["category_id", "name"]);
            seen.push(category["category_id"].as_u64().expect("an id"));
        }
    }
    assert_eq!((seen.len(), seen.is_sorted()), (605, true));
    let (_, short) = ask(&sandbox, &token, "/categories").await;
    assert_eq!(short["data"].as_array().map(Vec::len), Some(50));
    for (path, status) in [
        ("/categories?limit=251", 413),
        ("/categories?limit=0", 422),
        ("/categories?sort=name", 422),
        ("/categories?include_fields=id", 422),
        ("/categories?tree_id:in=one", 422),
        ("/categories?is_visible=1", 422),
        ("?limit=250", 422),
        ("?page=1", 422),
        ("/1", 404),
    ] {
        assert_eq!(ask(&sandbox, &token, path).await.0, status, "{path}");
    }
    let (status, _) = value(api(&sandbox, &token, Method::POST, "/v3/catalog/trees/categories")).await;
    assert_eq!(status, 405);
}

#[tokio::test]
async fn they_need_the_scope_of_products_and_have_faults_of_their_own() {
    let (sandbox, token) = shop().await;
    sandbox.set_fault(STORE, Route::Categories, Some(Fault::next(1, FaultKind::Status { code: 503 })));
    sandbox.set_fault(STORE, Route::Trees, Some(Fault::next(1, FaultKind::TooMany { with_headers: true })));
    for (path, faulty) in [("/categories", 503), ("", 429)] {
        assert_eq!(ask(&sandbox, &token, path).await.0, faulty, "{path}");
        assert_eq!(ask(&sandbox, &token, path).await.0, 200, "{path}");
    }
    sandbox.add_app(app("client-two", "secret-two", &["store_v2_orders"]));
    let token = install(&sandbox, "client-two", "secret-two").await;
    for path in ["/categories", ""] {
        assert_eq!(ask(&sandbox, &token, path).await.0, 403, "{path}");
    }
}

#[tokio::test]
async fn a_person_sets_them_over_http() {
    let (sandbox, token) = shop().await;
    sandbox.set_products(STORE, vec![Product::named("Tea")]);
    let at = |method, end: &str| {
        client().request(method, format!("{}/sandbox/stores/{STORE}/categories{end}", sandbox.url()))
    };
    let (status, put) = value(at(Method::PUT, "").json(&json!({"name": "Gifts", "parent_id": 23}))).await;
    assert_eq!((status, &put), (200, &json!({"id": 28})));
    assert_eq!(ids(&sandbox, &token, "/categories?parent_id:in=23", "category_id").await, [28]);
    for wrong in [json!({"name": ""}), json!({"name": "x".repeat(51)}), json!({"name": "Lost", "parent_id": 99})] {
        assert_eq!(value(at(Method::PUT, "").json(&wrong)).await.0, 422, "{wrong}");
    }
    assert_eq!(value(at(Method::DELETE, "/28")).await.0, 200);
    assert_eq!(value(at(Method::DELETE, "/28")).await.0, 422);
    assert_eq!(sandbox.categories(STORE).len(), 5);
}
