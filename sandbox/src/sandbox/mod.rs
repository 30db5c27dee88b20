//! The handle tests hold: starts the stand-ins, sets them up, asks what they saw.

mod catalog;
mod webhooks;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use crate::bigcommerce::callbacks::{self, Callback};
use crate::bigcommerce::{current_customer, limits};
use crate::faults::{Fault, Route, SetFault};
use crate::judge::Judge;
use crate::jwt;
use crate::model::{JwtAlg, NewApp, NewMerchant, NewStore, Subscription, ThemeSettings};
use crate::record::Recorded;
use crate::server;
use crate::sftp::SftpServer;
use crate::state::{Refused, Shared, State, now};
use crate::webhooks::Outbox;

/// How to start.
#[derive(Debug, Clone)]
pub struct Config {
    /// Port 0 takes a free one.
    pub listen: SocketAddr,
    /// `BigCommerce`'s `OpenAPI` files; with them every API request is judged by them too.
    pub openapi_dir: Option<PathBuf>,
    /// A directory with `ordergroove-auth.js`, npm's library as a browser module.
    pub browser_libraries: Option<PathBuf>,
    /// Where the state is kept between runs.
    pub state_file: Option<PathBuf>,
    /// Where the SFTP server listens, if there is to be one.
    pub sftp_listen: Option<SocketAddr>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8788)),
            openapi_dir: None,
            browser_libraries: None,
            state_file: None,
            sftp_listen: None,
        }
    }
}

/// The running stand-ins; dropping it ends them and every connection.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
    sender: JoinHandle<()>,
    sftp: Option<SftpServer>,
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.server.abort();
        self.sender.abort();
    }
}

#[expect(
    clippy::missing_panics_doc,
    reason = "the set-up methods panic, with the reason, when they name a store or an app that was never added: in a test that is the wanted end"
)]
impl Sandbox {
    /// Listens and answers, on a task of its own.
    pub async fn start(config: Config) -> std::io::Result<Self> {
        let judge = config.openapi_dir.as_deref().map(Judge::load).transpose()?;
        let listener = TcpListener::bind(config.listen).await?;
        let address = listener.local_addr()?;
        let (outbox, queue) = Outbox::new();
        let shared = Shared::new(address.port(), config.state_file, judge, config.browser_libraries, outbox)?;
        let shared = Arc::new(shared);
        let sftp = match config.sftp_listen {
            Some(listen) => Some(SftpServer::start(listen).await?),
            None => None,
        };
        let server = tokio::spawn(server::serve(listener, shared.clone()));
        let sender = tokio::spawn(queue.run(shared.clone()));
        Ok(Self { address, shared, server, sender, sftp })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The SFTP server; start with [`Config::sftp_listen`].
    pub fn sftp(&self) -> &SftpServer {
        self.sftp.as_ref().expect("started with an SFTP server")
    }

    /// The platforms' origin, `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        self.shared.url()
    }

    /// What stands for `https://api.bigcommerce.com`.
    pub fn bigcommerce_api_url(&self) -> String {
        format!("{}/bigcommerce/api", self.url())
    }

    /// What stands for `https://login.bigcommerce.com`.
    pub fn bigcommerce_login_url(&self) -> String {
        format!("{}/bigcommerce/login", self.url())
    }

    /// What stands for BigCommerce's `bc-sdk.js`.
    pub fn bigcommerce_sdk_url(&self) -> String {
        format!("{}/assets/bc-sdk.js", self.url())
    }

    /// What stands for `https://restapi.ordergroove.com`.
    pub fn ordergroove_rest_url(&self) -> String {
        format!("{}/ordergroove/rest", self.url())
    }

    /// The shop's origin.
    pub fn storefront_origin(&self, hash: &str) -> String {
        self.shared.storefront_origin(hash)
    }

    /// The origin of the store's control panel.
    pub fn control_panel_origin(&self, hash: &str) -> String {
        self.shared.control_panel_origin(hash)
    }

    /// How many operations the `OpenAPI` files gave, when there are any.
    pub fn judged_operations(&self) -> Option<usize> {
        self.shared.judge.as_ref().map(|judge| judge.operations())
    }

