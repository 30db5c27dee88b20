//! Webhooks, as whoever is called receives them.

use std::sync::Arc;
use std::time::Duration;

use crate::common::{APP, SECRET, STORE, api, client, install, start, value};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use reqwest::Method;
use sandbox::{Modifier, Outcome, Product, Sandbox, Webhook};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use tokio::sync::{Mutex, mpsc};

type Received = (HeaderMap, String);
/// What to answer next, 200 when there is nothing.
type Answers = Arc<Mutex<Vec<u16>>>;

/// Somebody who is called.
struct Listener {
    url: String,
    received: mpsc::UnboundedReceiver<Received>,
    answers: Answers,
}

impl Listener {
    async fn start() -> Self {
        let (sender, received) = mpsc::unbounded_channel();
        let answers = Answers::default();
        let hear = |State((sender, answers)): State<(mpsc::UnboundedSender<Received>, Answers)>,
                    headers: HeaderMap,
                    body: Bytes| async move {
            sender.send((headers, String::from_utf8_lossy(&body).into_owned())).expect("the test listens");
            StatusCode::from_u16(answers.lock().await.pop().unwrap_or(200)).expect("a status")
        };
        let router = Router::new().fallback(hear).with_state((sender, answers.clone()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        Self { url, received, answers }
    }

    /// The next request, which has been answered or will be.
    async fn next(&mut self) -> Received {
        self.received.recv().await.expect("a webhook")
    }

    async fn next_body(&mut self) -> Value {
        serde_json::from_str(&self.next().await.1).expect("JSON")
    }

    fn nothing_more(&mut self) -> bool {
        self.received.try_recv().is_err()
    }
}

struct World {
    sandbox: Sandbox,
    token: String,
    listener: Listener,
}

impl World {
    /// A hook for each of these scopes.
    async fn listening(scopes: &[&str]) -> Self {
        let sandbox = start().await;
        sandbox.set_webhook_delays(&[Duration::from_millis(5); 2]);
        let world = Self { token: install(&sandbox, APP, SECRET).await, sandbox, listener: Listener::start().await };
        for scope in scopes {
            world.hook(scope).await;
        }
        world
    }

    async fn hook(&self, scope: &str) -> u64 {
        let body = json!({ "scope": scope, "destination": self.listener.url, "headers": { "X-Hook-Secret": "s3" } });
        let (status, answer) = value(api(&self.sandbox, &self.token, Method::POST, "/v3/hooks").json(&body)).await;
        assert_eq!(status, 200, "{answer}");
        answer["data"]["id"].as_u64().expect("an id")
    }

    async fn is_active(&self, hook: u64) -> bool {
        let path = format!("/v3/hooks/{hook}");
        value(api(&self.sandbox, &self.token, Method::GET, &path)).await.1["data"]["is_active"] == true
    }

    fn compose(&self, id: u64) -> Webhook {
        let data = json!({ "type": "product", "id": id });
        self.sandbox.compose_webhooks(STORE, "store/product/updated", data).pop().expect("a hook listens")
    }
}

/// Whether the signature is the one of Standard Webhooks for this secret.
fn is_signed((headers, body): &Received, secret: &str) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(format!("{}.{}.{body}", header("webhook-id"), header("webhook-timestamp")).as_bytes());
    header("webhook-signature") == format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[tokio::test]
async fn a_change_of_a_product_is_told_as_the_platform_tells_it() {
    let mut world = World::listening(&["store/product/*"]).await;
    let id = world.sandbox.add_product(STORE, Product::named("Tea"));
    let received = world.listener.next().await;
    assert_eq!(received.0["x-hook-secret"], "s3");
    assert_eq!(received.0["content-type"], "application/json");
    assert!(is_signed(&received, SECRET) && !is_signed(&received, "another"));
    let mut body: Value = serde_json::from_str(&received.1).expect("JSON");
    let hash = body.as_object_mut().expect("an object").remove("hash").expect("a hash");
    assert_eq!(hash, format!("{:x}", Sha1::digest(body.to_string())));
    assert_eq!(body["scope"], "store/product/created");
    assert_eq!(body["data"], json!({ "type": "product", "id": id }));
    assert_eq!(body["producer"], format!("stores/{STORE}"));
    assert!(body["created_at"].is_u64() && body["store_id"].is_string());

    world.sandbox.edit_product(STORE, id, |product| product.price = 2.0);
    assert_eq!(world.listener.next_body().await["scope"], "store/product/updated");
    // Adding a modifier is told to nobody; taking one away is.
    let modifier = world.sandbox.add_modifier(STORE, id, Modifier::dropdown("Subscription", &["Once"]));
    world.sandbox.delete_modifier(STORE, id, modifier);
    assert_eq!(world.listener.next_body().await["scope"], "store/product/updated");
    world.sandbox.delete_product(STORE, id);
    assert_eq!(world.listener.next_body().await["scope"], "store/product/deleted");
    world.sandbox.webhooks_settled().await;
    assert!(world.listener.nothing_more());
    assert!(world.sandbox.deliveries().iter().all(|delivery| delivery.outcome == Outcome::Delivered));
}

#[tokio::test]
async fn only_active_hooks_of_the_scope_are_told() {
    let mut world = World::listening(&["store/order/created"]).await;
    let other = world.hook("store/order/updated").await;
    world.sandbox.emit(STORE, "store/order/created", json!({ "type": "order", "id": 7 }));
    assert_eq!(world.listener.next_body().await["data"]["id"], 7);
    world.sandbox.set_hook_active(STORE, other, false);
    assert!(!world.is_active(other).await);
    world.sandbox.emit(STORE, "store/order/updated", json!({}));
    world.sandbox.emit("another", "store/order/created", json!({}));
    world.sandbox.webhooks_settled().await;
    assert!(world.listener.nothing_more());
    world.sandbox.set_hook_active(STORE, other, true);
    world.sandbox.emit(STORE, "store/order/updated", json!({}));
    assert_eq!(world.listener.next_body().await["scope"], "store/order/updated");
}

#[tokio::test]
async fn what_is_not_taken_is_tried_again_and_then_the_hook_is_switched_off() {
    let mut world = World::listening(&[]).await;
    let hook = world.hook("store/product/updated").await;
    world.listener.answers.lock().await.extend([500, 302]);
    world.sandbox.send_webhook(world.compose(1));
    let ids = [world.listener.next().await, world.listener.next().await, world.listener.next().await];
    assert!(ids.iter().all(|(headers, _)| headers["webhook-id"] == ids[0].0["webhook-id"]));
    world.sandbox.webhooks_settled().await;
    let delivery = world.sandbox.deliveries().pop().expect("a delivery");
    let statuses: Vec<_> = delivery.attempts.iter().map(|attempt| attempt.status).collect();
    assert_eq!((statuses, delivery.outcome), (vec![Some(302), Some(500), Some(200)], Outcome::Delivered));
    assert!(world.is_active(hook).await);

    world.listener.answers.lock().await.extend([500; 3]);
    world.sandbox.send_webhook(world.compose(2));
    world.sandbox.webhooks_settled().await;
    let delivery = world.sandbox.deliveries().pop().expect("a delivery");
    assert_eq!((delivery.attempts.len(), delivery.outcome), (3, Outcome::GivenUp));
    assert!(!world.is_active(hook).await);
}

#[tokio::test]
async fn failed_deliveries_have_one_hook_with_a_destination_of_its_own() {
    let world = World::listening(&["store/product/updated"]).await;
    let make = async |scope: &str, destination: &str| {
        let body = json!({ "scope": scope, "destination": destination });
        value(api(&world.sandbox, &world.token, Method::POST, "/v3/hooks").json(&body)).await.0
    };
    let (exception, elsewhere) = ("store/hook/deliveryException", "https://else.example/exceptions");
    assert_eq!(make(exception, &world.listener.url).await, 422, "other hooks have this destination");
    assert_eq!(make(exception, elsewhere).await, 200);
    assert_eq!(make("store/product/created", elsewhere).await, 422, "it is taken");
    assert_eq!(make(exception, "https://third.example/exceptions").await, 422, "there is one");
}

#[tokio::test]
async fn nobody_is_called_for_a_hook_that_is_gone() {
    let mut world = World::listening(&[]).await;
    let hook = world.hook("store/product/updated").await;
    world.sandbox.set_webhook_delays(&[Duration::from_secs(1)]);
    world.listener.answers.lock().await.push(500);
    world.sandbox.send_webhook(world.compose(1));
    world.listener.next().await;
    value(api(&world.sandbox, &world.token, Method::DELETE, &format!("/v3/hooks/{hook}"))).await;
    world.sandbox.webhooks_settled().await;
    assert!(world.listener.nothing_more());
    assert_eq!(world.sandbox.deliveries()[0].outcome, Outcome::Dropped);
}

#[tokio::test]
async fn held_webhooks_go_when_and_how_the_test_says() {
    let mut world = World::listening(&["store/product/*"]).await;
    world.sandbox.hold_webhooks(STORE, true);
    let id = world.sandbox.add_product(STORE, Product::named("Tea"));
    world.sandbox.edit_product(STORE, id, |product| product.price = 2.0);
    let held = world.sandbox.take_held_webhooks(STORE);
    assert_eq!(world.sandbox.take_held_webhooks(STORE), []);
    assert!(world.listener.nothing_more() && world.sandbox.deliveries().is_empty());
    // Late, the other way round, and one of them twice.
    for webhook in [&held[1], &held[0], &held[1]] {
        assert_eq!(world.sandbox.post_webhook(webhook).await, Some(200));
        assert_eq!(world.listener.next().await.1, webhook.body);
    }
    world.sandbox.hold_webhooks(STORE, false);
    world.sandbox.delete_product(STORE, id);
    assert_eq!(world.listener.next_body().await["scope"], "store/product/deleted");
}

#[tokio::test]
async fn webhooks_can_be_wrong_in_each_way() {
    let mut world = World::listening(&["store/product/updated"]).await;
    let good = world.compose(1);
    let send = async |listener: &mut Listener, webhook: &Webhook| {
        world.sandbox.post_webhook(webhook).await.expect("an answer");
        listener.next().await
    };
    let listener = &mut world.listener;
    assert!(is_signed(&send(listener, &good).await, SECRET));
    let forged = send(listener, &good.clone().forged()).await;
    assert_eq!(forged.0["x-hook-secret"], "forged");
    assert!(!is_signed(&forged, SECRET));
    let stale = send(listener, &good.clone().signed("msg_old", 1_700_000_000)).await;
    assert!(is_signed(&stale, SECRET) && stale.0["webhook-timestamp"] == "1700000000");
    let altered = send(listener, &good.clone().with_body("{}")).await;
    assert!(altered.1 == "{}" && !is_signed(&altered, SECRET));
    let unsigned = send(listener, &good.clone().unsigned()).await;
    assert!(!unsigned.0.contains_key("webhook-id") && unsigned.0["x-hook-secret"] == "s3");
    world.sandbox.sign_webhooks(APP, false);
    assert_eq!(world.compose(1).id(), None);
    world.sandbox.sign_webhooks(APP, true);
    assert!(world.compose(1).id().is_some());
}

#[tokio::test]
async fn a_person_sends_and_looks_over_http() {
    let mut world = World::listening(&[]).await;
    let hook = world.hook("store/order/created").await;
    let at = |path: &str| format!("{}/sandbox/{path}", world.sandbox.url());
    let event = json!({ "scope": "store/order/created", "data": { "type": "order", "id": 3 } });
    assert_eq!(value(client().post(at(&format!("stores/{STORE}/events"))).json(&event)).await.0, 200);
    assert_eq!(world.listener.next_body().await["data"]["id"], 3);
    world.sandbox.webhooks_settled().await;
    let log = value(client().get(at("deliveries"))).await.1;
    assert_eq!((&log[0]["outcome"], &log[0]["attempts"][0]["status"]), (&json!("delivered"), &json!(200)));
    let off = client().put(at(&format!("stores/{STORE}/hooks/{hook}"))).json(&json!({ "is_active": false }));
    assert_eq!(value(off).await.0, 200);
    assert!(!world.is_active(hook).await);
}
