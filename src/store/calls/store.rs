//! Calls to an app's StoreObject: registering, installing, the console's sessions and settings, events.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::bigcommerce::ids::{ClientId, PanelUser, StoreHash};
use crate::bigcommerce::webhook::Event;
use crate::error::Party;
use crate::ordergroove::hosts::Environment;
use crate::secret::Secret;
use crate::store::audit::Action;

/// Registers an app, or gives a registered one a new client secret.
#[derive(Debug, Serialize, Deserialize)]
pub struct Register {
    /// The app.
    pub client_id: ClientId,
    /// Its secret in BigCommerce's developer tools.
    pub client_secret: Secret,
    /// For good.
    pub environment: Environment,
}

/// The answer to [`Register`].
#[derive(Debug, Serialize, Deserialize)]
pub struct Registered {
    /// False when the app was there already.
    pub is_new: bool,
}

/// Asks what the operator may know of an app.
#[derive(Debug, Serialize, Deserialize)]
pub struct Describe {}

/// The answer to [`Describe`].
#[derive(Debug, Serialize, Deserialize)]
pub struct AppDescription {
    /// The app.
    pub client_id: ClientId,
    /// Its environment.
    pub environment: Environment,
    /// `registered`, `installed` or `uninstalled`.
    pub state: String,
    /// The store it belongs to.
    pub store_hash: Option<StoreHash>,
    /// Whether it is the store's active app.
    pub active: bool,
    /// Until when the client secret before this one is taken, Unix seconds.
    pub previous_secret_until: Option<i64>,
    /// Whether the copy at the edge is older than the truth.
    pub kv_behind: bool,
}

/// Removes an app with all it holds.
#[derive(Debug, Serialize, Deserialize)]
pub struct Remove {
    /// Also when it is installed.
    pub force: bool,
}

/// Reads the app as the edge sees it. Creates nothing for an id that was never registered.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadEdge {}

/// The auth callback.
#[derive(Debug, Serialize, Deserialize)]
pub struct Install {
    /// One-time code.
    pub code: Secret,
    /// `stores/{hash}`, not yet believed.
    pub context: String,
    /// Scopes as the browser brought them.
    pub scope: String,
}

/// The load callback.
#[derive(Debug, Serialize, Deserialize)]
pub struct Load {
    /// `signed_payload_jwt`.
    pub token: Secret,
}

/// A console was opened.
#[derive(Debug, Serialize, Deserialize)]
pub struct Opened {
    /// The session's token; its hash is all that is kept.
    pub session_token: Secret,
    /// What its page is made with.
    pub page: ConsolePage,
}

/// What the console's page is made with.
#[derive(Debug, Serialize, Deserialize)]
pub struct ConsolePage {
    /// May frame the page, beside BigCommerce's own hosts.
    pub control_panel: String,
    /// The page of the console to open first.
    pub path: String,
}

/// The uninstall callback.
#[derive(Debug, Serialize, Deserialize)]
pub struct Uninstall {
    /// `signed_payload_jwt`.
    pub token: Secret,
}

/// The remove-user callback.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemoveUser {
    /// `signed_payload_jwt`.
    pub token: Secret,
}

/// Reads what is done, missing or in need of attention, for the holder of a session.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadOverview {
    /// The session.
    pub session_token: Secret,
}

/// Reads the settings for the holder of a session.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadSettings {
    /// The session.
    pub session_token: Secret,
}

/// Changes the settings for the holder of a session.
#[derive(Debug, Serialize, Deserialize)]
pub struct PatchSettings {
    /// The session.
    pub session_token: Secret,
    /// JSON as the console sent it; it holds secrets.
    pub patch: Secret,
    /// `If-Match` as sent: the versions the change may be made to.
    pub if_match: Option<String>,
}

/// The settings as the console reads them.
#[derive(Debug, Serialize, Deserialize)]
pub struct VersionedSettings {
    /// Counts changes.
    pub version: i64,
    /// Without secrets.
    pub settings: Value,
}

/// Tries out a connection with the saved settings, for the holder of a session.
#[derive(Debug, Serialize, Deserialize)]
pub struct TestConnection {
    /// The session.
    pub session_token: Secret,
    /// With whom.
    pub party: Party,
}

/// Reads a page of the audit log for the holder of a session.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadAudit {
    /// The session.
    pub session_token: Secret,
    /// Entries older than this one.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

/// Writes into the audit log what somebody is about to do in the app's other object.
#[derive(Debug, Serialize, Deserialize)]
pub struct NoteDone {
    /// Who.
    pub user: PanelUser,
    /// What.
    pub action: Action,
    /// To which feed, and when that began; or to which product, and its name.
    pub about: Option<(i64, String)>,
}

/// Asks about a session, and keeps it alive.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadSession {
    /// The session.
    pub session_token: Secret,
}

/// Ends a session.
#[derive(Debug, Serialize, Deserialize)]
pub struct EndSession {
    /// The session.
    pub session_token: Secret,
}

/// Asks for what is needed to call BigCommerce. Only the app's own objects may.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadAccess {}

/// What is needed to call BigCommerce.
#[derive(Debug, Serialize, Deserialize)]
pub struct Access {
    /// The store.
    pub store_hash: StoreHash,
    /// Its token.
    pub access_token: Secret,
    /// The origin of the store's control panel; empty when not known.
    pub control_panel: String,
}

/// Tells an app's StoreObject what happened at its store; answered when it is written down.
#[derive(Debug, Serialize, Deserialize)]
pub struct TakeEvent {
    /// What happened.
    pub event: Event,
}

/// Asks an object to look for unfinished work.
#[derive(Debug, Serialize, Deserialize)]
pub struct Wake {}

/// Panics in the middle of a change, for the tests.
#[cfg(feature = "test-hooks")]
#[derive(Debug, Serialize, Deserialize)]
pub struct Panic {}
