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

/// Appends the beginning of a category. Nothing is written of one that is left out.
pub fn open(id: i64, name: &str, xml: &mut Vec<u8>) -> Result<(), LeftOut> {
    let name = text::ascii(name);
    if name.is_empty() {
        return Err(LeftOut::NoName);
    }
    xml.extend_from_slice(b"<category>");
    push("category_id", &id, xml);
    xml.extend_from_slice(b"<name>");
    text::push_cdata(text::cut(&name, LONGEST_NAME), xml);
    xml.extend_from_slice(b"</name>");
    Ok(())
}

/// Appends one of its products, by the id that the product feed has; the first opens the list.
pub fn push_product(id: ProductId, is_first: bool, xml: &mut Vec<u8>) {
    if is_first {
        xml.extend_from_slice(b"<products>");
    }
    push("product_id", &id, xml);
}

/// Appends the end of a category. Empty elements would be checked and fail, so one without products has no list.
pub fn close(has_products: bool, xml: &mut Vec<u8>) {
    if has_products {
        xml.extend_from_slice(b"</products>");
    }
    xml.extend_from_slice(b"</category>\n");
}

fn push(element: &str, value: &dyn Display, xml: &mut Vec<u8>) {
    write!(xml, "<{element}>{value}</{element}>").unwrap_or_else(|_| unreachable!("memory takes all"));
}
