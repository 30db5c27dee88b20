//! What BigCommerce tells the app: believed only when it is BigCommerce's, lost never, taken once.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use reqwest::Method;
use sandbox::{Fault, FaultKind, Outcome, Product, Route, Webhook};
use serde_json::{Value, json};

use crate::support::app::{client, operator, refused};
use crate::support::hooks::post;
use crate::support::process::root;
use crate::support::wait::{now, timed};
use crate::support::{App, World, eventually, run};

/// The log's lines about refusals of the app's webhooks.
fn refusals(app: &App<'_>) -> Vec<String> {
    let path = format!("/bigcommerce/{}/webhooks", app.client_id);
    let lines = app.world.worker.events("request_refused").into_iter();
    lines.filter(|line| line["path"] == path).map(|line| line["cause"].as_str().unwrap_or("").to_owned()).collect()
}

fn repeated(app: &App<'_>) -> usize {
    let lines = app.world.worker.events("webhook_repeated");
    lines.iter().filter(|line| line["client_id"] == app.client_id).count()
}

/// Waits for a line of the log about the app.
async fn logged(app: &App<'_>, event: &str, is: impl Fn(&Value) -> bool) {
    eventually(event, || async {
        let lines = app.world.worker.events(event);
        lines.iter().any(|line| line["client_id"] == app.client_id && is(line)).then_some(())
    })
    .await;
}

fn sent_to(destination: &str, mut webhook: Webhook) -> Webhook {
    destination.clone_into(&mut webhook.destination);
    webhook
}

/// Seconds since 1970, as the sandbox signs with them.
fn signed_now() -> u64 {
    u64::try_from(now()).unwrap()
}

#[test]
fn a_change_of_a_product_is_delivered_at_the_first_try_and_shows() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        app.hooked().await;
        let session = app.load(7).await;
        let names = async || -> Vec<String> {
            let list = app.read(&session, "products").await;
            let products = list["products"].as_array().expect("products").iter();
            products.map(|product| product["name"].as_str().expect("a name").to_owned()).collect()
        };
        eventually("the first run is through", || async {
            (app.read(&session, "sync").await["state"] == "done").then_some(())
        })
        .await;
        let id = world.sandbox.add_product(&app.store, Product { name: "Fern".into(), ..Product::default() });
        eventually("it is there", || async { (names().await == ["Fern"]).then_some(()) }).await;
        world.sandbox.edit_product(&app.store, id, |product| product.name = "Fern, potted".into());
        eventually("it has its new name", || async { (names().await == ["Fern, potted"]).then_some(()) }).await;
        world.sandbox.delete_product(&app.store, id);
        eventually("it is gone", || async { names().await.is_empty().then_some(()) }).await;
        assert!(app.webhooks_check(&session).await["last_event_at"].is_i64());
        let deliveries = eventually("all is delivered", || async {
            let mut deliveries = world.sandbox.deliveries();
            deliveries.retain(|delivery| delivery.webhook.store_hash == app.store);
            (deliveries.len() == 3 && deliveries.iter().all(|delivery| delivery.outcome != Outcome::Waiting))
                .then_some(deliveries)
        })
        .await;
        for delivery in deliveries {
            let statuses: Vec<_> = delivery.attempts.iter().map(|attempt| attempt.status).collect();
            assert_eq!(
                (delivery.outcome, statuses),
                (Outcome::Delivered, vec![Some(200)]),
                "{}",
                delivery.webhook.scope
            );
        }
        assert_eq!(refusals(&app), Vec::<String>::new());
    });
}

#[test]
fn what_happens_at_the_store_has_its_effect() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        app.hooked().await;
        let session = app.load(7).await;
        let (reads, before) = (app.reads_of_the_store(), now());
        let uninstalled = app.webhook("store/app/uninstalled", json!({"type": "store"}));
        assert_eq!(post(&app.information()).await.status(), 200);
        app.reads_the_store_again(reads).await;
        let told = app.webhooks_check(&session).await;
        assert!(told["last_event_at"].as_i64().is_some_and(|at| at >= before), "{told}");

        world.sandbox.revoke_token(&app.store, &app.client_id);
        assert_eq!(post(&uninstalled).await.status(), 200);
        eventually("uninstalled", || async { (app.described().await["state"] == "uninstalled").then_some(()) }).await;
        // Stragglers are taken, so that nothing is tried again for two days, and dropped.
        world.worker.set_ahead(120).await;
        let straggler = uninstalled.signed("msg_straggler", signed_now() + 120);
        assert_eq!(post(&straggler).await.status(), 200);
        logged(&app, "webhook_dropped", |line| line["installed"] == false).await;
    });
}

