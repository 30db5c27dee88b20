//! `docs/openapi.yaml` says what the Worker does: it has the same operations, and every answer here fits it.

mod changes;
mod description;
mod feeds;

use std::collections::BTreeSet;

use ordergroove_bigcommerce::routes;
use reqwest::{Method, RequestBuilder};
use sandbox::{Fault, FaultKind, JwtAlg, NewStore, Route, Subscription};
use serde_json::{Value, json};

use crate::support::app::{HASH_KEY, client, operator, unique};
use crate::support::hooks::sending;
use crate::support::wait::now;
use crate::support::worker::OPERATOR_TOKEN;
use crate::support::{App, World, run};
use description::{Description, Witness};

const SIGNATURE: &str = "/api/v1/merchant/ordergroove/signature";
const STATUS: &str = "/api/v1/ordergroove/customer/has_subscriptions";

#[test]
fn the_file_has_the_operations_of_the_routes() {
    let routes: BTreeSet<String> = routes::table()
        .filter(|(method, _)| *method != "OPTIONS")
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    let (preflights, described): (BTreeSet<String>, BTreeSet<String>) =
        Description::read().operations().into_iter().partition(|operation| operation.starts_with("OPTIONS "));
    assert_eq!(described, routes);
    // The storefront endpoints answer preflights themselves.
    assert_eq!(preflights, [SIGNATURE, STATUS].map(|path| format!("OPTIONS {path}")).into());
}

#[test]
fn every_answer_is_as_described() {
    run(async {
        let world = World::shared().await;
        let witness = Witness::new(Description::read());
        operators_answers(world, &witness).await;
        callbacks_answers(world, &witness).await;
        webhooks_answers(world, &witness).await;
        shoppers_answers(world, &witness).await;
        consoles_answers(world, &witness).await;
        // What takes a fault of our own, or a flood, is shown by the tests of panics and limits.
        let unseen = witness.unseen(&["500", "429"]);
        assert!(unseen.is_empty(), "described and never seen: {unseen:#?}");
    });
}

pub fn anonymous(world: &World, method: Method, path: &str) -> RequestBuilder {
    client().request(method, format!("{}{path}", world.worker.url))
}

async fn operators_answers(world: &World, witness: &Witness) {
    witness.sees("GET /healthz", anonymous(world, Method::GET, "/healthz")).await;
    let ask = |method, path: &str| operator(&world.worker, method, path);
    witness.sees("GET /operator/apps", ask(Method::GET, "/operator/apps")).await;
    witness.sees("GET /operator/apps", anonymous(world, Method::GET, "/operator/apps")).await;

    let path = format!("/operator/apps/{}", unique("client"));
    let (show, put, remove) =
        ("GET /operator/apps/{client_id}", "PUT /operator/apps/{client_id}", "DELETE /operator/apps/{client_id}");
    for (operation, method) in [(show, Method::GET), (put, Method::PUT), (remove, Method::DELETE)] {
        witness.sees(operation, anonymous(world, method.clone(), &path)).await;
        let body = json!({"client_secret": "a-secret-of-some-length", "environment": "staging"});
        witness.sees(operation, ask(method.clone(), "/operator/apps/a.b").json(&body)).await;
        if method != Method::PUT {
            witness.sees(operation, ask(method, &path)).await;
        }
    }
    let staging = json!({"client_secret": "a-secret-of-some-length", "environment": "staging"});
    for _ in 0..2 {
        witness.sees(put, ask(Method::PUT, &path).json(&staging)).await;
    }
    let production = json!({"client_secret": "a-secret-of-some-length", "environment": "production"});
    witness.sees(put, ask(Method::PUT, &path).json(&production)).await;
    witness.sees(put, ask(Method::PUT, &path).body("x".repeat(9_000))).await;
    witness.sees(show, ask(Method::GET, &path)).await;
    witness.sees(remove, ask(Method::DELETE, &format!("{path}?force=perhaps"))).await;
    witness.sees(remove, ask(Method::DELETE, &path)).await;

    let installed = App::configured(world).await;
    let path = format!("/operator/apps/{}", installed.client_id);
    witness.sees(show, ask(Method::GET, &path)).await;
    witness.sees(remove, ask(Method::DELETE, &path)).await;
}

