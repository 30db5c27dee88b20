//! The job that keeps the app's hooks at BigCommerce as they should be.
//!
//! After an install, when the app is opened, each day, and when BigCommerce says that deliveries fail. Repeating
//! it changes nothing that is right.

use serde::Deserialize;

use super::jobs::{self, JobKind, Outcome};
use super::rows::Installation;
use super::store_do::Store;
use crate::bigcommerce::hooks::{self, Hook, HooksApi};
use crate::bigcommerce::webhook::hook_secret;
use crate::error::Result;
use crate::platform::log::{self, RequestId};
use crate::platform::{clock, http};

const KEEP_EVERY: i64 = 24 * 60 * 60;

/// Opening the app has them looked at when that was not done for so long.
const KEEP_ON_LOAD_AFTER: i64 = 10 * 60;

/// How long it is said that BigCommerce had switched hooks off.
const SWITCHED_OFF_SHOWN: i64 = 24 * 60 * 60;

/// 250 hooks a page; BigCommerce allows ten for a scope.
const MOST_PAGES: u32 = 20;

/// How the hooks stood when they were last looked at.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct HooksState {
    /// When all of them were right; `None` before the first time.
    pub(super) kept_at: Option<i64>,
    /// Since when they cannot be kept; `None` when they can.
    pub(super) failing_since: Option<i64>,
    /// When some were found switched off.
    pub(super) switched_off_at: Option<i64>,
}

impl HooksState {
    /// Whether some were found switched off, and that is still news.
    pub(super) fn switched_off_lately(&self, now: i64) -> bool {
        self.switched_off_at.is_some_and(|at| now - at < SWITCHED_OFF_SHOWN)
    }
}

impl Store {
    pub(super) async fn keep_hooks(&self, request_id: &RequestId) -> Result<Outcome> {
        let Some(installation) = Installation::read(&self.database)?.filter(Installation::is_installed) else {
            return Ok(Outcome::Done);
        };
        let kept = self.bring_hooks_in_order(&installation, request_id).await;
        let now = clock::now();
        let still =
            Installation::read(&self.database)?.is_some_and(|now| now.access_token == installation.access_token);
        if still {
            match &kept {
                Ok(switched_off) => self.note_hooks_kept(*switched_off > 0, now)?,
                Err(_) => self.note_hooks_failing(now)?,
            }
        }
        kept.map(|_| Outcome::Again(now + KEEP_EVERY))
    }

    /// Gives how many were found switched off.
    async fn bring_hooks_in_order(&self, installation: &Installation, request_id: &RequestId) -> Result<usize> {
        let app = self.app()?;
        let bindings = self.bindings()?;
        let access_token = installation.access_token(&bindings.sealer, &app.client_id)?;
        let client_secret = &app.client_secrets(&bindings.sealer, clock::now())?[0].secret;
        let api = HooksApi {
            api_url: &bindings.bigcommerce_api_url,
            store: &installation.store_hash,
            access_token: &access_token,
        };
        let found = list(&api).await?;
        let wanted = hooks::wanted(
            |address| bindings.callback(&app.client_id, address.path()),
            &hook_secret(client_secret, &installation.store_hash),
        );
        let steps = hooks::steps(&found, wanted);
        for step in &steps {
            hooks::changed(&http::send(api.change(step)).await?)?;
        }
        let switched_off = hooks::switched_off(&found);
        if !steps.is_empty() {
            let fields =
                serde_json::json!({"client_id": app.client_id, "changed": steps.len(), "switched_off": switched_off});
            log::info("hooks_repaired", request_id, fields);
        }
        Ok(switched_off)
    }

    fn note_hooks_kept(&self, switched_off: bool, now: i64) -> Result<()> {
        self.database.run(
            "INSERT INTO hooks (only_row, kept_at, switched_off_at) VALUES (1, ?, ?)
             ON CONFLICT (only_row) DO UPDATE SET kept_at = excluded.kept_at, failing_since = NULL,
                 switched_off_at = coalesce(excluded.switched_off_at, switched_off_at)",
            vec![now.into(), switched_off.then_some(now).into()],
        )
    }

    fn note_hooks_failing(&self, now: i64) -> Result<()> {
        self.database.run(
            "INSERT INTO hooks (only_row, failing_since) VALUES (1, ?)
             ON CONFLICT (only_row) DO UPDATE SET failing_since = coalesce(failing_since, excluded.failing_since)",
            vec![now.into()],
        )
    }

    /// How the hooks stand.
    pub(super) fn hooks_state(&self) -> Result<HooksState> {
        Ok(self.database.row("SELECT kept_at, failing_since, switched_off_at FROM hooks", vec![])?.unwrap_or_default())
    }

    /// Has the hooks looked after soon, and what was known of them forgotten: in the transaction of an install.
    pub(super) fn start_hooks(&self, now: i64) -> Result<()> {
        self.database.run("DELETE FROM hooks", vec![])?;
        jobs::schedule(&self.database, JobKind::KeepHooks, now, now)
    }

    /// Has the hooks looked after if that was not done lately.
    pub(super) fn refresh_hooks(&self) -> Result<()> {
        let now = clock::now();
        if self.hooks_state()?.kept_at.is_none_or(|kept_at| now - kept_at > KEEP_ON_LOAD_AFTER) {
            jobs::schedule(&self.database, JobKind::KeepHooks, now, now)?;
        }
        Ok(())
    }
}

async fn list(api: &HooksApi<'_>) -> Result<Vec<Hook>> {
    let mut found = Vec::new();
    let mut page = Some(1);
    while let Some(number) = page.filter(|number| *number <= MOST_PAGES) {
        let read = hooks::listed(&http::send(api.list(number)).await?)?;
        page = read.next_page();
        found.extend(read.data);
    }
    Ok(found)
}
