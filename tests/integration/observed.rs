//! What others can see: logs without secrets, state at rest sealed, and every request as the
//! platforms' own descriptions have it.

mod planted;

use reqwest::{Method, RequestBuilder};
use sandbox::{Fault, FaultKind, Route};
use serde_json::{Value, json};

use crate::attack::paths;
use crate::support::app::{HASH_KEY, client, operator};
use crate::support::browser::Browser;
use crate::support::files::files_below;
use crate::support::process::root;
use crate::support::worker::{OPERATOR_TOKEN, SEALING_KEYS};
use crate::support::{App, World, eventually, run};
use planted::{Heard, Secrets};

const PASSWORD: &str = "the-sftp-password-of-this-test";
const PRIVATE_KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAplantedprivatekeyplantedprivatekeyplantedp\n-----END PRIVATE KEY-----";
const REFUSED: &str = "planted-and-refused";

#[test]
fn no_secret_shows_anywhere() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        let (mut secrets, heard) = (plant(&app).await, Heard::default());
        let session = app.load(7).await;
        secrets.add("session", session.split_once('.').unwrap().1);
        every_route(&app, &session, &mut secrets, &heard).await;
        every_failure(&app, &session, &mut secrets, &heard).await;
        heard.search(&secrets);
        in_a_browser(&app, &mut secrets).await;

        let last = "the-last-one-of-this-test";
        operator(&world.worker, Method::GET, &format!("/operator/{last}")).send().await.unwrap();
        eventually("all is logged", || async { world.worker.log().contains(last).then_some(()) }).await;
        let log = world.worker.log();
        assert!(log.contains("settings_saved") && log.contains("panic"), "the log is the one that is meant: {log}");
        secrets.search("the log", &log);
        // The simulator's own trace of requests is not part of a deployment.
        let state = files_below(world.worker.state())
            .into_iter()
            .filter(|file| !file.to_string_lossy().contains("observability"));
        let mut bytes = 0;
        for file in state.chain(files_below(&root().join("docs/pictures"))) {
            let content = std::fs::read(&file).unwrap();
            bytes += content.len();
            secrets.search(&file.display().to_string(), &String::from_utf8_lossy(&content));
        }
        assert!(bytes > 100_000, "the state is on disk: {bytes}");
    });
}

/// Saves secrets in every place that takes one.
async fn plant(app: &App<'_>) -> Secrets {
    let mut secrets = Secrets::default();
    let session = app.load(7).await;
    let patch = json!({"sftp": {"password": PASSWORD, "private_key": PRIVATE_KEY}});
    assert_eq!(app.console(&session, Method::PATCH).json(&patch).send().await.unwrap().status(), 200);
    let (_, sealing_key) = SEALING_KEYS.split_once(':').unwrap();
    for (name, secret) in [
        ("hash key", HASH_KEY),
        ("REST key", &app.api_key),
        ("SFTP password", PASSWORD),
        ("SFTP key", "plantedprivatekey"),
        ("refused", REFUSED),
        ("client secret", &app.client_secret),
        ("operator token", OPERATOR_TOKEN),
        ("sealing key", sealing_key),
        ("sealing key's bytes", "tests-sealing-key-of-32-bytes-!!"),
        ("access token", &app.world.sandbox.token_of(&app.store, &app.client_id).unwrap()),
        ("an earlier session", session.split_once('.').unwrap().1),
        ("shopper token", &app.token()),
    ] {
        secrets.add(name, secret);
    }
    secrets
}

/// Every method of every route, by nobody, the operator, a user and a shopper; with a body that is refused.
async fn every_route(app: &App<'_>, session: &str, secrets: &mut Secrets, heard: &Heard) {
    let shopper = app.token();
    let link = app.world.sandbox.load_callback_url(&app.store, &app.client_id, 21);
    let load_token = link.query_pairs().next().unwrap().1.into_owned();
    secrets.add("shopper token", &shopper);
    secrets.add("load token", &load_token);
    let refused = json!({"client_secret": app.client_secret, "environment": "production",
        "ordergroove": {"secret_key": REFUSED, "rest_url": format!("https://{REFUSED}/")}, "sftp": {"port": REFUSED}});
    for (path, methods) in paths(&app.client_id) {
        let methods = methods.into_iter().filter(|method| *method != "DELETE");
        for (method, token) in
            methods.flat_map(|method| ["", OPERATOR_TOKEN, session, &shopper].map(|token| (method, token)))
        {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            for body in [refused.to_string(), refused.to_string().replace('}', "")] {
                let request = client()
                    .request(method.clone(), format!("{}{path}", app.world.worker.url))
                    .query(&[
                        ("signed_payload_jwt", load_token.as_str()),
                        ("code", REFUSED),
                        ("context", "stores/x"),
                        ("scope", "x"),
                    ])
                    .bearer_auth(token)
                    .header("content-type", "application/json");
                let request = if method == Method::GET { request } else { request.body(body) };
                heard.hears(&format!("{method} {path}"), request).await;
            }
        }
        if path.starts_with("/api/v1/") {
            for token in [&shopper, &format!("{shopper}x")] {
                let mut request = app.signature(token).build().unwrap();
                request.url_mut().set_path(&path);
                heard.hears(&path, RequestBuilder::from_parts(client(), request)).await;
            }
        }
    }
}

