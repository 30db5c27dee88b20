//! Builds the file, some products or categories a step. A chunk, what it changes and the cursor behind it are one transaction.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::runs::Next;
use super::{FeedRun, State};
use crate::catalog::frequency::Period;
use crate::error::{Error, Result};
use crate::feeds::{Item, LeftOut, Price, product_xml};
use crate::platform::sql::Value;
use crate::platform::{clock, gzip};
use crate::store::catalog::catalog_do::Catalog;
use crate::store::catalog::product_rows::sql_id;
use crate::store::catalog::products::{IN_FORCE, ProductRow, ROW};
use crate::store::catalog::sale::{Sale, SoldVariant};
use crate::store::feed_settings::FeedKind;

/// Products or categories of a step.
pub(super) const STEP: i64 = 200;

/// Bytes of a chunk before it is compressed, but for its last product.
pub(super) const CHUNK: usize = 512 * 1024;

/// Entries that are listed of what was left out; all are counted.
const MOST_LISTED: i64 = 10_000;

/// A product as a feed sees it.
pub(super) struct Row {
    product: ProductRow,
    sold: Option<Sold>,
}

/// The rest of it, kept from those who show a page of products.
#[derive(Deserialize)]
struct Sold {
    id: u64,
    sale: Option<String>,
    faulty: i64,
}

/// What a step makes.
#[derive(Default)]
pub(super) struct Chunk {
    pub(super) xml: Vec<u8>,
    /// Products, or categories.
    pub(super) products: i64,
    pub(super) items: i64,
    /// `[product, variant, name, sku, reason]`, or of a category with null for a variant.
    pub(super) left_out: Vec<serde_json::Value>,
    /// `[product, kind, digest]`.
    pub(super) changes: Vec<(i64, &'static str, String)>,
    /// The last product that was looked at.
    pub(super) cursor: i64,
    pub(super) done: i64,
    pub(super) is_last: bool,
    /// For the category feed: `[product, variants in the file]`.
    pub(super) fed: Vec<serde_json::Value>,
    /// Of a category that is not whole yet: see [`FeedRun`].
    pub(super) within: i64,
    pub(super) so_far: String,
}

impl Catalog {
    pub(super) async fn build_feed(&self, run: &FeedRun) -> Result<Next> {
        let chunk = match run.feed {
            FeedKind::Products => self.next_chunk(run)?,
            FeedKind::Categories => self.next_categories(run)?,
        };
        let bytes = i64::try_from(chunk.xml.len()).map_err(Error::internal)?;
        let packed = if chunk.xml.is_empty() { None } else { Some(gzip::pack(&chunk.xml).await?) };
        self.commit_feed(run, |run| {
            if let Some(packed) = &packed {
                self.database.run(
                    "INSERT INTO feed_chunks (run, number, bytes) VALUES (?, ?, ?)",
                    vec![run.id.into(), run.chunks.into(), packed.clone().into()],
                )?;
                run.chunks += 1;
                run.bytes += bytes;
            }
            self.keep_changes(run.id, &chunk.changes)?;
            if run.left_out < MOST_LISTED && !chunk.left_out.is_empty() {
                self.keep_left_out(run.id, &chunk.left_out)?;
            }
            if run.is_followed {
                let until = if chunk.is_last { i64::MAX } else { chunk.cursor };
                self.keep_members(run.cursor, until, &chunk.fed)?;
            }
            let counted = |kind: &str| i64::try_from(chunk.changes.iter().filter(|change| change.1 == kind).count());
            run.added += counted("added").unwrap_or(0);
            run.changed += counted("changed").unwrap_or(0);
            run.removed += counted("removed").unwrap_or(0);
            run.products += chunk.products;
            run.items += chunk.items;
            run.left_out += i64::try_from(chunk.left_out.len()).unwrap_or(i64::MAX);
            run.cursor = chunk.cursor;
            run.within = chunk.within;
            chunk.so_far.clone_into(&mut run.so_far);
            run.stage_done += chunk.done;
            run.stage_total = run.stage_total.max(run.stage_done);
            if chunk.is_last {
                run.state = State::Checking;
                run.stage_done = 0;
                run.stage_total = run.bytes;
            }
            Ok(())
        })?;
        Ok(Next::At(clock::now()))
    }

