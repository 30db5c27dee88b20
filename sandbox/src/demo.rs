//! `sandbox demo`: a demo store with the app installed, made over HTTP only.
//!
//! It does what an operator, a merchant and a theme developer would, in that
//! order, and skips what a run before it did.

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::model::{NewMerchant, NewStore};

/// What a demo is made of.
#[derive(Debug, Clone)]
pub struct Demo {
    /// The Worker's origin, as browsers reach it.
    pub worker: String,
    /// The sandbox's origin.
    pub sandbox: String,
    /// The Worker's operator token.
    pub operator_token: String,
    /// Ordergroove's id of the demo merchant.
    pub merchant_id: String,
}

/// Why there is no demo, in words for a person.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody answered.
    #[error("{what}: no answer: {source}")]
    Unreachable {
        /// What was being done.
        what: String,
        /// Why it failed.
        source: reqwest::Error,
    },
    /// An answer that is of no use.
    #[error("{what}: answered {status}: {body}")]
    Refused {
        /// What was being done.
        what: String,
        /// The status of the answer.
        status: StatusCode,
        /// The answer.
        body: String,
    },
    /// The answer lacks something.
    #[error("{what}: the answer has no {missing}")]
    Incomplete {
        /// What was being done.
        what: String,
        /// What is not there.
        missing: String,
    },
}

/// The addresses worth opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The demo shop.
    pub storefront: String,
    /// Its control panel.
    pub control_panel: String,
    /// The app's client id.
    pub client_id: String,
    /// An e-mail address to sign in to the shop with.
    pub shopper: String,
}

impl Demo {
    /// Makes the demo, or completes it.
    pub async fn make(&self) -> Result<Made, Error> {
        let http = Http(Client::new());
        let profile = NewStore::default();
        let hash = profile.hash.clone();
        let shopper = profile.customers.first().map(|customer| customer.email.clone()).unwrap_or_default();
        if self.store(&http, &hash).await?.is_none() {
            let profile = Some(json!(profile));
            http.json("add the demo store", Method::PUT, &self.at("stores"), None, profile).await?;
        }
        self.catalog(&http, &hash).await?;
        let store = self.store(&http, &hash).await?.ok_or_else(|| missing("add the demo store", "store"))?;
        let merchant = self.merchant(&http).await?;
        let client_id = self.register(&http, &hash).await?;
        let session = self.session(&http, &store, &hash, &client_id).await?;
        self.save_settings(&http, &session, &merchant).await?;
        let theme = json!({
            "worker_url": self.worker, "client_id": client_id, "merchant_id": self.merchant_id, "rest_url": self.rest_url(),
        });
        if store["theme"] != theme {
            http.json("attach the theme", Method::PUT, &self.at(&format!("stores/{hash}/theme")), None, Some(theme))
                .await?;
        }
        let address = |name: &str| store[name].as_str().unwrap_or_default().to_owned();
        Ok(Made { storefront: address("storefront"), control_panel: address("control_panel"), client_id, shopper })
    }

    fn at(&self, path: &str) -> String {
        format!("{}/sandbox/{path}", self.sandbox)
    }

    fn rest_url(&self) -> String {
        format!("{}/ordergroove/rest", self.sandbox)
    }

    async fn store(&self, http: &Http, hash: &str) -> Result<Option<Value>, Error> {
        let stores = http.json("list the stores", Method::GET, &self.at("stores"), None, None).await?;
        Ok(find(&stores, "/profile/hash", hash))
    }

    /// Fills a catalogue that is empty.
    async fn catalog(&self, http: &Http, hash: &str) -> Result<(), Error> {
        let address = self.at(&format!("stores/{hash}/catalog"));
        let products = http.json("list the products", Method::GET, &address, None, None).await?;
        if products == json!([]) {
            http.json("add the demo products", Method::PUT, &address, None, Some(json!("demo"))).await?;
        }
        Ok(())
    }

    /// The merchant, with subscriptions of each kind for the demo's shoppers.
    async fn merchant(&self, http: &Http) -> Result<Value, Error> {
        let what = "add the demo merchant";
        let merchants = http.json(what, Method::GET, &self.at("merchants"), None, None).await?;
        if let Some(merchant) = find(&merchants, "/merchant_id", &self.merchant_id) {
            return Ok(merchant);
        }
        let (active, cancelled) = (crate::Subscription::active(), crate::Subscription::cancelled());
        let merchant = NewMerchant {
            merchant_id: self.merchant_id.clone(),
            subscriptions: [
                ("70421".to_owned(), vec![active, cancelled.clone()]),
                ("70422".to_owned(), vec![cancelled]),
            ]
            .into(),
            ..NewMerchant::default()
        };
        http.json(what, Method::PUT, &self.at("merchants"), None, Some(json!(merchant))).await
    }

