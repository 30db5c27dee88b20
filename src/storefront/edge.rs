//! What this isolate knows of apps: in memory for 30 seconds, then from KV, then from the object.
//!
//! Memory 30 s and KV's own cache 60 s make 90 s until an uninstall is noticed everywhere; A4 allows 120.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;
use std::time::Duration;

use url::Url;
use worker::Env;

use super::pace::Pace;
use crate::bigcommerce::ids::{ClientId, CustomerId, StoreHash};
use crate::bigcommerce::token::TokenKey;
use crate::bindings::{self, Bindings, RateLimits};
use crate::error::{Error, Result};
use crate::ordergroove::signature::Signer;
use crate::ordergroove::signature::Timestamp;
use crate::ordergroove::subscriptions::Credential;
use crate::platform::clock;
use crate::platform::log::{self, RequestId};
use crate::platform::patience::within;
use crate::secret::Secret;
use crate::store::call;
use crate::store::calls::ReadEdge;
use crate::store::edge_record::{ClientSecret, EdgeRecord};

/// How long an app is known without looking.
const MEMORY_SECONDS: i64 = 30;

/// KV's shortest.
const KV_CACHE_SECONDS: u64 = 60;

/// How long KV is waited for before the object is asked.
const KV_PATIENCE: Duration = Duration::from_secs(1);

/// How long the object is waited for.
const OBJECT_PATIENCE: Duration = Duration::from_millis(1_500);

/// How often an object is asked before its copy's word is taken for a refusal.
const ASK_AGAIN_SECONDS: i64 = 5;

/// Apps (and ids that are none) in memory at a time, a few KB each: a flood of made-up ids stays small.
const MOST_APPS: usize = 512;

/// Active subscribers of an app in memory at a time.
const MOST_SUBSCRIBERS: usize = 10_000;

thread_local! {
    static MEMORY: RefCell<HashMap<String, Entry>> = RefCell::new(HashMap::new());
}

struct Entry {
    app: Option<Rc<EdgeApp>>,
    read_at: i64,
    /// When the object itself was last asked; 0 if it was not.
    asked_at: i64,
}

/// An app, with its keys scheduled and its addresses parsed.
pub struct EdgeApp {
    record: EdgeRecord,
    token_keys: Vec<(TokenKey, Option<i64>)>,
    signer: Option<Signer>,
    rest_url: Option<Url>,
    pace: Rc<Pace>,
    subscribers: RefCell<HashSet<CustomerId>>,
}

impl EdgeApp {
    fn new(record: EdgeRecord, limits: RateLimits) -> Self {
        let token_keys =
            record.client_secrets.iter().map(|secret| (TokenKey::new(secret.secret.expose()), secret.until)).collect();
        let signer = record.secret_key.as_ref().map(|key| Signer::new(key.expose()));
        let rest_url = Url::parse(&record.rest_url).ok();
        let pace = Pace::of(&record.client_id, limits);
        Self { record, token_keys, signer, rest_url, pace, subscribers: RefCell::default() }
    }

    /// How often its shoppers may ask.
    pub fn pace(&self) -> &Pace {
        &self.pace
    }

    /// Whether `customer` was an active subscriber a moment ago: remembered as long as the app is.
    pub fn is_subscriber(&self, customer: CustomerId) -> bool {
        self.subscribers.borrow().contains(&customer)
    }

    /// Remembers an active subscriber. Nothing else is: "no subscription" must be true when it is said.
    pub fn note_subscriber(&self, customer: CustomerId) {
        let mut subscribers = self.subscribers.borrow_mut();
        if subscribers.len() >= MOST_SUBSCRIBERS {
            subscribers.clear();
        }
        subscribers.insert(customer);
    }

    /// The app's id.
    pub fn client_id(&self) -> &ClientId {
        &self.record.client_id
    }

    /// Whether a store has it installed.
    pub fn is_installed(&self) -> bool {
        self.record.installed
    }

    /// The store that has it installed.
    pub fn store(&self) -> Result<&StoreHash> {
        self.record.store_hash.as_ref().filter(|_| self.record.installed).ok_or(Error::NotInstalled)
    }

