//! Stand-ins for `BigCommerce` and Ordergroove on one address of this machine.
//!
//! Neither platform can be run here, so these are strict where the documentation
//! says how the real ones behave: what would be refused is refused and kept in
//! [`Sandbox::refusals`]. `server.rs` says which host answers what; `/sandbox` on
//! the platforms' host is for people and for `make dev`, [`Sandbox`] for tests.

mod bigcommerce;
mod catalog;
mod control;
pub mod demo;
mod faults;
mod judge;
mod jwt;
mod model;
mod ordergroove;
mod pages;
mod panel;
mod record;
mod sandbox;
mod server;
mod sftp;
mod state;
mod storefront;
mod webhooks;

pub use catalog::{
    Adjuster, Availability, CatalogChange, Category, InventoryTracking, Modifier, OptionType, OptionValue, Product,
    ProductType, Variant, VariantOption, demo_catalog,
};
pub use faults::{Fault, FaultKind, Route};
pub use model::{
    Callbacks, Customer, JwtAlg, NewApp, NewMerchant, NewStore, SiteUrl, Subscription, ThemeSettings, UrlType, User,
};
pub use record::Recorded;
pub use sandbox::{Config, Sandbox};
pub use sftp::{SftpFault, SftpServer, SftpStep, SftpUser};
pub use webhooks::{Attempt, Delivery, Outcome, Webhook};
