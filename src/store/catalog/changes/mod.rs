//! Changes of many products at once, by a file or by a rule.
//!
//! A change is a version of plans that is prepared in the background and holds only the products it makes different:
//! a file is uploaded ([`uploading`]) and read into wishes, one a row ([`reading`]); wishes, or a rule, are compared
//! with what is in force ([`comparing`]). Then it waits. Applying it puts its layer on top, undoing takes the layer
//! away ([`switching`]): each is the change of one row, so nobody ever sees half of it. Every step is one
//! transaction that leaves the cursor where the next begins: what dies in the middle goes on.
//!
//! A change that is ready is as it was checked. If products changed since, it is compared anew when it is applied.

mod beginning;
mod comparing;
mod reading;
mod switching;
mod tidying;
mod uploading;
mod views;

use serde::{Deserialize, Serialize};
use serde_json::json;

pub use beginning::Wanted;
pub use uploading::LONGEST_FILE;
pub use views::{ChangeView, ChangesPage, DifferencePage, FaultsPage};

use super::catalog_do::Catalog;
use super::product_rows::sql_id;
use super::products::ProductsQuery;
use crate::catalog::csv::columns::Columns;
use crate::error::{Error, Result};
use crate::platform::clock;
use crate::platform::sql::Value;
use crate::store::jobs::{self, Job, JobKind, MOST_TRIES, Outcome};

/// Faults of a change that are kept; all are counted.
const MOST_FAULTS: u64 = 1000;

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// What a file says.
    Import,
    /// Frequencies as the names of options state them.
    Fill,
    /// Products can be subscribed to.
    Offer,
    /// They no longer can.
    Withdraw,
    /// What was changed by hand between two others.
    Edits,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// The file comes in.
    Uploading,
    /// It is read and compared.
    Checking,
    /// A file with faults.
    Faulty,
    /// It can be applied.
    Ready,
    /// It is in force, where nothing lies above it.
    Applied,
    /// It was.
    Undone,
    /// Thrown away.
    Cancelled,
    /// It broke off.
    Failed,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Fill => "fill",
            Self::Offer => "offer",
            Self::Withdraw => "withdraw",
            Self::Edits => "edits",
        }
    }
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::Uploading => "uploading",
            Self::Checking => "checking",
            Self::Faulty => "faulty",
            Self::Ready => "ready",
            Self::Applied => "applied",
            Self::Undone => "undone",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }
}

/// Which products a rule is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Chosen {
    /// Those that are found by it.
    Found(ProductsQuery),
    /// These.
    Named(Vec<u64>),
}

/// Where a check goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Cursor {
    /// In the text of the file.
    Reading {
        /// Once the header is read.
        columns: Option<Columns>,
        /// Bytes read.
        offset: u64,
        /// Rows read.
        line: u64,
    },
    /// After this product.
    Comparing {
        /// Its id.
        after: i64,
    },
}

/// A check: what it is about, how far it is and what it found. Kept as JSON.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Check {
    file_name: Option<String>,
    file_bytes: Option<u64>,
    /// Bytes of the file as UTF-8.
    text_bytes: u64,
    /// For a rule.
    chosen: Option<Chosen>,
    cursor: Cursor,
    /// The newest change of products when comparing began.
    generation: i64,
    done: u64,
    total: u64,
    rows: u64,
    faults: u64,
    changed: u64,
    unchanged: u64,
    made_eligible: u64,
    made_not_eligible: u64,
    message: String,
}

impl Check {
    fn new(cursor: Cursor) -> Self {
        Self {
            file_name: None,
            file_bytes: None,
            text_bytes: 0,
            chosen: None,
            cursor,
            generation: 0,
            done: 0,
            total: 0,
            rows: 0,
            faults: 0,
            changed: 0,
            unchanged: 0,
            made_eligible: 0,
            made_not_eligible: 0,
            message: String::new(),
        }
    }
}

