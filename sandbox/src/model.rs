//! What the stand-ins know: stores, apps, installs, shoppers, merchants.
//!
//! Plain data, saved as one JSON file when a state file is configured. The
//! `New...` types are what a test or a person gives; every field but the
//! naming ones has a default that makes a usable demo.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::catalog::{Catalog, Categories};

/// A person who may open the control panel of a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The platform-wide number of the user.
    pub id: u64,
    /// The e-mail address, also the user name.
    pub email: String,
}

impl User {
    /// A user with this number and address.
    pub fn new(id: u64, email: &str) -> Self {
        Self { id, email: email.to_owned() }
    }
}

/// A shopper with an account at a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The customer id within the store.
    pub id: u64,
    /// The sign-in address.
    pub email: String,
    /// Shown on the account page.
    pub name: String,
    /// `current.jwt` carries the group as a string, `"0"` for none.
    #[serde(default)]
    pub group_id: u64,
}

impl Customer {
    /// A customer in no group.
    pub fn new(id: u64, email: &str, name: &str) -> Self {
        Self { id, email: email.to_owned(), name: name.to_owned(), group_id: 0 }
    }
}

/// What a site address is for, as `/v3/sites` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UrlType {
    /// Where shoppers browse.
    Primary,
    /// The platform's own name for the site.
    Canonical,
    /// Where shoppers check out; may be another host.
    Checkout,
}

/// One address of the store's site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteUrl {
    /// The origin, without a path.
    pub url: String,
    /// What it is for.
    #[serde(rename = "type")]
    pub kind: UrlType,
}

/// A store to add. `NewStore { hash: "abc".into(), ..NewStore::default() }` is enough.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewStore {
    /// The store hash: lowercase letters and digits, since it becomes a host name.
    pub hash: String,
    /// The shop's name.
    pub name: String,
    /// The owner, who may install apps.
    pub owner: User,
    /// Everybody else who may open the control panel.
    pub users: Vec<User>,
    /// The shoppers with an account.
    pub customers: Vec<Customer>,
    /// Addresses beside the storefront's own, for instance another checkout host.
    pub extra_urls: Vec<SiteUrl>,
    /// API requests per window that all apps of the store share; 150 or 450 on the platform's smaller plans.
    pub quota: u32,
    /// How long the window is; 30 seconds at the platform.
    pub quota_window_ms: u64,
}

impl Default for NewStore {
    fn default() -> Self {
        Self {
            hash: "fernkettle1".to_owned(),
            name: "Fern & Kettle".to_owned(),
            owner: User::new(7, "owner@fernkettle.example"),
            users: vec![User::new(21, "clerk@fernkettle.example")],
            customers: vec![
                Customer::new(70421, "ada@shopper.example", "Ada Marsh"),
                Customer::new(70422, "ben@shopper.example", "Ben Okafor"),
                Customer::new(70423, "cleo@shopper.example", "Cleo Lindqvist"),
            ],
            extra_urls: Vec::new(),
            quota: 20_000,
            quota_window_ms: 30_000,
        }
    }
}

/// The theme settings that put our storefront script on the store's pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThemeSettings {
    /// Where the Worker is (`api_middleware_url`).
    pub worker_url: String,
    /// The app's client id (`devtools_client_id`).
    pub client_id: String,
    /// Ordergroove's id of the merchant.
    pub merchant_id: String,
    /// Ordergroove's REST address, as a browser reaches it.
    pub rest_url: String,
}

/// The four addresses an app registers in the developer portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Callbacks {
    /// Called on install, with a code.
    pub auth: Url,
    /// Called when the app is opened.
    pub load: Url,
    /// Called by the platform after an uninstall.
    pub uninstall: Url,
    /// Called by the platform when a user loses access.
    pub remove_user: Url,
}

/// The algorithms `BigCommerce` signs its tokens with, and the ones it must never.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum JwtAlg {
    /// What the documentation shows.
    #[default]
    #[serde(rename = "HS256")]
    Hs256,
    /// Known and never used by `BigCommerce`.
    #[serde(rename = "HS384")]
    Hs384,
    /// What real storefronts were seen to send.
    #[serde(rename = "HS512")]
    Hs512,
    /// An unsigned token, for attacks.
    #[serde(rename = "none")]
    None,
}

