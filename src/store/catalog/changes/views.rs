//! Changes as the console shows them.

use serde::{Deserialize, Serialize};

use super::super::catalog_do::Catalog;
use super::super::plans::{PlanOption, PlanOptions};
use super::{Check, Fault, Kind, State, sql_count};
use crate::bigcommerce::ids::PanelUser;
use crate::catalog::rules::Modifier;
use crate::error::{Error, Result};
use crate::platform::sql::Value;

/// Changes of a page.
const CHANGES: usize = 20;

/// Faults of a page.
const FAULTS: usize = 100;

/// Products of a page of differences.
const PRODUCTS: usize = 50;

/// A change.
#[derive(Debug, Serialize, Deserialize)]
pub struct ChangeView {
    id: i64,
    kind: Kind,
    file_name: Option<String>,
    file_bytes: Option<u64>,
    user: Option<PanelUser>,
    created_at: i64,
    /// Whether it is under way, waits or is in force.
    pub state: State,
    done: u64,
    total: u64,
    rows: u64,
    faults: u64,
    changed: u64,
    unchanged: u64,
    made_eligible: u64,
    made_not_eligible: u64,
    applied_at: Option<i64>,
    undone_at: Option<i64>,
    can_undo: bool,
    message: String,
}

/// A page of the history, the newest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ChangesPage {
    changes: Vec<ChangeView>,
    next: Option<i64>,
}

/// A page of what is wrong.
#[derive(Debug, Serialize, Deserialize)]
pub struct FaultsPage {
    faults: Vec<FaultView>,
    next: Option<u64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct FaultView {
    id: u64,
    row: Option<u64>,
    column: String,
    product_id: Option<u64>,
    reason: String,
    value: String,
}

/// A page of what a change makes different.
#[derive(Debug, Serialize, Deserialize)]
pub struct DifferencePage {
    products: Vec<DifferenceView>,
    next: Option<u64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct DifferenceView {
    id: u64,
    name: String,
    sku: String,
    before: PlanView,
    after: PlanView,
}

#[derive(Debug, Serialize, Deserialize)]
struct PlanView {
    eligible: bool,
    options: Vec<OptionView>,
}

#[derive(Debug, Serialize, Deserialize)]
struct OptionView {
    option_id: u64,
    name: String,
    every: u32,
    every_period: u32,
    is_default: bool,
}

impl PlanView {
    fn of(eligible: bool, plan: Option<&PlanOptions>, modifier: Option<&Modifier>) -> Self {
        let labels = modifier.map(|modifier| &modifier.options).into_iter().flatten();
        let planned = |id: u64| plan?.0.iter().find(|option| option.0 == id).copied();
        let option = |(id, label): &(u64, String)| {
            let PlanOption(option_id, every, every_period, is_default) =
                planned(*id).unwrap_or(PlanOption(*id, 0, 0, false));
            OptionView { option_id, name: label.clone(), every, every_period, is_default }
        };
        Self { eligible, options: labels.map(option).collect() }
    }
}

/// A version with its check.
#[derive(Deserialize)]
struct Row {
    id: i64,
    kind: Kind,
    state: State,
    created_at: i64,
    user_id: Option<u64>,
    email: String,
    applied_at: Option<i64>,
    undone_at: Option<i64>,
    json: Option<String>,
}

impl Catalog {
    pub(in crate::store::catalog) fn read_change(&self, id: i64) -> Result<ChangeView> {
        let rows = self.rows_of_changes("v.id = ?", vec![id.into(), 1.into()])?;
        rows.into_iter().next().map(|row| self.change_view(row)).ok_or(Error::NotFound)?
    }

    pub(in crate::store::catalog) fn list_changes(&self, before: Option<i64>) -> Result<ChangesPage> {
        let most = sql_count(CHANGES as u64 + 1);
        let mut rows = self.rows_of_changes("v.id < ?", vec![before.unwrap_or(i64::MAX >> 11).into(), most.into()])?;
        let next = cut(&mut rows, CHANGES, |row| row.id);
        let changes: Result<Vec<ChangeView>> = rows.into_iter().map(|row| self.change_view(row)).collect();
        Ok(ChangesPage { changes: changes?, next })
    }

    fn rows_of_changes(&self, condition: &str, values: Vec<Value>) -> Result<Vec<Row>> {
        self.database.rows(
            &format!(
                "SELECT v.id, v.kind, v.state, v.created_at, v.user_id, v.email, v.applied_at, v.undone_at, c.json
                 FROM versions v LEFT JOIN checks c ON c.version = v.id WHERE {condition} ORDER BY v.id DESC LIMIT ?"
            ),
            values,
        )
    }

    fn change_view(&self, row: Row) -> Result<ChangeView> {
        let check = match &row.json {
            Some(json) => serde_json::from_str(json).map_err(Error::internal)?,
            None => self.edits(row.id)?,
        };
        let Check { done, total, rows, faults, changed, unchanged, made_eligible, made_not_eligible, .. } = check;
        Ok(ChangeView {
            id: row.id,
            kind: row.kind,
            file_name: check.file_name,
            file_bytes: check.file_bytes,
            user: row.user_id.map(|id| PanelUser { id, email: row.email }),
            created_at: row.created_at,
            state: row.state,
            done,
            total,
            rows,
            faults,
            changed,
            unchanged,
            made_eligible,
            made_not_eligible,
            applied_at: row.applied_at,
            undone_at: row.undone_at,
            can_undo: self.undoable()? == Some(row.id),
            message: check.message,
        })
    }