/// What is wrong with a row of a file, or with a product. All of it is for the merchant.
#[derive(Debug, Serialize, Deserialize)]
struct Fault {
    /// As a spreadsheet counts: the header is row 1.
    line: Option<u64>,
    place: String,
    product_id: Option<u64>,
    reason: String,
    value: String,
}

/// A change with its check, as the tables have them.
struct Prepared {
    version: i64,
    kind: Kind,
    state: State,
    check: Check,
}

impl Catalog {
    /// A change by its number; edits by hand are none that was prepared.
    fn prepared(&self, version: i64) -> Result<Prepared> {
        self.find_prepared("v.id = ?", version.into())?.ok_or(Error::NotFound)
    }

    fn find_prepared(&self, condition: &str, value: Value) -> Result<Option<Prepared>> {
        #[derive(Deserialize)]
        struct Row {
            id: i64,
            kind: Kind,
            state: State,
            json: String,
        }
        let row: Option<Row> = self.database.row(
            &format!("SELECT v.id, v.kind, v.state, c.json FROM versions v JOIN checks c ON c.version = v.id WHERE {condition} LIMIT 1"),
            vec![value],
        )?;
        row.map(|Row { id, kind, state, json }| {
            let check = serde_json::from_str(&json).map_err(Error::internal)?;
            Ok(Prepared { version: id, kind, state, check })
        })
        .transpose()
    }

    fn keep_check(&self, version: i64, check: &Check) -> Result<()> {
        self.database.run(
            "INSERT OR REPLACE INTO checks (version, json) VALUES (?, ?)",
            vec![version.into(), json!(check).to_string().into()],
        )
    }

    fn set_state(&self, version: i64, state: State) -> Result<()> {
        self.database.run("UPDATE versions SET state = ? WHERE id = ?", vec![state.name().into(), version.into()])
    }

    /// Ends a change that cannot go on.
    fn fail(&self, prepared: &Prepared, message: &str) -> Result<()> {
        let check = Check { message: message.to_owned(), ..prepared.check.clone() };
        self.keep_check(prepared.version, &check)?;
        self.set_state(prepared.version, State::Failed)?;
        self.tidy_later()
    }

    /// Adds faults to a check's, as far as they are kept.
    fn add_faults(&self, version: i64, check: &mut Check, faults: &[Fault]) -> Result<()> {
        let room = MOST_FAULTS.saturating_sub(check.faults);
        let kept = &faults[..faults.len().min(usize::try_from(room).unwrap_or(usize::MAX))];
        check.faults += faults.len() as u64;
        if kept.is_empty() {
            return Ok(());
        }
        self.database.run(
            "INSERT INTO faults (version, line, place, product_id, reason, value)
             SELECT ?, value ->> 'line', value ->> 'place', value ->> 'product_id', value ->> 'reason', value ->> 'value' FROM json_each(?)",
            vec![version.into(), json!(kept).to_string().into()],
        )
    }

    fn schedule_check(&self) -> Result<()> {
        let now = clock::now();
        jobs::schedule(&self.database, JobKind::Check, now, now)
    }

    /// A step of the check that is under way.
    pub(super) fn check(&self, job: &Job) -> Result<Outcome> {
        self.database.transaction(|| {
            let Some(prepared) = self.find_prepared("v.state = ?", State::Checking.name().into())? else {
                return Ok(Outcome::Done);
            };
            if job.attempts >= MOST_TRIES {
                self.fail(&prepared, "Something went wrong on our side. Try it again.")?;
                return Ok(Outcome::Done);
            }
            let Prepared { version, kind, mut check, .. } = prepared;
            let state = match check.cursor {
                Cursor::Reading { .. } => self.read_step(version, &mut check)?,
                Cursor::Comparing { after } => self.compare_step(version, kind, &mut check, after)?,
            };
            self.keep_check(version, &check)?;
            if state == State::Checking {
                return Ok(Outcome::Again(clock::now()));
            }
            self.set_state(version, state)?;
            self.tidy_later()?;
            Ok(Outcome::Done)
        })
    }
}

/// A count as SQLite holds it.
fn sql_count(count: u64) -> i64 {
    sql_id(count).unwrap_or(i64::MAX)
}
