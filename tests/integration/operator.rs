//! The operator API: requirement A1.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::{client, operator, refused, unique};
use crate::support::{App, World, run};

fn registration(secret: &str) -> Value {
    json!({"client_secret": secret, "environment": "staging"})
}

#[test]
fn registering_answers_what_to_enter_in_the_developer_tools() {
    run(async {
        let world = World::shared().await;
        let id = unique("client");
        let path = format!("/operator/apps/{id}");
        let answer =
            operator(&world.worker, Method::PUT, &path).json(&registration("a-client-secret")).send().await.unwrap();
        assert_eq!(answer.status(), 201);
        let body: Value = answer.json().await.unwrap();
        let callback = |name: &str| format!("{}/bigcommerce/{id}/{name}", world.worker.url);
        assert_eq!(body["client_id"], id);
        assert_eq!(body["environment"], "staging");
        assert_eq!(
            body["callbacks"],
            json!({"auth": callback("auth"), "load": callback("load"), "uninstall": callback("uninstall"), "remove_user": callback("remove-user")})
        );
        let scopes = body["scopes"].as_array().unwrap();
        assert!(scopes.iter().any(|scope| scope["name"] == "store_v2_orders"));
        assert!(scopes.iter().all(|scope| scope["for"].as_str().is_some_and(|purpose| purpose.len() > 10)));

        let again =
            operator(&world.worker, Method::PUT, &path).json(&registration("a-client-secret")).send().await.unwrap();
        assert_eq!(again.status(), 200, "registering again is idempotent");
        assert_eq!(again.json::<Value>().await.unwrap(), body);

        let shown: Value = operator(&world.worker, Method::GET, &path).send().await.unwrap().json().await.unwrap();
        assert_eq!((&shown["state"], &shown["previous_secret_until"]), (&json!("registered"), &Value::Null));
        assert_eq!(shown["kv_behind"], false);
        let listed: Value =
            operator(&world.worker, Method::GET, "/operator/apps").send().await.unwrap().json().await.unwrap();
        assert!(listed["apps"].as_array().unwrap().iter().any(|app| app["client_id"] == id));
    });
}

#[test]
fn nobody_else_gets_in() {
    run(async {
        let world = World::shared().await;
        for path in ["/operator/apps", "/operator/apps/x1"] {
            for token in [
                None,
                Some(""),
                Some("wrong"),
                Some("operator-token-of-the-tests-012345678"),
                Some("operator-token-of-the-tests-01234567890"),
            ] {
                let request = client().get(format!("{}{path}", world.worker.url));
                let request = token.iter().fold(request, reqwest::RequestBuilder::bearer_auth);
                refused(request.send().await.unwrap(), 401, "operator_only").await;
            }
        }
        let basic =
            client().get(format!("{}/operator/apps", world.worker.url)).header("authorization", "Basic b3BlcmF0b3I=");
        refused(basic.send().await.unwrap(), 401, "operator_only").await;
    });
}