    /// What edits by hand come to, in the form of a check.
    fn edits(&self, version: i64) -> Result<Check> {
        #[derive(Deserialize)]
        struct Counts {
            changed: u64,
            made_eligible: Option<u64>,
            made_not_eligible: Option<u64>,
        }
        let counts: Option<Counts> = self.database.row(
            &format!(
                "SELECT count(*) AS changed, sum(a.eligible > coalesce(b.eligible, 0)) AS made_eligible,
                     sum(a.eligible < coalesce(b.eligible, 0)) AS made_not_eligible
                 FROM plans a LEFT JOIN plans b ON {BENEATH} WHERE a.version = ?2"
            ),
            vec![self.height(version)?.into(), version.into()],
        )?;
        let mut check = Check::new(super::Cursor::Comparing { after: 0 });
        if let Some(counts) = counts {
            check.changed = counts.changed;
            check.made_eligible = counts.made_eligible.unwrap_or(0);
            check.made_not_eligible = counts.made_not_eligible.unwrap_or(0);
        }
        Ok(check)
    }

    /// The change that can be undone: the highest layer that is not edits by hand and has no others in it.
    pub(super) fn undoable(&self) -> Result<Option<i64>> {
        #[derive(Deserialize)]
        struct Id {
            id: i64,
        }
        let row: Option<Id> = self.database.row(
            "SELECT id FROM versions WHERE layer IS NOT NULL AND folded = 0 AND kind <> 'edits' ORDER BY layer DESC LIMIT 1",
            vec![],
        )?;
        Ok(row.map(|row| row.id))
    }

    /// The layer of a version; one that is not in force would lie above all.
    fn height(&self, version: i64) -> Result<i64> {
        #[derive(Deserialize)]
        struct Height {
            layer: Option<i64>,
        }
        let row: Option<Height> = self.database.row("SELECT layer FROM versions WHERE id = ?", vec![version.into()])?;
        Ok(row.ok_or(Error::NotFound)?.layer.unwrap_or(i64::MAX >> 11))
    }

    pub(in crate::store::catalog) fn read_faults(&self, id: i64, after: u64) -> Result<FaultsPage> {
        self.height(id)?;
        let mut faults: Vec<Fault> = self.database.rows(
            "SELECT line, place, product_id, reason, value FROM faults WHERE version = ? ORDER BY line, id LIMIT ? OFFSET ?",
            vec![id.into(), sql_count(FAULTS as u64 + 1).into(), sql_count(after).into()],
        )?;
        let next = cut(&mut faults, FAULTS, |_| after + FAULTS as u64);
        let view = |(id, fault): (u64, Fault)| FaultView {
            id,
            row: fault.line,
            column: fault.place,
            product_id: fault.product_id,
            reason: fault.reason,
            value: fault.value,
        };
        Ok(FaultsPage { faults: (after + 1..).zip(faults).map(view).collect(), next })
    }

    pub(in crate::store::catalog) fn read_difference(&self, id: i64, after: i64) -> Result<DifferencePage> {
        #[derive(Deserialize)]
        struct Differing {
            id: u64,
            name: String,
            sku: String,
            modifier: Option<String>,
            before_eligible: Option<i64>,
            before_options: Option<PlanOptions>,
            after_eligible: i64,
            after_options: PlanOptions,
        }
        let mut rows: Vec<Differing> = self.database.rows(
            &format!(
                "SELECT p.id, p.name, p.sku, p.modifier, b.eligible AS before_eligible, b.options AS before_options,
                     a.eligible AS after_eligible, a.options AS after_options
                 FROM plans a JOIN products p ON p.id = a.product_id LEFT JOIN plans b ON {BENEATH}
                 WHERE a.version = ?2 AND a.product_id > ?3 ORDER BY a.product_id LIMIT ?4"
            ),
            vec![self.height(id)?.into(), id.into(), after.into(), sql_count(PRODUCTS as u64 + 1).into()],
        )?;
        let next = cut(&mut rows, PRODUCTS, |row| row.id);
        let view = |row: Differing| {
            let modifier: Option<Modifier> = row.modifier.as_deref().and_then(|text| serde_json::from_str(text).ok());
            let modifier = modifier.as_ref();
            let was_eligible = row.before_eligible.is_some_and(|eligible| eligible != 0);
            DifferenceView {
                id: row.id,
                before: PlanView::of(was_eligible, row.before_options.as_ref(), modifier),
                after: PlanView::of(row.after_eligible != 0, Some(&row.after_options), modifier),
                name: row.name,
                sku: row.sku,
            }
        };
        Ok(DifferencePage { products: rows.into_iter().map(view).collect(), next })
    }
}

/// The plan `b` that is in force of `a`'s product below the layer `?1`.
const BENEATH: &str = "b.product_id = a.product_id AND b.version =
    (SELECT q.version FROM plans q JOIN versions w ON w.id = q.version
     WHERE q.product_id = a.product_id AND w.layer < ?1 ORDER BY w.layer DESC LIMIT 1)";

/// Cuts a page of `most` off rows of which one more was asked for; gives what the next page begins after.
fn cut<T, K>(rows: &mut Vec<T>, most: usize, key: impl Fn(&T) -> K) -> Option<K> {
    let is_more = rows.len() > most;
    rows.truncate(most);
    rows.last().filter(|_| is_more).map(key)
}