/// A developer-portal entry.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewApp {
    /// The public id of the app.
    pub client_id: String,
    /// The secret that signs everything between `BigCommerce` and the app.
    pub client_secret: String,
    /// Where the app is called.
    pub callbacks: Callbacks,
    /// The OAuth scopes the app asks for.
    pub scopes: Vec<String>,
    /// The store this draft app may be installed on.
    pub store_hash: String,
    /// What `current.jwt` is signed with.
    #[serde(default)]
    pub jwt_alg: JwtAlg,
}

/// An app as the portal keeps it: one client id may be offered to several stores.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct App {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) account_uuid: String,
    pub(crate) callbacks: Callbacks,
    pub(crate) scopes: BTreeSet<String>,
    pub(crate) stores: BTreeSet<String>,
    pub(crate) jwt_alg: JwtAlg,
    /// Whether the app's webhooks are sent without a Standard Webhooks signature, as the platform did for years.
    #[serde(default)]
    pub(crate) unsigned_webhooks: bool,
}

impl App {
    pub(crate) fn scope_string(&self) -> String {
        self.scopes.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

/// An app on a store. Without a token the install exists, but every call is a 401.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Install {
    pub(crate) token: Option<String>,
    pub(crate) scopes: BTreeSet<String>,
}

/// A grant code, good for one exchange.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) store_hash: String,
    pub(crate) client_id: String,
    pub(crate) scope: String,
    pub(crate) user: User,
    pub(crate) used: bool,
}

/// A webhook as `/v3/hooks` answers it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Hook {
    pub(crate) id: u64,
    pub(crate) client_id: String,
    pub(crate) store_hash: String,
    pub(crate) scope: String,
    pub(crate) destination: String,
    pub(crate) headers: Option<BTreeMap<String, String>>,
    pub(crate) is_active: bool,
    pub(crate) created_at: u64,
    pub(crate) updated_at: u64,
}

/// A store and everything that belongs to it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Store {
    pub(crate) profile: NewStore,
    /// The platform's number for the store, unlike the hash.
    pub(crate) number: u64,
    pub(crate) installs: BTreeMap<String, Install>,
    pub(crate) hooks: Vec<Hook>,
    #[serde(default)]
    pub(crate) catalog: Catalog,
    #[serde(default)]
    pub(crate) categories: Categories,
    /// Whether webhooks are kept for the test to send.
    #[serde(default)]
    pub(crate) holds_webhooks: bool,
    pub(crate) theme: Option<ThemeSettings>,
    /// Session cookie to customer id.
    pub(crate) sessions: BTreeMap<String, u64>,
}

impl Store {
    pub(crate) fn user(&self, id: u64) -> Option<&User> {
        std::iter::once(&self.profile.owner).chain(&self.profile.users).find(|user| user.id == id)
    }

    pub(crate) fn customer(&self, id: u64) -> Option<&Customer> {
        self.profile.customers.iter().find(|customer| customer.id == id)
    }
}

/// A subscription as far as a subscriber's status needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subscription {
    /// Whether it still makes orders.
    pub live: bool,
    /// When it was cancelled, if it was.
    #[serde(default)]
    pub cancelled: Option<String>,
}

impl Subscription {
    /// A subscription that makes orders.
    pub fn active() -> Self {
        Self { live: true, cancelled: None }
    }

    /// A subscription that was cancelled.
    pub fn cancelled() -> Self {
        Self { live: false, cancelled: Some("2026-03-01 09:30:00".to_owned()) }
    }
}

/// An Ordergroove merchant.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewMerchant {
    /// Ordergroove's id of the merchant, its `public_id`.
    pub merchant_id: String,
    /// 32 ASCII characters; the default is a fresh one.
    pub hash_key: String,
    /// Keys of application scope; the default has a fresh one.
    pub api_keys: Vec<String>,
    /// Whether the keys have the permission Bulk Operations.
    pub bulk: bool,
    /// Subscriptions by the merchant's customer id.
    pub subscriptions: BTreeMap<String, Vec<Subscription>>,
}

impl Default for NewMerchant {
    fn default() -> Self {
        Self {
            merchant_id: "demo".to_owned(),
            hash_key: uuid::Uuid::new_v4().simple().to_string(),
            api_keys: vec![uuid::Uuid::new_v4().simple().to_string()],
            bulk: true,
            subscriptions: BTreeMap::new(),
        }
    }
}