#[test]
fn what_does_not_prove_to_be_bigcommerces_is_refused_and_the_log_says_why() {
    run(async {
        let world = World::shared().await;
        let (app, other) = (App::configured(world).await, App::configured(world).await);
        app.hooked().await;
        other.hooked().await;
        let reads = app.reads_of_the_store();
        let right = app.information();
        let secret = right.headers["x-hook-secret"].clone();
        let without = |names: &[&str]| -> Webhook {
            let mut webhook = right.clone();
            webhook.headers.retain(|name, _| !names.contains(&name.as_str()));
            webhook
        };
        let with = |name: &str, value: &str| -> Webhook {
            let mut webhook = right.clone();
            webhook.headers.insert(name.to_owned(), value.to_owned());
            webhook
        };
        let stale = |at: u64| right.clone().signed("msg_stale", at);
        let theirs = sent_to(&right.destination, other.information());
        let (no_secret, wrong_secret) = ("webhook: no hook secret", "webhook: wrong hook secret");
        let wrong_signature = "webhook: wrong signature";
        let partial = "webhook: headers of its signature are missing or malformed";
        let too_old = "webhook: signed more than five minutes from now";
        let wrong = [
            (without(&["x-hook-secret"]), no_secret),
            (without(&["x-hook-secret"]).unsigned(), no_secret),
            (right.clone().forged(), wrong_secret),
            (right.clone().unsigned().forged(), wrong_secret),
            (with("x-hook-secret", &secret.to_lowercase()), wrong_secret),
            (with("x-hook-secret", &app.client_secret), wrong_secret),
            (theirs.clone(), wrong_secret),
            (theirs.unsigned(), wrong_secret),
            (right.clone().signed_with("forged", "msg_1", signed_now()), wrong_signature),
            (right.clone().signed_with(&other.client_secret, "msg_1", signed_now()), wrong_signature),
            (right.clone().with_body(&right.body.replace("updated", "deleted")), wrong_signature),
            (right.clone().with_body(&format!("{} ", right.body)), wrong_signature),
            (with("webhook-id", "msg_other"), wrong_signature),
            (without(&["webhook-id"]), partial),
            (without(&["webhook-timestamp"]), partial),
            (without(&["webhook-signature"]), partial),
            (without(&["webhook-signature", "webhook-timestamp"]), partial),
            (with("webhook-timestamp", "yesterday"), partial),
            (stale(signed_now() - 310), too_old),
            (stale(signed_now() + 310), too_old),
        ];
        let expected: Vec<&str> = wrong.iter().map(|(_, cause)| *cause).collect();
        for (webhook, cause) in &wrong {
            let body = refused(post(webhook).await, 401, "invalid_webhook").await;
            assert!(!body.to_string().contains(cause) && !body.to_string().contains(&secret), "{body}");
        }
        eventually("the log has them all", || async { (refusals(&app).len() == wrong.len()).then_some(()) }).await;
        assert_eq!(refusals(&app), expected);
        assert!(!world.worker.log().contains(&secret), "the log has no secret");

        assert_eq!(post(&right).await.status(), 200, "the right one is taken as ever");
        app.reads_the_store_again(reads).await;
    });
}

#[test]
fn without_a_signature_the_secret_is_enough() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        app.hooked().await;
        world.sandbox.sign_webhooks(&app.client_id, false);
        let reads = app.reads_of_the_store();
        let webhook = app.information();
        assert!(webhook.id().is_none());
        assert_eq!(post(&webhook).await.status(), 200);
        app.reads_the_store_again(reads).await;
        assert_eq!(post(&webhook).await.status(), 200);
        eventually("the same body is the same event", || async { (repeated(&app) == 1).then_some(()) }).await;
    });
}