    /// The store it belongs to, also after an uninstall.
    pub fn store_ever(&self) -> Option<&StoreHash> {
        self.record.store_hash.as_ref()
    }

    /// The client secrets that are taken at `now`.
    pub fn client_secrets(&self, now: i64) -> impl Iterator<Item = &Secret> {
        let taken = move |secret: &&ClientSecret| secret.until.is_none_or(|until| until > now);
        self.record.client_secrets.iter().filter(taken).map(|secret| &secret.secret)
    }

    /// Signs for Ordergroove, once merchant id and secret key are both set.
    pub fn signer(&self) -> Result<&Signer> {
        self.signer.as_ref().filter(|_| !self.record.merchant_id.is_empty()).ok_or(Error::NotConfigured)
    }

    /// Ordergroove's REST API.
    pub fn rest_url(&self) -> Result<&Url> {
        self.rest_url.as_ref().ok_or(Error::NotConfigured)
    }

    /// How this app proves who it is to Ordergroove's REST API.
    pub fn credential(&self, ts: Timestamp) -> Result<Credential<'_>> {
        let signer = self.signer()?;
        Ok(match &self.record.api_key {
            Some(key) => Credential::ApiKey(key.expose()),
            None => Credential::Signature { merchant_id: &self.record.merchant_id, signer, ts },
        })
    }

    /// The keys a shopper's token may be signed with at `now`.
    pub fn token_keys(&self, now: i64) -> impl Iterator<Item = &TokenKey> {
        self.token_keys.iter().filter(move |(_, until)| until.is_none_or(|until| until > now)).map(|(key, _)| key)
    }

    /// Whether a page of this origin may read answers.
    pub fn allows(&self, origin: &str) -> bool {
        self.record.origins.iter().any(|known| known == origin)
    }
}

thread_local! {
    static HELD: RefCell<Held> = const { RefCell::new(Held { next: 1, pages: BTreeMap::new() }) };
}

/// Pages that JavaScript refers to by a number, so that a call need not say whose it is.
struct Held {
    next: u32,
    pages: BTreeMap<u32, Rc<Page>>,
}

/// Pages of one origin, and the app that they ask for.
pub struct Page {
    /// The app, while it is fresh.
    pub app: Rc<EdgeApp>,
    /// The store's; `None`: no browser across sites.
    pub origin: Option<String>,
    read_at: i64,
}

/// Holds the app for calls of pages of `origin` (empty: no browser across sites); 0 if it is not known
/// right now or the origin is not the store's.
pub fn hold(client_id: &str, origin: &str, now: i64) -> u32 {
    let entry = MEMORY.with_borrow(|memory| memory.get(client_id).map(|entry| (entry.app.clone(), entry.read_at)));
    let Some((Some(app), read_at)) = entry.filter(|(_, read_at)| is_fresh(*read_at, now)) else { return 0 };
    if !origin.is_empty() && !app.allows(origin) {
        return 0;
    }
    HELD.with_borrow_mut(|held| {
        let handle = held.next;
        held.next = handle.checked_add(1).unwrap_or(1);
        if held.pages.len() >= MOST_APPS {
            held.pages.clear();
        }
        let origin = Some(origin.to_owned()).filter(|origin| !origin.is_empty());
        held.pages.insert(handle, Rc::new(Page { app, origin, read_at }));
        handle
    })
}

/// The page behind a handle, while its app is fresh.
pub fn held(handle: u32, now: i64) -> Option<Rc<Page>> {
    HELD.with_borrow(|held| held.pages.get(&handle).filter(|page| is_fresh(page.read_at, now)).cloned())
}

fn is_fresh(read_at: i64, now: i64) -> bool {
    (0..MEMORY_SECONDS).contains(&(now - read_at))
}

#[expect(clippy::option_option, reason = "not remembered, remembered as none, remembered")]
fn remembered(client_id: &str, now: i64) -> Option<Option<Rc<EdgeApp>>> {
    MEMORY.with_borrow(|memory| {
        let entry = memory.get(client_id)?;
        is_fresh(entry.read_at, now).then(|| entry.app.clone())
    })
}