    /// Registers the app at the Worker, then enters what the Worker answers in the portal.
    async fn register(&self, http: &Http, hash: &str) -> Result<String, Error> {
        let what = "register the app at the Worker";
        let apps = http.json("list the apps", Method::GET, &self.at("apps"), None, None).await?;
        let known = apps
            .as_array()
            .and_then(|apps| {
                apps.iter().find(|app| app["stores"].as_array().is_some_and(|stores| stores.contains(&json!(hash))))
            })
            .cloned();
        let text =
            |name: &str, fresh: String| known.as_ref().and_then(|app| app[name].as_str()).map_or(fresh, str::to_owned);
        let client_id = text("client_id", Uuid::new_v4().simple().to_string());
        let client_secret = text("client_secret", format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple()));
        let registered = http
            .json(
                what,
                Method::PUT,
                &format!("{}/operator/apps/{client_id}", self.worker),
                Some(&self.operator_token),
                Some(json!({ "client_secret": client_secret, "environment": "staging" })),
            )
            .await?;
        let callbacks = registered.get("callbacks").ok_or_else(|| missing(what, "callbacks"))?;
        let scopes: Vec<String> = registered["scopes"]
            .as_array()
            .ok_or_else(|| missing(what, "scopes"))?
            .iter()
            .filter_map(|scope| Some(scope["name"].as_str()?.to_owned()))
            .collect();
        let entry = json!({
            "client_id": client_id, "client_secret": client_secret, "callbacks": callbacks,
            "scopes": scopes, "store_hash": hash,
        });
        http.json("enter the app in the developer portal", Method::PUT, &self.at("apps"), None, Some(entry)).await?;
        Ok(client_id)
    }

    /// A console session: of the load callback when the app is installed, else of an install.
    async fn session(&self, http: &Http, store: &Value, hash: &str, client_id: &str) -> Result<String, Error> {
        let app = format!("stores/{hash}/apps/{client_id}");
        let installed = store["installs"].get(client_id).is_some_and(|install| install["token"].is_string());
        if installed {
            let callback = self.callback(http, &format!("{app}/load-callback")).await?;
            // The Worker may have lost what the sandbox still knows; then it is installed anew.
            if let Some(token) = http.page("open the app", &callback).await.ok().as_deref().and_then(session_token) {
                return Ok(token);
            }
        }
        let what = "install the app";
        let callback = self.callback(http, &format!("{app}/auth-callback")).await?;
        let page = http.page(what, &callback).await?;
        session_token(&page).ok_or_else(|| missing(what, "session token"))
    }

    async fn callback(&self, http: &Http, path: &str) -> Result<String, Error> {
        let what = "ask for a callback's address";
        let answer = http.json(what, Method::GET, &self.at(path), None, None).await?;
        answer["url"].as_str().map(str::to_owned).ok_or_else(|| missing(what, "url"))
    }

    /// Leaves settings alone that somebody made for this merchant; a secret is not readable, only its being set.
    async fn save_settings(&self, http: &Http, session: &str, merchant: &Value) -> Result<(), Error> {
        let address = format!("{}/console/api/settings", self.worker);
        let settings = http.json("read the settings", Method::GET, &address, Some(session), None).await?;
        let kept = &settings["ordergroove"];
        if kept["merchant_id"] == json!(self.merchant_id) && kept["secret_key"]["set"] == json!(true) {
            return Ok(());
        }
        let patch = json!({ "ordergroove": {
            "merchant_id": self.merchant_id,
            "secret_key": merchant["hash_key"],
            "rest_url": self.rest_url(),
            "api_key": merchant["api_keys"][0],
        } });
        http.json("save the settings", Method::PATCH, &address, Some(session), Some(patch)).await.map(drop)
    }
}

/// Requests whose failures say what was being done.
struct Http(Client);

impl Http {
    async fn json(
        &self,
        what: &str,
        method: Method,
        address: &str,
        bearer: Option<&str>,
        body: Option<Value>,
    ) -> Result<Value, Error> {
        let mut request = self.0.request(method, address).header("accept", "application/json");
        if let Some(token) = bearer {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let text = answer(what, request).await?;
        serde_json::from_str(&text).map_err(|_| missing(what, "JSON"))
    }

    async fn page(&self, what: &str, address: &str) -> Result<String, Error> {
        answer(what, self.0.get(address).header("accept", "text/html")).await
    }
}

async fn answer(what: &str, request: reqwest::RequestBuilder) -> Result<String, Error> {
    // The address may hold a token, so it is left out of the error.
    let unreachable = |error: reqwest::Error| Error::Unreachable { what: what.to_owned(), source: error.without_url() };
    let response = request.send().await.map_err(unreachable)?;
    let status = response.status();
    let body = response.text().await.map_err(unreachable)?;
    if status.is_success() { Ok(body) } else { Err(Error::Refused { what: what.to_owned(), status, body }) }
}

fn missing(what: &str, part: &str) -> Error {
    Error::Incomplete { what: what.to_owned(), missing: part.to_owned() }
}

fn find(list: &Value, pointer: &str, value: &str) -> Option<Value> {
    list.as_array()?.iter().find(|item| item.pointer(pointer).and_then(Value::as_str) == Some(value)).cloned()
}

/// The token in `<meta name="session-token" content="...">`.
fn session_token(page: &str) -> Option<String> {
    let (_, rest) = page.split_once(r#"<meta name="session-token" content=""#)?;
    let (token, _) = rest.split_once('"')?;
    (!token.is_empty()).then(|| token.to_owned())
}

#[cfg(test)]
mod tests {
    use super::session_token;

    #[test]
    fn finds_the_session_token() {
        let page = r#"<head><meta charset="utf-8"><meta name="session-token" content="abc-1"></head>"#;
        assert_eq!(session_token(page).as_deref(), Some("abc-1"));
        assert_eq!(session_token("<head></head>"), None);
    }
}
