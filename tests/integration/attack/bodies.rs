//! Bodies that are too large, broken, or say something other than they seem to.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::{is_console, paths};
use crate::support::app::{client, operator};
use crate::support::{App, World, run};

/// What no route takes, whatever it is for.
fn broken() -> Vec<(&'static str, Vec<u8>)> {
    let utf16 = r#"{"environment":"staging"}"#.encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![
        ("nothing", Vec::new()),
        ("no JSON", b"client_secret=x&environment=staging".to_vec()),
        ("cut off", br#"{"environment":"stag"#.to_vec()),
        ("two values", b"{}{}".to_vec()),
        ("a list", b"[]".to_vec()),
        ("a list of the fields in order", br#"["a-client-secret","staging"]"#.to_vec()),
        ("a text", br#""staging""#.to_vec()),
        ("nothing in JSON", b"null".to_vec()),
        ("a comment", br#"{"environment":"staging"/* x */}"#.to_vec()),
        ("a byte order mark", b"\xef\xbb\xbf{}".to_vec()),
        ("UTF-16", utf16),
        ("no UTF-8", b"{\"environment\":\"\xff\xfe\"}".to_vec()),
        ("half a surrogate", br#"{"environment":"\ud800"}"#.to_vec()),
        ("a zero byte", b"{\"environment\":\"staging\0\"}".to_vec()),
        ("a field twice", br#"{"environment":"staging","environment":"staging"}"#.to_vec()),
        ("a field of the prototype", br#"{"__proto__":{"environment":"staging"}}"#.to_vec()),
        ("not a number", br#"{"environment":NaN}"#.to_vec()),
        ("an endless number", br#"{"environment":1e999}"#.to_vec()),
        ("depth", [b"{\"environment\":".to_vec(), b"[".repeat(4_000)].concat()),
        ("gzip", vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]),
    ]
}

async fn is_refused(what: &str, request: RequestBuilder) -> u16 {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap_or_default();
    assert!((400..500).contains(&status) && body["code"].is_string(), "{what}: {status} {body}");
    status
}

#[test]
fn no_broken_body_is_taken() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let session = app.load(7).await;
        let before: Value = app.console(&session, Method::GET).send().await.unwrap().json().await.unwrap();
        let put = || operator(&world.worker, Method::PUT, &format!("/operator/apps/{}", app.client_id));
        let patch = || app.console(&session, Method::PATCH);
        for (what, body) in broken() {
            for request in [put(), patch()] {
                let request = request.header("content-type", "application/json").body(body.clone());
                let status = is_refused(what, request).await;
                assert!([400, 422].contains(&status), "{what}: {status}");
            }
        }
        for (is_put, longest) in [(true, 8 * 1024), (false, 64 * 1024)] {
            for body in ["x".repeat(longest + 1), " ".repeat(longest + 1), "x".repeat(256 * 1024)] {
                let request = if is_put { put() } else { patch() };
                let request = request.header("content-type", "application/json").body(body);
                assert_eq!(is_refused("too large", request).await, 413);
            }
        }
        let after: Value = app.console(&session, Method::GET).send().await.unwrap().json().await.unwrap();
        assert_eq!((after, app.described().await["environment"].clone()), (before, json!("staging")));
    });
}

#[test]
fn a_body_where_none_belongs_changes_nothing() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let session = app.load(7).await;
        let bodyless = paths(&app.client_id).into_iter().flat_map(|(path, methods)| {
            let methods = methods.into_iter().filter(|method| !["PUT", "PATCH", "DELETE"].contains(method));
            methods.map(move |method| (path.clone(), method)).collect::<Vec<_>>()
        });
        for (path, method) in bodyless {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let send = async |body: String| {
                let request = client().request(method.clone(), format!("{}{path}", world.worker.url));
                let request = if is_console(&path) { request.bearer_auth(&session) } else { request };
                let request = request.header("content-type", "application/json").body(body);
                let answer = request.send().await.unwrap();
                (answer.status().as_u16(), answer.text().await.unwrap_or_default())
            };
            let (small, said) = send(String::new()).await;
            assert!(small < 500, "{method} {path}: {small} {said}");
            let (large, said) =
                send(format!(r#"{{"environment":"production","client_id":"x","pad":"{}"}}"#, "x".repeat(1 << 20)))
                    .await;
            assert!(large == small || large == 413 || large == 429, "{method} {path}: {small}, {large} {said}");
        }
    });
}

#[test]
fn who_sends_far_too_much_hears_why_each_time() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let session = app.load(7).await;
        let body = "x".repeat(1 << 20);
        // One that reads its body, and one that has no use for any.
        for (path, expected) in [("/console/api/changes", [413, 429]), ("/console/api/changes/1/apply", [404, 429])] {
            let senders = (0..8).map(|_| async {
                for _ in 0..20 {
                    let request = client().post(format!("{}{path}", world.worker.url)).bearer_auth(&session);
                    let request = request.header("content-type", "application/json").body(body.clone());
                    let answer = request.send().await.expect("an answer");
                    assert!(expected.contains(&answer.status().as_u16()), "{path}: {answer:?}");
                }
            });
            futures_util::future::join_all(senders).await;
        }
    });
}
