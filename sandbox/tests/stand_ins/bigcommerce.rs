//! Token exchange, REST API and hooks, as an app meets them.

use crate::common::{APP, SECRET, STORE, api, app, exchange, exchange_body, install, start, value};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_code_is_exchanged_once() {
    let sandbox = start().await;
    let body = exchange_body(&sandbox, APP, SECRET);
    let answer = exchange(&sandbox, &body).await;
    assert_eq!(answer.status(), 200);
    let answer: Value = answer.json().await.expect("JSON");
    assert_eq!(answer["access_token"].as_str(), sandbox.token_of(STORE, APP).as_deref());
    assert_eq!(answer["context"], "stores/abc123");
    assert_eq!(answer["owner"]["id"], 7);
    assert_eq!(exchange(&sandbox, &body).await.status(), 400);
    assert_eq!(sandbox.refusals().len(), 1);
}

#[tokio::test]
async fn every_field_of_an_exchange_counts() {
    let sandbox = start().await;
    let good = exchange_body(&sandbox, APP, SECRET);
    for (name, wrong) in [
        ("client_id", "other"),
        ("client_secret", "other"),
        ("code", "other"),
        ("context", "stores/other"),
        ("scope", "store_v2_orders"),
        ("grant_type", "password"),
        ("redirect_uri", "http://127.0.0.1:9/client-one/auth/"),
    ] {
        let mut body = good.clone();
        body[name] = json!(wrong);
        assert_eq!(exchange(&sandbox, &body).await.status(), 400, "{name}");
        body.as_object_mut().expect("an object").remove(name);
        assert_eq!(exchange(&sandbox, &body).await.status(), 400, "without {name}");
    }
    // Nothing of that used up the code, and a form will do.
    let url = format!("{}/oauth2/token", sandbox.bigcommerce_login_url());
    let form =
        good.as_object().expect("an object").iter().map(|(name, value)| (name, value.as_str().unwrap_or_default()));
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request =
        crate::common::client().post(url).header("content-type", "application/x-www-form-urlencoded").body(form);
    assert_eq!(value(request).await.0, 200);
}

#[tokio::test]
async fn a_new_token_ends_the_old_one_and_so_do_new_scopes() {
    let sandbox = start().await;
    let first = install(&sandbox, APP, SECRET).await;
    let second = install(&sandbox, APP, SECRET).await;
    let (old, answer) = value(api(&sandbox, &first, Method::GET, "/v3/hooks")).await;
    assert_eq!((old, &answer["status"], answer["errors"].is_object()), (401, &json!(401), true));
    assert_eq!(value(api(&sandbox, &second, Method::GET, "/v2/store")).await.0, 200);
    sandbox.add_app(app(APP, SECRET, &["store_v2_orders"]));
    assert_eq!(sandbox.token_of(STORE, APP), None);
    assert_eq!(value(api(&sandbox, &second, Method::GET, "/v2/store")).await.0, 401);
}

#[tokio::test]
async fn what_the_api_would_refuse_is_refused_and_recorded() {
    let sandbox = start().await;
    let token = install(&sandbox, APP, SECRET).await;
    let get = |path: &str| api(&sandbox, &token, Method::GET, path);
    let bare = |path: &str| {
        let url = format!("{}/stores/{STORE}{path}", sandbox.bigcommerce_api_url());
        crate::common::client().get(url).header("x-auth-token", &token)
    };
    let post = |text: &str| api(&sandbox, &token, Method::POST, "/v3/hooks").body(text.to_owned());
    for (request, status) in [
        (api(&sandbox, "wrong", Method::GET, "/v2/store"), 401),
        (get("/v3/channels"), 403),
        (get("/v3/nothing"), 404),
        (api(&sandbox, &token, Method::DELETE, "/v2/store"), 405),
        (bare("/v2/store"), 406),
        (bare("/v2/store").header("accept", "application/xml"), 406),
        (get("/v3/sites?limit=251"), 413),
        (post("{}"), 415),
        (post("{").header("content-type", "application/json"), 400),
        (get("/v3/sites?colour=green"), 422),
        (get("/v3/sites?channel_id:in=one"), 422),
        (get("/v3/hooks?is_active=yes"), 422),
        (get("/v3/hooks?page=0"), 422),
    ] {
        sandbox.clear_requests();
        assert_eq!(value(request).await.0, status);
        let refusals = sandbox.refusals();
        assert_eq!(refusals.len(), 1, "{status}");
        assert_eq!(refusals[0].status, Some(status));
    }
}

