//! The tables of a StoreObject as Rust values. `docs/storage.md` says what each column is for.

use serde::Deserialize;

use super::edge_record::{ClientSecret, EdgeRecord};
use super::inbox;
use super::settings::{SecretName, Settings};
use crate::bigcommerce::ids::{ClientId, StoreHash};
use crate::error::{Error, Result};
use crate::ordergroove::hosts::Environment;
use crate::platform::sql::{Database, Value};
use crate::secret::Secret;
use crate::store::seal::Sealer;

/// Applied in order, each once; what is here is never changed, only added to.
pub(super) const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE app (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        client_id TEXT NOT NULL,
        environment TEXT NOT NULL,
        client_secret TEXT NOT NULL,
        previous_secret TEXT,
        previous_until INTEGER,
        registered_at INTEGER NOT NULL
    );
    CREATE TABLE install (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        store_hash TEXT NOT NULL,
        access_token TEXT,
        scopes TEXT NOT NULL,
        active INTEGER NOT NULL,
        installed_at INTEGER NOT NULL,
        uninstalled_at INTEGER,
        store_name TEXT NOT NULL DEFAULT '',
        control_panel TEXT NOT NULL DEFAULT '',
        origins TEXT NOT NULL DEFAULT '[]',
        store_read_at INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE settings (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), json TEXT NOT NULL);
    CREATE TABLE secrets (name TEXT PRIMARY KEY, sealed TEXT NOT NULL);
    CREATE TABLE users (
        id INTEGER PRIMARY KEY,
        email TEXT NOT NULL,
        first_seen INTEGER NOT NULL,
        last_seen INTEGER NOT NULL,
        removed_at INTEGER
    );
    CREATE TABLE sessions (
        hash TEXT PRIMARY KEY,
        user_id INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        seen_at INTEGER NOT NULL
    );
    CREATE TABLE jobs (
        kind TEXT PRIMARY KEY,
        due_at INTEGER NOT NULL,
        scheduled_at INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        revision INTEGER NOT NULL
    );
",
    "
    ALTER TABLE settings ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
    CREATE TABLE audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        user_id INTEGER,
        email TEXT NOT NULL,
        action TEXT NOT NULL,
        field TEXT,
        before TEXT,
        after TEXT,
        settings_version INTEGER
    );
    CREATE INDEX audit_by_version ON audit (settings_version);
    CREATE TABLE connections (
        party TEXT PRIMARY KEY,
        ok INTEGER NOT NULL,
        message TEXT NOT NULL,
        tested_at INTEGER NOT NULL
    );
",
    "
    CREATE TABLE hooks (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        kept_at INTEGER,
        failing_since INTEGER,
        switched_off_at INTEGER
    );
",
    inbox::TABLE,
    "
    ALTER TABLE install ADD COLUMN storefront TEXT NOT NULL DEFAULT '';
    UPDATE install SET store_read_at = 0;
    INSERT OR REPLACE INTO jobs (kind, due_at, scheduled_at, attempts, revision)
        SELECT 'read_store', 0, 0, 0, 1 FROM install WHERE access_token IS NOT NULL;
",
    "
    ALTER TABLE install ADD COLUMN storefront_channel INTEGER;
    UPDATE install SET store_read_at = 0;
    INSERT OR REPLACE INTO jobs (kind, due_at, scheduled_at, attempts, revision)
        SELECT 'read_store', 0, 0, 0, 1 FROM install WHERE access_token IS NOT NULL;
",
];

/// The registered app. Its secrets are sealed.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct App {
    pub(super) client_id: ClientId,
    pub(super) environment: Environment,
    pub(super) client_secret: String,
    pub(super) previous_secret: Option<String>,
    pub(super) previous_until: Option<i64>,
}

/// The store the app belongs to. It stays after an uninstall, without its token, until it is erased.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Installation {
    pub(super) store_hash: StoreHash,
    pub(super) access_token: Option<String>,
    pub(super) scopes: String,
    active: i64,
    pub(super) uninstalled_at: Option<i64>,
    pub(super) store_name: String,
    pub(super) control_panel: String,
    /// The origin of the default storefront; empty when not known.
    pub(super) storefront: String,
    /// BigCommerce's id of its channel.
    pub(super) storefront_channel: Option<u64>,
    origins: String,
    pub(super) store_read_at: i64,
}

impl Installation {
    pub(super) fn is_installed(&self) -> bool {
        self.access_token.is_some()
    }

    pub(super) fn is_active(&self) -> bool {
        self.active != 0
    }

    pub(super) fn granted_scopes(&self) -> Vec<String> {
        self.scopes.split_whitespace().map(str::to_owned).collect()
    }

    pub(super) fn has_origins(&self) -> bool {
        !self.origins().is_empty()
    }

    fn origins(&self) -> Vec<String> {
        serde_json::from_str(&self.origins).unwrap_or_default()
    }
}

impl App {
    /// The app of this object, if one is registered.
    pub(super) fn read(database: &Database) -> Result<Option<Self>> {
        database.row("SELECT * FROM app", vec![])
    }

    /// The client secret's record, for sealing.
    pub(super) fn secret_record(client_id: &ClientId) -> String {
        format!("{client_id}/client_secret")
    }