fn remember(client_id: &ClientId, app: Option<Rc<EdgeApp>>, now: i64, asked_at: i64) {
    MEMORY.with_borrow_mut(|memory| {
        if memory.len() >= MOST_APPS {
            // Made-up ids go first: a flood of them pushes no app out.
            memory.retain(|_, entry| entry.app.is_some() && is_fresh(entry.read_at, now));
        }
        if memory.len() >= MOST_APPS {
            memory.clear();
        }
        memory.insert(client_id.as_str().to_owned(), Entry { app, read_at: now, asked_at });
    });
}

/// The app, from wherever it is known first.
pub async fn find(client_id: &ClientId, request_id: &RequestId, env: &Env) -> Result<Rc<EdgeApp>> {
    if let Some(remembered) = remembered(client_id.as_str(), clock::now()) {
        return remembered.ok_or(Error::UnknownApp);
    }
    let kv = within(KV_PATIENCE, read_kv(client_id, env)).await;
    match kv.unwrap_or_else(|| Err(Error::internal("KV: no answer in time"))) {
        Ok(Some(record)) => {
            let app = Rc::new(EdgeApp::new(record, Bindings::of(env)?.rate_limits));
            remember(client_id, Some(app.clone()), clock::now(), 0);
            Ok(app)
        }
        missing => {
            if let Err(error) = missing {
                log::error("kv_unreadable", request_id, &error, serde_json::json!({"client_id": client_id}));
            }
            ask(client_id, request_id, env).await
        }
    }
}

/// The app as the object has it, for who would refuse something on the word of a copy. `None` if the object was
/// asked a moment ago: then what is known is as good.
pub async fn find_newest(client_id: &ClientId, request_id: &RequestId, env: &Env) -> Result<Option<Rc<EdgeApp>>> {
    if !may_ask(client_id.as_str(), clock::now()) {
        return Ok(None);
    }
    log::info("app_asked_anew", request_id, serde_json::json!({"client_id": client_id}));
    ask(client_id, request_id, env).await.map(Some)
}

/// Counts as asked whatever comes of it.
fn may_ask(client_id: &str, now: i64) -> bool {
    MEMORY.with_borrow_mut(|memory| {
        let Some(entry) = memory.get_mut(client_id) else { return true };
        let may = !(0..ASK_AGAIN_SECONDS).contains(&(now - entry.asked_at));
        if may {
            entry.asked_at = now;
        }
        may
    })
}

async fn ask(client_id: &ClientId, request_id: &RequestId, env: &Env) -> Result<Rc<EdgeApp>> {
    let asked = within(OBJECT_PATIENCE, call(env, client_id.as_str(), request_id, ReadEdge {})).await;
    let record = asked.unwrap_or_else(|| Err(Error::internal("object: no answer in time")));
    let now = clock::now();
    match record {
        Ok(record) => {
            let app = Rc::new(EdgeApp::new(record, Bindings::of(env)?.rate_limits));
            remember(client_id, Some(app.clone()), now, now);
            Ok(app)
        }
        Err(Error::UnknownApp) => {
            remember(client_id, None, now, now);
            Err(Error::UnknownApp)
        }
        Err(error) => Err(error),
    }
}

async fn read_kv(client_id: &ClientId, env: &Env) -> Result<Option<EdgeRecord>> {
    let key = EdgeRecord::key(client_id);
    let kv = env.kv(bindings::APPS).map_err(Error::internal)?;
    let sealed = kv
        .get(&key)
        .cache_ttl(KV_CACHE_SECONDS)
        .text()
        .await
        .map_err(|error| Error::internal(format!("KV: {error}")))?;
    let Some(sealed) = sealed else { return Ok(None) };
    let plain: Secret = Bindings::of(env)?.sealer.open(&key, &sealed)?;
    let record =
        serde_json::from_str(plain.expose()).map_err(|error| Error::internal(format!("copy in KV: {error}")))?;
    Ok(Some(record))
}
