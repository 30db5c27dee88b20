//! What callers may ask of an object: one struct a call, with the type of its answer.
//!
//! Calls travel as JSON inside the deployment and are never stored, so their form may change freely
//! between two versions of the Worker that are never both in one request.

use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

mod feeds;

pub use feeds::{
    DecideFeed, Decision, FeedSetup, PlanFeeds, ReadFeed, ReadFeedDifference, ReadFeedSetup, ReadFeeds, ReadLeftOut,
    StartFeed,
};

use crate::bigcommerce::ids::{ClientId, PanelUser, StoreHash};
use crate::bigcommerce::webhook::Event;
use crate::error::Party;
use crate::ordergroove::hosts::Environment;
use crate::secret::Secret;
use crate::store::audit::{Action, AuditPage};
use crate::store::catalog::{
    ChangeView, ChangesPage, DifferencePage, ExportView, FaultsPage, FeedDifferencePage, FeedRunView, FeedsView,
    LeftOutPage, ProductView, ProductsPage, ProductsPatch, ProductsQuery, SyncView, Wanted,
};
use crate::store::connections::ConnectionTest;
use crate::store::edge_record::EdgeRecord;
use crate::store::inbox::Inbox;
use crate::store::overview::{Check, Overview};
use crate::store::sessions::Session;

/// A call to an object whose calls are `Self::Object`.
pub trait Call: Into<Self::Object> {
    /// The enum of all calls of the object.
    type Object: Serialize;
    /// What the object answers.
    type Answer: DeserializeOwned + Serialize;
    /// The object's binding.
    const BINDING: &'static str;
}

/// An answer that is shown as it is: whoever passes it on has no need to read it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent, bound = "")]
pub struct Shown<T> {
    json: Value,
    #[serde(skip)]
    of: PhantomData<T>,
}

impl Shown<FeedRunView> {
    /// The name of the file, if there is one to download.
    pub fn file(&self) -> Option<&str> {
        self.json["file"].as_str().filter(|_| self.json["has_file"] == true)
    }
}

impl Shown<Overview> {
    /// Adds what another object has to say.
    pub fn add(&mut self, more: Shown<Vec<Check>>) {
        if let (Some(checks), Value::Array(more)) = (self.json["checks"].as_array_mut(), more.json) {
            checks.extend(more);
        }
    }
}

