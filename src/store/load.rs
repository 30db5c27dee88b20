//! The load and remove-user callbacks inside the object.

use super::calls::{Load, Opened, RemoveUser};
use super::rows::{App, Installation};
use super::store_do::Store;
use crate::bigcommerce::token::{LoadToken, TokenFault, TokenKey, verify_load_token};
use crate::error::{Error, Result};
use crate::platform::clock;
use crate::platform::log::{self, RequestId};
use crate::secret::Secret;

impl Store {
    pub(super) async fn load(&self, call: &Load, request_id: &RequestId) -> Result<Opened> {
        let app = self.app()?;
        let token = self.verified(&app, &call.token)?;
        let installation =
            Installation::read(&self.database)?.filter(Installation::is_installed).ok_or(Error::NotInstalled)?;
        if self.is_outlived(&token)? {
            return Err(Error::SessionEnded);
        }
        if !installation.is_active() {
            self.claim_store(&app, &installation.store_hash, request_id).await;
        }
        self.refresh_store(&installation)?;
        self.refresh_hooks()?;
        self.open_console(&app, &token.user, token.path)
    }

    /// Verifies a load token and that it is for the store of this app.
    pub(super) fn verified(&self, app: &App, token: &Secret) -> Result<LoadToken> {
        if token.expose().is_empty() {
            return Err(TokenFault::Missing.into());
        }
        let now = clock::now();
        let secrets = app.client_secrets(&self.bindings()?.sealer, now)?;
        let keys: Vec<TokenKey> = secrets.iter().map(|secret| TokenKey::new(secret.secret.expose())).collect();
        let token = verify_load_token(token.expose(), &keys, &app.client_id, now)?;
        self.refuse_another_store(&token.store_hash)?;
        Ok(token)
    }

    pub(super) fn remove_user(&self, call: &RemoveUser, request_id: &RequestId) -> Result<()> {
        let app = self.app()?;
        let token = self.verified(&app, &call.token)?;
        // Shown again, it must not remove who was let in again meanwhile.
        if self.is_outlived(&token)? {
            return Ok(());
        }
        self.forget_user(&token.user)?;
        log::info(
            "user_removed",
            request_id,
            serde_json::json!({"client_id": app.client_id, "user_id": token.user.id}),
        );
        Ok(())
    }
}
