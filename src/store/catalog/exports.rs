//! Exports: all products as a CSV file, written in the background and kept until five newer ones are there.

use std::rc::Rc;

use futures_util::stream;
use serde::{Deserialize, Serialize};
use worker::Response;

use super::catalog_do::Catalog;
use super::plans::{PlanOption, PlanOptions};
use super::product_rows::sql_id;
use super::products::{IN_FORCE, ProductRow, ROW};
use crate::bigcommerce::ids::PanelUser;
use crate::catalog::csv::write;
use crate::error::{Error, Result};
use crate::platform::clock;
use crate::store::calls::BeginExport;
use crate::store::jobs::{self, Job, JobKind, MOST_TRIES, Outcome};

/// Exports that are kept.
const KEPT: i64 = 5;

/// Products of a step, which makes a chunk.
const STEP: i64 = 100;

/// Bytes of a chunk, but for its last row; a row of SQLite has at most 2 MB.
const CHUNK: usize = 512 * 1024;

/// How far an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Progress {
    /// Not all rows are there.
    Writing,
    /// It can be downloaded.
    Ready,
    /// It broke off.
    Failed,
}

/// An export.
#[derive(Debug, Serialize, Deserialize)]
pub struct ExportView {
    id: i64,
    /// Whether it can be downloaded.
    pub state: Progress,
    done: i64,
    total: i64,
    bytes: i64,
    user: Option<PanelUser>,
    /// When it was asked for, Unix seconds.
    pub created_at: i64,
    message: String,
}

#[derive(Deserialize)]
struct Row {
    id: i64,
    state: Progress,
    cursor: i64,
    done: i64,
    total: i64,
    bytes: i64,
    chunks: i64,
    user_id: Option<u64>,
    email: String,
    created_at: i64,
    message: String,
}

impl From<Row> for ExportView {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            state: row.state,
            done: row.done,
            total: row.total,
            bytes: row.bytes,
            user: row.user_id.map(|id| PanelUser { id, email: row.email }),
            created_at: row.created_at,
            message: row.message,
        }
    }
}

impl Catalog {
    pub(super) fn begin_export(&self, call: &BeginExport) -> Result<ExportView> {
        let total = self.counts()?.all;
        let now = clock::now();
        let row: Option<Row> = self.database.transaction(|| {
            if self.export_under_way()?.is_some() {
                let message = "Another export is being written. Wait until it is done.".to_owned();
                return Err(Error::Conflict { message });
            }
            let old = "id NOT IN (SELECT id FROM exports ORDER BY id DESC LIMIT ?)";
            self.database.run(&format!("DELETE FROM exports WHERE {old}"), vec![(KEPT - 1).into()])?;
            self.tidy_later()?;
            jobs::schedule(&self.database, JobKind::Export, now, now)?;
            self.database.row(
                "INSERT INTO exports (state, cursor, done, total, bytes, chunks, user_id, email, created_at, message)
                 VALUES ('writing', 0, 0, ?, 0, 0, ?, ?, ?, '') RETURNING *",
                vec![total.into(), sql_id(call.user.id).into(), call.user.email.as_str().into(), now.into()],
            )
        })?;
        row.map(ExportView::from).ok_or_else(|| Error::internal("no export"))
    }

    fn export_under_way(&self) -> Result<Option<Row>> {
        self.database.row("SELECT * FROM exports WHERE state = 'writing' LIMIT 1", vec![])
    }

    fn export_row(&self, id: i64) -> Result<Row> {
        self.database.row("SELECT * FROM exports WHERE id = ?", vec![id.into()])?.ok_or(Error::NotFound)
    }

    pub(super) fn list_exports(&self) -> Result<Vec<ExportView>> {
        let rows: Vec<Row> = self.database.rows("SELECT * FROM exports ORDER BY id DESC", vec![])?;
        Ok(rows.into_iter().map(ExportView::from).collect())
    }