/// What goes wrong at others, and with us, while secrets are in hand.
async fn every_failure(app: &App<'_>, session: &str, secrets: &mut Secrets, heard: &Heard) {
    let sandbox = &app.world.sandbox;
    for kind in [
        FaultKind::Status { code: 500 },
        FaultKind::Status { code: 401 },
        FaultKind::Garbage,
        FaultKind::Truncated,
        FaultKind::Close,
        FaultKind::Redirect { to: "http://127.0.0.1:1/".into() },
    ] {
        for (scope, route) in [
            (&app.store, Route::Token),
            (&app.store, Route::Store),
            (&app.store, Route::Sites),
            (&app.merchant, Route::OgSubscriptions),
            (&app.merchant, Route::OtherOrdergroove),
        ] {
            sandbox.set_fault(scope, route, Some(Fault::always(kind.clone())));
        }
        let auth = sandbox.auth_callback_url(&app.store, &app.client_id);
        let code = auth.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
        secrets.add("code", &code);
        heard.hears("a failing install", client().get(auth)).await;
        secrets.add("access token", &sandbox.token_of(&app.store, &app.client_id).unwrap());
        heard.hears("a failing status", app.has_subscriptions(&app.token())).await;
        for party in ["bigcommerce", "ordergroove", "sftp"] {
            let test = format!("{}/console/api/connections/{party}/test", app.world.worker.url);
            heard.hears("a failing test", client().post(test).bearer_auth(session)).await;
        }
    }
    let hook = |path: &str| client().post(format!("{}/test/{path}", app.world.worker.url));
    heard.hears("a panic", hook("panic")).await;
    heard.hears("a panic in the object", hook(&format!("panic-in-object?client_id={}", app.client_id))).await;
    heard
        .hears("a panic with a token", app.signature(&app.token()).header("x-test-panic", "1").query(&[("ts", "x")]))
        .await;
    heard.hears("an uninstall", client().get(sandbox.uninstall_callback_url(&app.store, &app.client_id))).await;
}

/// What a page, its storage, its address and its log have once the console runs.
async fn in_a_browser(app: &App<'_>, secrets: &mut Secrets) {
    let browser = Browser::open(1200, 900).await;
    let link = app.world.sandbox.deep_link(&app.store, &app.client_id, 7, "/settings");
    secrets.add("load token", &link.query_pairs().next().unwrap().1);
    browser.goto(link.as_str()).await;
    let script = async |script: &str| browser.client.execute(script, vec![]).await.unwrap();
    let taken =
        "return !document.querySelector('meta[name=session-token]') && document.querySelectorAll('input').length > 0";
    eventually("the console has taken its token", || async { (script(taken).await == true).then_some(()) }).await;
    let seen: Value = script(
        "return [document.documentElement.outerHTML, document.body.innerText, location.href, document.cookie,
            document.referrer, JSON.stringify(localStorage), JSON.stringify(sessionStorage),
            JSON.stringify(history.state),
            [...document.querySelectorAll('input, textarea')].map((field) => field.value).join(' ')]",
    )
    .await;
    secrets.search("the browser", &seen.to_string());
    secrets.search("the browser's console", &browser.console().await);
    let client_id = &app.client_id;
    assert!(!seen.to_string().contains(&format!("{client_id}.")), "nor is this session's token left: {seen}");
    browser.close().await;
}

#[test]
fn bigcommerce_refuses_none_of_our_requests() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        app.load(7).await;
        app.signature(&app.token()).send().await.unwrap();
        app.has_subscriptions(&app.token()).send().await.unwrap();
        let refusals = world.sandbox.refusals();
        assert!(refusals.is_empty(), "{refusals:#?}");
        let paths: Vec<String> = world.sandbox.requests().into_iter().map(|request| request.path).collect();
        for part in ["/oauth2/token", "/v2/store", "/v3/sites", "/subscriptions/"] {
            assert!(paths.iter().any(|path| path.contains(part)), "{part}: {paths:?}");
        }
        if std::env::var_os("BIGCOMMERCE_OPENAPI_DIR").is_some() {
            assert!(
                world.sandbox.judged_operations().is_some_and(|operations| operations > 100),
                "BigCommerce's own files judge"
            );
        }
    });
}