    /// The client secrets taken at `now`, the newest first.
    pub(super) fn client_secrets(&self, sealer: &Sealer, now: i64) -> Result<Vec<ClientSecret>> {
        let record = Self::secret_record(&self.client_id);
        let mut secrets = vec![ClientSecret { secret: sealer.open(&record, &self.client_secret)?, until: None }];
        if let (Some(previous), Some(until)) = (&self.previous_secret, self.previous_until)
            && until > now
        {
            secrets.push(ClientSecret { secret: sealer.open(&record, previous)?, until: Some(until) });
        }
        Ok(secrets)
    }
}

impl Installation {
    /// The store this app belongs to, if any.
    pub(super) fn read(database: &Database) -> Result<Option<Self>> {
        database.row("SELECT * FROM install", vec![])
    }

    /// The access token's record, for sealing.
    pub(super) fn token_record(client_id: &ClientId) -> String {
        format!("{client_id}/access_token")
    }

    /// The access token; an app that is not installed has none.
    pub(super) fn access_token(&self, sealer: &Sealer, client_id: &ClientId) -> Result<Secret> {
        let sealed = self.access_token.as_deref().ok_or(Error::NotInstalled)?;
        sealer.open(&Self::token_record(client_id), sealed)
    }
}

/// The settings with their version; before the first change, the defaults and 0.
pub(super) fn read_settings(database: &Database) -> Result<(Settings, i64)> {
    #[derive(Deserialize)]
    struct Row {
        json: String,
        version: i64,
    }
    let Some(row) = database.row::<Row>("SELECT json, version FROM settings", vec![])? else {
        return Ok((Settings::default(), 0));
    };
    let settings = serde_json::from_str(&row.json).map_err(|error| Error::internal(format!("settings: {error}")))?;
    Ok((settings, row.version))
}

/// A secret's record among the settings, for sealing.
pub(super) fn setting_record(client_id: &ClientId, name: SecretName) -> String {
    format!("{client_id}/settings/{}", name.path())
}

/// A secret of the settings as it is stored.
pub(super) fn sealed_secret(database: &Database, name: SecretName) -> Result<Option<String>> {
    #[derive(Deserialize)]
    struct Row {
        sealed: String,
    }
    let row: Option<Row> = database.row("SELECT sealed FROM secrets WHERE name = ?", vec![name.path().into()])?;
    Ok(row.map(|row| row.sealed))
}

/// A secret of the settings.
pub(super) fn read_secret(
    database: &Database,
    sealer: &Sealer,
    client_id: &ClientId,
    name: SecretName,
) -> Result<Option<Secret>> {
    let sealed = sealed_secret(database, name)?;
    sealed.map(|sealed| sealer.open(&setting_record(client_id, name), &sealed)).transpose()
}

/// The app as the edge sees it.
pub(super) fn edge_record(database: &Database, sealer: &Sealer, now: i64) -> Result<Option<EdgeRecord>> {
    let Some(app) = App::read(database)? else { return Ok(None) };
    let installation = Installation::read(database)?;
    let (settings, _) = read_settings(database)?;
    let secret = |name| read_secret(database, sealer, &app.client_id, name);
    Ok(Some(EdgeRecord {
        installed: installation.as_ref().is_some_and(Installation::is_installed),
        origins: installation.as_ref().map(Installation::origins).unwrap_or_default(),
        store_hash: installation.map(|installation| installation.store_hash),
        client_secrets: app.client_secrets(sealer, now)?,
        secret_key: secret(SecretName::SecretKey)?,
        api_key: secret(SecretName::ApiKey)?,
        rest_url: settings.rest_url(app.environment).to_owned(),
        merchant_id: settings.ordergroove.merchant_id,
        client_id: app.client_id,
    }))
}

/// Every place of a StoreObject that holds something sealed: table, column, which row, and its record.
fn sealed_places(client_id: &ClientId) -> Vec<(&'static str, &'static str, Option<&'static str>, String)> {
    let mut places = vec![
        ("app", "client_secret", None, App::secret_record(client_id)),
        ("app", "previous_secret", None, App::secret_record(client_id)),
        ("install", "access_token", None, Installation::token_record(client_id)),
    ];
    places
        .extend(SecretName::ALL.map(|name| ("secrets", "sealed", Some(name.path()), setting_record(client_id, name))));
    places
}

/// Seals anew what was not sealed with the current key; with `only_look`, changes nothing. Gives how
/// many there were.
pub(super) fn reseal(database: &Database, sealer: &Sealer, client_id: &ClientId, only_look: bool) -> Result<usize> {
    #[derive(Deserialize)]
    struct Row {
        sealed: Option<String>,
    }
    let mut count = 0;
    for (table, column, name, record) in sealed_places(client_id) {
        let (condition, values): (_, Vec<Value>) =
            name.map_or(("", vec![]), |name| (" WHERE name = ?", vec![name.into()]));
        let row: Option<Row> =
            database.row(&format!("SELECT {column} AS sealed FROM {table}{condition}"), values.clone())?;
        let Some(sealed) = row.and_then(|row| row.sealed).filter(|sealed| !sealer.is_current(sealed)) else { continue };
        count += 1;
        if !only_look {
            let anew = sealer.seal(&record, &sealer.open(&record, &sealed)?)?;
            let values = std::iter::once(anew.into()).chain(values).collect();
            database.run(&format!("UPDATE {table} SET {column} = ?{condition}"), values)?;
        }
    }
    Ok(count)
}