    pub(super) fn read_export(&self, id: i64) -> Result<ExportView> {
        self.export_row(id).map(ExportView::from)
    }

    /// Deletes an export; its chunks go in steps.
    pub(super) fn delete_export(&self, id: i64) -> Result<()> {
        self.export_row(id)?;
        self.database.transaction(|| {
            self.database.run("DELETE FROM exports WHERE id = ?", vec![id.into()])?;
            self.tidy_later()
        })
    }

    /// Writes some products more.
    pub(super) fn export(&self, job: &Job) -> Result<Outcome> {
        self.database.transaction(|| {
            let Some(export) = self.export_under_way()? else { return Ok(Outcome::Done) };
            if job.attempts >= MOST_TRIES {
                let message = "Something went wrong on our side. Try it again.";
                self.database.run(
                    "UPDATE exports SET state = 'failed', message = ? WHERE id = ?",
                    vec![message.into(), export.id.into()],
                )?;
                return Ok(Outcome::Done);
            }
            let products: Vec<ProductRow> = self.database.rows(
                &format!("SELECT {ROW} FROM {IN_FORCE} WHERE p.gone_at IS NULL AND p.id > ? ORDER BY p.id LIMIT ?"),
                vec![export.cursor.into(), STEP.into()],
            )?;
            let mut text = if export.chunks == 0 { write::header() } else { Vec::new() };
            let (mut written, mut cursor) = (0, export.cursor);
            for product in &products {
                if text.len() > CHUNK {
                    break;
                }
                write_product(product, &mut text);
                (written, cursor) = (written + 1, sql_id(product.id).unwrap_or(cursor));
            }
            let state = if products.is_empty() { "ready" } else { "writing" };
            let chunks = export.chunks + i64::from(!text.is_empty());
            let bytes = i64::try_from(text.len()).map_err(Error::internal)?;
            if !text.is_empty() {
                self.database.run(
                    "INSERT INTO export_chunks (export, number, bytes) VALUES (?, ?, ?)",
                    vec![export.id.into(), export.chunks.into(), std::mem::take(&mut text).into()],
                )?;
            }
            self.database.run(
                "UPDATE exports SET state = ?, cursor = ?, done = done + ?, total = max(total, done + ?), bytes = bytes + ?, chunks = ?
                 WHERE id = ?",
                vec![
                    state.into(),
                    cursor.into(),
                    i64::from(written).into(),
                    i64::from(written).into(),
                    bytes.into(),
                    chunks.into(),
                    export.id.into(),
                ],
            )?;
            Ok(if products.is_empty() { Outcome::Done } else { Outcome::Again(clock::now()) })
        })
    }

    /// The file, chunk by chunk.
    pub(super) fn download(self: Rc<Self>, id: i64) -> worker::Result<Response> {
        let Ok(export) = self.export_row(id) else { return Response::error("no such export", 404) };
        let chunks = stream::unfold((self, 0), move |(catalog, number)| async move {
            let chunk = (number < export.chunks).then(|| catalog.export_chunk(id, number))?;
            Some((chunk.map_err(|error| worker::Error::RustError(error.to_string())), (catalog, number + 1)))
        });
        Response::from_stream(chunks)
    }

    fn export_chunk(&self, id: i64, number: i64) -> Result<Vec<u8>> {
        let chunk = self
            .database
            .bytes("SELECT bytes FROM export_chunks WHERE export = ? AND number = ?", vec![id.into(), number.into()])?;
        chunk.ok_or_else(|| Error::internal("a chunk of an export is missing"))
    }
}

fn write_product(product: &ProductRow, text: &mut Vec<u8>) {
    let modifier = product.modifier();
    let options: Vec<PlanOption> = product.options(modifier.as_ref());
    let options = PlanOptions(options).cell(modifier.as_ref());
    let row = write::Product {
        id: product.id,
        sku: &product.sku,
        name: &product.name,
        eligible: product.is_eligible(),
        options: modifier.is_some().then_some(&options),
    };
    write::product(&row, text);
}
