//! The shared state: one value behind one lock, optionally saved after each change.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::bigcommerce::limits::{Flights, Window};
use crate::catalog::{Catalog, CatalogChange, Categories};
use crate::faults::SetFault;
use crate::judge::Judge;
use crate::model::{App, Grant, Install, NewApp, NewMerchant, NewStore, Store, ThemeSettings};
use crate::ordergroove::products::{Minute, Products};
use crate::record::Recorded;
use crate::webhooks::{Delivery, Event, Outbox, Webhook};

/// Everything the stand-ins know. What is skipped is not saved.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    pub(crate) stores: BTreeMap<String, Store>,
    pub(crate) apps: BTreeMap<String, App>,
    pub(crate) merchants: BTreeMap<String, NewMerchant>,
    pub(crate) grants: BTreeMap<String, Grant>,
    pub(crate) faults: Vec<SetFault>,
    pub(crate) last_id: u64,
    /// How long to wait before each further attempt at a webhook; without it, as the platform does.
    pub(crate) webhook_delays: Option<Vec<Duration>>,
    #[serde(skip)]
    pub(crate) windows: BTreeMap<String, Window>,
    #[serde(skip)]
    pub(crate) flights: BTreeMap<String, Flights>,
    /// What each merchant was sent in batches, and its running minute.
    #[serde(skip)]
    pub(crate) ordergroove_products: BTreeMap<String, Products>,
    #[serde(skip)]
    pub(crate) ordergroove_minutes: BTreeMap<String, Minute>,
    /// What a merchant's product is answered, whatever is sent of it.
    #[serde(skip)]
    pub(crate) product_statuses: BTreeMap<(String, String), u16>,
    #[serde(skip)]
    pub(crate) held: Vec<Webhook>,
    #[serde(skip)]
    pub(crate) deliveries: Vec<Delivery>,
    #[serde(skip)]
    pub(crate) requests: Vec<Recorded>,
}

/// Why a change was not made, in words for a person.
pub(crate) type Refused = String;

impl State {
    pub(crate) fn store_mut(&mut self, hash: &str) -> Result<&mut Store, Refused> {
        self.stores.get_mut(hash).ok_or_else(|| format!("there is no store {hash}"))
    }

    pub(crate) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// Adds a store, or changes the profile of one that is there.
    pub(crate) fn put_store(&mut self, profile: NewStore) -> Result<(), Refused> {
        let hash = profile.hash.clone();
        if hash.is_empty() || !hash.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
            return Err("a store hash is lowercase letters and digits".to_owned());
        }
        if let Some(store) = self.stores.get_mut(&hash) {
            store.profile = profile;
            return Ok(());
        }
        let number = 1_025_000 + self.next_id();
        self.stores.insert(
            hash,
            Store {
                profile,
                number,
                installs: BTreeMap::new(),
                hooks: Vec::new(),
                catalog: Catalog::default(),
                categories: Categories::default(),
                holds_webhooks: false,
                theme: None,
                sessions: BTreeMap::new(),
            },
        );
        Ok(())
    }

    /// Registers an app or changes it. As at `BigCommerce`, other scopes kill the tokens that are out.
    pub(crate) fn put_app(&mut self, new: NewApp) -> Result<(), Refused> {
        if !self.stores.contains_key(&new.store_hash) {
            return Err(format!("there is no store {}", new.store_hash));
        }
        let scopes = new.scopes.into_iter().collect();
        let mut stores = self.apps.get(&new.client_id).map(|app| app.stores.clone()).unwrap_or_default();
        stores.insert(new.store_hash);
        if self.apps.get(&new.client_id).is_some_and(|app| app.scopes != scopes) {
            for install in self.stores.values_mut().filter_map(|store| store.installs.get_mut(&new.client_id)) {
                install.token = None;
            }
        }
        let unsigned_webhooks = self.apps.get(&new.client_id).is_some_and(|app| app.unsigned_webhooks);
        let account_uuid =
            self.apps.get(&new.client_id).map_or_else(|| Uuid::new_v4().to_string(), |app| app.account_uuid.clone());
        let app = App {
            client_id: new.client_id.clone(),
            client_secret: new.client_secret,
            account_uuid,
            callbacks: new.callbacks,
            scopes,
            stores,
            jwt_alg: new.jwt_alg,
            unsigned_webhooks,
        };
        self.apps.insert(new.client_id, app);
        Ok(())
    }

    pub(crate) fn attach_theme(&mut self, hash: &str, theme: Option<ThemeSettings>) -> Result<(), Refused> {
        self.stores.get_mut(hash).ok_or_else(|| format!("there is no store {hash}"))?.theme = theme;
        Ok(())
    }

    /// Adds a merchant or replaces it.
    pub(crate) fn put_merchant(&mut self, merchant: NewMerchant) -> Result<(), Refused> {
        if merchant.hash_key.len() != 32 || !merchant.hash_key.is_ascii() {
            return Err("a hash key is 32 ASCII characters".to_owned());
        }
        self.merchants.insert(merchant.merchant_id.clone(), merchant);
        Ok(())
    }

    /// The app, when it may be installed on this store.
    pub(crate) fn app_of_store(&self, hash: &str, client_id: &str) -> Result<(&Store, &App), Refused> {
        let store = self.stores.get(hash).ok_or_else(|| format!("there is no store {hash}"))?;
        let app = self
            .apps
            .get(client_id)
            .filter(|app| app.stores.contains(hash))
            .ok_or_else(|| format!("there is no app {client_id} for store {hash}"))?;
        Ok((store, app))
    }

    /// A fresh grant code, as a click on Install makes one.
    pub(crate) fn issue_code(&mut self, hash: &str, client_id: &str) -> Result<String, Refused> {
        let (store, app) = self.app_of_store(hash, client_id)?;
        let grant = Grant {
            store_hash: hash.to_owned(),
            client_id: client_id.to_owned(),
            scope: app.scope_string(),
            user: store.profile.owner.clone(),
            used: false,
        };
        let code = Uuid::new_v4().simple().to_string();
        self.grants.insert(code.clone(), grant);
        Ok(code)
    }

    /// The store and app a token was given for.
    pub(crate) fn install_of_token(&self, hash: &str, token: &str) -> Option<(&Store, &str, &Install)> {
        let store = self.stores.get(hash)?;
        store
            .installs
            .iter()
            .find(|(_, install)| install.token.as_deref() == Some(token))
            .map(|(client_id, install)| (store, client_id.as_str(), install))
    }

    /// Takes the app off the store: its token dies and its hooks go.
    pub(crate) fn uninstall(&mut self, hash: &str, client_id: &str) {
        if let Some(store) = self.stores.get_mut(hash) {
            store.installs.remove(client_id);
            store.hooks.retain(|hook| hook.client_id != client_id);
        }
    }
}