    /// Adds a store, or changes its profile.
    pub fn add_store(&self, store: NewStore) {
        self.change(|state| state.put_store(store));
    }

    /// Registers an app, or changes it; other scopes revoke its tokens.
    pub fn add_app(&self, app: NewApp) {
        self.change(|state| state.put_app(app));
    }

    /// Puts the app's script on the pages of the storefront.
    pub fn attach_theme(&self, hash: &str, theme: ThemeSettings) {
        self.change(|state| state.attach_theme(hash, Some(theme)));
    }

    /// Sets a fault for a store hash, a merchant id or `*`, or takes it back.
    pub fn set_fault(&self, scope: &str, route: Route, fault: Option<Fault>) {
        self.shared.change(|state| set_fault(state, scope, route, fault));
    }

    /// A grant code as Install makes one.
    pub fn issue_code(&self, hash: &str, client_id: &str) -> String {
        self.change(|state| state.issue_code(hash, client_id))
    }

    /// The auth callback with a fresh code.
    pub fn auth_callback_url(&self, hash: &str, client_id: &str) -> Url {
        self.change(|state| callbacks::auth_url(state, hash, client_id))
    }

    /// The load callback, signed for this user.
    pub fn load_callback_url(&self, hash: &str, client_id: &str, user_id: u64) -> Url {
        self.deep_link(hash, client_id, user_id, "/")
    }

    /// The load callback for a page of the app.
    pub fn deep_link(&self, hash: &str, client_id: &str, user_id: u64, path: &str) -> Url {
        self.signed(hash, client_id, Callback::Load(path), Some(user_id))
    }

    /// The uninstall callback, signed for the owner. Nothing is uninstalled.
    pub fn uninstall_callback_url(&self, hash: &str, client_id: &str) -> Url {
        self.signed(hash, client_id, Callback::Uninstall, None)
    }

    /// The remove-user callback, signed for this user.
    pub fn remove_user_callback_url(&self, hash: &str, client_id: &str, user_id: u64) -> Url {
        self.signed(hash, client_id, Callback::RemoveUser, Some(user_id))
    }

    fn signed(&self, hash: &str, client_id: &str, callback: Callback<'_>, user_id: Option<u64>) -> Url {
        let url = self.shared.read(|state| callbacks::signed_url(state, hash, client_id, callback, user_id));
        url.unwrap_or_else(|reason| panic!("{reason}"))
    }

    /// Makes the app's token useless without uninstalling it, as a change of the owner's address does.
    pub fn revoke_token(&self, hash: &str, client_id: &str) {
        self.shared.change(|state| revoke(state, hash, client_id));
    }

    /// The token the app was given last, while it is good.
    pub fn token_of(&self, hash: &str, client_id: &str) -> Option<String> {
        self.shared.read(|state| state.stores.get(hash)?.installs.get(client_id)?.token.clone())
    }

    /// What `current.jwt` answers a signed-in customer.
    pub fn customer_jwt(&self, hash: &str, client_id: &str, customer_id: u64) -> String {
        let token = self.shared.read(|state| {
            let (store, app) = state.app_of_store(hash, client_id)?;
            let customer = store.customer(customer_id).ok_or_else(|| format!("no customer {customer_id}"))?;
            Ok::<_, Refused>(current_customer::token(hash, app, customer))
        });
        token.unwrap_or_else(|reason| panic!("{reason}"))
    }

    /// Any claims at all, signed with the app's secret.
    #[expect(clippy::needless_pass_by_value, reason = "tests write the claims in place")]
    pub fn sign_jwt(&self, client_id: &str, alg: JwtAlg, claims: Value) -> String {
        let secret = self.shared.read(|state| state.apps.get(client_id).map(|app| app.client_secret.clone()));
        let secret = secret.unwrap_or_else(|| panic!("there is no app {client_id}"));
        jwt::sign(alg, &secret, &claims)
    }

    /// What `current.jwt` is signed with from now on.
    pub fn set_jwt_alg(&self, client_id: &str, alg: JwtAlg) {
        self.change(|state| {
            state.apps.get_mut(client_id).ok_or_else(|| format!("there is no app {client_id}"))?.jwt_alg = alg;
            Ok(())
        });
    }

