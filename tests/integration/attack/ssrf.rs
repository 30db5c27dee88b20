//! Settings and answers that would have the Worker call somebody else.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::Method;
use sandbox::{Fault, FaultKind, Route, Subscription};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::app::{client, refused};
use crate::support::{App, World, run};

/// Every field that holds an address.
const ADDRESSES: [&str; 4] = ["api_url", "rest_url", "subscription_url", "static_url"];

/// Addresses of inner or hostile hosts, in every spelling that got past somebody's filter.
fn hostile(port: u16) -> Vec<String> {
    let fixed = [
        // Numbers that are addresses.
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://017700000001/",
        "http://127.1/",
        "http://127.0.1/",
        "http://0/",
        "http://0.0.0.0/",
        "http://0x7f.1/",
        "https://169.254.169.254/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0xa9fea9fe/",
        "http://2852039166/",
        "http://10.0.0.1/",
        "http://192.168.0.1/",
        "http://100.100.100.200/",
        // IPv6, mapped and otherwise.
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "https://[fe80::1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://[0:0:0:0:0:0:0:1]/",
        "http://[64:ff9b::7f00:1]/",
        // Names.
        "http://localhost/",
        "http://localhost./",
        "http://LOCALHOST/",
        "http://localhost.localdomain/",
        "https://metadata.google.internal/",
        // User names, fragments and back slashes in front of, or behind, an allowed host.
        "https://restapi.ordergroove.com@evil.example/",
        "https://evil.example@restapi.ordergroove.com/",
        "https://restapi.ordergroove.com%40evil.example/",
        "https://evil.example#.ordergroove.com/",
        "https://evil.example?.ordergroove.com/",
        "https://evil.example%23.ordergroove.com/",
        "https://evil.example%2f.ordergroove.com/",
        "https://evil.example%5c.ordergroove.com/",
        "https://evil.example\\.ordergroove.com/",
        "https://evil.example\\@restapi.ordergroove.com/",
        "https://evil.example%00.ordergroove.com/",
        "https://:@restapi.ordergroove.com:1/",
        // Ends and beginnings.
        "https://restapi.ordergroove.com.",
        "https://restapi.ordergroove.com../",
        "https://.ordergroove.com/",
        "https://ordergroove.com/",
        "https://xordergroove.com/",
        "https://restapi.ordergroove.com.evil.example/",
        "https://ordergroove.com.evil.example/",
        "https://restapi.ordergroove.co/",
        "https://restapi-ordergroove.com/",
        // Other letters that look the same or become the same.
        "https://restapi.ordergrоove.com/",
        "https://restapi.xn--ordergrove-c8k.com/",
        "https://restapi.ordergroove。com.evil.example/",
        "https://evil.example／.ordergroove.com/",
        "https://evil.example？.ordergroove.com/",
        "https://①②⑦.⓪.⓪.①/",
        "http://127。0。0。1/",
        // Schemes and ports.
        "http://restapi.ordergroove.com/",
        "ftp://restapi.ordergroove.com/",
        "file:///etc/passwd",
        "gopher://restapi.ordergroove.com/_x",
        "data:text/plain,x",
        "javascript:alert(1)",
        "blob:https://restapi.ordergroove.com/x",
        "//restapi.ordergroove.com",
        "restapi.ordergroove.com",
        "https:///restapi.ordergroove.com@evil.example",
        "https://restapi.ordergroove.com:8443/",
        "https://restapi.ordergroove.com:22/",
        "https://restapi.ordergroove.com:0/",
        "https://restapi.ordergroove.com:65536/",
        "view-source:https://restapi.ordergroove.com/",
    ];
    let near = [
        format!("http://127.0.0.1:{}/", if port == u16::MAX { 1 } else { port + 1 }),
        format!("http://127.0.0.2:{port}/"),
        format!("http://localhost:{port}/"),
        format!("http://[::1]:{port}/"),
        format!("http://u:p@127.0.0.1:{port}/"),
        format!("http://127.0.0.1:{port}@evil.example/"),
        format!("http://evil.example#@127.0.0.1:{port}/"),
    ];
    fixed.into_iter().map(str::to_owned).chain(near).collect()
}

