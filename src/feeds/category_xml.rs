//! The category feed, `<MERCHANT_ID>.Categories.xml`: a guess, and off unless the merchant turns it on.
//!
//! Ordergroove's guide for BigCommerce names this feed; no document shows its elements. The form here follows the
//! product feed's: a category has an id, a name and the ids of its products. Ask Ordergroove before turning it on.

use std::fmt::Display;
use std::io::Write as _;

use super::{LeftOut, text};
use crate::ordergroove::product_id::ProductId;

/// What a feed begins with.
pub const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<categories>\n";
/// What it ends with.
pub const TAIL: &str = "</categories>\n";

const LONGEST_NAME: usize = 1024;

/// A category of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// BigCommerce's id.
    pub id: u64,
    /// What shoppers read.
    pub name: String,
    /// The variants of the products in it.
    pub products: Vec<ProductId>,
}

/// Appends a category. Nothing is written of one that is left out.
pub fn write(category: &Category, xml: &mut Vec<u8>) -> Result<(), LeftOut> {
    let name = text::ascii(&category.name);
    if name.is_empty() {
        return Err(LeftOut::NoName);
    }
    xml.extend_from_slice(b"<category>");
    push("category_id", &category.id, xml);
    xml.extend_from_slice(b"<name>");
    text::push_cdata(text::cut(&name, LONGEST_NAME), xml);
    xml.extend_from_slice(b"</name>");
    if !category.products.is_empty() {
        xml.extend_from_slice(b"<products>");
        category.products.iter().for_each(|product| push("product_id", product, xml));
        xml.extend_from_slice(b"</products>");
    }
    xml.extend_from_slice(b"</category>\n");
    Ok(())
}

fn push(element: &str, value: &dyn Display, xml: &mut Vec<u8>) {
    write!(xml, "<{element}>{value}</{element}>").unwrap_or_else(|_| unreachable!("memory takes all"));
}