/// The state with its lock and its file, the judge, and the port everything is served on.
#[derive(Debug)]
pub(crate) struct Shared {
    state: Mutex<State>,
    file: Option<PathBuf>,
    pub(crate) port: u16,
    pub(crate) judge: Option<Arc<Judge>>,
    pub(crate) browser_libraries: Option<PathBuf>,
    pub(crate) client: reqwest::Client,
    pub(crate) outbox: Outbox,
}

impl Shared {
    /// Loads the state file, when there is one.
    pub(crate) fn new(
        port: u16,
        file: Option<PathBuf>,
        judge: Option<Arc<Judge>>,
        browser_libraries: Option<PathBuf>,
        outbox: Outbox,
    ) -> std::io::Result<Self> {
        let state = match file.as_deref().map(std::fs::read) {
            None => State::default(),
            Some(Err(error)) if error.kind() == std::io::ErrorKind::NotFound => State::default(),
            Some(Err(error)) => return Err(error),
            Some(Ok(bytes)) => serde_json::from_slice(&bytes)?,
        };
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(std::time::Duration::from_secs(30))
            .build()
            .map_err(std::io::Error::other)?;
        Ok(Self { state: Mutex::new(state), file, port, judge, browser_libraries, client, outbox })
    }

    /// Looks at the state. Not held across an await: the closure is not async.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.lock())
    }

    /// Changes the state without saving it, for what is not kept anyway.
    pub(crate) fn note<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.lock())
    }

    /// Changes the state and saves it.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        let answer = change(&mut state);
        if let Some(file) = &self.file {
            let next = file.with_extension("next");
            let saved = serde_json::to_vec_pretty(&*state)
                .map_err(std::io::Error::from)
                .and_then(|bytes| std::fs::write(&next, bytes))
                .and_then(|()| std::fs::rename(&next, file));
            if let Err(error) = saved {
                eprintln!("sandbox: the state was not saved to {}: {error}", file.display());
            }
        }
        answer
    }

    /// Changes the catalogue of a store and tells those who listen.
    pub(crate) fn change_catalog(&self, hash: &str, change: CatalogChange) -> Result<u64, Refused> {
        let (id, changed) = self.change(|state| state.store_mut(hash)?.catalog.apply(change))?;
        if let Some(event) = Event::of_product(changed, id) {
            self.emit(hash, &event);
        }
        Ok(id)
    }

    /// Makes the changes that waited for this page of the product list.
    pub(crate) fn turn_page(&self, hash: &str) {
        if !self.read(|state| state.stores.get(hash).is_some_and(|store| store.catalog.awaits_pages())) {
            return;
        }
        for change in
            self.change(|state| state.store_mut(hash).map(|store| store.catalog.turn_page())).into_iter().flatten()
        {
            if let Err(reason) = self.change_catalog(hash, change) {
                eprintln!("sandbox: a change before a page was not made: {reason}");
            }
        }
    }

    /// Sends the event to every hook that listens, or keeps it where the store holds webhooks.
    pub(crate) fn emit(&self, hash: &str, event: &Event) {
        let (holds, webhooks) = self.read(|state| {
            let holds = state.stores.get(hash).is_some_and(|store| store.holds_webhooks);
            (holds, Webhook::of(state, hash, event))
        });
        if holds {
            self.note(|state| state.held.extend(webhooks));
        } else {
            for webhook in webhooks {
                self.send(webhook);
            }
        }
    }

    /// Sends a webhook, again and again until it is taken.
    pub(crate) fn send(&self, webhook: Webhook) {
        let number = self.note(|state| Delivery::begin(&mut state.deliveries, &webhook));
        self.outbox.send(number, webhook);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic in one request must not end the stand-ins for every later one.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn storefront_origin(&self, hash: &str) -> String {
        format!("http://{hash}.localhost:{}", self.port)
    }

    pub(crate) fn control_panel_origin(&self, hash: &str) -> String {
        format!("http://store-{hash}.localhost:{}", self.port)
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    now_ms() / 1000
}

/// Milliseconds since 1970.
#[expect(clippy::disallowed_methods, reason = "the Worker has no clock of its own; this program has")]
pub(crate) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
