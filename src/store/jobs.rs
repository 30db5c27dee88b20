//! Jobs are rows: a kind, when it is due, how often it was tried.
//!
//! A job is scheduled in the transaction of the change that needs it, and its row goes only when the
//! work is done and nobody has scheduled it anew meanwhile. Every job is safe to run twice.

use serde::Deserialize;

use crate::error::Result;
use crate::platform::sql::{Database, Value};

/// The work that objects do by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JobKind {
    /// Writes the copy at the edge: while this row is there, KV is behind.
    WriteKvCopy,
    /// Reads the store's name and addresses.
    ReadStore,
    /// Asks BigCommerce whether an uninstall is true.
    ConfirmUninstall,
    /// Gives up being the store's active app.
    ReleaseStore,
    /// Erases what a store that left had set, thirty days later.
    Erase,
    /// Seals anew what an old key sealed.
    Reseal,
    /// Has the catalogue read for the first time.
    StartCatalog,
    /// Reads the catalogue, step by step.
    Sync,
    /// Has what changed read.
    Refresh,
    /// Reads all modifiers again, slowly, round and round: editing one raises no event.
    Reread,
    /// Keeps the hooks at BigCommerce as they should be.
    KeepHooks,
    /// Works off what BigCommerce told, and forgets what is done.
    WorkOffEvents,
    /// Checks a change of many products, step by step.
    Check,
    /// Writes an export, step by step.
    Export,
    /// Clears away what changes and exports leave behind.
    Tidy,
    /// Has the catalogue told when feeds are due.
    PlanFeeds,
    /// Begins a feed whose time has come.
    StartFeed,
    /// Builds and delivers a feed, step by step.
    Feed,
}

impl JobKind {
    const ALL: [Self; 18] = [
        Self::WriteKvCopy,
        Self::ReadStore,
        Self::ConfirmUninstall,
        Self::ReleaseStore,
        Self::Erase,
        Self::Reseal,
        Self::StartCatalog,
        Self::Sync,
        Self::Refresh,
        Self::Reread,
        Self::KeepHooks,
        Self::WorkOffEvents,
        Self::Check,
        Self::Export,
        Self::Tidy,
        Self::PlanFeeds,
        Self::StartFeed,
        Self::Feed,
    ];

    /// Its name in the table and in logs.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::WriteKvCopy => "write_kv_copy",
            Self::ReadStore => "read_store",
            Self::ConfirmUninstall => "confirm_uninstall",
            Self::ReleaseStore => "release_store",
            Self::Erase => "erase",
            Self::Reseal => "reseal",
            Self::StartCatalog => "start_catalog",
            Self::Sync => "sync",
            Self::Refresh => "refresh",
            Self::Reread => "reread",
            Self::KeepHooks => "keep_hooks",
            Self::WorkOffEvents => "work_off_events",
            Self::Check => "check",
            Self::Export => "export",
            Self::Tidy => "tidy",
            Self::PlanFeeds => "plan_feeds",
            Self::StartFeed => "start_feed",
            Self::Feed => "feed",
        }
    }
}

/// A row that is due.
#[derive(Debug, Clone, Copy)]
pub(super) struct Job {
    pub(super) kind: JobKind,
    pub(super) scheduled_at: i64,
    pub(super) attempts: i64,
    revision: i64,
}

/// Tries in a row after which work that somebody waits for is given up: about two minutes.
pub(super) const MOST_TRIES: i64 = 6;

/// What became of a run.
pub(super) enum Outcome {
    /// The row goes.
    Done,
    /// Not finished, and not failed: once more at this time.
    Again(i64),
}

/// Seconds until the next try after `attempts` failed ones: 2, 4, 8, … at most an hour.
pub(super) fn backoff(attempts: i64) -> i64 {
    2_i64.saturating_pow(u32::try_from(attempts.clamp(1, 12)).unwrap_or(12)).min(3600)
}

/// Schedules `kind` at `due`; scheduled already, it is run again from the start, at the earlier time.
pub(super) fn schedule(database: &Database, kind: JobKind, due: i64, now: i64) -> Result<()> {
    database.run(
        "INSERT INTO jobs (kind, due_at, scheduled_at, attempts, revision) VALUES (?, ?, ?, 0, 1)
         ON CONFLICT (kind) DO UPDATE SET due_at = min(due_at, excluded.due_at), scheduled_at = excluded.scheduled_at,
             attempts = 0, revision = revision + 1",
        vec![kind.name().into(), due.into(), now.into()],
    )
}

/// Takes `kind` off the list.
pub(super) fn cancel(database: &Database, kind: JobKind) -> Result<()> {
    database.run("DELETE FROM jobs WHERE kind = ?", vec![kind.name().into()])
}

/// Whether `kind` is on the list.
pub(super) fn is_scheduled(database: &Database, kind: JobKind) -> Result<bool> {
    Ok(find(database, "kind = ?", vec![kind.name().into()])?.is_some())
}

/// The job that has been due longest.
pub(super) fn next_due(database: &Database, now: i64) -> Result<Option<Job>> {
    find(database, "due_at <= ?", vec![now.into()])
}

/// When the next job is due.
pub(super) fn earliest(database: &Database) -> Result<Option<i64>> {
    #[derive(Deserialize)]
    struct Row {
        due_at: Option<i64>,
    }
    Ok(database.row::<Row>("SELECT min(due_at) AS due_at FROM jobs", vec![])?.and_then(|row| row.due_at))
}

/// The row of `kind`, as it is now.
pub(super) fn read(database: &Database, kind: JobKind) -> Result<Option<Job>> {
    find(database, "kind = ?", vec![kind.name().into()])
}

fn find(database: &Database, condition: &str, values: Vec<Value>) -> Result<Option<Job>> {
    #[derive(Deserialize)]
    struct Row {
        kind: String,
        scheduled_at: i64,
        attempts: i64,
        revision: i64,
    }
    let row: Option<Row> =
        database.row(&format!("SELECT * FROM jobs WHERE {condition} ORDER BY due_at LIMIT 1"), values)?;
    Ok(row.and_then(|row| {
        let kind = JobKind::ALL.into_iter().find(|kind| kind.name() == row.kind)?;
        Some(Job { kind, scheduled_at: row.scheduled_at, attempts: row.attempts, revision: row.revision })
    }))
}

/// Counts a try before it is made, so that one that dies in the middle is counted too, and puts the
/// next one off.
pub(super) fn begin(database: &Database, job: &Job, now: i64) -> Result<()> {
    database.run(
        "UPDATE jobs SET attempts = attempts + 1, due_at = ? WHERE kind = ? AND revision = ?",
        vec![(now + backoff(job.attempts + 1)).into(), job.kind.name().into(), job.revision.into()],
    )
}

/// Writes down what became of a run. A job scheduled anew meanwhile stays on the list.
pub(super) fn finish(database: &Database, job: &Job, outcome: &Outcome) -> Result<()> {
    let (kind, revision) = (job.kind.name().into(), job.revision.into());
    match outcome {
        Outcome::Done => database.run("DELETE FROM jobs WHERE kind = ? AND revision = ?", vec![kind, revision]),
        Outcome::Again(at) => database.run(
            "UPDATE jobs SET due_at = ?, attempts = 0 WHERE kind = ? AND revision = ?",
            vec![(*at).into(), kind, revision],
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_are_put_off_ever_longer_up_to_an_hour() {
        assert_eq!([1, 2, 3, 11, 12, 5000].map(backoff), [2, 4, 8, 2048, 3600, 3600]);
    }
}
