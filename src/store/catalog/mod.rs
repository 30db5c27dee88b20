//! The inside of a CatalogObject: what is known of a store's products, and how each can be subscribed to.
//!
//! `catalog_do` is the object, `reading` fills the table of products from BigCommerce, `products` shows it,
//! `plans` holds what the merchant decided, `changes` changes many products at once, `exports` writes files, `feeds` sends them to Ordergroove.

mod catalog_do;
mod changes;
mod check;
mod discontinued;
mod events;
mod exports;
mod feeds;
mod plans;
mod product_rows;
mod products;
mod reading;
mod sale;
mod sync;
mod tables;

pub use catalog_do::CatalogObject;
pub use changes::{ChangeView, ChangesPage, DifferencePage, FaultsPage, LONGEST_FILE, State as ChangeState, Wanted};
pub use exports::{ExportView, Progress as ExportProgress};
pub use feeds::{FeedDifferencePage, FeedRunView, FeedsView, LeftOutPage, SchedulePreview};
pub use plans::ProductsPatch;
pub use products::{MOST_A_PAGE, ProductView, ProductsPage, ProductsQuery, Show, Sort};
pub use sync::SyncView;