#[test]
fn an_event_is_taken_once_however_often_and_in_whatever_order_it_comes() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        app.hooked().await;
        let webhooks: Vec<Webhook> = (0..5).map(|_| app.information()).collect();
        let sent_again =
            webhooks.iter().map(|webhook| webhook.clone().signed(webhook.id().unwrap(), signed_now() + 30));
        let mut all: Vec<Webhook> =
            webhooks.iter().cloned().chain(sent_again).chain(webhooks.iter().cloned()).collect();
        all.reverse();
        let answers = futures_util::future::join_all(all.iter().map(post)).await;
        assert!(answers.iter().all(|answer| answer.status() == 200));
        eventually("ten of fifteen were repetitions", || async { (repeated(&app) == 10).then_some(()) }).await;

        // BigCommerce tries for two days; what was done is known for three.
        world.worker.set_ahead(2 * 86_400).await;
        world.worker.cron().await;
        let late = webhooks[0].clone().signed(webhooks[0].id().unwrap(), signed_now() + 2 * 86_400);
        assert_eq!(post(&late).await.status(), 200);
        eventually("it is known", || async { (repeated(&app) == 11).then_some(()) }).await;
    });
}

#[test]
fn bodies_that_are_no_webhook_of_the_store_are_refused() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        app.hooked().await;
        let right = app.information().unsigned();
        let wrong = [
            String::new(),
            "{".into(),
            "null".into(),
            r#"{"scope":"store/product/updated"}"#.into(),
            right.body.replace(&app.store, "abc123"),
            right.body.replace("stores/", "stores/../"),
            right.body.replace("stores/", ""),
        ];
        for body in wrong {
            assert_ne!(body, right.body);
            refused(post(&right.clone().with_body(&body)).await, 400, "bad_request").await;
        }
        let too_large = format!("{}{}", right.body, " ".repeat(64 * 1024));
        refused(post(&right.clone().with_body(&too_large)).await, 413, "body_too_large").await;
        let unknown = right.body.replace("information/updated", "cart/created");
        assert_eq!(post(&right.clone().with_body(&unknown)).await.status(), 200, "taken and dropped");
        logged(&app, "webhook_dropped", |line| line["scope"] == "store/cart/created").await;

        let registered = App::registered(world).await;
        for (id, status, code) in
            [(registered.client_id.as_str(), 409, "not_installed"), ("nobody", 404, "unknown_app")]
        {
            let webhook = sent_to(&right.destination.replace(&app.client_id, id), right.clone());
            refused(post(&webhook).await, status, code).await;
        }
    });
}

#[test]
fn bigcommerce_is_answered_before_anything_is_done() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        app.hooked().await;
        for route in [Route::Store, Route::Sites, Route::Hooks] {
            world.sandbox.set_fault(&app.store, route, Some(Fault::always(FaultKind::Hang)));
        }
        for _ in 0..5 {
            let webhook = app.information();
            let (answer, took) = timed(post(&webhook)).await;
            assert_eq!(answer.status(), 200);
            assert!(took < Duration::from_secs(2), "{took:?}");
        }
    });
}

#[test]
fn what_was_answered_is_done_though_the_worker_is_killed() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        app.hooked().await;
        for _ in 0..3 {
            world.sandbox.set_fault(&app.store, Route::Store, Some(Fault::always(FaultKind::Hang)));
            assert_eq!(post(&app.information()).await.status(), 200);
            world.worker.kill_workerd().await;
            world.sandbox.set_fault(&app.store, Route::Store, None);
            world.sandbox.clear_requests();
            world.worker.set_ahead(120).await;
            world.worker.cron().await;
            eventually("the store is read", || async {
                let read =
                    |request: &sandbox::Recorded| request.path.ends_with("/v2/store") && request.status == Some(200);
                world.sandbox.requests().iter().any(read).then_some(())
            })
            .await;
            world.worker.set_ahead(0).await;
        }
    });
}