    /// Adds a merchant or replaces it.
    pub fn add_merchant(&self, merchant: NewMerchant) {
        self.change(|state| state.put_merchant(merchant));
    }

    /// What the customer is subscribed to from now on.
    pub fn set_subscriptions(&self, merchant_id: &str, customer_id: u64, subscriptions: Vec<Subscription>) {
        self.change(|state| set_subscriptions(state, merchant_id, &customer_id.to_string(), subscriptions));
    }

    /// The merchant's products by their ids, as Ordergroove was sent them in batches.
    pub fn ordergroove_products(&self, merchant_id: &str) -> BTreeMap<String, Value> {
        self.shared.read(|state| state.ordergroove_products.get(merchant_id).cloned()).unwrap_or_default()
    }

    /// Has a product of the merchant's answered with this status in every batch, and not taken; `None` takes it back.
    pub fn set_product_status(&self, merchant_id: &str, product_id: &str, status: Option<u16>) {
        let product = (merchant_id.to_owned(), product_id.to_owned());
        self.shared.note(|state| match status {
            Some(status) => state.product_statuses.insert(product, status),
            None => state.product_statuses.remove(&product),
        });
    }

    /// Every request to a stand-in API since the last clearing, oldest first.
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.read(|state| state.requests.clone())
    }

    /// Those that were refused as the platform would, or that broke the `OpenAPI` files.
    pub fn refusals(&self) -> Vec<Recorded> {
        self.shared.read(|state| state.requests.iter().filter(|request| request.refusal.is_some()).cloned().collect())
    }

    /// Forgets the requests, and how many there were at once.
    pub fn clear_requests(&self) {
        self.shared.note(|state| {
            state.requests.clear();
            limits::forget_most(state);
        });
    }

    /// The most API requests of this store that were in flight at once since the last clearing.
    pub fn most_in_flight(&self, hash: &str) -> u32 {
        self.shared.read(|state| state.flights.get(hash).map_or(0, |flights| flights.most))
    }

    /// The least of its quota that any answer to a store's apps left, since the requests were forgotten.
    pub fn least_quota_left(&self, hash: &str) -> Option<u32> {
        self.shared.read(|state| state.flights.get(hash)?.least_left)
    }

    /// Uses up this much of the store's request quota, as its other apps do.
    pub fn spend_quota(&self, hash: &str, requests: u32) {
        self.shared.note(|state| limits::spend(state, hash, requests));
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> Result<T, Refused>) -> T {
        self.shared.change(change).unwrap_or_else(|reason| panic!("{reason}"))
    }
}

/// Replaces the fault of a scope and route.
pub(crate) fn set_fault(state: &mut State, scope: &str, route: Route, fault: Option<Fault>) {
    state.faults.retain(|set| !(set.scope == scope && set.route == route));
    state.faults.extend(fault.map(|fault| SetFault { scope: scope.to_owned(), route, fault }));
}

/// Takes the token away and leaves the install.
pub(crate) fn revoke(state: &mut State, hash: &str, client_id: &str) {
    if let Some(install) = state.stores.get_mut(hash).and_then(|store| store.installs.get_mut(client_id)) {
        install.token = None;
    }
}

/// Replaces a customer's subscriptions.
pub(crate) fn set_subscriptions(
    state: &mut State,
    merchant_id: &str,
    customer: &str,
    subscriptions: Vec<Subscription>,
) -> Result<(), Refused> {
    let merchant = state.merchants.get_mut(merchant_id).ok_or_else(|| format!("there is no merchant {merchant_id}"))?;
    merchant.subscriptions.insert(customer.to_owned(), subscriptions);
    Ok(())
}

/// Switches a hook on or off without its app.
pub(crate) fn set_hook_active(state: &mut State, hash: &str, hook_id: u64, active: bool) -> Result<(), Refused> {
    let hook = state.store_mut(hash)?.hooks.iter_mut().find(|hook| hook.id == hook_id);
    let hook = hook.ok_or_else(|| format!("there is no hook {hook_id}"))?;
    (hook.is_active, hook.updated_at) = (active, now());
    Ok(())
}