macro_rules! calls {
    ($(#[$doc:meta])* $object:ident at $binding:path { $($(#[$attribute:meta])* $name:ident -> $answer:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Serialize, Deserialize)]
        pub enum $object { $($(#[$attribute])* #[doc = concat!("See [`", stringify!($name), "`].")] $name($name),)* }
        $(
            $(#[$attribute])*
            impl From<$name> for $object {
                fn from(call: $name) -> Self { Self::$name(call) }
            }
            $(#[$attribute])*
            impl Call for $name {
                type Object = $object;
                type Answer = $answer;
                const BINDING: &'static str = $binding;
            }
        )*
    };
}

calls! {
    /// Calls to the [`StoreObject`](crate::store::StoreObject) of one app.
    StoreCall at crate::bindings::STORE {
        Register -> Registered,
        Describe -> AppDescription,
        Remove -> (),
        ReadEdge -> EdgeRecord,
        Install -> Opened,
        Load -> Opened,
        Uninstall -> (),
        RemoveUser -> (),
        ReadOverview -> Shown<Overview>,
        ReadSettings -> VersionedSettings,
        PatchSettings -> VersionedSettings,
        TestConnection -> Shown<ConnectionTest>,
        ReadAudit -> Shown<AuditPage>,
        ReadSession -> Session,
        EndSession -> (),
        ReadAccess -> Access,
        ReadFeedSetup -> FeedSetup,
        NoteDone -> (),
        TakeEvent -> (),
        Wake -> (),
        #[cfg(feature = "test-hooks")]
        Panic -> (),
    }
}

calls! {
    /// Calls to the one [`RegistryObject`](crate::store::RegistryObject).
    RegistryCall at crate::bindings::REGISTRY {
        NoteApp -> (),
        ForgetApp -> (),
        ListApps -> Vec<ListedApp>,
        ClaimStore -> bool,
        ReleaseStore -> (),
        NoteDue -> (),
        Overdue -> Vec<Late>,
    }
}

calls! {
    /// Calls to the [`CatalogObject`](crate::store::CatalogObject) of one app.
    CatalogCall at crate::bindings::CATALOG {
        StartSync -> Shown<SyncView>,
        ReadSync -> Shown<SyncView>,
        CancelSync -> Shown<SyncView>,
        CheckCatalog -> Shown<Vec<Check>>,
        ReadProducts -> Shown<ProductsPage>,
        PatchProducts -> Shown<Vec<ProductView>>,
        MarkDiscontinued -> (),
        TakeProductEvent -> (),
        ReadInbox -> Inbox,
        BeginImport -> i64,
        BeginChange -> Shown<ChangeView>,
        ListChanges -> Shown<ChangesPage>,
        ReadChange -> Shown<ChangeView>,
        ReadFaults -> Shown<FaultsPage>,
        ReadDifference -> Shown<DifferencePage>,
        ApplyChange -> ChangeView,
        UndoChange -> Shown<ChangeView>,
        DiscardChange -> (),
        BeginExport -> Shown<ExportView>,
        ListExports -> Shown<Vec<ExportView>>,
        ReadExport -> ExportView,
        DeleteExport -> (),
        PlanFeeds -> (),
        ReadFeeds -> Shown<FeedsView>,
        StartFeed -> Shown<FeedRunView>,
        ReadFeed -> Shown<FeedRunView>,
        DecideFeed -> Shown<FeedRunView>,
        ReadLeftOut -> Shown<LeftOutPage>,
        ReadFeedDifference -> Shown<FeedDifferencePage>,
        WakeCatalog -> (),
        EraseCatalog -> (),
    }
}

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

/// Tells an app's CatalogObject what happened to a product; answered when it is written down.
#[derive(Debug, Serialize, Deserialize)]
pub struct TakeProductEvent {
    /// What happened.
    pub event: Event,
}

/// Asks how the events of products stand.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadInbox {}

/// Asks an object to look for unfinished work.
#[derive(Debug, Serialize, Deserialize)]
pub struct Wake {}

/// Asks a catalogue to look for unfinished work.
#[derive(Debug, Serialize, Deserialize)]
pub struct WakeCatalog {}

/// Has the whole catalogue read; a sync that runs goes on.
#[derive(Debug, Serialize, Deserialize)]
pub struct StartSync {
    /// The app.
    pub client_id: ClientId,
}

/// Asks how far the reading of the catalogue is.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadSync {}

/// Stops the reading of the catalogue; what was read stays.
#[derive(Debug, Serialize, Deserialize)]
pub struct CancelSync {}

/// Asks for the overview's checks of the products and the feeds.
#[derive(Debug, Serialize, Deserialize)]
pub struct CheckCatalog {}

/// Reads a page of the products.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadProducts {
    /// What is looked for, in which order.
    pub query: ProductsQuery,
}

/// Changes how products can be subscribed to: all of these or none.
#[derive(Debug, Serialize, Deserialize)]
pub struct PatchProducts {
    /// Who does.
    pub user: PanelUser,
    /// What to.
    pub patch: ProductsPatch,
}

/// Says whether a product is discontinued: its subscriptions end with the next feed.
#[derive(Debug, Serialize, Deserialize)]
pub struct MarkDiscontinued {
    /// Who says it.
    pub user: PanelUser,
    /// The product.
    pub product_id: i64,
    /// Whether it is.
    pub discontinued: bool,
}

/// Panics in the middle of a change, for the tests.
#[cfg(feature = "test-hooks")]
#[derive(Debug, Serialize, Deserialize)]
pub struct Panic {}

/// Puts an app on the list.
#[derive(Debug, Serialize, Deserialize)]
pub struct NoteApp {
    /// The app.
    pub client_id: ClientId,
    /// Its environment.
    pub environment: Environment,
}

/// Takes an app off the list.
#[derive(Debug, Serialize, Deserialize)]
pub struct ForgetApp {
    /// The app.
    pub client_id: ClientId,
}

/// Asks for the list of apps.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListApps {}

/// One app of the list.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListedApp {
    /// The app.
    pub client_id: ClientId,
    /// Its environment.
    pub environment: Environment,
    /// Unix seconds.
    pub registered_at: i64,
}

/// Asks to be a store's active app; answers whether it is.
#[derive(Debug, Serialize, Deserialize)]
pub struct ClaimStore {
    /// The app.
    pub client_id: ClientId,
    /// The store.
    pub store_hash: StoreHash,
}

/// Gives up being a store's active app.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReleaseStore {
    /// The app.
    pub client_id: ClientId,
}

/// Says when an app has work to do next, so that cron wakes it should its alarm be lost.
#[derive(Debug, Serialize, Deserialize)]
pub struct NoteDue {
    /// The app.
    pub client_id: ClientId,
    /// Which of its objects.
    pub object: AppObject,
    /// Unix seconds; `None` when nothing is left.
    pub at: Option<i64>,
}

/// The objects of an app that have work of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AppObject {
    /// [`StoreObject`](crate::store::StoreObject).
    Store,
    /// [`CatalogObject`](crate::store::CatalogObject).
    Catalog,
}

impl AppObject {
    /// Its name in the registry's table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Store => "store",
            Self::Catalog => "catalog",
        }
    }
}

