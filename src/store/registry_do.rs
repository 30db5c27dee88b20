//! RegistryObject, the one list of apps: what the operator and cron ask, never a shopper.
//!
//! Promises: one active app a store; an app whose work is late is found.

#![expect(missing_docs, reason = "of what #[durable_object] makes")]

use std::rc::Rc;

use serde::Deserialize;
use worker::{DurableObject, Env, Request, Response, State, durable_object};

use super::calls::{ClaimStore, ForgetApp, Late, ListedApp, NoteApp, NoteDue, RegistryCall, ReleaseStore};
use super::object::{answer, reply};
use crate::bigcommerce::ids::ClientId;
use crate::error::Result;
use crate::platform::clock;
use crate::platform::sql::{self, Database};

/// The one object's name.
pub const REGISTRY_NAME: &str = "registry";

/// Later than this, an alarm is taken for lost. Cloudflare: alarms can be late by up to a minute.
const LATE_SECONDS: i64 = 60;

/// Apps woken in one cron event, so that it stays far below the platform's subrequests.
const MOST_WOKEN: i64 = 50;

const MIGRATIONS: &[&str] = &["
    CREATE TABLE apps (client_id TEXT PRIMARY KEY, environment TEXT NOT NULL, registered_at INTEGER NOT NULL);
    CREATE TABLE active_apps (store_hash TEXT PRIMARY KEY, client_id TEXT NOT NULL);
    CREATE TABLE due (client_id TEXT PRIMARY KEY, at INTEGER NOT NULL);
", "
    DROP TABLE due;
    CREATE TABLE due (client_id TEXT NOT NULL, object TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (client_id, object));
"];

/// See the module.
#[durable_object]
pub struct RegistryObject {
    database: Rc<Database>,
}

impl DurableObject for RegistryObject {
    fn new(state: State, _env: Env) -> Self {
        Self { database: Rc::new(Database::new(state.storage())) }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        let registry = Registry { database: self.database.clone() };
        answer(request, move |envelope| async move {
            sql::migrate(&registry.database, MIGRATIONS, clock::now())?;
            registry.answer(envelope.call)
        })
        .await
    }

    async fn alarm(&self) -> worker::Result<Response> {
        Response::empty()
    }
}

struct Registry {
    database: Rc<Database>,
}

impl Registry {
    fn answer(&self, call: RegistryCall) -> Result<serde_json::Value> {
        match call {
            RegistryCall::NoteApp(call) => reply(self.note_app(&call)?),
            RegistryCall::ForgetApp(call) => reply(self.forget_app(&call)?),
            RegistryCall::ListApps(_) => reply(self.list_apps()?),
            RegistryCall::ClaimStore(call) => reply(self.claim_store(&call)?),
            RegistryCall::ReleaseStore(call) => reply(self.release_store(&call)?),
            RegistryCall::NoteDue(call) => reply(self.note_due(&call)?),
            RegistryCall::Overdue(_) => reply(self.overdue()?),
        }
    }

    fn note_app(&self, call: &NoteApp) -> Result<()> {
        let environment = reply(call.environment)?;
        self.database.run(
            "INSERT INTO apps (client_id, environment, registered_at) VALUES (?, ?, ?) ON CONFLICT (client_id) DO NOTHING",
            vec![call.client_id.as_str().into(), environment.as_str().unwrap_or_default().into(), clock::now().into()],
        )
    }

    fn forget_app(&self, call: &ForgetApp) -> Result<()> {
        self.database.transaction(|| {
            for table in ["apps", "active_apps", "due"] {
                self.database
                    .run(&format!("DELETE FROM {table} WHERE client_id = ?"), vec![call.client_id.as_str().into()])?;
            }
            Ok(())
        })
    }

    fn list_apps(&self) -> Result<Vec<ListedApp>> {
        self.database
            .rows("SELECT client_id, environment, registered_at FROM apps ORDER BY registered_at, client_id", vec![])
    }

    fn claim_store(&self, call: &ClaimStore) -> Result<bool> {
        let (store_hash, client_id) = (call.store_hash.as_str(), call.client_id.as_str());
        self.database.run(
            "INSERT INTO active_apps (store_hash, client_id) VALUES (?, ?) ON CONFLICT (store_hash) DO NOTHING",
            vec![store_hash.into(), client_id.into()],
        )?;
        let owner: Option<Row> =
            self.database.row("SELECT client_id FROM active_apps WHERE store_hash = ?", vec![store_hash.into()])?;
        Ok(owner.is_some_and(|owner| owner.client_id == call.client_id))
    }

    fn release_store(&self, call: &ReleaseStore) -> Result<()> {
        self.database.run("DELETE FROM active_apps WHERE client_id = ?", vec![call.client_id.as_str().into()])
    }

    fn note_due(&self, call: &NoteDue) -> Result<()> {
        let (client_id, object) = (call.client_id.as_str(), call.object.name());
        match call.at {
            None => self
                .database
                .run("DELETE FROM due WHERE client_id = ? AND object = ?", vec![client_id.into(), object.into()]),
            Some(at) => self.database.run(
                "INSERT INTO due (client_id, object, at) VALUES (?, ?, ?)
                 ON CONFLICT (client_id, object) DO UPDATE SET at = excluded.at",
                vec![client_id.into(), object.into(), at.into()],
            ),
        }
    }

    fn overdue(&self) -> Result<Vec<Late>> {
        self.database.rows(
            "SELECT client_id, object FROM due WHERE at < ? ORDER BY at LIMIT ?",
            vec![(clock::now() - LATE_SECONDS).into(), MOST_WOKEN.into()],
        )
    }
}

#[derive(Deserialize)]
struct Row {
    client_id: ClientId,
}