#[test]
fn bad_input_is_refused_with_a_reason_and_changes_nothing() {
    run(async {
        let world = World::shared().await;
        for id in ["a%20b", "a.b", "%C3%A9", &"x".repeat(65), "a%2Fb", "%00"] {
            let answer = operator(&world.worker, Method::PUT, &format!("/operator/apps/{id}"))
                .json(&registration("a-client-secret"))
                .send()
                .await
                .unwrap();
            let body = refused(answer, 400, "bad_request").await;
            assert!(body["message"].as_str().unwrap().contains("client id"), "{body}");
        }
        let id = unique("client");
        let path = format!("/operator/apps/{id}");
        for body in [
            String::new(),
            "{".into(),
            "[]".into(),
            "null".into(),
            r#"{"client_secret":"a-client-secret"}"#.into(),
            r#"{"client_secret":"short","environment":"staging"}"#.into(),
            r#"{"client_secret":"a-client-secret","environment":"live"}"#.into(),
            r#"{"client_secret":"a-client-secret","environment":"staging","store":"x"}"#.into(),
            format!(r#"{{"client_secret":"{}","environment":"staging"}}"#, "x".repeat(257)),
        ] {
            let answer = operator(&world.worker, Method::PUT, &path).body(body.clone()).send().await.unwrap();
            let refusal = refused(answer, 400, "bad_request").await;
            assert!(!refusal.to_string().contains("a-client-secret"), "{refusal}");
        }
        let answer = operator(&world.worker, Method::PUT, &path).body(vec![0xff, 0xfe, b'{']).send().await.unwrap();
        refused(answer, 400, "bad_request").await;
        let answer = operator(&world.worker, Method::PUT, &path).body("x".repeat(9000)).send().await.unwrap();
        refused(answer, 413, "body_too_large").await;
        refused(operator(&world.worker, Method::GET, &path).send().await.unwrap(), 404, "unknown_app").await;
        refused(operator(&world.worker, Method::POST, &path).send().await.unwrap(), 405, "method_not_allowed").await;
        refused(operator(&world.worker, Method::DELETE, &path).send().await.unwrap(), 404, "unknown_app").await;
        refused(operator(&world.worker, Method::GET, "/operator/apps/a/b").send().await.unwrap(), 404, "not_found")
            .await;
    });
}

#[test]
fn an_environment_is_for_good() {
    run(async {
        let world = World::shared().await;
        let app = App::registered(world).await;
        let path = format!("/operator/apps/{}", app.client_id);
        let live = json!({"client_secret": app.client_secret, "environment": "production"});
        refused(operator(&world.worker, Method::PUT, &path).json(&live).send().await.unwrap(), 409, "conflict").await;
        assert_eq!(app.described().await["environment"], "staging");
    });
}

#[test]
fn a_new_secret_replaces_the_old_one_which_stays_valid_a_day() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        let token = app.token();
        let path = format!("/operator/apps/{}", app.client_id);
        let renewed = operator(&world.worker, Method::PUT, &path)
            .json(&registration("the-new-client-secret"))
            .send()
            .await
            .unwrap();
        assert_eq!(renewed.status(), 200);
        assert!(app.described().await["previous_secret_until"].is_i64());
        assert_eq!(app.signature(&token).send().await.unwrap().status(), 200, "signed with the old secret");
        app.load(7).await;

        world.worker.set_ahead(24 * 3600 + 60).await;
        let late = app.world.sandbox.sign_jwt(&app.client_id, sandbox::JwtAlg::Hs256, {
            let mut claims = app.claims();
            claims["exp"] = (crate::support::wait::now() + 2 * 86400).into();
            claims
        });
        refused(app.signature(&late).send().await.unwrap(), 401, "invalid_token").await;
    });
}

#[test]
fn removing_an_installed_app_needs_force_and_leaves_nothing() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        let path = format!("/operator/apps/{}", app.client_id);
        refused(operator(&world.worker, Method::DELETE, &path).send().await.unwrap(), 409, "conflict").await;
        refused(
            operator(&world.worker, Method::DELETE, &format!("{path}?force=1")).send().await.unwrap(),
            400,
            "bad_request",
        )
        .await;
        assert_eq!(app.signature(&app.token()).send().await.unwrap().status(), 200);

        let removed = operator(&world.worker, Method::DELETE, &format!("{path}?force=true")).send().await.unwrap();
        assert_eq!(removed.status(), 204);
        refused(operator(&world.worker, Method::GET, &path).send().await.unwrap(), 404, "unknown_app").await;
        world.worker.set_ahead(200).await;
        refused(app.signature(&app.token()).send().await.unwrap(), 404, "unknown_app").await;
        let page = app.open(world.sandbox.load_callback_url(&app.store, &app.client_id, 7)).await;
        assert_eq!((page.status, page.error()), (404, Some("unknown_app")));

        let body = json!({"client_secret": app.client_secret, "environment": "production"});
        let anew = operator(&world.worker, Method::PUT, &path).json(&body).send().await.unwrap();
        assert_eq!(anew.status(), 201, "after a removal the id is free, for the other environment too");
        assert_eq!(app.described().await["store_hash"], Value::Null);
    });
}
