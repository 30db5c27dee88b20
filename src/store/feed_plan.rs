//! What this object tells the catalogue about feeds: when they are due, and what is needed to send them.

use super::calls::{FeedSetup, PlanFeeds};
use super::jobs::{self, JobKind, Outcome};
use super::object::call;
use super::rows::{Installation, read_secret, read_settings};
use super::settings::SecretName;
use super::store_do::Store;
use crate::error::{Error, Result};
use crate::platform::clock;
use crate::platform::log::RequestId;

impl Store {
    /// Has the catalogue told of the schedule, in the transaction of a change.
    pub(super) fn plan_feeds_soon(&self) -> Result<()> {
        let now = clock::now();
        jobs::schedule(&self.database, JobKind::PlanFeeds, now, now)
    }

    pub(super) async fn plan_feeds(&self, request_id: &RequestId) -> Result<Outcome> {
        let client_id = self.app()?.client_id;
        if !Installation::read(&self.database)?.is_some_and(|installation| installation.is_installed()) {
            return Ok(Outcome::Done);
        }
        let (settings, _) = read_settings(&self.database)?;
        let name = client_id.as_str().to_owned();
        let plan = PlanFeeds {
            client_id,
            schedule: settings.feeds.schedule().to_owned(),
            time_zone: settings.feeds.time_zone().to_owned(),
        };
        call(&self.env, &name, request_id, plan).await?;
        Ok(Outcome::Done)
    }

    pub(super) fn read_feed_setup(&self) -> Result<FeedSetup> {
        let app = self.app()?;
        let installation = Installation::read(&self.database)?.filter(Installation::is_installed);
        let installation = installation.ok_or(Error::NotInstalled)?;
        let (settings, _) = read_settings(&self.database)?;
        let bindings = self.bindings()?;
        let secret = |name| read_secret(&self.database, &bindings.sealer, &app.client_id, name);
        Ok(FeedSetup {
            environment: app.environment,
            storefront: installation.storefront,
            storefront_channel: installation.storefront_channel,
            password: secret(SecretName::SftpPassword)?,
            private_key: secret(SecretName::SftpPrivateKey)?,
            api_key: secret(SecretName::ApiKey)?,
            settings,
        })
    }
}
