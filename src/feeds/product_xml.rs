//! The product feed, `<MERCHANT_ID>.Products.xml` (Ordergroove, "Product feed").

use std::io::Write as _;

use super::entry::Entry;
use super::{Item, LeftOut, text};

/// What a feed begins with.
pub const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<products>\n";
/// What it ends with.
pub const TAIL: &str = "</products>\n";

/// Appends an item. Nothing is written of one that is left out.
pub fn write(item: &Item, xml: &mut Vec<u8>) -> Result<(), LeftOut> {
    let entry = Entry::of(item)?;
    xml.extend_from_slice(b"<product><name>");
    text::push_cdata(&entry.name, xml);
    push(xml, format_args!("</name><product_id>{}</product_id><sku>", entry.id));
    text::push(&entry.sku, xml);
    push(xml, format_args!("</sku><price>{}</price><details_url>", entry.price));
    text::push(&entry.details_url, xml);
    xml.extend_from_slice(b"</details_url><image_url>");
    text::push(&entry.image_url, xml);
    push(xml, format_args!("</image_url><autoship_eligible>{}</autoship_eligible>", u8::from(entry.eligible)));
    push(xml, format_args!("<in_stock>{}</in_stock>", u8::from(entry.in_stock)));
    push_optional(&entry, xml);
    xml.extend_from_slice(b"</product>\n");
    Ok(())
}

/// Empty elements would be checked and fail, so one without a value is left out.
fn push_optional(entry: &Entry<'_>, xml: &mut Vec<u8>) {
    if entry.discontinued {
        xml.extend_from_slice(b"<discontinued>1</discontinued>");
    }
    if let Some((every, period)) = entry.every {
        push(xml, format_args!("<every>{every}</every><every_period>{}</every_period>", period.number()));
    }
    if let Some(variant_name) = &entry.variant_name {
        xml.extend_from_slice(b"<extra_data><field key=\"variant_name\">");
        text::push_cdata(variant_name, xml);
        xml.extend_from_slice(b"</field></extra_data>");
    }
}

fn push(xml: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    xml.write_fmt(text).unwrap_or_else(|_| unreachable!("memory takes all"));
}
