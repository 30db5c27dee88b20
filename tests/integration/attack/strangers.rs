//! The right credential at the wrong door: of another app, of another kind of caller, in another place.

use reqwest::Method;
use serde_json::{Value, json};

use super::{is_console, paths};
use crate::support::app::{client, refused};
use crate::support::worker::OPERATOR_TOKEN;
use crate::support::{App, World, run};

async fn settings(app: &App<'_>, session: &str) -> Value {
    app.console(session, Method::GET).send().await.unwrap().json().await.unwrap()
}

#[test]
fn no_console_route_opens_without_a_session_of_its_own_app() {
    run(async {
        let world = World::shared().await;
        let (ours, theirs) = (App::configured(world).await, App::configured(world).await);
        let (our_session, their_session) = (ours.load(7).await, theirs.load(7).await);
        let before = settings(&theirs, &their_session).await;
        let (_, our_secret) = our_session.split_once('.').unwrap();
        let link = world.sandbox.load_callback_url(&theirs.store, &theirs.client_id, 7);
        let load_token = link.query_pairs().next().unwrap().1.into_owned();
        let wrong = [
            format!("{}.{our_secret}", theirs.client_id),
            format!("{}.{their_session}", ours.client_id),
            format!("{our_session}.{their_session}"),
            format!("{our_session}, Bearer {their_session}"),
            their_session.to_uppercase(),
            format!("{} ", theirs.client_id),
            theirs.client_id.clone(),
            theirs.token(),
            load_token,
            OPERATOR_TOKEN.to_owned(),
            world.sandbox.token_of(&theirs.store, &theirs.client_id).unwrap(),
            "registry.x".to_owned(),
            format!("../{their_session}"),
        ];
        for (path, methods) in paths(&theirs.client_id).into_iter().filter(|(path, _)| is_console(path)) {
            for method in methods {
                let ask = || {
                    let method = Method::from_bytes(method.as_bytes()).unwrap();
                    client()
                        .request(method, format!("{}{path}", world.worker.url))
                        .json(&json!({"ordergroove": {"merchant_id": "changed"}}))
                };
                for token in &wrong {
                    refused(ask().bearer_auth(token).send().await.unwrap(), 401, "session_ended").await;
                }
                // Not as a cookie, in the address, by another scheme or under another name.
                for (name, value) in [
                    ("cookie", format!("session={their_session}; session-token={their_session}")),
                    ("authorization", format!("Basic {their_session}")),
                    ("authorization", their_session.clone()),
                    ("x-session-token", their_session.clone()),
                    ("x-auth-token", their_session.clone()),
                ] {
                    refused(ask().header(name, value).send().await.unwrap(), 401, "session_ended").await;
                }
                for name in ["session", "session-token", "token", "access_token"] {
                    refused(ask().query(&[(name, &their_session)]).send().await.unwrap(), 401, "session_ended").await;
                }
            }
        }
        assert_eq!(settings(&theirs, &their_session).await, before, "and nothing changed");
        // Naming another app in the address or a header changes nothing either.
        let named = ours
            .console(&our_session, Method::GET)
            .header("authorization-client", &theirs.client_id)
            .query(&[("client_id", &theirs.client_id)]);
        let seen: Value = named.send().await.unwrap().json().await.unwrap();
        assert_eq!(seen["ordergroove"]["merchant_id"], ours.merchant);
    });
}

#[test]
fn no_operator_route_opens_with_any_other_credential() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        let session = app.load(7).await;
        let operators = paths(&app.client_id).into_iter().filter(|(path, _)| path.starts_with("/operator/"));
        for (path, methods) in operators {
            for method in methods {
                for token in [&session, &app.token(), &app.client_secret, &app.api_key, &OPERATOR_TOKEN.to_uppercase()]
                {
                    let method = Method::from_bytes(method.as_bytes()).unwrap();
                    let request = client().request(method, format!("{}{path}?force=true", world.worker.url));
                    refused(request.bearer_auth(token).send().await.unwrap(), 401, "operator_only").await;
                }
            }
        }
        assert_eq!(app.described().await["state"], "installed");
    });
}

#[test]
fn a_shoppers_door_knows_one_app_at_a_time() {
    run(async {
        let world = World::shared().await;
        let (ours, theirs) = (App::configured(world).await, App::configured(world).await);
        for (app, token) in [(&ours, ours.token()), (&theirs, theirs.token())] {
            assert_eq!(app.signature(&token).send().await.unwrap().status(), 200, "known to the isolate");
        }
        // Two ids at once, in the one header or in two: nobody's.
        for name in
            [format!("{}, {}", ours.client_id, theirs.client_id), format!("{} {}", ours.client_id, theirs.origin())]
        {
            let mut request = ours.signature(&ours.token()).build().unwrap();
            request.headers_mut().insert("authorization-client", name.parse().unwrap());
            refused(client().execute(request).await.unwrap(), 404, "unknown_app").await;
        }
        let mut twice = ours.signature(&ours.token()).build().unwrap();
        twice.headers_mut().append("authorization-client", theirs.client_id.parse().unwrap());
        refused(client().execute(twice).await.unwrap(), 404, "unknown_app").await;
        // A page of the one store never reads for the other, known to the isolate or not.
        let mut foreign = ours.signature(&ours.token()).build().unwrap();
        foreign.headers_mut().insert("origin", theirs.origin().parse().unwrap());
        refused(client().execute(foreign).await.unwrap(), 403, "origin_not_allowed").await;
    });
}
