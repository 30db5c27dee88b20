//! A run that reads the catalogue: where it is, and how that is told.
//!
//! First all products, 250 a page; then their modifiers, of which BigCommerce gives ten products a page. A run of
//! changes reads what was modified since the last one began.

use serde::{Deserialize, Serialize};

use super::catalog_do::Catalog;
use crate::bigcommerce::{pace, products};
use crate::error::Result;
use crate::platform::clock;
use crate::store::calls::StartSync;
use crate::store::jobs::{self, JobKind, Outcome};

/// Products that changed are looked for this often.
const REFRESH_EVERY: i64 = 60 * 60;

/// What BigCommerce's clock may differ from ours, and what a change may take to show in its lists.
const SLACK: i64 = 10 * 60;

/// Where a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum SyncState {
    /// None has ever run.
    Never,
    Running,
    /// BigCommerce asked for patience, or cannot be reached.
    Waiting,
    Done,
    Failed,
    Cancelled,
}

/// What a run reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum SyncKind {
    /// Everything.
    Full,
    /// What was modified since the last run began.
    Changes,
    /// All products as they are sold, for a feed; modifiers where they are due only. A price that follows a price list
    /// or an order that takes from the stock modifies no product.
    List,
}

/// What it is reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Phase {
    Products,
    Options,
}

/// A run, as the table has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Run {
    pub(super) state: SyncState,
    pub(super) kind: SyncKind,
    pub(super) phase: Phase,
    /// The product read last.
    pub(super) cursor: i64,
    pub(super) done: i64,
    pub(super) total: i64,
    pub(super) requests: i64,
    pub(super) changed: i64,
    pub(super) gone: i64,
    /// Tries in a row that came to nothing.
    pub(super) failures: i64,
    /// A run of changes reads what was modified since then.
    pub(super) since: i64,
    pub(super) started_at: i64,
    pub(super) phase_started_at: i64,
    pub(super) finished_at: Option<i64>,
    pub(super) message: String,
}

/// A run as the console shows it.
#[derive(Debug, Serialize, Deserialize)]
pub struct SyncView {
    state: SyncState,
    kind: SyncKind,
    phase: Phase,
    done: i64,
    total: i64,
    per_second: Option<f64>,
    seconds_left: Option<i64>,
    estimate_seconds: Option<i64>,
    started_at: Option<i64>,
    finished_at: Option<i64>,
    products: i64,
    changed: i64,
    gone: i64,
    message: String,
}

impl Run {
    fn new(kind: SyncKind, since: i64, now: i64) -> Self {
        Self {
            state: SyncState::Running,
            kind,
            phase: Phase::Products,
            cursor: 0,
            done: 0,
            total: 0,
            requests: 0,
            changed: 0,
            gone: 0,
            failures: 0,
            since,
            started_at: now,
            phase_started_at: now,
            finished_at: None,
            message: String::new(),
        }
    }

    pub(super) fn is_under_way(&self) -> bool {
        matches!(self.state, SyncState::Running | SyncState::Waiting)
    }

    /// What the run did, said to the merchant when it is over.
    pub(super) fn summary(&self) -> String {
        match self.gone {
            0 => String::new(),
            1 => "1 product is no longer in the store. What was set for it is kept for 30 days.".to_owned(),
            gone => format!("{gone} products are no longer in the store. What was set for them is kept for 30 days."),
        }
    }

    /// Requests that are left, with those of the phase to come.
    fn requests_left(&self) -> i64 {
        let left = (self.total - self.done).max(0);
        match self.phase {
            Phase::Products => requests_for(left) + pages(self.done, MODIFIERS),
            Phase::Options => pages(left, MODIFIERS),
        }
    }
}

#[expect(clippy::cast_possible_wrap, reason = "ten")]
const MODIFIERS: i64 = products::MOST_WITH_MODIFIERS as i64;

fn pages(products: i64, a_page: i64) -> i64 {
    (products + a_page - 1) / a_page
}

