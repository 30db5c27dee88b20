//! Feeds: what Ordergroove is told of the catalogue, and when. Pure.
//!
//! Promises: whatever a merchant has written, a feed is well-formed XML in ASCII and keeps the rules of Ordergroove's
//! "Product feed". A product that cannot keep them is left out with a sentence that says what to do, and nothing of
//! it is written.

mod ascii;
pub mod category_xml;
mod entry;
mod item;
mod left_out;
mod price;
pub mod product_json;
pub mod product_xml;
pub mod schedule;
#[cfg(test)]
mod tests;
mod text;

pub use item::Item;
pub use left_out::LeftOut;
pub use price::Price;
