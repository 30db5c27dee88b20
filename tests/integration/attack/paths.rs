//! Path confusion: another spelling of a path is another path, and opens nothing.

use reqwest::Method;

use super::{paths, raw};
use crate::support::worker::OPERATOR_TOKEN;
use crate::support::{App, World, run};

/// Spellings that some server or proxy takes for `path`. None is a form that the URL standard itself makes into `path`.
fn spellings(path: &str) -> Vec<String> {
    let (first, rest) = path[1..].split_once('/').unwrap_or((&path[1..], ""));
    let letter = format!("%{:02x}", first.as_bytes()[0]);
    vec![
        format!("{path}/"),
        format!("{path}//"),
        format!("/{path}"),
        format!("/{first}//{rest}"),
        format!("/{first}%2f{rest}"),
        format!("/{first}%2F{rest}"),
        format!("/{first}%5c{rest}"),
        format!("/{first}%252f{rest}"),
        format!("/{letter}{}/{rest}", &first[1..]),
        format!("/{first}%00/{rest}"),
        format!("/{first}/..;/{first}/{rest}"),
        format!("/{first}%c0%af{rest}"),
        format!("/{first}%e2%88%95{rest}"),
        path.to_uppercase(),
        format!("{path}%00"),
        format!("{path}%20"),
        format!("{path}%0a"),
        format!("{path};x=y"),
        format!("{path}.json"),
        format!("{path}%3f"),
        format!("{path}%23"),
        format!("/healthz/..%2f{first}/{rest}"),
        format!("/console/%2e%2e%2f{first}/{rest}"),
    ]
}

#[test]
fn no_other_spelling_of_a_path_gets_past_a_door() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let protected = paths(&app.client_id).into_iter().filter(|(path, _)| path != "/healthz");
        for (path, methods) in protected {
            for spelling in spellings(&path).into_iter().chain([format!("/x/../{}", &path[1..]), format!("/.{path}")]) {
                for method in &methods {
                    let line = format!("{method} {spelling}");
                    let answer = raw::send(world, line.as_bytes(), &[b"content-length: 0"]).await;
                    assert!((400..500).contains(&answer.status), "{line}: {answer:?}");
                    assert!(!answer.body.contains(&app.merchant), "{line}: {answer:?}");
                }
            }
        }
    });
}

#[test]
fn with_the_operators_token_another_spelling_removes_nothing() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let bearer = format!("authorization: Bearer {OPERATOR_TOKEN}");
        let path = format!("/operator/apps/{}", app.client_id);
        for spelling in spellings(&path) {
            let line = format!("{} {spelling}?force=true", Method::DELETE);
            let answer = raw::send(world, line.as_bytes(), &[bearer.as_bytes()]).await;
            assert!((400..500).contains(&answer.status), "{line}: {answer:?}");
        }
        assert_eq!(app.described().await["state"], "installed");
    });
}
