//! `sandbox demo` against a Worker of a few lines.

use std::sync::{Arc, Mutex};

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Html;
use axum::routing::{get, put};
use axum::{Json, Router};
use sandbox::Sandbox;
use sandbox::demo::Demo;
use serde_json::{Value, json};

use crate::common;

/// The Worker's address, what it was asked, and its settings.
#[derive(Default)]
struct Worker {
    url: String,
    login: String,
    asked: Vec<String>,
    secret: String,
    settings: Value,
}

type Shared = State<Arc<Mutex<Worker>>>;

async fn register(
    State(worker): Shared,
    Path(client_id): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Json<Value> {
    assert_eq!(headers["authorization"], "Bearer operator");
    let mut worker = worker.lock().expect("the lock");
    worker.asked.push("register".into());
    worker.secret = body["client_secret"].as_str().expect("a secret").into();
    let at = |name: &str| format!("{}/{client_id}/{name}", worker.url);
    Json(json!({
        "client_id": client_id,
        "callbacks": { "auth": at("auth"), "load": at("load"), "uninstall": at("x"), "remove_user": at("y") },
        "scopes": [{ "name": "store_v2_orders", "for": "orders" }],
    }))
}

async fn auth(
    State(worker): Shared,
    Path(client_id): Path<String>,
    axum::extract::Query(query): axum::extract::Query<Value>,
) -> Html<&'static str> {
    let (login, body) = {
        let mut worker = worker.lock().expect("the lock");
        worker.asked.push("auth".into());
        let body = json!({
            "client_id": client_id, "client_secret": worker.secret, "code": query["code"], "context": query["context"],
            "scope": query["scope"], "grant_type": "authorization_code",
            "redirect_uri": format!("{}/{client_id}/auth", worker.url),
        });
        (worker.login.clone(), body)
    };
    let answer = common::client().post(format!("{login}/oauth2/token")).json(&body).send().await;
    assert_eq!(answer.expect("an answer").status(), 200);
    Html(r#"<meta name="session-token" content="session">"#)
}

async fn load(State(worker): Shared) -> Html<&'static str> {
    worker.lock().expect("the lock").asked.push("load".into());
    Html(r#"<meta name="session-token" content="session">"#)
}

async fn settings(State(worker): Shared, headers: HeaderMap) -> Json<Value> {
    assert_eq!(headers["authorization"], "Bearer session");
    Json(worker.lock().expect("the lock").settings.clone())
}

async fn patch(State(worker): Shared, Json(patch): Json<Value>) -> Json<Value> {
    let mut worker = worker.lock().expect("the lock");
    worker.asked.push("patch".into());
    assert_eq!(patch["ordergroove"]["secret_key"].as_str().map(str::len), Some(32));
    worker.settings = json!({ "ordergroove": {
        "merchant_id": patch["ordergroove"]["merchant_id"], "secret_key": { "set": true },
    } });
    Json(worker.settings.clone())
}

async fn worker(sandbox: &Sandbox) -> Arc<Mutex<Worker>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let worker = Worker { url, login: sandbox.bigcommerce_login_url(), ..Worker::default() };
    let worker = Arc::new(Mutex::new(worker));
    let router = Router::new()
        .route("/operator/apps/{client_id}", put(register))
        .route("/{client_id}/auth", get(auth))
        .route("/{client_id}/load", get(load))
        .route("/console/api/settings", get(settings).patch(patch))
        .with_state(worker.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    worker
}

#[tokio::test]
async fn a_demo_is_made_once() {
    let sandbox = common::start().await;
    let worker = worker(&sandbox).await;
    let demo = Demo {
        worker: worker.lock().expect("the lock").url.clone(),
        sandbox: sandbox.url(),
        operator_token: "operator".into(),
        merchant_id: "demo".into(),
    };
    let made = demo.make().await.expect("a demo");
    assert!(sandbox.token_of("fernkettle1", &made.client_id).is_some());
    let products = sandbox.product_ids("fernkettle1");
    assert_eq!(products.len(), sandbox::demo_catalog().len());
    sandbox.delete_product("fernkettle1", products[0]);
    let again = demo.make().await.expect("the same demo");
    assert_eq!(made, again);
    // What a person did to the catalogue stays.
    assert_eq!(sandbox.product_ids("fernkettle1"), products[1..]);
    let asked = worker.lock().expect("the lock").asked.clone();
    assert_eq!(asked, ["register", "auth", "patch", "register", "load"]);
    // The Worker forgot the settings: they are saved anew.
    worker.lock().expect("the lock").settings = json!({});
    demo.make().await.expect("the same demo");
    assert_eq!(worker.lock().expect("the lock").asked.last().map(String::as_str), Some("patch"));
    assert_eq!(sandbox.refusals(), []);
}
