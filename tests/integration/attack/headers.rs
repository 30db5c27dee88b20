//! Header and log injection: whatever comes in, an answer has our headers alone and a log line is one line.

use std::fmt::Write as _;

use reqwest::Method;
use sandbox::NewStore;
use serde_json::Value;

use super::{paths, raw};
use crate::support::app::{client, operator};
use crate::support::worker::OPERATOR_TOKEN;
use crate::support::{App, World, eventually, run};

/// What an injected header or line would be called.
const MARK: &str = "x-injected";

/// Ends of lines, plain, doubled and in disguise, as they stand in an address.
const ENDS: [&str; 9] =
    ["%0d%0a", "%0a", "%0d", "%250d%250a", "%c4%8d%c4%8a", "%e2%80%a8", "%c2%85", "%00", "%1b%5b2J"];

#[test]
fn a_parameter_never_becomes_a_header_or_a_line_of_the_log() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        let session = app.load(7).await;
        let last = "the-last-one-of-this-test";
        for (path, methods) in paths(&app.client_id) {
            for end in ENDS {
                let evil = format!("a{end}{MARK}:%20yes{end}{end}%7B%22event%22:%22{MARK}%22%7D");
                let mut query = String::new();
                for name in ["code", "context", "scope", "signed_payload_jwt", "ts", "force", "before", "limit"] {
                    write!(query, "&{name}={evil}").unwrap();
                }
                for method in &methods {
                    for line in [format!("{method} {path}?{}", &query[1..]), format!("{method} {path}/{evil}")] {
                        if method == &"DELETE" && !line.contains("/operator/") {
                            continue;
                        }
                        for token in [OPERATOR_TOKEN, &session] {
                            let bearer = format!("authorization: Bearer {token}");
                            let client = format!("authorization-client: {}", app.client_id);
                            let answer = raw::send(
                                &world,
                                line.as_bytes(),
                                &[bearer.as_bytes(), client.as_bytes(), b"content-length: 0"],
                            )
                            .await;
                            assert!(!answer.has_header(MARK), "{line}: {answer:?}");
                            assert!(answer.status < 500, "{line}: {answer:?}");
                        }
                    }
                }
            }
        }
        operator(&world.worker, Method::GET, &format!("/operator/{last}")).send().await.unwrap();
        eventually("all is logged", || async { world.worker.log().contains(last).then_some(()) }).await;
        lines_are_ours(&world.worker.log());
        assert_eq!(app.described().await["state"], "installed");
    });
}

/// No line of the log was begun by somebody else.
fn lines_are_ours(log: &str) {
    assert!(log.contains(MARK), "the log has what was sent");
    for line in log.lines().filter(|line| line.contains(MARK)) {
        let json: Value = line.find('{').and_then(|at| serde_json::from_str(&line[at..]).ok()).unwrap_or_default();
        let ours = json["event"].is_string() && json["event"] != MARK && json["request_id"].is_string();
        // wrangler's own line of a request names its address.
        assert!(ours || line.starts_with('['), "{line}");
        assert!(!line.trim_start().starts_with(MARK), "{line}");
    }
}

#[test]
fn odd_bytes_in_a_header_are_refused_or_carried_as_they_are() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let names = [
            "origin",
            "authorization",
            "authorization-client",
            "signed-payload",
            "if-match",
            "content-type",
            "cf-ray",
            "cookie",
        ];
        let values: [&[u8]; 9] = [
            b"a\rx-injected: yes",
            b"a\nx-injected: yes",
            b"a\r\n x-injected: yes",
            b"a\0x-injected: yes",
            b"https://\xff\xfe.example",
            b"https://a.example, https://b.example",
            b"https://a.example\tx-injected",
            b"\xc4\x8d\xc4\x8ax-injected: yes",
            b"",
        ];
        for (path, methods) in paths(&app.client_id) {
            for name in names {
                for value in values {
                    let header = [name.as_bytes(), b": ", value].concat();
                    let line = format!("{} {path}", methods[0]);
                    let answer = raw::send(world, line.as_bytes(), &[&header, b"content-length: 0"]).await;
                    let told = String::from_utf8_lossy(&header).into_owned();
                    assert!(!answer.has_header(MARK), "{line} {told:?}: {answer:?}");
                    assert!(answer.status < 500, "{line} {told:?}: {answer:?}");
                    assert!(!answer.head.to_ascii_lowercase().contains("\nset-cookie"), "{answer:?}");
                }
            }
        }
    });
}

#[test]
fn only_a_plain_ray_id_becomes_a_request_id() {
    run(async {
        let world = World::shared().await;
        for ray in ["<script>", "a", &"x".repeat(65), "id\"quoted\"id", "..........", "8f3a5c0d9e1b2a47-ZRH; x"] {
            let answer =
                client().get(format!("{}/operator/apps", world.worker.url)).header("cf-ray", ray).send().await.unwrap();
            let body: Value = answer.json().await.unwrap();
            let id = body["request_id"].as_str().unwrap();
            assert!(id != ray && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{ray}: {id}");
        }
    });
}

#[test]
fn a_name_from_bigcommerce_becomes_no_markup() {
    run(async {
        let world = World::shared().await;
        let app = App::registered(world).await;
        let name = "</title><script>alert(1)</script>\"'&\r\nx-injected: yes";
        world.sandbox.add_store(NewStore {
            hash: app.store.clone(),
            name: name.to_owned(),
            quota: 100_000,
            ..NewStore::default()
        });
        let session = app.install().await;
        let page = app.open(world.sandbox.load_callback_url(&app.store, &app.client_id, 7)).await;
        assert!(!page.text.contains("<script>alert"), "{}", page.text);
        let answers = paths(&app.client_id)
            .into_iter()
            .filter(|(path, methods)| super::is_console(path) && methods.contains(&"GET"));
        for (path, _) in answers {
            let answer =
                client().get(format!("{}{path}", world.worker.url)).bearer_auth(&session).send().await.unwrap();
            assert_eq!(answer.headers()["x-content-type-options"], "nosniff", "{path}");
            let kind = answer.headers()["content-type"].to_str().unwrap();
            assert!(["application/json", "application/problem+json"].contains(&kind), "{path}: {kind}");
            assert!(!answer.headers().contains_key(MARK), "{path}");
        }
    });
}
