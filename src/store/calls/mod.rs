//! What callers may ask of an object: one struct a call, with the type of its answer.
//!
//! Calls travel as JSON inside the deployment and are never stored, so their form may change freely
//! between two versions of the Worker that are never both in one request.

use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

mod catalog;
mod changes;
mod feeds;
mod registry;
mod store;

pub use catalog::*;
pub use changes::*;
pub use feeds::*;
pub use registry::*;
pub use store::*;

use crate::store::audit::AuditPage;
use crate::store::catalog::{
    ChangeView, ChangesPage, DifferencePage, ExportView, FaultsPage, FeedDifferencePage, FeedRunView, FeedsView,
    LeftOutPage, ProductView, ProductsPage, SyncView,
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
