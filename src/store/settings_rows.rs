//! Settings inside the object: read and changed by the holder of a session.

use serde_json::Value;

use super::calls::{PatchSettings, ReadSettings};
use super::rows::{App, read_settings, sealed_secret, setting_record};
use super::settings::{Patch, SecretName};
use super::store_do::Store;
use crate::error::{Error, Result};
use crate::platform::log::{self, RequestId};

impl Store {
    pub(super) fn read_settings(&self, call: &ReadSettings) -> Result<Value> {
        self.authenticate(&call.session_token)?;
        self.view_settings(&self.app()?)
    }

    pub(super) async fn patch_settings(&self, call: &PatchSettings, request_id: &RequestId) -> Result<Value> {
        self.authenticate(&call.session_token)?;
        let app = self.app()?;
        let bindings = self.bindings()?;
        let mut settings = read_settings(&self.database)?;
        let secrets =
            Patch::parse(call.patch.expose())?.apply(&mut settings, app.environment, &bindings.ordergroove_hosts)?;
        let json = serde_json::to_string(&settings).map_err(Error::internal)?;
        self.database.transaction(|| {
            self.database.run(
                "INSERT INTO settings (only_row, json) VALUES (1, ?) ON CONFLICT (only_row) DO UPDATE SET json = excluded.json",
                vec![json.as_str().into()],
            )?;
            for (name, secret) in &secrets {
                match secret {
                    None => self.database.run("DELETE FROM secrets WHERE name = ?", vec![name.path().into()])?,
                    Some(secret) => {
                        let sealed = bindings.sealer.seal(&setting_record(&app.client_id, *name), secret)?;
                        self.database.run(
                            "INSERT INTO secrets (name, sealed) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed",
                            vec![name.path().into(), sealed.into()],
                        )?;
                    }
                }
            }
            self.schedule_kv_copy()
        })?;
        log::info("settings_saved", request_id, serde_json::json!({"client_id": app.client_id}));
        self.write_kv_copy_now().await?;
        self.view_settings(&app)
    }

    fn view_settings(&self, app: &App) -> Result<Value> {
        let settings = read_settings(&self.database)?;
        let mut set = Vec::new();
        for name in SecretName::ALL {
            if sealed_secret(&self.database, name)?.is_some() {
                set.push(name);
            }
        }
        Ok(settings.view(app.environment, |name| set.contains(&name)))
    }
}
