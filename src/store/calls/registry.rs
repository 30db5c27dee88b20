//! Calls to the registry: the list of apps, who is a store's active one, and when each has work to do.

use serde::{Deserialize, Serialize};

use crate::bigcommerce::ids::{ClientId, StoreHash};
use crate::ordergroove::hosts::Environment;

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
