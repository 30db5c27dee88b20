//! Ordergroove's product batches.

use reqwest::{Method, RequestBuilder};
use sandbox::{Fault, FaultKind, NewMerchant, Route, Sandbox};
use serde_json::{Value, json};

use crate::common::{client, start};

fn bare(sandbox: &Sandbox, method: Method, action: &str) -> RequestBuilder {
    client().request(method, format!("{}/products-batch/{action}/", sandbox.ordergroove_rest_url()))
}

fn batch(sandbox: &Sandbox, method: Method, action: &str, body: &Value) -> RequestBuilder {
    bare(sandbox, method, action).header("x-api-key", "key-one").json(body)
}

fn tea(id: &str) -> Value {
    json!({
        "product_id": id, "name": "Green Tea", "sku": "TEA-250", "price": 10.05, "live": true, "autoship_enabled": true,
        "detail_url": "https://shop.example.com/tea/", "image_url": "https://cdn.example.com/tea.jpg",
        "every": 1, "every_period": 3, "extra_data": r#"{"variant_name":"Red"}"#,
    })
}

async fn results(request: RequestBuilder) -> (u16, Vec<u64>) {
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.expect("JSON");
    let statuses =
        body["results"].as_array().into_iter().flatten().map(|result| result["status"].as_u64().expect("a status"));
    (status, statuses.collect())
}

#[tokio::test]
async fn products_are_created_then_updated() {
    let sandbox = start().await;
    let create = |body: Value| results(batch(&sandbox, Method::POST, "create", &body));
    let update = |body: Value| results(batch(&sandbox, Method::PATCH, "update", &body));
    assert_eq!(update(json!([tea("7_1")])).await, (207, vec![404]));
    assert_eq!(create(json!([tea("7_1"), tea("7_2")])).await, (207, vec![200, 200]));
    assert_eq!(sandbox.refusals().len(), 0);
    assert_eq!(update(json!([{"product_id": "7_1", "price": 11}, {"product_id": "7_3"}])).await, (207, vec![200, 404]));
    let products = sandbox.ordergroove_products("m1");
    assert_eq!(products.keys().collect::<Vec<_>>(), ["7_1", "7_2"]);
    assert_eq!((&products["7_1"]["price"], &products["7_1"]["sku"]), (&json!(11), &json!("TEA-250")));
    assert_eq!(create(json!([tea("7_1")])).await, (207, vec![400]), "it is there already");
}

#[tokio::test]
async fn fields_are_held_to_their_rules() {
    let sandbox = start().await;
    for (field, value) in [
        ("product_id", json!(7)),
        ("product_id", json!("7".repeat(65))),
        ("name", json!("")),
        ("name", json!("Thé")),
        ("sku", json!("s".repeat(65))),
        ("price", json!("10.00")),
        ("price", json!(10.005)),
        ("price", json!(-1)),
        ("price", json!(100_000_000)),
        ("live", json!(1)),
        ("image_url", json!("http://cdn.example.com/tea.jpg")),
        ("image_url", Value::Null),
        ("detail_url", json!("/tea/")),
        ("every", json!(0)),
        ("every_period", json!(5)),
        ("discontinued", json!(true)),
        ("extra_data", json!({"variant_name": "Red"})),
        ("extra_data", json!(r#"{"variant_name":""}"#)),
        ("groups", json!([{"name": "tea", "group_type": "other"}])),
        ("details_url", json!("https://shop.example.com/tea/")),
    ] {
        let mut product = tea("7_1");
        product[field] = value.clone();
        let created = results(batch(&sandbox, Method::POST, "create", &json!([product, tea("7_2")]))).await;
        // The second time it is there already.
        let good = if sandbox.refusals().len() == 1 { 200 } else { 400 };
        assert_eq!(created, (207, vec![400, good]), "{field}: {value}");
    }
    assert_eq!(sandbox.ordergroove_products("m1").len(), 1, "one that is refused does not hold up others");
}

#[tokio::test]
async fn a_batch_is_refused_as_a_whole() {
    let sandbox = start().await;
    let many = Value::Array(vec![tea("7_1"); 101]);
    let status = async |request: RequestBuilder| request.send().await.expect("an answer").status().as_u16();
    for body in [&json!([]), &json!({}), &many] {
        assert_eq!(status(batch(&sandbox, Method::POST, "create", body)).await, 400);
    }
    let one = json!([tea("7_1")]);
    assert_eq!(status(batch(&sandbox, Method::POST, "update", &one)).await, 405);
    assert_eq!(status(batch(&sandbox, Method::PATCH, "create", &one)).await, 405);
    assert_eq!(status(batch(&sandbox, Method::POST, "create", &one).query(&[("dry", "1")])).await, 400);
    let create = |key: &str| bare(&sandbox, Method::POST, "create").header("x-api-key", key);
    assert_eq!(status(create("key-one").body(one.to_string())).await, 400, "not said to be JSON");
    assert_eq!(status(create("key-two").json(&one)).await, 403);
    assert_eq!(status(bare(&sandbox, Method::POST, "create").json(&one)).await, 403);
    sandbox.add_merchant(NewMerchant {
        merchant_id: "m2".into(),
        api_keys: vec!["key-three".into()],
        bulk: false,
        ..NewMerchant::default()
    });
    assert_eq!(status(create("key-three").json(&one)).await, 403);
    assert_eq!(sandbox.refusals().len(), 10);
    assert!(sandbox.ordergroove_products("m1").is_empty());
}

#[tokio::test]
async fn more_than_a_minute_takes_is_told_when_to_come_back() {
    let sandbox = start().await;
    for _ in 0..600 {
        assert_eq!(results(batch(&sandbox, Method::PATCH, "update", &json!([tea("7_1")]))).await.0, 207);
    }
    let answer = batch(&sandbox, Method::PATCH, "update", &json!([tea("7_1")])).send().await.expect("an answer");
    assert_eq!(answer.status(), 429);
    let seconds: u64 = answer.headers()["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert!((1..=60).contains(&seconds));
}

#[tokio::test]
async fn faults_are_as_those_of_other_routes() {
    let sandbox = start().await;
    let fault = Fault::next(1, FaultKind::TooMany { with_headers: true });
    sandbox.set_fault("m1", Route::OgProducts, Some(fault));
    let update = || batch(&sandbox, Method::PATCH, "update", &json!([tea("7_1")]));
    let answer = update().send().await.expect("an answer");
    assert_eq!((answer.status().as_u16(), &answer.headers()["retry-after"]), (429, &"2".parse().expect("a value")));
    assert_eq!(results(update()).await, (207, vec![404]));
}