#[tokio::test]
async fn sites_name_every_address() {
    let sandbox = start().await;
    sandbox.add_store(sandbox::NewStore {
        hash: STORE.into(),
        extra_urls: vec![sandbox::SiteUrl { url: "https://pay.example".into(), kind: sandbox::UrlType::Checkout }],
        ..sandbox::NewStore::default()
    });
    let token = install(&sandbox, APP, SECRET).await;
    let response = api(&sandbox, &token, Method::GET, "/v3/sites?channel_id:in=1").send().await.expect("an answer");
    assert_eq!(response.headers()["x-rate-limit-requests-quota"], "20000");
    let body: Value = response.json().await.expect("JSON");
    assert_eq!(body["data"][0]["url"], sandbox.storefront_origin(STORE));
    let kinds: Vec<_> = body["data"][0]["urls"].as_array().expect("addresses").iter().map(|url| &url["type"]).collect();
    assert_eq!(kinds, ["primary", "canonical", "checkout"]);
    let none = value(api(&sandbox, &token, Method::GET, "/v3/sites?channel_id:in=2")).await.1;
    assert_eq!(none["data"], json!([]));
    let store = value(api(&sandbox, &token, Method::GET, "/v2/store")).await.1;
    assert_eq!(store["control_panel_base_url"], sandbox.control_panel_origin(STORE));
    assert_eq!(sandbox.refusals(), []);
}

#[tokio::test]
async fn hooks_have_rules() {
    let sandbox = start().await;
    let token = install(&sandbox, APP, SECRET).await;
    let create = |scope: &str, destination: &str| {
        let body = json!({ "scope": scope, "destination": destination, "headers": { "x-a": "b" } });
        api(&sandbox, &token, Method::POST, "/v3/hooks").json(&body)
    };
    for destination in ["http://a.example/", "https://a.example:8443/", "ftp://a.example/", "/here"] {
        assert_eq!(value(create("store/order/created", destination)).await.0, 422, "{destination}");
    }
    let (status, first) = value(create("store/order/created", "http://127.0.0.1:8787/hook")).await;
    assert_eq!((status, &first["data"]["is_active"]), (200, &json!(true)));
    assert_eq!(value(create("store/order/created", "http://127.0.0.1:8787/hook")).await.0, 422);
    for number in 1..10 {
        assert_eq!(value(create("store/order/created", &format!("https://a.example/{number}"))).await.0, 200);
    }
    assert_eq!(value(create("store/order/created", "https://a.example/10")).await.0, 422);
    assert_eq!(value(create("store/order/updated", "https://a.example/10")).await.0, 200);

    let path = format!("/v3/hooks/{}", first["data"]["id"]);
    let put = api(&sandbox, &token, Method::PUT, &path).json(&json!({ "is_active": false }));
    assert_eq!(value(put).await.1["data"]["is_active"], false);
    let inactive = value(api(&sandbox, &token, Method::GET, "/v3/hooks?is_active=false")).await.1;
    assert_eq!(inactive["meta"]["pagination"]["total"], 1);
    assert_eq!(value(api(&sandbox, &token, Method::PUT, &path).json(&json!({}))).await.0, 422);

    sandbox.add_app(app("client-two", "secret-two", &[]));
    let other = install(&sandbox, "client-two", "secret-two").await;
    assert_eq!(value(api(&sandbox, &other, Method::GET, "/v3/hooks")).await.1["data"], json!([]));
    assert_eq!(value(api(&sandbox, &other, Method::DELETE, &path)).await.0, 404);
    assert_eq!(value(api(&sandbox, &token, Method::DELETE, &path)).await.0, 200);
    assert_eq!(value(api(&sandbox, &token, Method::GET, &path)).await.0, 404);
}

#[tokio::test]
async fn the_quota_is_the_stores() {
    let sandbox = start().await;
    sandbox.add_store(sandbox::NewStore { hash: STORE.into(), quota: 2, ..sandbox::NewStore::default() });
    let token = install(&sandbox, APP, SECRET).await;
    for expected in [200, 200, 429] {
        assert_eq!(value(api(&sandbox, &token, Method::GET, "/v2/time")).await.0, expected);
    }
}

#[tokio::test]
async fn the_openapi_files_are_asked_too() {
    if std::env::var_os("BIGCOMMERCE_OPENAPI_DIR").is_none() {
        println!("skipped: BIGCOMMERCE_OPENAPI_DIR is not set");
        return;
    }
    let sandbox = start().await;
    assert!(sandbox.judged_operations().is_some_and(|operations| operations > 100));
    let token = install(&sandbox, APP, SECRET).await;
    let body = json!({ "scope": "store/order/created", "destination": 7 });
    let (status, answer) = value(api(&sandbox, &token, Method::POST, "/v3/hooks").json(&body)).await;
    assert_eq!(status, 400);
    assert!(answer["title"].as_str().is_some_and(|title| title.contains("OpenAPI")), "{answer}");
}