#[test]
fn a_new_client_secret_is_believed_before_the_copies_know_it() {
    run(async {
        let world = World::start().await;
        let app = App::configured(&world).await;
        let old = app.hooked().await[0]["headers"].clone();
        assert_eq!(app.signature(&app.token()).send().await.unwrap().status(), 200, "this isolate knows the app");
        let path = format!("/operator/apps/{}", app.client_id);
        let body = json!({"client_secret": "the-new-client-secret", "environment": "staging"});
        let before = app.information();
        assert_eq!(operator(&world.worker, Method::PUT, &path).json(&body).send().await.unwrap().status(), 200);
        eventually("the hooks carry the new one", || async {
            app.hooks().await.iter().all(|hook| hook["headers"] != old).then_some(())
        })
        .await;
        let signed = app.information().signed_with("the-new-client-secret", "msg_new", signed_now());
        assert_eq!(post(&signed).await.status(), 200);
        assert_eq!(post(&before).await.status(), 200, "sent before");
        assert_eq!(refusals(&app), Vec::<String>::new());

        world.worker.set_ahead(24 * 3600 + 60).await;
        let late = before.signed("msg_late", signed_now() + 24 * 3600 + 60);
        refused(post(&late).await, 401, "invalid_webhook").await;
    });
}

#[test]
fn forgers_do_not_reach_the_object_each_time() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        app.hooked().await;
        let forged = app.information().forged();
        let ((), took) = timed(async {
            for _ in 0..60 {
                refused(post(&forged).await, 401, "invalid_webhook").await;
            }
        })
        .await;
        let asked = world.worker.events("app_asked_anew");
        let asked = asked.iter().filter(|line| line["client_id"] == app.client_id).count();
        assert!(asked as u64 <= took.as_secs() / 5 + 2, "{asked} times in {took:?}");
        assert_eq!(post(&app.information()).await.status(), 200, "and BigCommerce is heard as ever");
    });
}

/// Signs with the library that the authors of Standard Webhooks publish, and sends.
const SENDER: &str = r"
const { Webhook } = require('standardwebhooks');
const { secret, id, url, headers, body } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const at = new Date();
const signature = new Webhook(new TextEncoder().encode(secret), { format: 'raw' }).sign(id, at, body);
const signed = { ...headers, 'webhook-id': id, 'webhook-timestamp': String(Math.floor(at / 1000)), 'webhook-signature': signature };
fetch(url, { method: 'POST', headers: signed, body }).then((answer) => console.log(answer.status));
";

fn send_from_node(webhook: &Webhook, secret: &str, body: &str) -> String {
    let headers: BTreeMap<&str, &str> =
        webhook.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let input =
        json!({"secret": secret, "id": webhook.id(), "url": webhook.destination, "headers": headers, "body": body});
    let mut node = Command::new("node")
        .args(["-e", SENDER])
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node");
    node.stdin.take().expect("piped").write_all(input.to_string().as_bytes()).expect("written");
    let printed = node.wait_with_output().expect("an answer").stdout;
    String::from_utf8_lossy(&printed).trim().to_owned()
}

#[test]
fn what_the_published_library_signs_is_believed() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        app.hooked().await;
        let webhook = app.information();
        let body = webhook.body.replace("\"type\":\"store\"", "\"type\":\"store\",\"name\":\"Öffnungszeiten – 時間\"");
        assert_ne!(body, webhook.body);
        assert_eq!(send_from_node(&webhook, &app.client_secret, &body), "200");
        assert_eq!(send_from_node(&webhook, "another-secret-of-some-length", &body), "401");
    });
}

#[test]
fn an_address_of_webhooks_takes_nothing_but_posts() {
    run(async {
        let world = World::shared().await;
        let app = App::registered(world).await;
        for path in ["webhooks", "webhooks/exceptions"] {
            let url = format!("{}/bigcommerce/{}/{path}", world.worker.url, app.client_id);
            let answer = client().get(url).send().await.unwrap();
            assert_eq!(answer.headers()["allow"], "POST");
            let refusal: Value = refused(answer, 405, "method_not_allowed").await;
            assert_eq!(refusal["title"], "Method Not Allowed");
        }
    });
}
