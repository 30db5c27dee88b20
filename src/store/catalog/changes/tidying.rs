//! Clears away what changes and exports leave behind, in small steps that change nothing anyone sees.

use serde::Deserialize;

use super::super::catalog_do::Catalog;
use crate::error::Result;
use crate::platform::clock;
use crate::store::jobs::{self, JobKind, Outcome};

/// Layers that are kept apart: so many changes and edits can be looked at and undone.
const LAYERS: i64 = 20;

/// Changes in the history.
const HISTORY: i64 = 1000;

/// Small rows that one step deletes.
const STEP_ROWS: i64 = 2000;

/// Chunks that one step deletes.
const STEP_CHUNKS: i64 = 20;

/// Plans that one step folds.
const STEP_PLANS: i64 = 250;

/// What is deleted: table, condition for a row `t`, rows a step.
const RUBBISH: &[(&str, &str, i64)] = &[
    (
        "uploads",
        "EXISTS (SELECT 1 FROM checks c WHERE c.version = t.version AND c.json ->> '$.cursor.Comparing' IS NOT NULL)",
        STEP_CHUNKS,
    ),
    ("uploads", "t.version IN (SELECT id FROM versions WHERE state NOT IN ('uploading', 'checking'))", STEP_CHUNKS),
    (
        "wishes",
        "t.version IN (SELECT id FROM versions WHERE state NOT IN ('uploading', 'checking', 'ready'))",
        STEP_ROWS,
    ),
    ("plans", "t.version IN (SELECT id FROM versions WHERE state IN ('faulty', 'cancelled', 'failed'))", STEP_ROWS),
    ("faults", "t.version IN (SELECT id FROM versions WHERE state IN ('cancelled', 'failed'))", STEP_ROWS),
    (
        "plans",
        "t.version IN (SELECT id FROM versions WHERE state = 'undone' AND id NOT IN (SELECT id FROM versions ORDER BY id DESC LIMIT 20))",
        STEP_ROWS,
    ),
    (
        "faults",
        "t.version IN (SELECT id FROM versions WHERE id NOT IN (SELECT id FROM versions ORDER BY id DESC LIMIT 20))",
        STEP_ROWS,
    ),
    ("export_chunks", "t.export NOT IN (SELECT id FROM exports)", STEP_CHUNKS),
    ("feed_chunks", "t.run NOT IN (SELECT id FROM feed_runs)", STEP_CHUNKS),
    ("feed_changes", "t.run NOT IN (SELECT id FROM feed_runs)", STEP_ROWS),
    ("feed_left_out", "t.run NOT IN (SELECT id FROM feed_runs)", STEP_ROWS),
];

impl Catalog {
    pub(in crate::store::catalog) fn tidy_later(&self) -> Result<()> {
        let now = clock::now();
        jobs::schedule(&self.database, JobKind::Tidy, now, now)
    }

    /// One step.
    pub(in crate::store::catalog) fn tidy(&self) -> Result<Outcome> {
        let now = clock::now();
        self.database.transaction(|| {
            let is_uploading = self.give_up_dead_uploads()?;
            for (table, condition, rows) in RUBBISH {
                self.database.run(
                    &format!("DELETE FROM {table} AS t WHERE ({0}) IN (SELECT {0} FROM {table} AS t WHERE {condition} LIMIT ?)", key(table)),
                    vec![(*rows).into()],
                )?;
                if self.count_changes()? > 0 {
                    return Ok(Outcome::Again(now));
                }
            }
            if self.fold()? {
                return Ok(Outcome::Again(now));
            }
            self.forget_old_history()?;
            Ok(if is_uploading { Outcome::Again(now + 30) } else { Outcome::Done })
        })
    }

    /// Moves plans of the second lowest layer into the lowest when there are too many: what was in force stays so.
    fn fold(&self) -> Result<bool> {
        #[derive(Deserialize)]
        struct Layer {
            id: i64,
            layer: i64,
        }
        let layers: Vec<Layer> =
            self.database.rows("SELECT id, layer FROM versions WHERE layer IS NOT NULL ORDER BY layer", vec![])?;
        let [base, next, ..] = &layers[..] else { return Ok(false) };
        if i64::try_from(layers.len()).unwrap_or(i64::MAX) <= LAYERS {
            return Ok(false);
        }
        self.database.run("UPDATE versions SET folded = 1 WHERE id = ?", vec![base.id.into()])?;
        self.database.run(
            "INSERT OR REPLACE INTO plans (product_id, version, eligible, options, faulty, revision)
             SELECT product_id, ?, eligible, options, faulty, max(revision, ?) FROM plans WHERE version = ? ORDER BY product_id LIMIT ?",
            vec![base.id.into(), next.layer.into(), next.id.into(), STEP_PLANS.into()],
        )?;
        self.database.run(
            "DELETE FROM plans WHERE version = ?1 AND product_id IN (SELECT product_id FROM plans WHERE version = ?1 ORDER BY product_id LIMIT ?2)",
            vec![next.id.into(), STEP_PLANS.into()],
        )?;
        if self.count_changes()? == 0 {
            self.database.run("UPDATE versions SET layer = NULL, folded = 1 WHERE id = ?", vec![next.id.into()])?;
        }
        Ok(true)
    }

    fn forget_old_history(&self) -> Result<()> {
        let old = "id NOT IN (SELECT id FROM versions ORDER BY id DESC LIMIT ?) AND layer IS NULL";
        self.database.run(
            &format!("DELETE FROM checks WHERE version IN (SELECT id FROM versions WHERE {old})"),
            vec![HISTORY.into()],
        )?;
        self.database.run(&format!("DELETE FROM versions WHERE {old}"), vec![HISTORY.into()])
    }
}

/// What names a row of a table.
fn key(table: &str) -> &'static str {
    // A table without rowids has its primary key.
    match table {
        "plans" | "wishes" => "t.version, t.product_id",
        "feed_changes" => "t.run, t.product_id",
        _ => "t.rowid",
    }
}
