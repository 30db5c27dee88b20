//! The categories of a file, each with the products that are in the product feed's file.
//!
//! While that is built, it is written down which variants are in it and which categories their product is in. A
//! category may have all products of a store: it is written over as many steps as it takes.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;

use super::FeedRun;
use super::building::{CHUNK, Chunk, STEP, changes, digest};
use crate::error::{Error, Result};
use crate::feeds::category_xml;
use crate::ordergroove::product_id::ProductId;
use crate::store::catalog::catalog_do::Catalog;

/// Products of a category that are looked at at once.
const MEMBERS: i64 = 200;

impl Catalog {
    /// Writes down what a step of the product feed has of the products after `above`, up to `until`, and in which
    /// categories they are. Only rows that differ are written.
    pub(super) fn keep_members(&self, above: i64, until: i64, fed: &[serde_json::Value]) -> Result<()> {
        // No id of BigCommerce's is as large as what JavaScript can count to.
        let range = || vec![above.into(), until.min((1 << 53) - 1).into()];
        self.database.run(
            "UPDATE products SET fed = value ->> 1 FROM json_each(?)
             WHERE products.id = value ->> 0 AND fed IS NOT value ->> 1",
            vec![json!(fed).to_string().into()],
        )?;
        let now = "SELECT c.value, p.id FROM products p, json_each(p.categories) c
                   WHERE p.gone_at IS NULL AND p.id > ?1 AND p.id <= ?2";
        self.database.run(
            &format!(
                "DELETE FROM product_categories WHERE (category_id, product_id) IN (
                     SELECT category_id, product_id FROM product_categories WHERE product_id > ?1 AND product_id <= ?2
                     EXCEPT {now})"
            ),
            range(),
        )?;
        self.database.run(&format!("INSERT OR IGNORE INTO product_categories (category_id, product_id) {now}"), range())
    }

    /// The next categories of a file, or some more products of one.
    pub(super) fn next_categories(&self, run: &FeedRun) -> Result<Chunk> {
        #[derive(Deserialize)]
        struct Category {
            id: i64,
            name: String,
        }
        let rows: Vec<Category> = self.database.rows(
            "SELECT id, name FROM categories WHERE id > ? ORDER BY id LIMIT ?",
            vec![run.cursor.into(), STEP.into()],
        )?;
        let mut chunk = Chunk {
            is_last: i64::try_from(rows.len()).map_err(Error::internal)? < STEP,
            cursor: run.cursor,
            within: run.within,
            so_far: run.so_far.clone(),
            ..Chunk::default()
        };
        if run.chunks == 0 {
            chunk.xml.extend_from_slice(category_xml::HEAD.as_bytes());
        }
        let mut built = BTreeMap::new();
        for Category { id, name } in rows {
            if chunk.xml.len() > CHUNK {
                chunk.is_last = false;
                break;
            }
            let begun = chunk.xml.len();
            if chunk.within > 0 {
                // Its beginning is in the chunk before.
            } else if let Err(left_out) = category_xml::open(id, &name, &mut chunk.xml) {
                chunk.left_out.push(json!([id, null, name, "", left_out.message()]));
                chunk.cursor = id;
                chunk.done += 1;
                continue;
            } else {
                chunk.so_far = digest(&chunk.xml[begun..]);
            }
            if !self.write_members(id, &mut chunk)? {
                chunk.is_last = false;
                break;
            }
            category_xml::close(chunk.within > 0, &mut chunk.xml);
            built.insert(id, std::mem::take(&mut chunk.so_far));
            chunk.within = 0;
            chunk.cursor = id;
            chunk.products += 1;
            chunk.items += 1;
            chunk.done += 1;
        }
        if chunk.is_last {
            chunk.xml.extend_from_slice(category_xml::TAIL.as_bytes());
        }
        // The last step covers whatever had a higher number before.
        let until = if chunk.is_last { i64::MAX } else { chunk.cursor };
        let accepted = self.accepted(&run.destination, run.cursor, until)?;
        chunk.changes = changes(&built, &accepted);
        Ok(chunk)
    }

    /// Writes the products of a category; false if the chunk was full before the last.
    fn write_members(&self, category: i64, chunk: &mut Chunk) -> Result<bool> {
        #[derive(Deserialize)]
        struct Member {
            product_id: i64,
            fed: String,
        }
        loop {
            let rows: Vec<Member> = self.database.rows(
                "SELECT m.product_id, p.fed FROM product_categories m JOIN products p ON p.id = m.product_id
                 WHERE m.category_id = ? AND m.product_id > ? AND p.fed != '[]' ORDER BY m.product_id LIMIT ?",
                vec![category.into(), chunk.within.into(), MEMBERS.into()],
            )?;
            for Member { product_id, fed } in &rows {
                if chunk.within > 0 && chunk.xml.len() > CHUNK {
                    return Ok(false);
                }
                let variants: Vec<u64> = serde_json::from_str(fed).map_err(Error::internal)?;
                let product = u64::try_from(*product_id).map_err(Error::internal)?;
                let mut all = chunk.so_far.clone().into_bytes();
                let begun = chunk.xml.len();
                for (place, variant) in variants.into_iter().enumerate() {
                    let is_first = chunk.within == 0 && place == 0;
                    category_xml::push_product(ProductId { product, variant }, is_first, &mut chunk.xml);
                }
                // A chain of one hash a product: where a chunk ends makes no difference.
                all.extend_from_slice(&chunk.xml[begun..]);
                chunk.so_far = digest(&all);
                chunk.within = *product_id;
            }
            if i64::try_from(rows.len()).map_err(Error::internal)? < MEMBERS {
                return Ok(true);
            }
        }
    }
}
