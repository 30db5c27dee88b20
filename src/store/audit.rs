//! The audit log: who changed which setting, one row a change, written in the transaction of the change; and who decided
//! what about feeds and products, written before it is done, for that is done in another object.
//!
//! A secret's row says that it was set, replaced or removed, and nothing about its value.

use serde::{Deserialize, Serialize};

use super::calls::{NoteDone, ReadAudit};
use super::store_do::Store;
use crate::bigcommerce::ids::PanelUser;
use crate::error::{ChangedField, Result};
use crate::platform::clock;

/// Rows that are kept; what is older goes.
const MOST_ENTRIES: i64 = 10_000;

/// Rows of one page of the log, at most.
pub const LONGEST_PAGE: u32 = 100;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A setting.
    SettingChanged,
    /// A secret that was not there.
    SecretSet,
    /// A secret that was there.
    SecretReplaced,
    /// A secret.
    SecretRemoved,
    /// A connection.
    ConnectionTested,
    /// The app.
    Installed,
    /// The app.
    Uninstalled,
    /// A user of the store.
    UserRemoved,
    /// A feed, by hand.
    FeedStarted,
    /// A feed that shrank.
    FeedConfirmed,
    /// A feed that failed.
    FeedRetried,
    /// A feed under way or held.
    FeedCancelled,
    /// A product.
    ProductDiscontinued,
    /// A product that was discontinued.
    ProductContinued,
}

/// One thing that was done, to one field at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) action: Action,
    pub(super) field: Option<String>,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}

impl Change {
    pub(super) fn of(action: Action) -> Self {
        Self { action, field: None, before: None, after: None }
    }

    /// Whether it is about a setting below `section`.
    pub(super) fn is_about(&self, section: &str) -> bool {
        self.field.as_deref().is_some_and(|field| field.starts_with(section))
    }
}

/// A page of the log, the newest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct AuditPage {
    entries: Vec<Entry>,
    /// Ask for entries before this one to go on; `None` at the end.
    next: Option<i64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    id: i64,
    /// Unix seconds.
    at: i64,
    /// `None`: the app itself, or BigCommerce.
    user: Option<PanelUser>,
    action: String,
    field: Option<String>,
    before: Option<String>,
    after: Option<String>,
}

#[derive(Deserialize)]
struct Row {
    id: i64,
    at: i64,
    user_id: Option<u64>,
    email: String,
    action: String,
    field: Option<String>,
    before: Option<String>,
    after: Option<String>,
}

impl Store {
    /// Writes `change` down; `version` is that of the settings it made, if it made one.
    pub(super) fn note(&self, user: Option<&PanelUser>, change: &Change, version: Option<i64>) -> Result<()> {
        let action = serde_json::to_value(change.action).map_err(crate::error::Error::internal)?;
        let user_id = user.and_then(|user| i64::try_from(user.id).ok());
        self.database.run(
            "INSERT INTO audit (at, user_id, email, action, field, before, after, settings_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            vec![
                clock::now().into(),
                user_id.into(),
                user.map_or("", |user| user.email.as_str()).into(),
                action.as_str().unwrap_or_default().into(),
                change.field.as_deref().into(),
                change.before.as_deref().into(),
                change.after.as_deref().into(),
                version.into(),
            ],
        )?;
        self.database.run("DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - ?", vec![MOST_ENTRIES.into()])
    }

    /// Writes down what is done in the app's other object.
    pub(super) fn note_done(&self, call: &NoteDone) -> Result<()> {
        let about = call.about.clone();
        let (field, after) = about.map_or((None, None), |(id, name)| (Some(id.to_string()), Some(name)));
        let change = Change { field, after, ..Change::of(call.action) };
        self.database.transaction(|| self.note(Some(&call.user), &change, None))
    }

    pub(super) fn read_audit(&self, call: &ReadAudit) -> Result<AuditPage> {
        self.authenticate(&call.session_token)?;
        let limit = call.limit.clamp(1, LONGEST_PAGE);
        let mut rows: Vec<Row> = self.database.rows(
            "SELECT id, at, user_id, email, action, field, before, after FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?",
            vec![call.before.unwrap_or(i64::MAX >> 11).into(), i64::from(limit + 1).into()],
        )?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = rows.last().map(|row| row.id).filter(|_| more);
        Ok(AuditPage { entries: rows.into_iter().map(Entry::from).collect(), next })
    }

    /// The fields whose newest change made a later version of the settings than `version`.
    pub(super) fn changed_since(&self, version: i64) -> Result<Vec<ChangedField>> {
        let rows: Vec<Row> = self.database.rows(
            "SELECT * FROM audit WHERE id IN (SELECT max(id) FROM audit WHERE settings_version > ? GROUP BY field) ORDER BY id",
            vec![version.into()],
        )?;
        let changed = rows.into_iter().map(|row| ChangedField {
            user: row.user_id.map(|id| PanelUser { id, email: row.email }),
            field: row.field.unwrap_or_default(),
            at: row.at,
        });
        Ok(changed.collect())
    }
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            at: row.at,
            user: row.user_id.map(|id| PanelUser { id, email: row.email }),
            action: row.action,
            field: row.field,
            before: row.before,
            after: row.after,
        }
    }
}
