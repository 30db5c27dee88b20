//! What the tests share: a started sandbox with a store, an app and a merchant.

use std::net::SocketAddr;

use reqwest::{Client, Method, RequestBuilder, Response, redirect::Policy};
use sandbox::{Callbacks, Config, NewApp, NewMerchant, NewStore, Sandbox, Subscription};
use serde_json::{Value, json};

/// The store of the tests.
pub(crate) const STORE: &str = "abc123";
/// The app of the tests.
pub(crate) const APP: &str = "client-one";
/// Its secret.
pub(crate) const SECRET: &str = "secret-one";

/// A sandbox on a free port.
pub(crate) async fn start() -> Sandbox {
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let openapi_dir = std::env::var_os("BIGCOMMERCE_OPENAPI_DIR").map(Into::into);
    let config = Config { listen, openapi_dir, ..Config::default() };
    let sandbox = Sandbox::start(config).await.expect("a free port");
    sandbox.add_store(NewStore { hash: STORE.into(), ..NewStore::default() });
    sandbox.add_app(app(APP, SECRET, &["store_v2_information_read_only", "store_sites_read_only"]));
    sandbox.add_merchant(NewMerchant {
        merchant_id: "m1".into(),
        hash_key: "0123456789abcdef0123456789abcdef".into(),
        api_keys: vec!["key-one".into()],
        ..NewMerchant::default()
    });
    sandbox.set_subscriptions("m1", 70421, vec![Subscription::active(); 12]);
    sandbox
}

/// An app whose callbacks lead nowhere.
pub(crate) fn app(client_id: &str, secret: &str, scopes: &[&str]) -> NewApp {
    let callback = |name: &str| format!("http://127.0.0.1:9/{client_id}/{name}").parse().expect("an address");
    NewApp {
        client_id: client_id.into(),
        client_secret: secret.into(),
        callbacks: Callbacks {
            auth: callback("auth"),
            load: callback("load"),
            uninstall: callback("uninstall"),
            remove_user: callback("remove-user"),
        },
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        store_hash: STORE.into(),
        jwt_alg: sandbox::JwtAlg::Hs256,
    }
}

/// A client that shows redirects instead of following them.
pub(crate) fn client() -> Client {
    Client::builder().redirect(Policy::none()).build().expect("a client")
}

/// What a token exchange is asked with.
pub(crate) fn exchange_body(sandbox: &Sandbox, client_id: &str, secret: &str) -> Value {
    let callback = sandbox.auth_callback_url(STORE, client_id);
    let query =
        |name: &str| callback.query_pairs().find(|(known, _)| known == name).expect("a parameter").1.into_owned();
    let mut redirect = callback.clone();
    redirect.set_query(None);
    json!({
        "client_id": client_id, "client_secret": secret, "code": query("code"), "context": query("context"),
        "scope": query("scope"), "grant_type": "authorization_code", "redirect_uri": redirect,
    })
}

/// Asks the token endpoint.
pub(crate) async fn exchange(sandbox: &Sandbox, body: &Value) -> Response {
    let url = format!("{}/oauth2/token", sandbox.bigcommerce_login_url());
    client().post(url).json(body).send().await.expect("an answer")
}

/// Installs the app and gives its token.
pub(crate) async fn install(sandbox: &Sandbox, client_id: &str, secret: &str) -> String {
    let answer = exchange(sandbox, &exchange_body(sandbox, client_id, secret)).await;
    assert_eq!(answer.status(), 200);
    sandbox.token_of(STORE, client_id).expect("a token")
}

/// A request to the store's API as a good client makes it.
pub(crate) fn api(sandbox: &Sandbox, token: &str, method: Method, path: &str) -> RequestBuilder {
    let url = format!("{}/stores/{STORE}{path}", sandbox.bigcommerce_api_url());
    client().request(method, url).header("x-auth-token", token).header("accept", "application/json")
}

/// A request to the shop, or to the control panel with `store-` before the hash.
pub(crate) fn on_host(sandbox: &Sandbox, host: &str, method: Method, path: &str) -> RequestBuilder {
    let host = format!("{host}.localhost:{}", sandbox.address().port());
    client().request(method, format!("{}{path}", sandbox.url())).header("host", host)
}

/// The body as JSON.
pub(crate) async fn value(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    (status, response.json().await.unwrap_or_default())
}
