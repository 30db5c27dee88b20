//! The auth callback inside the object: a code becomes a token, and the app belongs to a store.
//!
//! An upsert: BigCommerce calls it again after a new consent. Settings stay, the token is replaced.

use super::audit::{Action, Change};
use super::calls::{Access, ClaimStore, ConsolePage, Install, Opened, StartSync};
use super::jobs::{self, JobKind, Outcome};
use super::object::call;
use super::registry_do::REGISTRY_NAME;
use super::rows::{App, Installation};
use super::store_do::Store;
use crate::bigcommerce::ids;
use crate::bigcommerce::ids::StoreHash;
use crate::bigcommerce::oauth::{self, Grant, Granted};
use crate::bigcommerce::store_info::{self, SitesPage, StoreInfo};
use crate::error::{Error, Party, Result};
use crate::outbound::{OutboundAnswer, OutboundRequest};
use crate::platform::log::{self, RequestId};
use crate::platform::{address, clock, http};
use crate::secret::Secret;

/// A store's name and addresses are read anew this often.
const READ_STORE_EVERY: i64 = 24 * 60 * 60;

/// Opening the console reads them anew when they are older than this.
const READ_STORE_ON_LOAD_AFTER: i64 = 10 * 60;

/// 250 sites a page; a store has far fewer than this many pages.
const MOST_SITE_PAGES: u32 = 20;

impl Store {
    pub(super) async fn install(&self, call: Install, request_id: &RequestId) -> Result<Opened> {
        let app = self.app()?;
        // The browser's word is enough to refuse, never to install.
        let claimed = StoreHash::from_context(&call.context).map_err(|error| Error::bad_request(error.to_string()))?;
        self.refuse_another_store(&claimed)?;
        let granted = self.exchange(&app, &call).await?;
        self.refuse_another_store(&granted.store_hash)?;
        self.keep_installation(&app, &granted)?;
        log::info(
            "installed",
            request_id,
            serde_json::json!({"client_id": app.client_id, "store_hash": granted.store_hash, "user_id": granted.user.id}),
        );
        self.claim_store(&app, &granted.store_hash, request_id).await;
        if let Some(job) = jobs::read(&self.database, JobKind::ReadStore)? {
            self.run(&job).await?;
        }
        self.write_kv_copy_now().await?;
        self.open_console(&app, &granted.user, "/".to_owned())
    }

    /// One app serves one store.
    pub(super) fn refuse_another_store(&self, store_hash: &StoreHash) -> Result<()> {
        match Installation::read(&self.database)? {
            Some(installation) if installation.store_hash != *store_hash => Err(Error::AnotherStore),
            _ => Ok(()),
        }
    }

    async fn exchange(&self, app: &App, call: &Install) -> Result<Granted> {
        let bindings = self.bindings()?;
        let secret = &app.client_secrets(&bindings.sealer, clock::now())?[0].secret;
        let redirect_uri = bindings.callback(&app.client_id, "auth");
        let request = oauth::exchange(
            &bindings.bigcommerce_login_url,
            &Grant {
                client_id: &app.client_id,
                client_secret: secret.expose(),
                code: call.code.expose(),
                context: &call.context,
                scope: &call.scope,
                redirect_uri: &redirect_uri,
            },
        );
        oauth::granted(&http::send(request).await?)
    }

    fn keep_installation(&self, app: &App, granted: &Granted) -> Result<()> {
        let now = clock::now();
        let token = Secret::new(granted.access_token.as_str());
        let sealed = self.bindings()?.sealer.seal(&Installation::token_record(&app.client_id), &token)?;
        self.database.transaction(|| {
            self.database.run(
                "INSERT INTO install (only_row, store_hash, access_token, scopes, active, installed_at) VALUES (1, ?, ?, ?, 0, ?)
                 ON CONFLICT (only_row) DO UPDATE SET access_token = excluded.access_token, scopes = excluded.scopes,
                     installed_at = excluded.installed_at, uninstalled_at = NULL",
                vec![granted.store_hash.as_str().into(), sealed.clone().into(), granted.scopes.join(" ").into(), now.into()],
            )?;
            jobs::cancel(&self.database, JobKind::ConfirmUninstall)?;
            jobs::cancel(&self.database, JobKind::ReleaseStore)?;
            jobs::cancel(&self.database, JobKind::Erase)?;
            jobs::schedule(&self.database, JobKind::ReadStore, now, now)?;
            jobs::schedule(&self.database, JobKind::StartCatalog, now, now)?;
            jobs::schedule(&self.database, JobKind::PlanFeeds, now, now)?;
            self.start_hooks(now)?;
            self.forget_test(Party::BigCommerce)?;
            self.note(Some(&granted.user), &Change::of(Action::Installed), None)?;
            self.schedule_kv_copy()
        })
    }

