//! A product as Ordergroove's product batches take it (Ordergroove, "Bulk operations").

use serde_json::{Map, Value, json};

use super::entry::Entry;
use super::{Item, LeftOut};

/// The same rules and the same values as in the feed, under other names.
pub fn value(item: &Item) -> Result<Value, LeftOut> {
    let entry = Entry::of(item)?;
    let mut product = Map::new();
    let mut put = |name: &str, value: Value| drop(product.insert(name.to_owned(), value));
    put("product_id", entry.id.to_string().into());
    put("name", entry.name.into());
    put("sku", entry.sku.into());
    put("price", entry.price.number().into());
    put("detail_url", entry.details_url.into());
    put("image_url", entry.image_url.into());
    put("autoship_enabled", entry.eligible.into());
    put("live", entry.in_stock.into());
    if entry.discontinued {
        put("discontinued", true.into());
    }
    if let Some((every, period)) = entry.every {
        put("every", every.into());
        put("every_period", period.number().into());
    }
    if let Some(variant_name) = entry.variant_name {
        // JSON within JSON: so the field is defined.
        put("extra_data", json!({ "variant_name": variant_name }).to_string().into());
    }
    Ok(Value::Object(product))
}
