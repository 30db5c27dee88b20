//! The products as the console shows them: a page of the catalogue with what is in force and what is wrong.

mod query;
mod row;
mod view;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::catalog_do::Catalog;
use super::sync::SyncView;
use crate::error::{Error, Result};
use crate::platform::log::RequestId;
use crate::platform::sql::Value;

use query::{NEEDS_ATTENTION, OFFERED, WITHOUT_OPTIONS};
pub use query::{ProductsQuery, Show, Sort};
pub(super) use row::{IN_FORCE, ProductRow, ROW};
pub use view::ProductView;

/// Products of a page at most.
pub const MOST_A_PAGE: u32 = 250;

/// A page of products.
#[derive(Debug, Serialize, Deserialize)]
pub struct ProductsPage {
    products: Vec<ProductView>,
    /// Products that are looked for.
    total: i64,
    page: u32,
    limit: u32,
    counts: Counts,
    sync: SyncView,
}

/// Of the whole catalogue.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Counts {
    pub(super) all: i64,
    pub(super) eligible: i64,
    pub(super) attention: i64,
    no_options: i64,
}

impl Catalog {
    pub(super) async fn read_products(&self, query: &ProductsQuery, request_id: &RequestId) -> Result<ProductsPage> {
        let (condition, values) = query.condition();
        let limit = query.limit.clamp(1, MOST_A_PAGE);
        let mut paged = values.clone();
        paged.extend([i64::from(limit).into(), (i64::from(query.page.max(1) - 1) * i64::from(limit)).into()]);
        let rows: Vec<ProductRow> = self.database.rows(
            &format!("SELECT {ROW} FROM {IN_FORCE} WHERE {condition} ORDER BY {} LIMIT ? OFFSET ?", query.sort.order()),
            paged,
        )?;
        let counts = self.counts()?;
        let plain = query.search.trim().is_empty();
        let total = match query.show {
            Show::All if plain => counts.all,
            Show::Eligible if plain => counts.eligible,
            Show::NotEligible if plain => counts.all - counts.eligible,
            Show::Attention if plain => counts.attention,
            Show::NoOptions if plain => counts.no_options,
            _ => self.count(&condition, values)?,
        };
        let products = self.views(rows, request_id).await?;
        Ok(ProductsPage { products, total, page: query.page.max(1), limit, counts, sync: self.read_sync()? })
    }

    /// The named products that are there.
    pub(super) fn product_rows(&self, ids: &[u64]) -> Result<Vec<ProductRow>> {
        self.database.rows(
            &format!("SELECT {ROW} FROM {IN_FORCE} WHERE p.gone_at IS NULL AND p.id IN (SELECT value FROM json_each(?)) ORDER BY p.id"),
            vec![json!(ids).to_string().into()],
        )
    }

    /// Rows as the console shows them.
    pub(super) async fn views(&self, rows: Vec<ProductRow>, request_id: &RequestId) -> Result<Vec<ProductView>> {
        let control_panel = match self.access(request_id).await {
            Ok(access) => access.control_panel,
            Err(Error::NotInstalled | Error::UnknownApp) => String::new(),
            Err(error) => return Err(error),
        };
        Ok(rows.iter().map(|row| row.view(&control_panel)).collect())
    }

    pub(super) fn count(&self, condition: &str, values: Vec<Value>) -> Result<i64> {
        #[derive(Deserialize)]
        struct Row {
            count: i64,
        }
        let row: Option<Row> =
            self.database.row(&format!("SELECT count(*) AS count FROM {IN_FORCE} WHERE {condition}"), values)?;
        Ok(row.map_or(0, |row| row.count))
    }

    /// How many products there are. A run that is looked at changes them all the time, and this costs far less than
    /// [`Catalog::counts`]: it reads an index, and no plans.
    pub(super) fn count_all(&self) -> Result<i64> {
        #[derive(Deserialize)]
        struct Row {
            count: i64,
        }
        let sql = "SELECT count(*) AS count FROM products WHERE gone_at IS NULL";
        Ok(self.database.row::<Row>(sql, vec![])?.map_or(0, |row| row.count))
    }

    /// Counted anew only after something changed.
    pub(super) fn counts(&self) -> Result<Counts> {
        let generation = self.generation()?;
        if let Some((of, counts)) = self.counts.get()
            && of == generation
        {
            return Ok(counts);
        }
        let counts: Option<Counts> = self.database.row(
            &format!(
                "SELECT count(*) AS \"all\", count(*) FILTER (WHERE {OFFERED}) AS eligible,
                     count(*) FILTER (WHERE {NEEDS_ATTENTION}) AS attention,
                     count(*) FILTER (WHERE {WITHOUT_OPTIONS}) AS no_options
                 FROM {IN_FORCE} WHERE p.gone_at IS NULL"
            ),
            vec![],
        )?;
        let counts = counts.ok_or_else(|| Error::internal("no counts"))?;
        self.counts.set(Some((generation, counts)));
        Ok(counts)
    }
}
