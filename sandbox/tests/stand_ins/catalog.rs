//! Products, variants and modifiers, as an app reads them.

use crate::common::{APP, SECRET, STORE, api, app, client, install, start, value};
use reqwest::Method;
use sandbox::{
    Availability, CatalogChange, Fault, FaultKind, Modifier, OptionType, Product, ProductType, Route, Sandbox,
    demo_catalog,
};
use serde_json::{Value, json};

struct Shop {
    sandbox: Sandbox,
    token: String,
}

impl Shop {
    async fn empty() -> Self {
        let sandbox = start().await;
        sandbox.add_app(app(APP, SECRET, &["store_v2_products_read_only"]));
        let token = install(&sandbox, APP, SECRET).await;
        Self { sandbox, token }
    }

    async fn with(products: Vec<Product>) -> Self {
        let shop = Self::empty().await;
        shop.sandbox.set_products(STORE, products);
        shop
    }

    async fn ask(&self, path: &str) -> (u16, Value) {
        value(api(&self.sandbox, &self.token, Method::GET, &format!("/v3/catalog/products{path}"))).await
    }

    async fn get(&self, path: &str) -> Value {
        let (status, body) = self.ask(path).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// The names on the page that is asked for.
    async fn names(&self, query: &str) -> Vec<String> {
        let body = self.get(query).await;
        let names = body["data"].as_array().expect("a list").iter();
        names.map(|product| product["name"].as_str().expect("a name").to_owned()).collect()
    }
}

fn ids(body: &Value) -> Vec<u64> {
    body["data"].as_array().expect("a list").iter().filter_map(|item| item["id"].as_u64()).collect()
}

#[tokio::test]
async fn pages_are_as_long_as_the_platform_makes_them() {
    let shop = Shop::empty().await;
    shop.sandbox.generate_products(STORE, 600, 1);
    for (query, length) in [
        ("", 50),
        ("?limit=250", 250),
        ("?limit=7", 7),
        ("?limit=250&include=variants,images,primary_image,custom_fields", 250),
        ("?limit=250&include=modifiers", 10),
        ("?limit=250&include=variants,options", 10),
        ("?limit=3&include=modifiers", 3),
    ] {
        let body = shop.get(query).await;
        let pagination = &body["meta"]["pagination"];
        assert_eq!(ids(&body).len(), length, "{query}");
        assert_eq!((&pagination["total"], &pagination["per_page"]), (&json!(600), &json!(length)), "{query}");
        assert_eq!(pagination["total_pages"], 600_usize.div_ceil(length), "{query}");
    }
    assert_eq!(shop.ask("?limit=251").await.0, 413);
    let past = shop.get("?limit=250&page=4").await;
    assert_eq!((ids(&past).len(), &past["meta"]["pagination"]["total"]), (0, &json!(600)));
}

#[tokio::test]
async fn every_way_of_paging_shows_each_product_once() {
    let shop = Shop::empty().await;
    shop.sandbox.generate_products(STORE, 600, 2);
    let all = shop.sandbox.product_ids(STORE);
    let (mut by_page, mut by_id) = (Vec::new(), Vec::new());
    let mut next = Some("?page=1&limit=250&sort=id".to_owned());
    while let Some(query) = next {
        let body = shop.get(&query).await;
        by_page.extend(ids(&body));
        next = body["meta"]["pagination"]["links"]["next"].as_str().map(str::to_owned);
    }
    loop {
        let last = by_id.last().copied().unwrap_or_default();
        let body = shop.get(&format!("?id:greater={last}&limit=250&sort=id&include_fields=name")).await;
        assert_eq!(body["meta"]["pagination"]["total"], all.len() - by_id.len());
        if ids(&body).is_empty() {
            break;
        }
        by_id.extend(ids(&body));
    }
    assert_eq!((by_page, by_id), (all.clone(), all));
    assert_eq!(shop.sandbox.refusals(), []);
}

#[tokio::test]
async fn filters_and_orders_are_the_platforms() {
    let tea = Product { sku: "T-1".into(), price: 3.5, date_modified: 1_736_150_400, ..Product::named("Green tea") };
    let course = Product { kind: ProductType::Digital, date_modified: 1_736_150_500, ..Product::named("Course") };
    let hidden =
        Product { is_visible: false, categories: vec![7], date_modified: 1_736_150_600, ..Product::named("Attic") };
    let gone = Product {
        availability: Availability::Disabled,
        brand_id: 4,
        price: 99.0,
        date_modified: 1_736_150_700,
        ..Product::named("Black tea")
    };
    let shop = Shop::with(vec![tea, course, hidden, gone]).await;
    let all = shop.sandbox.product_ids(STORE);
    let (first, last) = (all[0], all[3]);
    for (query, expected) in [
        (String::new(), vec!["Green tea", "Course", "Attic", "Black tea"]),
        (format!("?id:in={last},{first},999999"), vec!["Green tea", "Black tea"]),
        (format!("?id:in={last},{first}&id:greater={first}"), vec!["Black tea"]),
        (format!("?id:not_in={last},{first}"), vec!["Course", "Attic"]),
        (format!("?id:min={first}&id:less={last}"), vec!["Green tea", "Course", "Attic"]),
        ("?is_visible=false".into(), vec!["Attic"]),
        ("?availability=disabled".into(), vec!["Black tea"]),
        ("?type=digital".into(), vec!["Course"]),
        ("?keyword=TEA".into(), vec!["Green tea", "Black tea"]),
        ("?name=Attic".into(), vec!["Attic"]),
        ("?sku:in=T-1,T-2".into(), vec!["Green tea"]),
        ("?price=3.5".into(), vec!["Green tea"]),
        ("?brand_id=4".into(), vec!["Black tea"]),
        ("?categories:in=7,8".into(), vec!["Attic"]),
        ("?channel_id:in=1,2&type=digital".into(), vec!["Course"]),
        ("?channel_id:in=2".into(), vec![]),
        ("?date_modified:min=2025-01-06T08:03:20Z".into(), vec!["Attic", "Black tea"]),
        ("?date_modified:min=2025-01-06T09:03:20%2B01:00".into(), vec!["Attic", "Black tea"]),
        ("?date_modified:max=2025-01-06T08:00:00".into(), vec!["Green tea"]),
        ("?sort=name".into(), vec!["Attic", "Black tea", "Course", "Green tea"]),
        ("?sort=price&direction=desc&limit=1".into(), vec!["Black tea"]),
        ("?sort=date_modified&direction=desc".into(), vec!["Black tea", "Attic", "Course", "Green tea"]),
        ("?direction=desc&limit=2&page=2".into(), vec!["Course", "Green tea"]),
    ] {
        assert_eq!(shop.names(&query).await, expected, "{query}");
    }
    assert_eq!(shop.sandbox.refusals(), []);
}

#[tokio::test]
async fn a_wrong_parameter_is_refused() {
    let shop = Shop::with(vec![Product::default()]).await;
    for query in [
        "?colour=green",
        "?include=colours",
        "?include=variants,",
        "?include_fields=colour",
        "?exclude_fields=name,colour",
        "?id:in=1,two",
        "?id:greater=-1",
        "?sort=colour",
        "?sort=id,name",
        "?direction=up",
        "?is_visible=yes",
        "?availability=gone",
        "?type=food",
        "?date_modified:min=yesterday",
        "?date_modified:min=2025-01-06T08:00:00+00:00",
        "?keyword=",
        "?limit=0",
        "?page=0",
        "?page=1&page=2",
    ] {
        shop.sandbox.clear_requests();
        // With the OpenAPI files, some of these do not come as far as to the stand-in's own rules.
        assert!(matches!(shop.ask(query).await.0, 400 | 422), "{query}");
        assert_eq!(shop.sandbox.refusals().len(), 1, "{query}");
    }
    assert_eq!(shop.ask("/0").await.0, 404);
    assert_eq!(shop.ask("/one").await.0, 404);
    let post = api(&shop.sandbox, &shop.token, Method::POST, "/v3/catalog/products").json(&json!({ "name": "a" }));
    assert_eq!(value(post).await.0, 405);
}

#[tokio::test]
async fn products_need_their_scope() {
    let sandbox = start().await;
    sandbox.set_products(STORE, vec![Product::default()]);
    for (scopes, expected) in [
        (&["store_v2_orders", "store_v2_information_read_only"][..], 403),
        (&["store_v2_products_read_only"], 200),
        (&["store_v2_products"], 200),
    ] {
        sandbox.add_app(app(APP, SECRET, scopes));
        let token = install(&sandbox, APP, SECRET).await;
        for path in ["", "/101", "/101/variants", "/101/modifiers"] {
            let request = api(&sandbox, &token, Method::GET, &format!("/v3/catalog/products{path}"));
            assert_eq!(value(request).await.0, expected, "{scopes:?} {path}");
        }
    }
}

#[tokio::test]
async fn a_product_has_what_was_asked_for() {
    let product = Product { sku: "T".into(), images: vec!["a.jpg".into(), "b.jpg".into()], ..Product::named("Tea") }
        .in_variants("Size", &["S", "L"])
        .with(Modifier::dropdown("Subscription", &["Once", "Every month"]).required());
    let shop = Shop::with(vec![product, Product { sale_price: 4.0, ..Product::named("Plain") }]).await;
    let all = shop.sandbox.product_ids(STORE);

    let bare = shop.get(&format!("/{}", all[0])).await["data"].clone();
    assert_eq!((&bare["price"], &bare["base_variant_id"], &bare["variants"]), (&json!(10), &Value::Null, &Value::Null));
    assert_eq!(bare["custom_url"]["is_customized"], false);
    let few = shop.get("?include_fields=name,price&include=primary_image").await["data"][0].clone();
    let mut names: Vec<&String> = few.as_object().expect("an object").keys().collect();
    names.sort();
    assert_eq!(names, ["id", "name", "price", "primary_image"]);
    assert_eq!(few["primary_image"]["is_thumbnail"], true);
    assert_eq!(shop.get("?exclude_fields=price").await["data"][0]["price"], Value::Null);

    let full = shop.get(&format!("/{}?include=variants,options,modifiers,images,custom_fields", all[0])).await;
    let full = &full["data"];
    let (option, variant) = (&full["options"][0], &full["variants"][1]);
    assert_eq!(
        (&variant["sku"], &variant["price"], &variant["calculated_price"]),
        (&json!("T-L"), &Value::Null, &json!(10))
    );
    assert_eq!(variant["option_values"][0]["option_id"], option["id"]);
    assert_eq!(variant["option_values"][0]["id"], option["option_values"][1]["id"]);
    assert_eq!(full["images"].as_array().map(Vec::len), Some(2));
    let modifier = &full["modifiers"][0];
    assert_eq!((&modifier["type"], &modifier["required"]), (&json!("dropdown"), &json!(true)));
    assert_ne!(modifier["name"], modifier["display_name"]);
    let value = &modifier["option_values"][1];
    assert_eq!((&value["label"], &value["is_default"]), (&json!("Every month"), &json!(false)));
    assert_eq!(value["option_id"], modifier["id"]);

    let plain = shop.get(&format!("/{}?include=variants", all[1])).await["data"].clone();
    assert_eq!(plain["variants"][0]["id"], plain["base_variant_id"]);
    assert_eq!((&plain["calculated_price"], &plain["variants"][0]["calculated_price"]), (&json!(4), &json!(4)));
}

#[tokio::test]
async fn what_belongs_to_a_product_has_paths_of_its_own() {
    let gift = Modifier { kind: OptionType::Text, display_name: "Engraving".into(), ..Modifier::default() };
    let product = Product::named("Tea").in_variants("Size", &["S", "L"]).with(gift);
    let shop = Shop::with(vec![product.with(Modifier::dropdown("Subscription", &["Once", "Every month"]))]).await;
    let product = shop.sandbox.product_ids(STORE)[0];
    let modifiers = shop.get(&format!("/{product}/modifiers?limit=250")).await;
    assert_eq!(modifiers["meta"]["pagination"]["total"], 2);
    assert_eq!(modifiers["data"][0]["option_values"], json!([]));
    let modifier = &modifiers["data"][1];
    let at = format!("/{product}/modifiers/{}", modifier["id"]);
    assert_eq!(shop.get(&at).await["data"], *modifier);
    let values = shop.get(&format!("{at}/values?limit=1&page=2")).await;
    assert_eq!(values["data"], json!([modifier["option_values"][1]]));
    assert_eq!(shop.get(&format!("{at}/values/{}", values["data"][0]["id"])).await["data"], values["data"][0]);
    let variants = shop.get(&format!("/{product}/variants?include_fields=sku")).await;
    assert_eq!(variants["data"][0].as_object().map(serde_json::Map::len), Some(2));
    let variant = &variants["data"][0]["id"];
    assert_eq!(shop.get(&format!("/{product}/variants/{variant}")).await["data"]["product_id"], product);
    let missing = [
        "/9".to_owned(),
        "/9/modifiers".into(),
        format!("/{product}/modifiers/9"),
        format!("/{product}/modifiers/9/values"),
        format!("{at}/values/9"),
        format!("/{product}/variants/9"),
    ];
    for path in missing {
        assert_eq!(shop.ask(&path).await.0, 404, "{path}");
    }
    // A record that is gone is nobody's mistake.
    assert_eq!(shop.sandbox.refusals(), []);
}

#[tokio::test]
async fn only_a_change_of_the_product_itself_is_seen_in_its_date() {
    let product = Product { date_modified: 1_736_150_400, ..Product::named("Tea") };
    let shop = Shop::with(vec![product]).await;
    let id = shop.sandbox.product_ids(STORE)[0];
    let recent = "?date_modified:min=2025-01-06T08:00:01Z";
    let modifier = shop.sandbox.add_modifier(STORE, id, Modifier::dropdown("Subscription", &["Once"]));
    shop.sandbox.edit_modifier(STORE, id, modifier, |modifier| modifier.display_name = "Delivery".into());
    let shown = shop.get(&format!("/{id}/modifiers/{modifier}")).await;
    assert_eq!(shown["data"]["display_name"], "Delivery");
    shop.sandbox.delete_modifier(STORE, id, modifier);
    assert_eq!(shop.names(recent).await, [""; 0]);
    shop.sandbox.edit_product(STORE, id, |product| product.name = "Black tea".into());
    assert_eq!(shop.names(recent).await, ["Black tea"]);
    shop.sandbox.delete_product(STORE, id);
    assert_eq!(shop.ask(&format!("/{id}")).await.0, 404);
}

#[tokio::test]
async fn products_come_and_go_between_two_pages() {
    let shop = Shop::with((0..6).map(|number| Product::named(&format!("P{number}"))).collect()).await;
    let first = shop.sandbox.product_ids(STORE)[0];
    shop.sandbox.change_before_page(STORE, 2, CatalogChange::Delete(first));
    shop.sandbox.change_before_page(STORE, 3, CatalogChange::Put(Box::new(Product::named("New"))));
    assert_eq!(shop.names("?limit=2&page=1").await, ["P0", "P1"]);
    // P2 moved to the page that was seen: the trap of paging by number.
    assert_eq!(shop.names("?limit=2&page=2").await, ["P3", "P4"]);
    assert_eq!(shop.names("?limit=2&page=3").await, ["P5", "New"]);
    // Only pages count.
    assert_eq!(shop.ask(&format!("/{first}")).await.0, 404);
}

#[tokio::test]
async fn a_hundred_thousand_products_are_there_and_can_be_changed() {
    let shop = Shop::empty().await;
    shop.sandbox.generate_products(STORE, 100_000, 3);
    let all = shop.sandbox.product_ids(STORE);
    let (near_start, near_end) = (all[10], all[99_990]);
    let body = shop.get(&format!("?limit=250&id:greater={near_end}")).await;
    assert_eq!((ids(&body).len(), &body["meta"]["pagination"]["total"]), (9, &json!(9)));
    shop.sandbox.edit_product(STORE, near_start, |product| product.name = "Changed".into());
    shop.sandbox.delete_product(STORE, near_end);
    assert_eq!(shop.names("?keyword=changed&include_fields=name").await, ["Changed"]);
    assert_eq!(shop.get("?limit=1").await["meta"]["pagination"]["total"], 99_999);
    let modified = shop.get("?limit=1&date_modified:min=2026-06-01").await;
    assert_eq!(ids(&modified), [near_start]);
}

#[tokio::test]
async fn the_catalogues_routes_have_faults_of_their_own() {
    let shop = Shop::with(vec![Product::default()]).await;
    let paths = [
        (Route::Products, ""),
        (Route::Product, "/101"),
        (Route::Variants, "/101/variants"),
        (Route::Modifiers, "/101/modifiers"),
    ];
    for (route, wrong) in paths {
        shop.sandbox.set_fault(STORE, route, Some(Fault::next(1, FaultKind::Status { code: 500 })));
        for (_, path) in paths.iter().filter(|(_, path)| *path != wrong) {
            assert_eq!(shop.ask(path).await.0, 200, "{path}");
        }
        assert_eq!(shop.ask(wrong).await.0, 500, "{wrong}");
    }
}

#[tokio::test]
async fn a_person_sets_the_catalogue_over_http() {
    let shop = Shop::empty().await;
    let at = |path: &str| format!("{}/sandbox/stores/{STORE}/{path}", shop.sandbox.url());
    let put = |path: &str, body: Value| value(client().put(at(path)).json(&body));
    assert_eq!(put("catalog", json!("demo")).await.0, 200);
    let shown = value(client().get(at("catalog"))).await.1;
    assert_eq!(shown.as_array().map(Vec::len), Some(demo_catalog().len()));
    assert_eq!(put("catalog", json!({ "count": 3, "seed": 1 })).await.0, 200);
    assert_eq!(shop.sandbox.product_ids(STORE).len(), 3);
    let (_, added) = put("products", json!({ "name": "Tea", "modifiers": [{ "display_name": "Subscription" }] })).await;
    let path = format!("products/{}", added["id"]);
    assert_eq!(value(client().get(at(&path))).await.1["name"], "Tea");
    assert_eq!(put("products", json!({ "name": "" })).await.0, 422);
    assert_eq!(value(client().delete(at(&path))).await.0, 200);
    assert_eq!(value(client().delete(at(&path))).await.0, 422);
}
