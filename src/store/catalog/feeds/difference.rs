//! What Ordergroove has, by product or category, and what a run's feed changes of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::FeedRun;
use crate::error::Result;
use crate::store::catalog::catalog_do::Catalog;

/// Entries of a page.
const PAGE: i64 = 100;

/// A page of what a feed changes.
#[derive(Debug, Serialize)]
pub struct FeedDifferencePage {
    rows: Vec<ChangeView>,
    next: Option<i64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ChangeView {
    product_id: i64,
    name: String,
    kind: String,
}

/// A page of what a feed leaves out.
#[derive(Debug, Serialize)]
pub struct LeftOutPage {
    rows: Vec<LeftOutView>,
    next: Option<i64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct LeftOutView {
    id: i64,
    product_id: i64,
    variant_id: Option<i64>,
    name: String,
    sku: String,
    reason: String,
}

impl Catalog {
    /// How many products `destination` has; what was sent elsewhere does not count.
    pub(super) fn accepted_products(&self, destination: &str) -> Result<i64> {
        #[derive(Deserialize)]
        struct Row {
            count: i64,
        }
        let sql = "SELECT count(*) AS count FROM feed_accepted WHERE destination = ?";
        Ok(self.database.row::<Row>(sql, vec![destination.into()])?.map_or(0, |row| row.count))
    }

    /// What `destination` has of the products after `above`, up to `until`.
    pub(super) fn accepted(&self, destination: &str, above: i64, until: i64) -> Result<BTreeMap<i64, String>> {
        #[derive(Deserialize)]
        struct Row {
            product_id: i64,
            digest: String,
        }
        // No id of BigCommerce's is as large as what JavaScript can count to.
        let until = until.min((1 << 53) - 1);
        let rows: Vec<Row> = self.database.rows(
            "SELECT product_id, digest FROM feed_accepted WHERE destination = ? AND product_id > ? AND product_id <= ?",
            vec![destination.into(), above.into(), until.into()],
        )?;
        Ok(rows.into_iter().map(|row| (row.product_id, row.digest)).collect())
    }

    pub(super) fn keep_changes(&self, run: i64, changes: &[(i64, &'static str, String)]) -> Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        self.database.run(
            "INSERT OR REPLACE INTO feed_changes (run, product_id, kind, digest)
             SELECT ?, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)",
            vec![run.into(), json!(changes).to_string().into()],
        )
    }

    /// Writes down that the destination has the run's feed.
    pub(super) fn keep_accepted(&self, run: &FeedRun) -> Result<()> {
        let (destination, feed) = (run.destination.as_str(), run.nouns());
        // What another destination was sent says nothing any more: should it come back, it gets everything.
        self.database.run(
            "DELETE FROM feed_accepted WHERE feed = ? AND destination != ?",
            vec![feed.into(), destination.into()],
        )?;
        self.database.run(
            "DELETE FROM feed_accepted WHERE destination = ? AND product_id IN
                 (SELECT product_id FROM feed_changes WHERE run = ? AND kind = 'removed')",
            vec![destination.into(), run.id.into()],
        )?;
        self.database.run(
            "INSERT OR REPLACE INTO feed_accepted (destination, feed, product_id, digest)
             SELECT ?, ?, product_id, digest FROM feed_changes WHERE run = ? AND kind != 'removed'",
            vec![destination.into(), feed.into(), run.id.into()],
        )
    }

    /// A page of what the run's feed changes.
    pub(in crate::store::catalog) fn feed_difference(&self, id: i64, after: i64) -> Result<FeedDifferencePage> {
        // The tables are called like what is in them.
        let names = self.feed_run(id)?.nouns();
        let rows: Vec<ChangeView> = self.database.rows(
            &format!(
                "SELECT c.product_id, c.kind, coalesce(n.name, '') AS name FROM feed_changes c
                 LEFT JOIN {names} n ON n.id = c.product_id WHERE c.run = ? AND c.product_id > ? ORDER BY c.product_id LIMIT ?"
            ),
            vec![id.into(), after.into(), PAGE.into()],
        )?;
        let next = rows.last().filter(|_| is_full(rows.len())).map(|row| row.product_id);
        Ok(FeedDifferencePage { rows, next })
    }

    /// A page of what the run's feed leaves out.
    pub(in crate::store::catalog) fn feed_left_out(&self, id: i64, after: i64) -> Result<LeftOutPage> {
        self.feed_run(id)?;
        let rows: Vec<LeftOutView> = self.database.rows(
            "SELECT id, product_id, variant_id, name, sku, reason FROM feed_left_out WHERE run = ? AND id > ? ORDER BY id LIMIT ?",
            vec![id.into(), after.into(), PAGE.into()],
        )?;
        let next = rows.last().filter(|_| is_full(rows.len())).map(|row| row.id);
        Ok(LeftOutPage { rows, next })
    }
}

fn is_full(rows: usize) -> bool {
    i64::try_from(rows) == Ok(PAGE)
}