async fn callbacks_answers(world: &World, witness: &Witness) {
    let auth = "GET /bigcommerce/{client_id}/auth";
    let app = App::registered(world).await;
    let install = || client().get(world.sandbox.auth_callback_url(&app.store, &app.client_id));
    world.sandbox.set_fault(&app.store, Route::Token, Some(Fault::next(1, FaultKind::Garbage)));
    witness.sees(auth, install()).await;
    witness.sees(auth, install()).await;
    witness.sees(auth, anonymous(world, Method::GET, &format!("/bigcommerce/{}/auth", app.client_id))).await;
    let stranger = "auth?code=x&context=stores%2Fabc&scope=store_v2_orders";
    witness.sees(auth, anonymous(world, Method::GET, &format!("/bigcommerce/nobody/{stranger}"))).await;
    witness.sees(auth, anonymous(world, Method::GET, &format!("/bigcommerce/{}/{stranger}", app.client_id))).await;

    let other = unique("store");
    world.sandbox.add_store(NewStore { hash: other.clone(), ..NewStore::default() });
    let elsewhere = world.sandbox.sign_jwt(
        &app.client_id,
        JwtAlg::Hs256,
        json!({"aud": app.client_id, "iss": "bc", "iat": now(), "nbf": now() - 5, "exp": now() + 600,
            "sub": format!("stores/{other}"),
            "user": {"id": 7, "email": "o@x.io"}, "owner": {"id": 7, "email": "o@x.io"}}),
    );
    let right = [
        ("load", world.sandbox.load_callback_url(&app.store, &app.client_id, 7)),
        ("uninstall", world.sandbox.uninstall_callback_url(&app.store, &app.client_id)),
        ("remove-user", world.sandbox.remove_user_callback_url(&app.store, &app.client_id, 21)),
    ];
    for (name, url) in right {
        let operation = format!("GET /bigcommerce/{{client_id}}/{name}");
        witness.sees(&operation, client().get(url)).await;
        for (id, token) in [(app.client_id.as_str(), ""), ("nobody", "x"), (&app.client_id, &elsewhere)] {
            let path = format!("/bigcommerce/{id}/{name}?signed_payload_jwt={token}");
            witness.sees(&operation, anonymous(world, Method::GET, &path)).await;
        }
    }
}

async fn webhooks_answers(world: &World, witness: &Witness) {
    let app = App::configured(world).await;
    app.hooked().await;
    let registered = App::registered(world).await;
    let data = || json!({"type": "hook", "id": 7, "error_code": 90001});
    for (path, scope) in
        [("webhooks", "store/information/updated"), ("webhooks/exceptions", "store/hook/deliveryException")]
    {
        let operation = format!("POST /bigcommerce/{{client_id}}/{path}");
        let right = app.webhook(scope, data()).unsigned();
        let too_large = right.clone().with_body(&"x".repeat(70_000));
        for webhook in [right.clone(), right.clone().forged(), right.clone().with_body("{}"), too_large] {
            witness.sees(&operation, sending(&webhook)).await;
        }
        for id in [registered.client_id.as_str(), "nobody"] {
            witness.sees(&operation, anonymous(world, Method::POST, &format!("/bigcommerce/{id}/{path}"))).await;
        }
    }
}

async fn consoles_answers(world: &World, witness: &Witness) {
    let app = App::configured(world).await;
    let session = app.load(7).await;
    let ask = |method, path: &str| anonymous(world, method, path).bearer_auth(&session);
    for path in ["/console/api/overview", "/console/api/settings", "/console/api/audit", "/console/api/session"] {
        let operation = format!("GET {path}");
        witness.sees(&operation, ask(Method::GET, path)).await;
        witness.sees(&operation, anonymous(world, Method::GET, path)).await;
    }
    for query in ["before=1", "limit=1", "limit=100", "limit=0", "limit=101", "before=x"] {
        witness.sees("GET /console/api/audit", ask(Method::GET, &format!("/console/api/audit?{query}"))).await;
    }
    settings_answers(world, witness, &session).await;
    products_answers(world, witness).await;
    changes::answers(world, witness).await;
    feeds::answers(world, witness).await;

    let test = "POST /console/api/connections/{party}/test";
    for party in ["bigcommerce", "ordergroove", "sftp", "nobody"] {
        let path = format!("/console/api/connections/{party}/test");
        witness.sees(test, ask(Method::POST, &path)).await;
        witness.sees(test, anonymous(world, Method::POST, &path)).await;
    }
    for path in ["/console/api/overview", "/console/api/audit"] {
        witness.sees(&format!("GET {path}"), ask(Method::GET, path)).await;
    }
    let end = "DELETE /console/api/session";
    for _ in 0..2 {
        witness.sees(end, ask(Method::DELETE, "/console/api/session")).await;
    }
}