/// Requests that a full read takes.
fn requests_for(products: i64) -> i64 {
    pages(products, i64::from(products::MOST_A_PAGE)) + pages(products, MODIFIERS)
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
fn ratio(count: i64, by: f64) -> f64 {
    count as f64 / by
}

#[expect(clippy::cast_possible_truncation, reason = "a few hours at most")]
fn seconds(count: i64, per_second: f64) -> i64 {
    ratio(count, per_second.max(1e-6)).ceil().min(1e9) as i64
}

impl Catalog {
    /// Begins to read everything, unless that is under way.
    pub(super) fn start_sync(&self, call: &StartSync) -> Result<SyncView> {
        let now = clock::now();
        self.database.transaction(|| {
            self.keep_client_id(call)?;
            if !self.run_of_sync()?.is_some_and(|run| run.is_under_way() && run.kind == SyncKind::Full) {
                self.begin(SyncKind::Full, 0)?;
            }
            jobs::schedule(&self.database, JobKind::Sync, now, now)
        })?;
        self.read_sync()
    }

    /// Stops a run; what it read stays.
    pub(super) fn cancel_sync(&self) -> Result<SyncView> {
        self.database.transaction(|| {
            if let Some(run) = self.run_of_sync()?.filter(Run::is_under_way) {
                self.keep_run(&Run {
                    state: SyncState::Cancelled,
                    finished_at: Some(clock::now()),
                    message: String::new(),
                    ..run
                })?;
                jobs::cancel(&self.database, JobKind::Sync)?;
                self.go_on_later(clock::now())?;
            }
            Ok(())
        })?;
        self.read_sync()
    }

    /// Begins to read what changed, unless a run is under way.
    pub(super) fn refresh(&self) -> Result<Outcome> {
        let now = clock::now();
        self.database.transaction(|| {
            if self.run_of_sync()?.is_some_and(|run| run.is_under_way()) {
                return Ok(());
            }
            let read_since = self.read_since()?;
            let kind = if read_since == 0 { SyncKind::Full } else { SyncKind::Changes };
            self.begin(kind, (read_since - SLACK).max(0))?;
            jobs::schedule(&self.database, JobKind::Sync, now, now)
        })?;
        Ok(Outcome::Again(now + REFRESH_EVERY))
    }

    /// Has all products read for a feed; false while something else is read. In a transaction.
    pub(super) fn begin_list(&self) -> Result<bool> {
        if self.run_of_sync()?.is_some_and(|run| run.is_under_way()) {
            return Ok(false);
        }
        let kind = if self.read_since()? == 0 { SyncKind::Full } else { SyncKind::List };
        self.begin(kind, 0)?;
        let now = clock::now();
        jobs::schedule(&self.database, JobKind::Sync, now, now)?;
        Ok(true)
    }

    fn begin(&self, kind: SyncKind, since: i64) -> Result<()> {
        self.keep_run(&Run::new(kind, since, clock::now()))
    }

    /// Ends a run that cannot go on.
    pub(super) fn stop_sync(&self, message: &str) -> Result<()> {
        match self.run_of_sync()?.filter(Run::is_under_way) {
            Some(run) => self.keep_run(&Run {
                state: SyncState::Failed,
                finished_at: Some(clock::now()),
                message: message.to_owned(),
                ..run
            }),
            None => Ok(()),
        }
    }

    /// What follows a run: changes are looked for, and modifiers read round and round.
    pub(super) fn go_on_later(&self, now: i64) -> Result<()> {
        if !jobs::is_scheduled(&self.database, JobKind::Refresh)? {
            jobs::schedule(&self.database, JobKind::Refresh, now + REFRESH_EVERY, now)?;
        }
        if !jobs::is_scheduled(&self.database, JobKind::Reread)? {
            jobs::schedule(&self.database, JobKind::Reread, now + super::reading::REREAD_EVERY, now)?;
        }
        Ok(())
    }

    pub(super) fn run_of_sync(&self) -> Result<Option<Run>> {
        self.database.row("SELECT * FROM sync", vec![])
    }

    pub(super) fn keep_run(&self, run: &Run) -> Result<()> {
        let text = serde_json::to_string(run).map_err(crate::error::Error::internal)?;
        self.database.run(
            "INSERT OR REPLACE INTO sync (only_row, state, kind, phase, cursor, done, total, requests, changed, gone, failures,
                 since, started_at, phase_started_at, finished_at, message)
             SELECT 1, r ->> 'state', r ->> 'kind', r ->> 'phase', r ->> 'cursor', r ->> 'done', r ->> 'total', r ->> 'requests',
                 r ->> 'changed', r ->> 'gone', r ->> 'failures', r ->> 'since', r ->> 'started_at', r ->> 'phase_started_at',
                 r ->> 'finished_at', r ->> 'message' FROM (SELECT ? AS r)",
            vec![text.into()],
        )
    }

    /// When the last complete run began; 0 before the first.
    fn read_since(&self) -> Result<i64> {
        #[derive(Deserialize)]
        struct Row {
            read_since: i64,
        }
        Ok(self.database.row::<Row>("SELECT read_since FROM reading", vec![])?.map_or(0, |row| row.read_since))
    }

    pub(super) fn read_sync(&self) -> Result<SyncView> {
        #[derive(Deserialize)]
        struct Quota {
            quota: u32,
            window_ms: u32,
        }
        let quota: Option<Quota> = self.database.row("SELECT quota, window_ms FROM reading", vec![])?;
        let allowed = quota.map_or(4.0, |quota| pace::per_second(quota.quota, quota.window_ms));
        let products = self.count_all()?;
        let Some(run) = self.run_of_sync()? else {
            return Ok(SyncView::never());
        };
        let now = clock::now();
        let known = if run.phase == Phase::Products { products.max(run.total) } else { products };
        let estimate_seconds = (known > 0).then(|| seconds(requests_for(known), allowed));
        let elapsed = ratio(now - run.phase_started_at, 1.0);
        let per_second = (run.is_under_way() && elapsed >= 2.0 && run.done > 0).then(|| ratio(run.done, elapsed));
        let told = run.is_under_way() && run.total > 0;
        let since_start = ratio(now - run.started_at, 1.0);
        // What BigCommerce allows is the fastest it can be; what was seen counts once there is something to see.
        let rate = if since_start >= 10.0 && run.requests >= 20 {
            ratio(run.requests, since_start).min(allowed)
        } else {
            allowed
        };
        Ok(SyncView {
            state: run.state,
            kind: run.kind,
            phase: run.phase,
            done: run.done,
            total: run.total,
            per_second,
            seconds_left: told.then(|| seconds(run.requests_left(), rate)),
            estimate_seconds,
            started_at: Some(run.started_at),
            finished_at: run.finished_at,
            products,
            changed: run.changed,
            gone: run.gone,
            message: run.message,
        })
    }
}

impl SyncView {
    fn never() -> Self {
        Self {
            state: SyncState::Never,
            kind: SyncKind::Full,
            phase: Phase::Products,
            done: 0,
            total: 0,
            per_second: None,
            seconds_left: None,
            estimate_seconds: None,
            started_at: None,
            finished_at: None,
            products: 0,
            changed: 0,
            gone: 0,
            message: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_thousand_products_take_some_42_minutes_on_the_standard_quota() {
        let minutes = seconds(requests_for(100_000), pace::per_second(150, 30_000)) / 60;
        assert!((42..=44).contains(&minutes), "{minutes}");
    }
}
