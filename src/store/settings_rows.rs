//! Settings inside the object: read and changed by the holder of a session.

use serde_json::Value;

use super::audit::{Action, Change};
use super::calls::{PatchSettings, ReadSettings, VersionedSettings};
use super::rows::{App, read_settings, sealed_secret, setting_record};
use super::settings::{Patch, SecretChanges, SecretName, Settings, differences};
use super::store_do::Store;
use crate::bigcommerce::ids::PanelUser;
use crate::error::{Error, Party, Result};
use crate::platform::log::{self, RequestId};
use crate::platform::zone::RuntimeZone;

impl Store {
    pub(super) fn read_settings(&self, call: &ReadSettings) -> Result<VersionedSettings> {
        self.authenticate(&call.session_token)?;
        self.versioned_settings(&self.app()?)
    }

    pub(super) async fn patch_settings(
        &self,
        call: &PatchSettings,
        request_id: &RequestId,
    ) -> Result<VersionedSettings> {
        let session = self.authenticate(&call.session_token)?;
        let app = self.app()?;
        let (before, version) = read_settings(&self.database)?;
        self.refuse_stale(call.if_match.as_deref(), version)?;
        let mut settings = before.clone();
        let hosts = &self.bindings()?.ordergroove_hosts;
        let secrets = Patch::parse(call.patch.expose())?
            .apply(&mut settings, app.environment, hosts, &|name| RuntimeZone::named(name).is_some())?;
        let changes = self.changes(&app, &before, &settings, &secrets)?;
        if !changes.is_empty() {
            self.keep_settings(&app, &session.user, &settings, &secrets, &changes, version + 1)?;
            log::info(
                "settings_saved",
                request_id,
                serde_json::json!({"client_id": app.client_id, "version": version + 1}),
            );
            self.write_kv_copy_now().await?;
        }
        self.versioned_settings(&app)
    }

    fn refuse_stale(&self, if_match: Option<&str>, version: i64) -> Result<()> {
        let Some(if_match) = if_match.filter(|tags| tags.trim() != "*") else { return Ok(()) };
        let versions: Vec<Option<i64>> = if_match.split(',').map(version_of_tag).collect();
        if versions.contains(&Some(version)) {
            return Ok(());
        }
        // A version that never was: then nothing can be said of what changed since.
        let since = versions.into_iter().flatten().max().unwrap_or(version);
        Err(Error::SettingsChanged { changed: self.changed_since(since)? })
    }

    fn changes(&self, app: &App, before: &Settings, after: &Settings, secrets: &SecretChanges) -> Result<Vec<Change>> {
        let texts = differences(&before.view(app.environment, |_| false), &after.view(app.environment, |_| false));
        let mut changes: Vec<Change> = texts
            .into_iter()
            .map(|(field, before, after)| Change {
                field: Some(field),
                before: Some(before),
                after: Some(after),
                ..Change::of(Action::SettingChanged)
            })
            .collect();
        for (name, secret) in secrets {
            let action = match (sealed_secret(&self.database, *name)?.is_some(), secret) {
                (false, None) => continue,
                (true, None) => Action::SecretRemoved,
                (false, Some(_)) => Action::SecretSet,
                (true, Some(_)) => Action::SecretReplaced,
            };
            changes.push(Change { field: Some(name.path().to_owned()), ..Change::of(action) });
        }
        Ok(changes)
    }

    fn keep_settings(
        &self,
        app: &App,
        user: &PanelUser,
        settings: &Settings,
        secrets: &SecretChanges,
        changes: &[Change],
        version: i64,
    ) -> Result<()> {
        let json = serde_json::to_string(settings).map_err(Error::internal)?;
        self.database.transaction(|| {
            self.database.run(
                "INSERT OR REPLACE INTO settings (only_row, json, version) VALUES (1, ?, ?)",
                vec![json.as_str().into(), version.into()],
            )?;
            self.keep_secrets(app, secrets)?;
            for change in changes {
                self.note(Some(user), change, Some(version))?;
            }
            for (prefix, party) in [("ordergroove.", Party::Ordergroove), ("sftp.", Party::Sftp)] {
                if changes.iter().any(|change| change.is_about(prefix)) {
                    self.forget_test(party)?;
                }
            }
            if changes.iter().any(|change| change.is_about("feeds.")) {
                self.plan_feeds_soon()?;
            }
            self.schedule_kv_copy()
        })
    }

    fn keep_secrets(&self, app: &App, secrets: &SecretChanges) -> Result<()> {
        for (name, secret) in secrets {
            match secret {
                None => self.database.run("DELETE FROM secrets WHERE name = ?", vec![name.path().into()])?,
                Some(secret) => {
                    let sealed = self.bindings()?.sealer.seal(&setting_record(&app.client_id, *name), secret)?;
                    self.database.run(
                        "INSERT OR REPLACE INTO secrets (name, sealed) VALUES (?, ?)",
                        vec![name.path().into(), sealed.into()],
                    )?;
                }
            }
        }
        Ok(())
    }

    fn versioned_settings(&self, app: &App) -> Result<VersionedSettings> {
        let (settings, version) = read_settings(&self.database)?;
        Ok(VersionedSettings { version, settings: self.view(app, &settings)? })
    }

    fn view(&self, app: &App, settings: &Settings) -> Result<Value> {
        let mut set = Vec::new();
        for name in SecretName::ALL {
            if sealed_secret(&self.database, name)?.is_some() {
                set.push(name);
            }
        }
        Ok(settings.view(app.environment, |name| set.contains(&name)))
    }
}

/// The version an entity tag names, weak or strong.
fn version_of_tag(tag: &str) -> Option<i64> {
    let tag = tag.trim();
    tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}