async fn products_answers(world: &World, witness: &Witness) {
    let (app, session) = crate::products::in_demo_store(world).await;
    let products = "/console/api/products";
    let anyone = |method, path: &str| anonymous(world, method, path);
    let ask = |method, path: &str| anyone(method, path).bearer_auth(&session);
    for query in
        ["", "?limit=250", "?show=attention&sort=-id&search=coffee", "?page=9&limit=1", "?show=some", "?limit=0"]
    {
        witness.sees("GET /console/api/products", ask(Method::GET, &format!("{products}{query}"))).await;
    }
    witness.sees("GET /console/api/products", anyone(Method::GET, products)).await;
    for (method, operation) in [
        (Method::GET, "GET /console/api/sync"),
        (Method::POST, "POST /console/api/sync"),
        (Method::DELETE, "DELETE /console/api/sync"),
    ] {
        witness.sees(operation, ask(method.clone(), "/console/api/sync")).await;
        witness.sees(operation, anyone(method, "/console/api/sync")).await;
    }

    let change = "PATCH /console/api/products";
    let tea = crate::products::named(&app, &session, "Green tea sachets").await;
    let body = |revision: &Value, eligible: bool| json!({"products": [{"id": tea["id"], "revision": revision, "eligible": eligible}]});
    for body in
        [body(&tea["revision"], false), body(&json!(0), false), body(&tea["revision"], true), json!({"products": []})]
    {
        witness.sees(change, ask(Method::PATCH, products).json(&body)).await;
    }
    let tea = crate::products::named(&app, &session, "Green tea sachets").await;
    witness.sees(change, ask(Method::PATCH, products).json(&body(&tea["revision"], true))).await;
    witness.sees(change, anyone(Method::PATCH, products).json(&body(&tea["revision"], true))).await;
    witness.sees(change, ask(Method::PATCH, products).header("content-type", "text/plain").body("{}")).await;
    let long = "x".repeat(3_000_000);
    witness.sees(change, ask(Method::PATCH, products).header("content-type", "application/json").body(long)).await;
}

async fn settings_answers(world: &World, witness: &Witness, session: &str) {
    let operation = "PATCH /console/api/settings";
    let ask = || anonymous(world, Method::PATCH, "/console/api/settings").bearer_auth(session);
    let body = json!({"sftp": {"username": "feeds"}});
    witness.sees(operation, ask().json(&body)).await;
    witness.sees(operation, ask().json(&body).header("if-match", "\"0\"")).await;
    witness.sees(operation, ask().json(&json!({"ordergroove": {"secret_key": "short", "colour": 1}}))).await;
    witness.sees(operation, ask().header("content-type", "application/json").body("{")).await;
    witness.sees(operation, ask().header("content-type", "application/json").body("x".repeat(70_000))).await;
    witness.sees(operation, ask().header("content-type", "text/plain").body("{}")).await;
    witness.sees(operation, anonymous(world, Method::PATCH, "/console/api/settings").json(&body)).await;
}

async fn shoppers_answers(world: &World, witness: &Witness) {
    let app = App::configured(world).await;
    // An active one would be remembered, and Ordergroove's failure not noticed.
    app.subscribe(vec![Subscription::cancelled()]);
    let registered = App::registered(world).await;
    let (long, token) = ("x".repeat(9_000), app.token());
    for path in [SIGNATURE, STATUS] {
        let operation = format!("GET {path}");
        let ask = |app: &App<'_>, token: &str| {
            if path == SIGNATURE { app.signature(token) } else { app.has_subscriptions(token) }
        };
        for request in [
            ask(&app, &token),
            ask(&app, "x.y.z"),
            ask(&app, &long),
            ask(&registered, &token),
            anonymous(world, Method::GET, path),
            anonymous(world, Method::GET, path)
                .header("authorization-client", &app.client_id)
                .header("origin", "https://evil.example"),
        ] {
            witness.sees(&operation, request).await;
        }
        for origin in ["https://any.example", "null"] {
            let preflight = anonymous(world, Method::OPTIONS, path).header("origin", origin);
            witness.sees(&format!("OPTIONS {path}"), preflight).await;
        }
    }
    witness.sees(&format!("GET {SIGNATURE}"), app.signature(&token).query(&[("ts", "x")])).await;
    let down = Some(Fault::always(FaultKind::Status { code: 500 }));
    world.sandbox.set_fault(&app.merchant, Route::OgSubscriptions, down);
    witness.sees(&format!("GET {STATUS}"), app.has_subscriptions(&token)).await;
}

#[test]
fn what_is_sent_here_is_as_described() {
    let description = Description::read();
    let patch = json!({"ordergroove": {"merchant_id": "m-1", "secret_key": HASH_KEY, "api_key": null,
        "rest_url": "https://restapi.ordergroove.com"}, "sftp": {"port": 22, "password": {"set": true}}});
    let operation = "PATCH /console/api/settings";
    assert_eq!(description.judge_body(operation, &patch), Vec::<String>::new());
    for wrong in [
        json!([]),
        json!({"ordergroove": []}),
        json!({"ordergroove": {"secret_key": "short"}}),
        json!({"ordergroove": {"rest_url": "https://evil.example"}}),
        json!({"sftp": {"port": 0}}),
        json!({"colour": "red"}),
    ] {
        assert_ne!(description.judge_body(operation, &wrong), Vec::<String>::new(), "{wrong}");
    }
    let registration = json!({"client_secret": OPERATOR_TOKEN, "environment": "staging"});
    let operation = "PUT /operator/apps/{client_id}";
    assert_eq!(description.judge_body(operation, &registration), Vec::<String>::new());
    assert_ne!(description.judge_body(operation, &Value::Null), Vec::<String>::new());
}
