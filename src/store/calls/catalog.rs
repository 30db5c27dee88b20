//! Calls to an app's CatalogObject about the catalogue itself: reading it, its products, their events.

use serde::{Deserialize, Serialize};

use crate::bigcommerce::ids::{ClientId, PanelUser};
use crate::bigcommerce::webhook::Event;
use crate::store::catalog::{ProductsPatch, ProductsQuery};

/// Tells an app's CatalogObject what happened to a product; answered when it is written down.
#[derive(Debug, Serialize, Deserialize)]
pub struct TakeProductEvent {
    /// What happened.
    pub event: Event,
}

/// Asks how the events of products stand.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadInbox {}

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

/// Erases everything an app's catalogue holds.
#[derive(Debug, Serialize, Deserialize)]
pub struct EraseCatalog {}
