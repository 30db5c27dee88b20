//! SQLite in a Durable Object, with transactions that hold.
//!
//! A write is durable before any answer that follows it leaves the object (output gates); what is
//! written inside [`Database::transaction`] is written whole or not at all, even if it traps.

use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use worker::{SqlStorageValue, Storage};

use crate::error::{Error, Result};

#[wasm_bindgen]
extern "C" {
    type SynchronousStorage;

    // Not in the `worker` crate as of 0.8.7.
    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &SynchronousStorage,
        body: &mut dyn FnMut() -> Result<JsValue, JsValue>,
    ) -> Result<JsValue, JsValue>;
}

/// A value bound to a `?`.
pub type Value = SqlStorageValue;

/// One object's database.
pub struct Database {
    storage: Storage,
}

impl Database {
    /// The database behind an object's storage.
    pub fn new(storage: Storage) -> Self {
        Self { storage }
    }

    /// The storage itself, for alarms.
    pub fn storage(&self) -> &Storage {
        &self.storage
    }

    /// Runs a statement and gives its rows.
    pub fn rows<T: DeserializeOwned>(&self, sql: &str, values: Vec<Value>) -> Result<Vec<T>> {
        self.raw_rows(sql, values)?.into_iter().map(read).collect()
    }

    /// Runs a statement and gives its first row.
    pub fn row<T: DeserializeOwned>(&self, sql: &str, values: Vec<Value>) -> Result<Option<T>> {
        self.raw_rows(sql, values)?.into_iter().next().map(read).transpose()
    }

    // Apart from what depends on the kind of row: there are sixty, and each would carry all of this.
    fn raw_rows(&self, sql: &str, values: Vec<Value>) -> Result<Vec<RawRow>> {
        let cursor = self.storage.sql().exec(sql, values).map_err(Error::internal)?;
        cursor.to_array().map_err(Error::internal)
    }

    /// Runs a statement and gives the bytes it selects.
    pub fn bytes(&self, sql: &str, values: Vec<Value>) -> Result<Option<Vec<u8>>> {
        let row = self.storage.sql().exec(sql, values).map_err(Error::internal)?.raw().next();
        match row.transpose().map_err(Error::internal)?.and_then(|row| row.into_iter().next()) {
            Some(Value::Blob(bytes)) => Ok(Some(bytes)),
            Some(other) => Err(Error::internal(format!("no bytes but {other:?}"))),
            None => Ok(None),
        }
    }

    /// Runs a statement for its effect.
    pub fn run(&self, sql: &str, values: Vec<Value>) -> Result<()> {
        self.storage.sql().exec(sql, values).map(drop).map_err(Error::internal)
    }

    /// Runs `body` in a transaction: an error rolls back.
    pub fn transaction<T>(&self, mut body: impl FnMut() -> Result<T>) -> Result<T> {
        let mut value = None;
        self.transaction_of(&mut || {
            value = Some(body()?);
            Ok(())
        })?;
        value.ok_or_else(|| Error::internal("transaction: it was not run"))
    }

    fn transaction_of(&self, body: &mut dyn FnMut() -> Result<()>) -> Result<()> {
        let mut outcome = None;
        let raw: &JsValue = self.storage.as_raw();
        let done = raw.unchecked_ref::<SynchronousStorage>().transaction_sync(&mut || {
            let result = body();
            let failed = result.is_err();
            outcome = Some(result);
            if failed { Err(JsValue::from_str("rolled back")) } else { Ok(JsValue::UNDEFINED) }
        });
        match (outcome, done) {
            (Some(Ok(())), Ok(_)) => Ok(()),
            (Some(Err(error)), _) => Err(error),
            (_, done) => Err(Error::internal(format!("transaction: {done:?}"))),
        }
    }
}

/// A row as the runtime gives it: an object with a member for each column.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct RawRow(#[serde(with = "serde_wasm_bindgen::preserve")] JsValue);

fn read<T: DeserializeOwned>(RawRow(row): RawRow) -> Result<T> {
    serde_wasm_bindgen::from_value(row).map_err(Error::internal)
}

/// Brings a database to the newest of `migrations`, each applied once, in order.
///
/// SQLite in an object knows no `PRAGMA user_version`, so applied ones are counted in a table.
pub fn migrate(database: &Database, migrations: &[&str], now: i64) -> Result<()> {
    #[derive(serde::Deserialize)]
    struct Applied {
        newest: Option<i64>,
    }
    database.transaction(|| {
        database.run(
            "CREATE TABLE IF NOT EXISTS migrations (id INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL)",
            vec![],
        )?;
        let applied: Option<Applied> = database.row("SELECT max(id) AS newest FROM migrations", vec![])?;
        let newest = applied.and_then(|applied| applied.newest).unwrap_or(0);
        for (id, statements) in (1_i64..).zip(migrations).filter(|(id, _)| *id > newest) {
            database.run(statements, vec![])?;
            database.run("INSERT INTO migrations (id, applied_at) VALUES (?, ?)", vec![id.into(), now.into()])?;
        }
        Ok(())
    })
}

/// Whether anything of ours was ever written here: reading must not make an object of an unknown id.
pub fn exists(database: &Database) -> Result<bool> {
    #[derive(serde::Deserialize)]
    struct Table {
        #[serde(rename = "name")]
        _name: String,
    }
    let table: Option<Table> =
        database.row("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'migrations'", vec![])?;
    Ok(table.is_some())
}
