//! The uninstall callback inside the object, and what follows from it.
//!
//! An uninstall token looks the same as a load token, and load tokens pass through browsers. So an
//! uninstall is believed only when BigCommerce no longer takes the stored access token, asked at
//! once and again for ten minutes.

use super::audit::{Action, Change};
use super::calls::{ReleaseStore, Uninstall};
use super::jobs::{self, Job, JobKind, Outcome};
use super::object::call;
use super::registry_do::REGISTRY_NAME;
use super::rows::Installation;
use super::store_do::Store;
use crate::bigcommerce::store_info::{self, TokenState};
use crate::error::{Error, Result};
use crate::platform::log::{self, RequestId};
use crate::platform::{clock, http};

const ASK_FOR_SECONDS: i64 = 10 * 60;
const ASK_EVERY_SECONDS: i64 = 20;

/// How long settings are kept for a store that comes back.
const KEEP_SECONDS: i64 = 30 * 24 * 60 * 60;

impl Store {
    pub(super) fn uninstall(&self, call: &Uninstall, request_id: &RequestId) -> Result<()> {
        let app = self.app()?;
        self.verified(&app, &call.token)?;
        if Installation::read(&self.database)?.is_some_and(|installation| installation.is_installed()) {
            let now = clock::now();
            jobs::schedule(&self.database, JobKind::ConfirmUninstall, now, now)?;
            log::info("uninstall_called", request_id, serde_json::json!({"client_id": app.client_id}));
        }
        Ok(())
    }

    pub(super) async fn confirm_uninstall(&self, job: &Job, request_id: &RequestId) -> Result<Outcome> {
        let app = self.app()?;
        let Some(asked) = Installation::read(&self.database)?.filter(Installation::is_installed) else {
            return Ok(Outcome::Done);
        };
        let fields = serde_json::json!({"client_id": app.client_id, "store_hash": asked.store_hash});
        match self.token_state(&asked).await? {
            TokenState::Dead => {}
            TokenState::Accepted | TokenState::Unknown => {
                let now = clock::now();
                if now - job.scheduled_at >= ASK_FOR_SECONDS {
                    log::warn("uninstall_not_believed", request_id, fields);
                    return Ok(Outcome::Done);
                }
                return Ok(Outcome::Again(now + ASK_EVERY_SECONDS));
            }
        }
        // Installed anew while BigCommerce was being asked: the dead token was the one before.
        let still = Installation::read(&self.database)?;
        if still.is_none_or(|now| now.access_token != asked.access_token) {
            return Ok(Outcome::Done);
        }
        self.forget_installation()?;
        log::info("uninstalled", request_id, fields);
        Ok(Outcome::Done)
    }

    async fn token_state(&self, installation: &Installation) -> Result<TokenState> {
        let bindings = self.bindings()?;
        let token = installation.access_token(&bindings.sealer, &self.app()?.client_id)?;
        let request = store_info::store(&bindings.bigcommerce_api_url, &installation.store_hash, token.expose());
        // An outage says nothing about the app.
        Ok(http::send(request).await.map_or(TokenState::Unknown, |answer| store_info::token_state(&answer)))
    }

    fn forget_installation(&self) -> Result<()> {
        self.database.transaction(|| {
            let now = clock::now();
            self.database
                .run("UPDATE install SET access_token = NULL, active = 0, uninstalled_at = ?", vec![now.into()])?;
            self.database.run("DELETE FROM sessions", vec![])?;
            self.note(None, &Change::of(Action::Uninstalled), None)?;
            jobs::cancel(&self.database, JobKind::ReadStore)?;
            jobs::cancel(&self.database, JobKind::KeepHooks)?;
            jobs::schedule(&self.database, JobKind::ReleaseStore, now, now)?;
            jobs::schedule(&self.database, JobKind::Erase, now + KEEP_SECONDS, now)?;
            self.schedule_kv_copy()
        })
    }

    pub(super) async fn release_store(&self, request_id: &RequestId) -> Result<Outcome> {
        let client_id = self.app()?.client_id;
        call(&self.env, REGISTRY_NAME, request_id, ReleaseStore { client_id }).await?;
        Ok(Outcome::Done)
    }

    /// Erases what the merchant had set and who used the console. The registration stays: it is the operator's.
    pub(super) async fn erase(&self, request_id: &RequestId) -> Result<Outcome> {
        let left =
            Installation::read(&self.database)?.is_some_and(|installation| installation.uninstalled_at.is_some());
        if !left {
            return Ok(Outcome::Done);
        }
        self.erase_catalog(request_id).await?;
        self.database.transaction(|| {
            for table in
                ["settings", "secrets", "users", "sessions", "audit", "connections", "install", "hooks", "events"]
            {
                self.database.run(&format!("DELETE FROM {table}"), vec![])?;
            }
            self.schedule_kv_copy()
        })?;
        log::info("erased", request_id, serde_json::json!({"client_id": self.app()?.client_id}));
        Ok(Outcome::Done)
    }

    /// Leaves an object that never was.
    pub(super) async fn forget_everything(&self) -> Result<()> {
        self.database.storage().delete_all().await.map_err(Error::internal)?;
        self.start_over();
        Ok(())
    }
}
