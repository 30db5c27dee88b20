//! An app of a test's own: registered, and on demand installed and configured.

use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::{Client, Method, RequestBuilder, Response};
use sandbox::{Callbacks, NewApp, NewMerchant, NewStore, Subscription};
use serde_json::{Value, json};
use url::Url;

use super::wait::now;
use super::worker::{OPERATOR_TOKEN, Worker};
use super::world::World;

/// The shopper of every test.
pub const SHOPPER: u64 = 70421;

/// The hash key of every test's merchant.
pub const HASH_KEY: &str = "0123456789abcdef0123456789abcdef";

/// One app with its store and merchant.
pub struct App<'w> {
    pub world: &'w World,
    pub client_id: String,
    pub client_secret: String,
    pub store: String,
    pub merchant: String,
    pub api_key: String,
    pub registration: Value,
}

static NEXT: AtomicU64 = AtomicU64::new(1);

/// A name nobody else has, of letters and digits.
pub fn unique(prefix: &str) -> String {
    format!("{prefix}{}x{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A client that follows no redirect.
pub fn client() -> Client {
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(std::time::Duration::from_secs(20))
        .build()
        .expect("a client")
}

/// A call by the operator.
pub fn operator(worker: &Worker, method: Method, path: &str) -> RequestBuilder {
    client().request(method, format!("{}{path}", worker.url)).bearer_auth(OPERATOR_TOKEN)
}

impl<'w> App<'w> {
    /// Registered with the operator and with BigCommerce; a store and a merchant are there.
    pub async fn registered(world: &'w World) -> Self {
        Self::registered_for(world, &unique("store")).await
    }

    /// [`App::registered`] for a store that may have an app already.
    pub async fn registered_for(world: &'w World, store: &str) -> Self {
        let (client_id, merchant) = (unique("client"), unique("merchant"));
        let client_secret = format!("secret-of-{client_id}-0123456789abcdef");
        let api_key = format!("api-key-of-{merchant}");
        let body = json!({"client_secret": client_secret, "environment": "staging"});
        let answer = operator(&world.worker, Method::PUT, &format!("/operator/apps/{client_id}"))
            .json(&body)
            .send()
            .await
            .expect("sent");
        assert_eq!(answer.status(), 201);
        let registration: Value = answer.json().await.expect("JSON");
        let app = Self { world, client_id, client_secret, store: store.to_owned(), merchant, api_key, registration };
        world.sandbox.add_store(NewStore {
            hash: store.to_owned(),
            name: format!("Shop {store}"),
            quota: 100_000,
            ..NewStore::default()
        });
        app.enter_in_developer_tools(store, &app.scopes());
        world.sandbox.add_merchant(NewMerchant {
            merchant_id: app.merchant.clone(),
            hash_key: HASH_KEY.to_owned(),
            api_keys: vec![app.api_key.clone()],
            ..NewMerchant::default()
        });
        app
    }

    /// Enters the app in BigCommerce's developer tools, for a store and with these scopes.
    pub fn enter_in_developer_tools(&self, store: &str, scopes: &[&str]) {
        let callback = |name: &str| {
            Url::parse(self.registration["callbacks"][name].as_str().expect("a callback")).expect("an address")
        };
        self.world.sandbox.add_app(NewApp {
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.clone(),
            callbacks: Callbacks {
                auth: callback("auth"),
                load: callback("load"),
                uninstall: callback("uninstall"),
                remove_user: callback("remove_user"),
            },
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
            store_hash: store.to_owned(),
            jwt_alg: sandbox::JwtAlg::Hs256,
        });
    }

    /// The scopes that the registration asked for.
    pub fn scopes(&self) -> Vec<&str> {
        let scopes = self.registration["scopes"].as_array().expect("scopes").iter();
        scopes.map(|scope| scope["name"].as_str().expect("a name")).collect()
    }

    /// Installed, and its settings saved.
    pub async fn configured(world: &'w World) -> Self {
        let app = Self::registered(world).await;
        let session = app.install().await;
        app.configure(&session).await;
        app
    }

    /// Follows the auth callback as the iframe would; gives the session's token.
    pub async fn install(&self) -> String {
        let page = self.open(self.world.sandbox.auth_callback_url(&self.store, &self.client_id)).await;
        assert_eq!(page.status, 200, "{}", page.text);
        page.session_token().expect("a session")
    }

    /// Opens the app as user `user`; gives the session's token.
    pub async fn load(&self, user: u64) -> String {
        let page = self.open(self.world.sandbox.load_callback_url(&self.store, &self.client_id, user)).await;
        assert_eq!(page.status, 200, "{}", page.text);
        page.session_token().expect("a session")
    }

    /// Opens one of the app's callbacks.
    pub async fn open(&self, url: Url) -> Page {
        Page::of(client().get(url).send().await.expect("sent")).await
    }

    /// Saves what Ordergroove gave the merchant.
    pub async fn configure(&self, session: &str) {
        let patch = json!({"ordergroove": {
            "merchant_id": self.merchant, "secret_key": HASH_KEY, "api_key": self.api_key,
            "rest_url": self.world.sandbox.ordergroove_rest_url(),
        }});
        let answer = self.console(session, Method::PATCH).json(&patch).send().await.expect("sent");
        assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap_or_default());
    }

    /// A call of the console about the settings.
    pub fn console(&self, session: &str, method: Method) -> RequestBuilder {
        self.console_at(session, method, "settings")
    }

    /// A call of the console to `/console/api/{path}`.
    pub fn console_at(&self, session: &str, method: Method, path: &str) -> RequestBuilder {
        client().request(method, format!("{}/console/api/{path}", self.world.worker.url)).bearer_auth(session)
    }

    /// What the console reads at `/console/api/{path}`.
    pub async fn read(&self, session: &str, path: &str) -> Value {
        let answer = self.console_at(session, Method::GET, path).send().await.expect("sent");
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.expect("JSON")
    }

    /// What the operator sees of the app.
    pub async fn described(&self) -> Value {
        let answer = operator(&self.world.worker, Method::GET, &format!("/operator/apps/{}", self.client_id))
            .send()
            .await
            .expect("sent");
        assert_eq!(answer.status(), 200);
        answer.json().await.expect("JSON")
    }

    /// The origin of the store's pages.
    pub fn origin(&self) -> String {
        self.world.sandbox.storefront_origin(&self.store)
    }

    /// A shopper's token.
    pub fn token(&self) -> String {
        self.world.sandbox.customer_jwt(&self.store, &self.client_id, SHOPPER)
    }

    /// A shopper's token before any install, which BigCommerce would not give out.
    pub fn token_unchecked(&self) -> String {
        self.world.sandbox.sign_jwt(&self.client_id, sandbox::JwtAlg::Hs256, self.claims())
    }

    /// The claims of a good shopper's token, to be spoiled.
    pub fn claims(&self) -> Value {
        let now = now();
        json!({"customer": {"id": SHOPPER, "email": "ada@example.com", "group_id": "0"}, "iss": "bc/apps", "sub": self.store,
            "iat": now, "exp": now + 900, "version": 1, "aud": self.client_id, "application_id": self.client_id,
            "store_hash": self.store, "operation": "current_customer"})
    }

    /// A call to the signature endpoint as the guide's page makes it.
    pub fn signature(&self, token: &str) -> RequestBuilder {
        self.storefront("/api/v1/merchant/ordergroove/signature", token)
    }

    /// A call to the status endpoint as the guide's page makes it.
    pub fn has_subscriptions(&self, token: &str) -> RequestBuilder {
        self.storefront("/api/v1/ordergroove/customer/has_subscriptions", token)
    }

    fn storefront(&self, path: &str, token: &str) -> RequestBuilder {
        client()
            .get(format!("{}{path}", self.world.worker.url))
            .header("authorization-client", &self.client_id)
            .header("authorization", "BigCommerce")
            .header("signed-payload", token)
            .header("origin", self.origin())
            .header("accept", "application/json")
            .header("content-type", "application/json")
    }

    /// Gives the shopper these subscriptions at Ordergroove.
    pub fn subscribe(&self, subscriptions: Vec<Subscription>) {
        self.world.sandbox.set_subscriptions(&self.merchant, SHOPPER, subscriptions);
    }
}

/// A page that a callback answered.
pub struct Page {
    pub status: u16,
    pub policy: String,
    pub text: String,
}

impl Page {
    async fn of(answer: Response) -> Self {
        let header =
            |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
        let policy = header("content-security-policy");
        assert!(answer.status() != 200 || header("cache-control") == "no-store", "a page is never stored");
        Self { status: answer.status().as_u16(), policy, text: answer.text().await.expect("text") }
    }

    /// The session's token in the page.
    pub fn session_token(&self) -> Option<String> {
        let (_, rest) = self.text.split_once(r#"<meta name="session-token" content=""#)?;
        Some(rest.split_once('"')?.0.to_owned())
    }

    /// The code of an error page.
    pub fn error(&self) -> Option<&str> {
        let (_, rest) = self.text.split_once(r#"data-error=""#)?;
        Some(rest.split_once('"')?.0)
    }
}

/// Asserts an error's status, code and shape; gives its body. Problems (RFC 9457) everywhere but at the storefront's
/// addresses, where `status` means something else.
pub async fn refused(answer: Response, status: u16, code: &str) -> Value {
    let storefront = answer.url().path().starts_with("/api/v1/");
    let expected = if storefront { "application/json" } else { "application/problem+json" };
    let (got, kind) = (answer.status().as_u16(), answer.headers().get("content-type").cloned());
    let text = answer.text().await.expect("text");
    let body: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
    assert_eq!((got, body["code"].as_str()), (status, Some(code)), "{text}");
    assert_eq!(kind.as_ref().and_then(|kind| kind.to_str().ok()), Some(expected), "{text}");
    assert!(body["message"].is_string() && body["request_id"].as_str().is_some_and(|id| id.len() >= 8), "{text}");
    if !storefront {
        assert_eq!((&body["status"], &body["detail"]), (&Value::from(status), &body["message"]), "{text}");
    }
    body
}
