//! Calls about feeds.

use serde::{Deserialize, Serialize};

use crate::bigcommerce::ids::{ClientId, PanelUser};
use crate::bindings::Bindings;
use crate::error::{Error, Result};
use crate::ordergroove::hosts::Environment;
use crate::secret::Secret;
use crate::sftp::Destination;
use crate::store::destination::{Unready, destination};
use crate::store::feed_settings::{Channel, FeedKind, FeedSettings};
use crate::store::settings::{SSH_PORT, Settings, SftpSettings};

/// Asks for what is needed to send a feed. Only the app's own objects may.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadFeedSetup {}

/// What is needed to send a feed, as it is set now.
#[derive(Debug, Serialize, Deserialize)]
pub struct FeedSetup {
    /// Decides the defaults.
    pub environment: Environment,
    /// Without secrets.
    pub settings: Settings,
    /// The origin of the default storefront; empty when not known.
    pub storefront: String,
    /// BigCommerce's id of its channel.
    pub storefront_channel: Option<u64>,
    /// For the SFTP server.
    pub password: Option<Secret>,
    /// For the SFTP server.
    pub private_key: Option<Secret>,
    /// For Ordergroove's REST API.
    pub api_key: Option<Secret>,
}

impl FeedSetup {
    /// When, and how.
    pub fn feeds(&self) -> &FeedSettings {
        &self.settings.feeds
    }

    /// The fields of the settings that are missing before a feed can be sent.
    pub fn missing(&self) -> Vec<&'static str> {
        let Settings { ordergroove, sftp, .. } = &self.settings;
        let of_channel = match self.feeds().channel {
            Channel::Sftp => vec![
                (sftp.username.is_empty(), "sftp.username"),
                (self.password.is_none() && self.private_key.is_none(), "sftp.password"),
                (sftp.host_key.is_empty(), "sftp.host_key"),
            ],
            Channel::Rest => vec![(self.api_key.is_none(), "ordergroove.api_key")],
        };
        let all = std::iter::once((ordergroove.merchant_id.is_empty(), "ordergroove.merchant_id")).chain(of_channel);
        all.filter_map(|(is_missing, field)| is_missing.then_some(field)).collect()
    }

    /// What the file is called.
    pub fn file(&self, feed: FeedKind) -> String {
        let name = match feed {
            FeedKind::Products => "Products",
            FeedKind::Categories => "Categories",
        };
        format!("{}.{name}.xml", self.settings.ordergroove.merchant_id)
    }

    /// Where a feed goes, without secrets.
    pub fn address(&self, feed: FeedKind) -> String {
        match self.feeds().channel {
            Channel::Sftp => {
                let SftpSettings { host, port, username, directory, .. } = self.settings.sftp(self.environment);
                let (port, directory) = (port.unwrap_or(SSH_PORT), directory.trim_end_matches('/'));
                format!("sftp://{username}@{host}:{port}{directory}/{}", self.file(feed))
            }
            Channel::Rest => format!("{}/products-batch/", self.rest_url().trim_end_matches('/')),
        }
    }

    /// Ordergroove's REST address.
    pub fn rest_url(&self) -> &str {
        self.settings.rest_url(self.environment)
    }

    /// The SFTP server.
    pub fn destination(&self, bindings: &Bindings) -> std::result::Result<Destination, Unready> {
        let secrets = (self.password.clone(), self.private_key.clone());
        destination(&self.settings.sftp(self.environment), secrets, bindings)
    }

    /// Refuses to begin what cannot end well.
    pub fn refuse_incomplete(&self) -> Result<()> {
        match self.missing()[..] {
            [] => Ok(()),
            ["sftp.host_key"] => Err(Error::Conflict {
                message: "Test the connection and confirm the server's fingerprint first.".to_owned(),
            }),
            _ => Err(Error::Conflict {
                message: "Feeds are not set up yet: see what is missing in the settings.".to_owned(),
            }),
        }
    }
}

/// Says when feeds are sent by themselves.
#[derive(Debug, Serialize, Deserialize)]
pub struct PlanFeeds {
    /// The app.
    pub client_id: ClientId,
    /// Five fields of cron.
    pub schedule: String,
    /// An IANA name.
    pub time_zone: String,
}

/// Asks for the schedule, the destination and the last runs.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadFeeds {}

/// Has a feed built and sent now.
#[derive(Debug, Serialize, Deserialize)]
pub struct StartFeed {
    /// Who asks.
    pub user: PanelUser,
    /// Even if nothing changed since the last one.
    pub send_unchanged: bool,
}

/// Reads a run.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadFeed {
    /// Its number.
    pub id: i64,
}

/// Says what becomes of a run.
#[derive(Debug, Serialize, Deserialize)]
pub struct DecideFeed {
    /// Its number.
    pub id: i64,
    /// Who says it.
    pub user: PanelUser,
    /// What.
    pub decision: Decision,
}

/// What somebody can say of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// Stop it, or do not send what was held.
    Cancel,
    /// Send what was held.
    Confirm,
    /// Once more, after it failed.
    Retry,
}

/// Reads what was left out of a run's feed.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadLeftOut {
    /// The run's number.
    pub id: i64,
    /// The last entry before the page.
    pub after: i64,
}

/// Reads what a run's feed changes.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadFeedDifference {
    /// The run's number.
    pub id: i64,
    /// The last product before the page.
    pub after: i64,
}