/// An object whose work is late.
#[derive(Debug, Serialize, Deserialize)]
pub struct Late {
    /// The app.
    pub client_id: ClientId,
    /// Which of its objects.
    pub object: AppObject,
}

/// Asks for apps whose work is late.
#[derive(Debug, Serialize, Deserialize)]
pub struct Overdue {}

/// Erases everything an app's catalogue holds.
#[derive(Debug, Serialize, Deserialize)]
pub struct EraseCatalog {}

/// Makes room for a file of products; the file itself follows as a stream.
#[derive(Debug, Serialize, Deserialize)]
pub struct BeginImport {
    /// Who asks.
    pub user: PanelUser,
    /// What the file is called.
    pub file_name: String,
    /// Its size, if that is known.
    pub file_bytes: Option<u64>,
}

/// Begins to check a change of many products by a rule.
#[derive(Debug, Serialize, Deserialize)]
pub struct BeginChange {
    /// Who asks.
    pub user: PanelUser,
    /// What of which products.
    pub wanted: Wanted,
}

/// Reads a page of changes, the newest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListChanges {
    /// Older than this one.
    pub before: Option<i64>,
}

/// Reads a change.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadChange {
    /// Its number.
    pub id: i64,
}

/// Reads a page of a change's faults.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadFaults {
    /// Its number.
    pub id: i64,
    /// Faults before the page.
    pub after: u64,
}

/// Reads a page of what a change makes different.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadDifference {
    /// Its number.
    pub id: i64,
    /// The last product before the page.
    pub after: i64,
}

/// Puts a change in force.
#[derive(Debug, Serialize, Deserialize)]
pub struct ApplyChange {
    /// Its number.
    pub id: i64,
}

/// Takes a change back.
#[derive(Debug, Serialize, Deserialize)]
pub struct UndoChange {
    /// Its number.
    pub id: i64,
}

/// Throws away a change that is not in force.
#[derive(Debug, Serialize, Deserialize)]
pub struct DiscardChange {
    /// Its number.
    pub id: i64,
}

/// Begins to write all products as a file.
#[derive(Debug, Serialize, Deserialize)]
pub struct BeginExport {
    /// Who asks.
    pub user: PanelUser,
}

/// Reads the exports, the newest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListExports {}

/// Reads an export.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadExport {
    /// Its number.
    pub id: i64,
}

/// Deletes an export.
#[derive(Debug, Serialize, Deserialize)]
pub struct DeleteExport {
    /// Its number.
    pub id: i64,
}
