//! What BigCommerce told an object, written down before it is answered and worked off by a job.
//!
//! Promises: an event that was answered with 200 is on disk, and so is the job that works it off, for both are one
//! transaction; an event that is delivered again is not written again. Several deliveries of it come
//! within 48 hours, so what is done is kept for three days.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::bigcommerce::webhook::Event;
use crate::error::{Error, Result};
use crate::platform::sql::Database;

/// For the first migration of an object that takes events, or a later one.
pub(super) const TABLE: &str = "
    CREATE TABLE events (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        scope TEXT NOT NULL,
        data TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        received_at INTEGER NOT NULL,
        done_at INTEGER
    );
    CREATE INDEX events_waiting ON events (id) WHERE done_at IS NULL;
    CREATE INDEX events_done ON events (done_at) WHERE done_at IS NOT NULL;
";

/// BigCommerce tries for about 48 hours.
const KEEP_SECONDS: i64 = 3 * 24 * 60 * 60;

/// An event that waits to be worked off.
pub(super) struct Waiting {
    pub(super) id: i64,
    pub(super) event: Event,
}

/// What is known of the inbox without reading it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// How many events wait.
    pub(super) waiting: i64,
    /// Since when the first of them does.
    pub(super) waiting_since: Option<i64>,
    /// When the last event came, whether it is done or not.
    pub(super) last_event_at: Option<i64>,
}

impl Inbox {
    /// Two objects' inboxes as one.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            waiting: self.waiting + other.waiting,
            waiting_since: self.waiting_since.into_iter().chain(other.waiting_since).min(),
            last_event_at: self.last_event_at.max(other.last_event_at),
        }
    }
}

/// Writes `event` down; false if it was there already. Called in the transaction that schedules its work.
pub(super) fn take(database: &Database, event: &Event, now: i64) -> Result<bool> {
    #[derive(Deserialize)]
    struct Row {
        #[serde(rename = "id")]
        _id: i64,
    }
    let taken: Option<Row> = database.row(
        "INSERT INTO events (key, scope, data, created_at, received_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (key) DO NOTHING RETURNING id",
        vec![
            event.key.as_str().into(),
            event.scope.as_str().into(),
            event.data.to_string().into(),
            event.created_at.into(),
            now.into(),
        ],
    )?;
    Ok(taken.is_some())
}

/// Up to `most` events that wait, in the order they came. BigCommerce keeps no order, so nor may anybody rely on it.
pub(super) fn waiting(database: &Database, most: u32) -> Result<Vec<Waiting>> {
    #[derive(Deserialize)]
    struct Row {
        id: i64,
        key: String,
        scope: String,
        data: String,
        created_at: i64,
    }
    let rows: Vec<Row> = database.rows(
        "SELECT id, key, scope, data, created_at FROM events WHERE done_at IS NULL ORDER BY id LIMIT ?",
        vec![i64::from(most).into()],
    )?;
    let read = |row: Row| {
        let data: Value =
            serde_json::from_str(&row.data).map_err(|error| Error::internal(format!("event: {error}")))?;
        let event = Event { key: row.key, scope: row.scope, data, created_at: row.created_at };
        Ok(Waiting { id: row.id, event })
    };
    rows.into_iter().map(read).collect()
}

/// Notes that these are worked off.
pub(super) fn mark_done(database: &Database, ids: impl IntoIterator<Item = i64>, now: i64) -> Result<()> {
    let ids: Value = ids.into_iter().collect();
    database.run(
        "UPDATE events SET done_at = ? WHERE id IN (SELECT value FROM json_each(?)) AND done_at IS NULL",
        vec![now.into(), ids.to_string().into()],
    )
}

/// How the inbox stands.
pub(super) fn look(database: &Database) -> Result<Inbox> {
    let inbox = database.row(
        "SELECT count(*) AS waiting, min(received_at) AS waiting_since,
             (SELECT received_at FROM events ORDER BY id DESC LIMIT 1) AS last_event_at
         FROM events WHERE done_at IS NULL",
        vec![],
    )?;
    Ok(inbox.unwrap_or_default())
}

/// Forgets what was done three days ago, all but the newest event. Gives when there is more to forget.
pub(super) fn prune(database: &Database, now: i64) -> Result<Option<i64>> {
    #[derive(Deserialize)]
    struct Row {
        done_at: Option<i64>,
    }
    let old = "done_at IS NOT NULL AND id < (SELECT max(id) FROM events)";
    database.run(&format!("DELETE FROM events WHERE {old} AND done_at <= ?"), vec![(now - KEEP_SECONDS).into()])?;
    let next: Option<Row> = database.row(&format!("SELECT min(done_at) AS done_at FROM events WHERE {old}"), vec![])?;
    Ok(next.and_then(|row| row.done_at).map(|done_at| done_at + KEEP_SECONDS))
}
