//! What the app remembers, and who may change it.
//!
//! Three kinds of Durable Object hold the truth; KV holds a sealed copy of each app for reading at
//! the edge. Callers speak to an object through [`call`] with the typed calls in [`calls`].

pub mod audit;
pub mod calls;
pub mod catalog;
pub mod destination;
pub mod edge_record;
pub mod feed_settings;
pub mod registry_do;
pub mod seal;
pub mod sessions;
pub mod settings;
pub mod store_do;

mod alarm;
mod connections;
mod events;
mod feed_plan;
mod field_rules;
mod inbox;
mod install;
mod jobs;
mod keep_hooks;
mod kv_copy;
mod load;
mod object;
mod overview;
mod register;
mod rows;
mod settings_rows;
mod uninstall;
mod wake_cron;

pub use catalog::CatalogObject;
pub use object::{Stream, call, download, upload};
pub use registry_do::RegistryObject;
pub use store_do::StoreObject;
pub use wake_cron::wake_overdue;