    fn next_chunk(&self, run: &FeedRun) -> Result<Chunk> {
        let rows = self.feed_rows("p.id > ? ORDER BY p.id LIMIT ?", || vec![run.cursor.into(), STEP.into()])?;
        let mut chunk =
            Chunk { is_last: i64::try_from(rows.len()).map_err(Error::internal)? < STEP, ..Chunk::default() };
        if run.chunks == 0 {
            chunk.xml.extend_from_slice(product_xml::HEAD.as_bytes());
        }
        let mut built = BTreeMap::new();
        for row in &rows {
            if chunk.xml.len() > CHUNK {
                chunk.is_last = false;
                break;
            }
            chunk.cursor = sql_id(row.product.id).ok_or_else(|| Error::internal("an id too large"))?;
            chunk.done += 1;
            let begun = chunk.xml.len();
            let fed = row.write(&run.storefront, &mut chunk);
            if run.is_followed {
                chunk.fed.push(json!([chunk.cursor, json!(fed).to_string()]));
            }
            if chunk.xml.len() > begun {
                chunk.products += 1;
                built.insert(chunk.cursor, digest(&chunk.xml[begun..]));
            }
        }
        if chunk.is_last {
            chunk.xml.extend_from_slice(product_xml::TAIL.as_bytes());
        }
        // The last step covers whatever had a higher number before.
        let until = if chunk.is_last { i64::MAX } else { chunk.cursor };
        let accepted = self.accepted(&run.destination, run.cursor, until)?;
        chunk.changes = changes(&built, &accepted);
        Ok(chunk)
    }

    /// The products that `chosen` holds for, by id.
    pub(super) fn feed_rows(&self, chosen: &str, values: impl Fn() -> Vec<Value>) -> Result<Vec<Row>> {
        let products: Vec<ProductRow> = self
            .database
            .rows(&format!("SELECT {ROW} FROM {IN_FORCE} WHERE p.gone_at IS NULL AND {chosen}"), values())?;
        let sold: Vec<Sold> = self.database.rows(
            &format!(
                "SELECT p.id, p.sale, coalesce(c.faulty, 0) AS faulty FROM {IN_FORCE} WHERE p.gone_at IS NULL AND {chosen}"
            ),
            values(),
        )?;
        let mut sold = sold.into_iter().peekable();
        let row = |product: ProductRow| Row { sold: sold.next_if(|sold| sold.id == product.id), product };
        Ok(products.into_iter().map(row).collect())
    }

    pub(super) fn keep_left_out(&self, run: i64, rows: &[serde_json::Value]) -> Result<()> {
        self.database.run(
            "INSERT INTO feed_left_out (run, product_id, variant_id, name, sku, reason)
             SELECT ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?)",
            vec![run.into(), json!(rows).to_string().into()],
        )
    }
}

impl Row {
    /// Writes each variant that can be written, and gives their ids.
    fn write(&self, storefront: &str, chunk: &mut Chunk) -> Vec<u64> {
        let mut written = Vec::new();
        let Some(sale) = self.sale() else {
            let reason = "BigCommerce gave no variant of it. It is read again with the next feed.";
            self.leave_out(None, reason, chunk);
            return written;
        };
        let default = self.default_frequency();
        for variant in &sale.variants {
            let item = self.item(&sale, variant, default, storefront);
            match item.and_then(|item| product_xml::write(&item, &mut chunk.xml)) {
                Ok(()) => {
                    chunk.items += 1;
                    written.push(variant.id);
                }
                Err(left_out) => self.leave_out(Some(variant), left_out.message(), chunk),
            }
        }
        written
    }