    /// One app of a store is its active one. A failure leaves this app passive until it is opened again.
    pub(super) async fn claim_store(&self, app: &App, store_hash: &StoreHash, request_id: &RequestId) {
        let claim = ClaimStore { client_id: app.client_id.clone(), store_hash: store_hash.clone() };
        let claimed = call(&self.env, REGISTRY_NAME, request_id, claim).await;
        let kept = claimed
            .and_then(|active| self.database.run("UPDATE install SET active = ?", vec![i64::from(active).into()]));
        if let Err(error) = kept {
            log::error("claim_failed", request_id, &error, serde_json::json!({"client_id": app.client_id}));
        }
    }

    /// Opens a session for `user`, whose console begins at `path`.
    pub(super) fn open_console(&self, app: &App, user: &ids::PanelUser, path: String) -> Result<Opened> {
        let installation = Installation::read(&self.database)?.ok_or(Error::NotInstalled)?;
        Ok(Opened {
            session_token: self.open_session(&app.client_id, user)?,
            page: ConsolePage { control_panel: installation.control_panel, path },
        })
    }

    /// Has the store read anew if what is known of it is old.
    pub(super) fn refresh_store(&self, installation: &Installation) -> Result<()> {
        let now = clock::now();
        if now - installation.store_read_at > READ_STORE_ON_LOAD_AFTER {
            jobs::schedule(&self.database, JobKind::ReadStore, now, now)?;
        }
        Ok(())
    }

    pub(super) async fn read_store(&self, request_id: &RequestId) -> Result<Outcome> {
        let app = self.app()?;
        let Some(installation) = Installation::read(&self.database)?.filter(Installation::is_installed) else {
            return Ok(Outcome::Done);
        };
        let bindings = self.bindings()?;
        let token = installation.access_token(&bindings.sealer, &app.client_id)?;
        let (api, hash) = (&bindings.bigcommerce_api_url, &installation.store_hash);
        let mut info: StoreInfo = self
            .readable(store_info::store(api, hash, token.expose()), request_id)
            .await?
            .map_or_else(|| Ok(EMPTY_STORE), |answer| store_info::parse(&answer))?;
        let mut sites: Vec<SitesPage> = Vec::new();
        let mut page = Some(1);
        while let Some(number) = page.filter(|number| *number <= MOST_SITE_PAGES) {
            let Some(answer) = self.readable(store_info::sites(api, hash, token.expose(), number), request_id).await?
            else {
                break;
            };
            let read: SitesPage = store_info::parse(&answer)?;
            page = read.next_page();
            sites.push(read);
        }
        store_info::addresses(&mut info, &mut sites).for_each(address::spell);
        self.keep_store(&info, &store_info::origins(&info, &sites))?;
        Ok(Outcome::Again(clock::now() + READ_STORE_EVERY))
    }

    /// Has the catalogue read. It is another object's work.
    pub(super) async fn start_catalog(&self, request_id: &RequestId) -> Result<Outcome> {
        let client_id = self.app()?.client_id;
        if Installation::read(&self.database)?.is_some_and(|installation| installation.is_installed()) {
            call(&self.env, client_id.as_str(), request_id, StartSync { client_id: client_id.clone() }).await?;
        }
        Ok(Outcome::Done)
    }

    /// What the catalogue needs to call BigCommerce.
    pub(super) fn read_access(&self) -> Result<Access> {
        let app = self.app()?;
        let installation = Installation::read(&self.database)?.ok_or(Error::NotInstalled)?;
        let access_token = installation.access_token(&self.bindings()?.sealer, &app.client_id)?;
        Ok(Access { store_hash: installation.store_hash, access_token, control_panel: installation.control_panel })
    }

    /// A read that a missing scope forbids is a read of nothing: the console says which scope is missing.
    async fn readable(&self, request: OutboundRequest, request_id: &RequestId) -> Result<Option<OutboundAnswer>> {
        let path = request.url.path().to_owned();
        let answer = http::send(request).await?;
        if answer.status == 403 {
            log::warn("scope_missing", request_id, serde_json::json!({"path": path}));
            return Ok(None);
        }
        Ok(Some(answer))
    }

    fn keep_store(&self, info: &StoreInfo, origins: &[String]) -> Result<()> {
        let origins = serde_json::to_string(origins).map_err(Error::internal)?;
        let control_panel = store_info::origin(&info.control_panel_base_url).unwrap_or_default();
        let storefront = store_info::origin(&info.secure_url).unwrap_or_default();
        let channel = info.default_channel_id.and_then(|id| i64::try_from(id).ok());
        self.database.transaction(|| {
            let now = clock::now();
            self.database.run(
                "UPDATE install SET store_name = ?, control_panel = ?, storefront = ?, storefront_channel = ?, origins = ?, store_read_at = ?",
                vec![
                    info.name.as_str().into(),
                    control_panel.as_str().into(),
                    storefront.as_str().into(),
                    channel.into(),
                    origins.as_str().into(),
                    now.into(),
                ],
            )?;
            self.schedule_kv_copy()
        })
    }
}

const EMPTY_STORE: StoreInfo = StoreInfo {
    name: String::new(),
    secure_url: String::new(),
    control_panel_base_url: String::new(),
    default_channel_id: None,
};
