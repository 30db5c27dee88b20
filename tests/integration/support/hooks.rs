//! An app's hooks, as BigCommerce has them, and what is sent to them.

use reqwest::{Method, RequestBuilder, Response};
use sandbox::Webhook;
use serde_json::{Value, json};

use super::app::{App, client};
use super::wait::eventually;

/// How many hooks an app has.
pub const ALL: usize = 6;

impl App<'_> {
    /// A call to `/v3/hooks{path}` as the app itself makes it.
    pub async fn hooks_api(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let sandbox = &self.world.sandbox;
        let token = sandbox.token_of(&self.store, &self.client_id).expect("installed");
        let url = format!("{}/stores/{}/v3/hooks{path}", sandbox.bigcommerce_api_url(), self.store);
        let request = client().request(method, url).header("x-auth-token", token).header("accept", "application/json");
        let request = body.iter().fold(request, RequestBuilder::json);
        let answer = request.send().await.expect("sent");
        assert_eq!(answer.status(), 200);
        answer.json().await.expect("JSON")
    }

    /// The hooks, by scope.
    pub async fn hooks(&self) -> Vec<Value> {
        let mut list = self.hooks_api(Method::GET, "", None).await;
        let mut hooks = list["data"].as_array_mut().map(std::mem::take).expect("a list");
        hooks.sort_by_key(|hook| hook["scope"].to_string());
        hooks
    }

    /// The hooks, once the app has made them.
    pub async fn hooked(&self) -> Vec<Value> {
        eventually("the app's hooks are there", || async {
            let hooks = self.hooks().await;
            (hooks.len() == ALL).then_some(hooks)
        })
        .await
    }

    /// What BigCommerce would send of an event.
    pub fn webhook(&self, scope: &str, data: Value) -> Webhook {
        let webhooks = self.world.sandbox.compose_webhooks(&self.store, scope, data);
        let [webhook] = <[Webhook; 1]>::try_from(webhooks).expect("one hook of this scope");
        webhook
    }

    /// What BigCommerce would send when the store's name changes: an event of no id, with a visible effect.
    pub fn information(&self) -> Webhook {
        self.webhook("store/information/updated", json!({"type": "store"}))
    }

    /// The overview's line about webhooks.
    pub async fn webhooks_check(&self, session: &str) -> Value {
        let overview = self.read(session, "overview").await;
        let checks = overview["checks"].as_array().expect("checks");
        checks.iter().find(|check| check["id"] == "webhooks").expect("a line about webhooks").clone()
    }

    /// How often the app has read the store.
    pub fn reads_of_the_store(&self) -> usize {
        let path = format!("/stores/{}/v2/store", self.store);
        self.world.sandbox.requests().iter().filter(|request| request.path.ends_with(&path)).count()
    }

    /// Waits until the app has read the store more than `before` times.
    pub async fn reads_the_store_again(&self, before: usize) {
        eventually("the store is read again", || async { (self.reads_of_the_store() > before).then_some(()) }).await;
    }
}

/// The request that a webhook is.
pub fn sending(webhook: &Webhook) -> RequestBuilder {
    let request = client().post(&webhook.destination).body(webhook.body.clone());
    webhook.headers.iter().fold(request, |request, (name, value)| request.header(name, value))
}

/// Sends a webhook once.
pub async fn post(webhook: &Webhook) -> Response {
    sending(webhook).send().await.expect("sent")
}
