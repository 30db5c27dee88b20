//! Registering and removing an app: the operator's side of a StoreObject.

use super::calls::{AppDescription, AppObject, EraseCatalog, Register, Registered, Remove};
use super::edge_record::EdgeRecord;
use super::jobs::{self, JobKind};
use super::object::call;
use super::rows::{self, App, Installation};
use super::store_do::Store;
use crate::error::{Error, Result};
use crate::platform::clock;
use crate::platform::log::RequestId;

/// How long a replaced client secret is still taken: tokens signed with it live for 24 hours.
const PREVIOUS_SECRET_SECONDS: i64 = 24 * 60 * 60;

impl Store {
    pub(super) async fn register(&self, call: Register) -> Result<Registered> {
        let bindings = self.bindings()?;
        let now = clock::now();
        let known = App::read(&self.database)?;
        let sealed = bindings.sealer.seal(&App::secret_record(&call.client_id), &call.client_secret)?;
        match &known {
            None => self.database.transaction(|| {
                self.database.run(
                    "INSERT INTO app (only_row, client_id, environment, client_secret, registered_at) VALUES (1, ?, ?, ?, ?)",
                    vec![call.client_id.as_str().into(), environment_name(&call)?.into(), sealed.clone().into(), now.into()],
                )?;
                self.schedule_kv_copy()
            })?,
            Some(app) => {
                if app.environment != call.environment {
                    return Err(Error::Conflict { message: "This app was registered for the other environment. Remove it first; its environment cannot be changed.".to_owned() });
                }
                let current = &app.client_secrets(&bindings.sealer, now)?[0].secret;
                if *current != call.client_secret {
                    let installed =
                        Installation::read(&self.database)?.is_some_and(|installation| installation.is_installed());
                    self.database.transaction(|| {
                        self.database.run(
                            "UPDATE app SET previous_secret = client_secret, previous_until = ?, client_secret = ?",
                            vec![(now + PREVIOUS_SECRET_SECONDS).into(), sealed.clone().into()],
                        )?;
                        if installed {
                            // They carry what is derived from the client secret.
                            jobs::schedule(&self.database, JobKind::KeepHooks, now, now)?;
                        }
                        self.schedule_kv_copy()
                    })?;
                }
            }
        }
        self.write_kv_copy_now().await?;
        Ok(Registered { is_new: known.is_none() })
    }

    pub(super) fn describe(&self) -> Result<AppDescription> {
        let app = self.app()?;
        let installation = Installation::read(&self.database)?;
        let state = match &installation {
            None => "registered",
            Some(installation) if installation.is_installed() => "installed",
            Some(_) => "uninstalled",
        };
        let now = clock::now();
        Ok(AppDescription {
            client_id: app.client_id,
            environment: app.environment,
            state: state.to_owned(),
            active: installation.as_ref().is_some_and(Installation::is_active),
            store_hash: installation.map(|installation| installation.store_hash),
            previous_secret_until: app.previous_until.filter(|until| *until > now),
            kv_behind: jobs::is_scheduled(&self.database, JobKind::WriteKvCopy)?,
        })
    }

    pub(super) fn read_edge(&self) -> Result<EdgeRecord> {
        rows::edge_record(&self.database, &self.bindings()?.sealer, clock::now())?.ok_or(Error::UnknownApp)
    }

    /// Takes the copy away first and the truth last, so that a removal that broke off can be repeated.
    pub(super) async fn remove(&self, call: &Remove, request_id: &RequestId) -> Result<()> {
        let app = self.app()?;
        let installed = Installation::read(&self.database)?.is_some_and(|installation| installation.is_installed());
        if installed && !call.force {
            return Err(Error::Conflict {
                message: "The app is installed in a store. Uninstall it there first, or remove it with ?force=true."
                    .to_owned(),
            });
        }
        self.release_store(request_id).await?;
        self.erase_catalog(request_id).await?;
        self.delete_kv_copy().await?;
        self.alarm.note(&self.env, &app.client_id, AppObject::Store, None).await;
        self.database.storage().delete_alarm().await.map_err(Error::internal)?;
        self.forget_everything().await
    }

    pub(super) async fn erase_catalog(&self, request_id: &RequestId) -> Result<()> {
        let app = self.app()?;
        call(&self.env, app.client_id.as_str(), request_id, EraseCatalog {}).await
    }
}

fn environment_name(call: &Register) -> Result<String> {
    let name = serde_json::to_value(call.environment).map_err(Error::internal)?;
    Ok(name.as_str().unwrap_or_default().to_owned())
}
