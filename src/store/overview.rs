//! What the console's first page shows: what is done, what is missing, what needs attention.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::calls::ReadOverview;
use super::jobs::{self, JobKind};
use super::rows::{Installation, read_settings, sealed_secret};
use super::sessions::Session;
use super::settings::SecretName;
use super::store_do::Store;
use crate::bigcommerce::ids::{PanelUser, StoreHash};
use crate::bigcommerce::scopes;
use crate::error::{Error, Party, Result};
use crate::ordergroove::hosts::Environment;

/// The console's first page.
#[derive(Debug, Serialize, Deserialize)]
pub struct Overview {
    store: StoreName,
    environment: Environment,
    user: PanelUser,
    session: SessionLife,
    checks: Vec<Check>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoreName {
    hash: StoreHash,
    name: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct SessionLife {
    idle_seconds: i64,
    ends_at: i64,
}

/// One thing that has to be right; `detail` is its own.
#[derive(Debug, Serialize, Deserialize)]
pub struct Check {
    id: String,
    state: CheckState,
    #[serde(flatten)]
    detail: Value,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum CheckState {
    Done,
    Missing,
    Attention,
}

impl Overview {
    /// Adds what another object has to say.
    pub fn add(&mut self, check: Check) {
        self.checks.push(check);
    }
}

impl Check {
    pub(super) fn new(id: &str, state: CheckState) -> Self {
        Self { id: id.to_owned(), state, detail: json!({}) }
    }

    fn missing_unless(id: &str, good: bool) -> Self {
        Self::new(id, if good { CheckState::Done } else { CheckState::Missing })
    }

    fn attention_unless(id: &str, good: bool) -> Self {
        Self::new(id, if good { CheckState::Done } else { CheckState::Attention })
    }

    pub(super) fn with(mut self, detail: Value) -> Self {
        self.detail = detail;
        self
    }
}

impl Store {
    pub(super) fn read_overview(&self, call: &ReadOverview) -> Result<Overview> {
        let Session { user, idle_seconds, ends_at } = self.authenticate(&call.session_token)?;
        let app = self.app()?;
        let installation = Installation::read(&self.database)?.ok_or(Error::NotInstalled)?;
        let (settings, _) = read_settings(&self.database)?;
        let has_key = sealed_secret(&self.database, SecretName::SecretKey)?.is_some();
        let behind = jobs::is_scheduled(&self.database, JobKind::WriteKvCopy)?;
        let missing = scopes::missing(&installation.granted_scopes());
        let checks = vec![
            Check::attention_unless("active", installation.is_active()),
            Check::attention_unless("scopes", missing.is_empty()).with(json!({"missing": missing})),
            Check::missing_unless("store_addresses", installation.has_origins()),
            Check::missing_unless("merchant_id", !settings.ordergroove.merchant_id.is_empty()),
            Check::missing_unless("secret_key", has_key),
            Check::attention_unless("edge_copy", !behind),
            self.connection_check(Party::BigCommerce)?,
            self.connection_check(Party::Ordergroove)?,
        ];
        Ok(Overview {
            store: StoreName { hash: installation.store_hash, name: installation.store_name },
            environment: app.environment,
            user,
            session: SessionLife { idle_seconds, ends_at },
            checks,
        })
    }

    fn connection_check(&self, party: Party) -> Result<Check> {
        let Some(test) = self.last_test(party)? else { return Ok(Check::new(party.name(), CheckState::Missing)) };
        let check = Check::attention_unless(party.name(), test.is_ok());
        Ok(check.with(json!({"tested_at": test.tested_at, "message": test.message})))
    }
}
