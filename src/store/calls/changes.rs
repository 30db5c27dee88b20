//! Calls about changes of many products, and about exports.

use serde::{Deserialize, Serialize};

use crate::bigcommerce::ids::PanelUser;
use crate::store::catalog::Wanted;

/// Makes room for a file of products; the file itself follows as a stream.
#[derive(Debug, Serialize, Deserialize)]
pub struct BeginImport {
    /// Who asks.
    pub user: PanelUser,
    /// What the file is called.
    pub file_name: String,
    /// Its size, if that is known.
    pub file_bytes: Option<u64>,
}

/// Begins to check a change of many products by a rule.
#[derive(Debug, Serialize, Deserialize)]
pub struct BeginChange {
    /// Who asks.
    pub user: PanelUser,
    /// What of which products.
    pub wanted: Wanted,
}

/// Reads a page of changes, the newest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListChanges {
    /// Older than this one.
    pub before: Option<i64>,
}

/// Reads a change.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadChange {
    /// Its number.
    pub id: i64,
}

/// Reads a page of a change's faults.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadFaults {
    /// Its number.
    pub id: i64,
    /// Faults before the page.
    pub after: u64,
}

/// Reads a page of what a change makes different.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadDifference {
    /// Its number.
    pub id: i64,
    /// The last product before the page.
    pub after: i64,
}

/// Puts a change in force.
#[derive(Debug, Serialize, Deserialize)]
pub struct ApplyChange {
    /// Its number.
    pub id: i64,
}

/// Takes a change back.
#[derive(Debug, Serialize, Deserialize)]
pub struct UndoChange {
    /// Its number.
    pub id: i64,
}

/// Throws away a change that is not in force.
#[derive(Debug, Serialize, Deserialize)]
pub struct DiscardChange {
    /// Its number.
    pub id: i64,
}

/// Begins to write all products as a file.
#[derive(Debug, Serialize, Deserialize)]
pub struct BeginExport {
    /// Who asks.
    pub user: PanelUser,
}

/// Reads the exports, the newest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListExports {}

/// Reads an export.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadExport {
    /// Its number.
    pub id: i64,
}

/// Deletes an export.
#[derive(Debug, Serialize, Deserialize)]
pub struct DeleteExport {
    /// Its number.
    pub id: i64,
}
