//! Every fault, the control API, and the state file.

use std::time::{Duration, Instant};

use crate::common::{APP, SECRET, STORE, api, install, start, value};
use reqwest::{Method, Response};
use sandbox::{Config, Fault, FaultKind, Route, Sandbox};
use serde_json::json;

async fn time(sandbox: &Sandbox, token: &str) -> Result<Response, reqwest::Error> {
    api(sandbox, token, Method::GET, "/v2/time").timeout(Duration::from_millis(500)).send().await
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the ban is for the Worker, which has no such clock")]
async fn each_fault_does_what_it_says() {
    let sandbox = start().await;
    let token = install(&sandbox, APP, SECRET).await;
    let set = |kind| sandbox.set_fault(STORE, Route::Time, Some(Fault::always(kind)));

    set(FaultKind::Slow { ms: 100 });
    let before = Instant::now();
    assert_eq!(time(&sandbox, &token).await.expect("an answer").status(), 200);
    assert!(before.elapsed() >= Duration::from_millis(100));

    set(FaultKind::Hang);
    assert!(time(&sandbox, &token).await.expect_err("no answer").is_timeout());
    assert_eq!(sandbox.requests().last().and_then(|request| request.status), None);

    set(FaultKind::TooMany { with_headers: true });
    let response = time(&sandbox, &token).await.expect("an answer");
    assert_eq!((response.status().as_u16(), response.headers().contains_key("x-retry-after")), (429, true));
    set(FaultKind::TooMany { with_headers: false });
    let response = time(&sandbox, &token).await.expect("an answer");
    assert!(!response.headers().keys().any(|name| name.as_str().starts_with("x-r")));

    set(FaultKind::Status { code: 503 });
    assert_eq!(time(&sandbox, &token).await.expect("an answer").status(), 503);

    for kind in [FaultKind::Garbage, FaultKind::Truncated] {
        set(kind);
        let response = time(&sandbox, &token).await.expect("an answer");
        assert_eq!(response.status(), 200);
        assert!(response.json::<serde_json::Value>().await.is_err());
    }

    set(FaultKind::Redirect { to: "http://127.0.0.1:9/".into() });
    let response = time(&sandbox, &token).await.expect("an answer");
    assert_eq!(
        (response.status().as_u16(), &response.headers()["location"]),
        (302, &"http://127.0.0.1:9/".parse().expect("a value"))
    );

    set(FaultKind::Close);
    assert!(!time(&sandbox, &token).await.expect_err("no answer").is_timeout());

    sandbox.set_fault(STORE, Route::Time, None);
    assert_eq!(time(&sandbox, &token).await.expect("an answer").status(), 200);
    assert_eq!(sandbox.refusals(), []);
}

#[tokio::test]
async fn a_fault_can_end_by_itself_and_keeps_to_its_scope() {
    let sandbox = start().await;
    let token = install(&sandbox, APP, SECRET).await;
    sandbox.set_fault("another", Route::Time, Some(Fault::always(FaultKind::Close)));
    sandbox.set_fault("*", Route::Time, Some(Fault::next(2, FaultKind::Status { code: 500 })));
    for expected in [500, 500, 200] {
        assert_eq!(time(&sandbox, &token).await.expect("an answer").status(), expected);
    }
    sandbox.set_fault(STORE, Route::Token, Some(Fault::next(1, FaultKind::Status { code: 500 })));
    let body = crate::common::exchange_body(&sandbox, APP, SECRET);
    assert_eq!(crate::common::exchange(&sandbox, &body).await.status(), 500);
    sandbox.set_fault("m1", Route::OgSubscriptions, Some(Fault::next(1, FaultKind::Garbage)));
    let url = format!("{}/subscriptions/?customer=1", sandbox.ordergroove_rest_url());
    let ask = || crate::common::client().get(&url).header("x-api-key", "key-one").send();
    assert!(ask().await.expect("an answer").json::<serde_json::Value>().await.is_err());
    assert!(ask().await.expect("an answer").json::<serde_json::Value>().await.is_ok());
}

#[tokio::test]
async fn the_control_api_sets_and_shows() {
    let sandbox = start().await;
    let at = |path: &str| format!("{}/sandbox/{path}", sandbox.url());
    let fault = json!({ "scope": "*", "route": "current_jwt", "fault": { "kind": "slow", "ms": 5, "times": 1 } });
    let put = |path: &str, body: &serde_json::Value| crate::common::client().put(at(path)).json(body);
    assert_eq!(value(put("faults", &fault)).await.0, 200);
    assert_eq!(value(crate::common::client().get(at("faults"))).await.1, json!([fault]));
    assert_eq!(value(put("stores", &json!({ "hash": "Not A Host" }))).await.0, 422);
    assert_eq!(value(put("stores", &json!({ "hash": "another1" }))).await.0, 200);
    let callback = value(crate::common::client().get(at(&format!("stores/{STORE}/apps/{APP}/auth-callback")))).await.1;
    assert!(callback["url"].as_str().is_some_and(|url| url.contains("code=")));
    value(crate::common::client().get(format!("{}/ordergroove/sc/x", sandbox.url()))).await;
    let refusals = value(crate::common::client().get(at("refusals"))).await.1;
    assert_eq!(refusals[0]["route"], "other_ordergroove");
    let index = crate::common::client().get(sandbox.url()).send().await.expect("an answer");
    assert!(index.text().await.expect("text").contains(&sandbox.control_panel_origin("another1")));
}

#[tokio::test]
async fn the_state_outlives_the_process() {
    let directory = std::env::temp_dir().join(format!("sandbox-state-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir(&directory).expect("a directory");
    let config = Config {
        listen: ([127, 0, 0, 1], 0).into(),
        state_file: Some(directory.join("state.json")),
        ..Config::default()
    };
    let first = Sandbox::start(config.clone()).await.expect("a free port");
    first.add_store(sandbox::NewStore { hash: STORE.into(), ..sandbox::NewStore::default() });
    first.add_app(crate::common::app(APP, SECRET, &[]));
    let token = install(&first, APP, SECRET).await;
    drop(first);
    let second = Sandbox::start(config).await.expect("a free port");
    assert_eq!(second.token_of(STORE, APP), Some(token));
    std::fs::remove_dir_all(directory).expect("the directory");
}
