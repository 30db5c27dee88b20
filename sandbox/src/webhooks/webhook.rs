//! One event on its way to one hook, as it is on the wire.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use serde::Serialize;
use serde_json::json;
use sha1::{Digest, Sha1};
use sha2::Sha256;
use uuid::Uuid;

use super::Event;
use crate::model::Hook;
use crate::state::{State, now};

/// A webhook ready to be sent: as the platform would, or with something about it changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Webhook {
    /// The hook it is for.
    pub hook_id: u64,
    /// The store it happened at.
    pub store_hash: String,
    /// What happened.
    pub scope: String,
    /// Where it goes.
    pub destination: String,
    /// Its headers, names in lowercase: the hook's own and, when it is signed, `webhook-*`.
    pub headers: BTreeMap<String, String>,
    /// The payload.
    pub body: String,
    /// The app's client secret.
    #[serde(skip)]
    secret: String,
}

impl Webhook {
    /// One for each active hook that listens to this event.
    pub(crate) fn of(state: &State, hash: &str, event: &Event) -> Vec<Self> {
        let Some(store) = state.stores.get(hash) else {
            return Vec::new();
        };
        let body = payload(hash, store.number, event);
        let hooks = store.hooks.iter().filter(|hook| hook.is_active && listens(&hook.scope, &event.scope));
        hooks
            .filter_map(|hook| {
                let app = state.apps.get(&hook.client_id)?;
                let webhook = Self::to(hook, &event.scope, &body, &app.client_secret);
                Some(if app.unsigned_webhooks { webhook } else { webhook.signed(&Self::fresh_id(), now()) })
            })
            .collect()
    }

    fn to(hook: &Hook, scope: &str, body: &str, secret: &str) -> Self {
        let own = hook.headers.iter().flatten().map(|(name, value)| (name.to_ascii_lowercase(), value.clone()));
        Self {
            hook_id: hook.id,
            store_hash: hook.store_hash.clone(),
            scope: scope.to_owned(),
            destination: hook.destination.clone(),
            headers: own.chain([("content-type".to_owned(), "application/json".to_owned())]).collect(),
            body: body.to_owned(),
            secret: secret.to_owned(),
        }
    }

    fn fresh_id() -> String {
        format!("msg_{}", Uuid::new_v4().simple())
    }

    /// The id that Standard Webhooks gives it.
    pub fn id(&self) -> Option<&str> {
        self.headers.get("webhook-id").map(String::as_str)
    }

    /// The same, signed properly under this id at this time, in seconds since 1970.
    #[must_use]
    pub fn signed(self, id: &str, timestamp: u64) -> Self {
        let secret = self.secret.clone();
        self.signed_with(&secret, id, timestamp)
    }

    /// The same, signed properly by somebody who has this secret.
    #[must_use]
    pub fn signed_with(mut self, secret: &str, id: &str, timestamp: u64) -> Self {
        let signature = signature(secret, &format!("{id}.{timestamp}.{}", self.body));
        self.headers.insert("webhook-id".to_owned(), id.to_owned());
        self.headers.insert("webhook-timestamp".to_owned(), timestamp.to_string());
        self.headers.insert("webhook-signature".to_owned(), format!("v1,{signature}"));
        self
    }

    /// The same without a signature.
    #[must_use]
    pub fn unsigned(mut self) -> Self {
        self.headers.retain(|name, _| !name.starts_with("webhook-"));
        self
    }

    /// The same with another body under the old signature.
    #[must_use]
    pub fn with_body(self, body: &str) -> Self {
        Self { body: body.to_owned(), ..self }
    }

    /// The same from somebody who knows neither the hook's own headers nor the app's secret.
    #[must_use]
    pub fn forged(mut self) -> Self {
        let signed = self.id().map(str::to_owned);
        for (name, value) in &mut self.headers {
            if name != "content-type" {
                "forged".clone_into(value);
            }
        }
        match signed {
            Some(id) => self.signed_with("forged", &id, now()),
            None => self,
        }
    }
}

/// `hash` is of everything else, without a key: it tells payloads apart and proves nothing.
fn payload(hash: &str, number: u64, event: &Event) -> String {
    let mut payload = json!({
        "scope": event.scope,
        "store_id": number.to_string(),
        "data": event.data,
        "created_at": now(),
        "producer": format!("stores/{hash}"),
    });
    payload["hash"] = json!(format!("{:x}", Sha1::digest(payload.to_string())));
    payload.to_string()
}

/// A hook listens to its own event, or with `*` at the end to all that begin alike.
fn listens(hook: &str, event: &str) -> bool {
    hook == event || hook.strip_suffix('*').is_some_and(|start| start.ends_with('/') && event.starts_with(start))
}

/// The key is the client secret's bytes as they are.
fn signature(secret: &str, text: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length will do for a key");
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::{listens, signature};

    #[test]
    fn a_star_listens_to_everything_below() {
        assert!(listens("store/product/updated", "store/product/updated"));
        assert!(listens("store/product/*", "store/product/inventory/updated"));
        assert!(!listens("store/product/updated", "store/product/created"));
        assert!(!listens("store/product/*", "store/products/updated"));
        assert!(!listens("store/prod*", "store/product/updated"));
    }

    #[test]
    fn the_secret_is_the_key_as_it_is() {
        // Python: b64encode(hmac.new(b"client secret", text, "sha256").digest())
        let text = r#"msg_1.1700000000.{"a":1}"#;
        assert_eq!(signature("client secret", text), "F/Wgmr5D3Pc5tws+mFwZ0U/yemFP3/oIWIL3GCJXa90=");
    }
}