    /// The variants that Ordergroove's rules let through.
    pub(super) fn items(&self, storefront: &str) -> Vec<Item> {
        let Some(sale) = self.sale() else { return Vec::new() };
        let default = self.default_frequency();
        sale.variants.iter().filter_map(|variant| self.item(&sale, variant, default, storefront).ok()).collect()
    }

    pub(super) fn id(&self) -> u64 {
        self.product.id
    }

    fn sale(&self) -> Option<Sale> {
        let sale: Sale = serde_json::from_str(self.sold.as_ref()?.sale.as_deref()?).ok()?;
        (!sale.variants.is_empty()).then_some(sale)
    }

    fn leave_out(&self, variant: Option<&SoldVariant>, reason: &str, chunk: &mut Chunk) {
        let sku = variant.map_or(self.product.sku.as_str(), |variant| variant.sku.as_str());
        let name = match variant {
            Some(variant) if !variant.name.is_empty() => format!("{} ({})", self.product.name, variant.name),
            _ => self.product.name.clone(),
        };
        chunk.left_out.push(json!([self.product.id, variant.map(|variant| variant.id), name, sku, reason]));
    }

    fn item(
        &self,
        sale: &Sale,
        variant: &SoldVariant,
        every: Option<(u16, Period)>,
        storefront: &str,
    ) -> Result<Item, LeftOut> {
        let image = if variant.image.is_empty() { &sale.image } else { &variant.image };
        let discontinued = self.product.is_discontinued();
        Ok(Item {
            product_id: self.product.id,
            variant_id: variant.id,
            name: self.product.name.clone(),
            variant_name: variant.name.clone(),
            sku: variant.sku.clone(),
            price: Price::read(&variant.price)?,
            details_url: format!("{storefront}{}", sale.path),
            image_url: Some(image.clone()).filter(|image| !image.is_empty()),
            in_stock: variant.in_stock && !discontinued,
            eligible: self.is_eligible() && !discontinued,
            discontinued,
            every,
        })
    }

    fn is_eligible(&self) -> bool {
        self.product.is_eligible() && self.sold.as_ref().is_some_and(|sold| sold.faulty == 0)
    }

    /// What is chosen when the product's page opens; none if that is a single purchase.
    fn default_frequency(&self) -> Option<(u16, Period)> {
        if !self.is_eligible() {
            return None;
        }
        let modifier = self.product.modifier();
        let options = self.product.options(modifier.as_ref());
        let default = options.iter().find(|option| option.3)?;
        Some((u16::try_from(default.1).ok()?, Period::from_number(default.2)?)).filter(|(every, _)| *every > 0)
    }
}

/// Enough of a hash to see whether a product's entries are others.
pub(super) fn digest(xml: &[u8]) -> String {
    hex(&Sha256::digest(xml)[..8])
}

/// Bytes as people write them.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What is different from what was accepted.
pub(super) fn changes(
    built: &BTreeMap<i64, String>,
    accepted: &BTreeMap<i64, String>,
) -> Vec<(i64, &'static str, String)> {
    let here = built.iter().filter_map(|(id, digest)| match accepted.get(id) {
        None => Some((*id, "added", digest.clone())),
        Some(before) if before != digest => Some((*id, "changed", digest.clone())),
        Some(_) => None,
    });
    let gone = accepted.keys().filter(|id| !built.contains_key(id)).map(|id| (*id, "removed", String::new()));
    here.chain(gone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_is_added_changed_removed_or_the_same() {
        let of = |pairs: &[(i64, &str)]| pairs.iter().map(|(id, digest)| (*id, (*digest).to_owned())).collect();
        let built: BTreeMap<i64, String> = of(&[(1, "a"), (2, "b"), (3, "c")]);
        let accepted: BTreeMap<i64, String> = of(&[(1, "a"), (2, "x"), (9, "z")]);
        assert_eq!(
            changes(&built, &accepted),
            [(2, "changed", "b".to_owned()), (3, "added", "c".to_owned()), (9, "removed", String::new())]
        );
        assert_eq!(changes(&built, &built), []);
    }
}