#[test]
fn no_setting_names_a_host_that_is_not_allowed() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let session = app.load(7).await;
        let before: Value = app.console(&session, Method::GET).send().await.unwrap().json().await.unwrap();
        for address in hostile(world.sandbox.address().port()) {
            let all: Value = ADDRESSES
                .into_iter()
                .map(|field| (field.to_owned(), json!(address)))
                .collect::<serde_json::Map<_, _>>()
                .into();
            let answer = app.console(&session, Method::PATCH).json(&json!({"ordergroove": all})).send().await.unwrap();
            let refusal = refused(answer, 422, "invalid_settings").await;
            let fields: Vec<&str> =
                refusal["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
            assert_eq!(fields, ADDRESSES.map(|field| format!("ordergroove.{field}")), "{address}");
        }
        for host in [
            "evil.example",
            "127.0.0.1",
            "localhost",
            "2130706433",
            "0x7f.1",
            "[::1]",
            "evil.example/.ordergroove.com",
            "evil.example#.ordergroove.com",
            "evil.example:22.ordergroove.com",
            "user@evil.example/.ordergroove.com",
            "evil.example\u{0}.ordergroove.com",
            "evil.example\r\n.ordergroove.com",
            "evil.example%00.ordergroove.com",
            ".ordergroove.com",
            "..ordergroove.com",
            "-oProxyCommand=id.ordergroove.com",
            "feeds.ordergroove.com.",
            "sftp://feeds.ordergroove.com",
            "feeds.ordergrоove.com",
            "feeds。ordergroove.com.evil.example",
        ] {
            let answer =
                app.console(&session, Method::PATCH).json(&json!({"sftp": {"host": host}})).send().await.unwrap();
            let refusal = refused(answer, 422, "invalid_settings").await;
            assert_eq!(refusal["errors"][0]["field"], "sftp.host", "{host:?}");
        }
        let after: Value = app.console(&session, Method::GET).send().await.unwrap().json().await.unwrap();
        assert_eq!(after, before);
    });
}

/// A host nobody may call; it counts who does.
async fn forbidden_host() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    (format!("http://{address}/"), calls)
}

#[test]
fn a_redirect_of_anybody_leads_nowhere() {
    run(async {
        let world = World::shared().await;
        let (to, calls) = forbidden_host().await;
        let redirect = || Some(Fault::always(FaultKind::Redirect { to: to.clone() }));

        let app = App::registered(world).await;
        world.sandbox.set_fault(&app.store, Route::Token, redirect());
        let page = app.open(world.sandbox.auth_callback_url(&app.store, &app.client_id)).await;
        assert_eq!(page.error(), Some("upstream_unavailable"));
        world.sandbox.set_fault(&app.store, Route::Token, None);
        for route in [Route::Store, Route::Sites] {
            world.sandbox.set_fault(&app.store, route, redirect());
        }
        let session = app.install().await;
        app.configure(&session).await;

        let ready = App::configured(world).await;
        ready.subscribe(vec![Subscription::active()]);
        for route in [Route::Store, Route::Sites, Route::Channels, Route::OtherBigcommerce] {
            world.sandbox.set_fault(&ready.store, route, redirect());
        }
        for route in [Route::OgSubscriptions, Route::OtherOrdergroove] {
            world.sandbox.set_fault(&ready.merchant, route, redirect());
        }
        refused(ready.has_subscriptions(&ready.token()).send().await.unwrap(), 503, "upstream_unavailable").await;
        let session = ready.load(7).await;
        for (path, _) in super::paths(&ready.client_id).into_iter().filter(|(path, _)| path.contains("/connections/")) {
            for party in ["bigcommerce", "ordergroove"] {
                let path = path.replace("ordergroove", party);
                let answer =
                    client().post(format!("{}{path}", world.worker.url)).bearer_auth(&session).send().await.unwrap();
                let result: Value = answer.json().await.unwrap();
                assert_eq!(result["ok"], false, "{party}: {result}");
            }
        }
        assert_eq!(calls.load(Ordering::SeqCst), 0, "the other host was called");
        // It would have been counted.
        drop(client().get(&to).timeout(std::time::Duration::from_millis(200)).send().await);
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    });
}
