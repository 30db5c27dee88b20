//! The inside of a CatalogObject: what is known of a store's products, and how each can be subscribed to.
//!
//! [`catalog_do`] is the object, [`reading`] fills the table of products from BigCommerce, [`products`] shows it,
//! [`plans`] holds what the merchant decided.

mod catalog_do;
mod check;
mod events;
mod plans;
mod product_rows;
mod products;
mod reading;
mod sync;
mod tables;

pub use catalog_do::CatalogObject;
pub use plans::ProductsPatch;
pub use products::{MOST_A_PAGE, ProductView, ProductsPage, ProductsQuery, Show, Sort};
pub use sync::SyncView;
