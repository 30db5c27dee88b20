//! Applying a change, undoing it, throwing it away: each is the change of one row.

use super::super::catalog_do::Catalog;
use super::views::ChangeView;
use super::{Check, Prepared, State};
use crate::error::{Error, Result};
use crate::platform::clock;

fn conflict(message: &str) -> Error {
    Error::Conflict { message: message.to_owned() }
}

impl Catalog {
    /// Puts a change in force, or has it compared anew if products changed since it was.
    pub(in crate::store::catalog) fn apply_change(&self, id: i64) -> Result<ChangeView> {
        self.database.transaction(|| {
            let prepared = self.prepared(id)?;
            if prepared.state != State::Ready {
                return Err(conflict("This change is not ready to be applied."));
            }
            if prepared.check.generation != self.generation()? {
                return self.compare_anew(&prepared);
            }
            let (now, layer) = (clock::now(), self.next_generation()?);
            self.database.run(
                "UPDATE versions SET state = 'applied', applied_at = ?, layer = ? WHERE id = ?",
                vec![now.into(), layer.into(), id.into()],
            )?;
            self.tidy_later()
        })?;
        self.read_change(id)
    }

    fn compare_anew(&self, Prepared { version, check, .. }: &Prepared) -> Result<()> {
        self.refuse_if_checking()?;
        for table in ["plans", "faults"] {
            self.database.run(&format!("DELETE FROM {table} WHERE version = ?"), vec![(*version).into()])?;
        }
        let mut check = Check {
            done: 0,
            faults: 0,
            changed: 0,
            unchanged: 0,
            made_eligible: 0,
            made_not_eligible: 0,
            message:
                "Products changed since this was checked, so it was checked again. Look at it before you apply it."
                    .to_owned(),
            ..check.clone()
        };
        self.begin_comparing(&mut check)?;
        self.keep_check(*version, &check)?;
        self.set_state(*version, State::Checking)?;
        self.schedule_check()
    }

    /// Takes the newest change back; edits by hand that were made later stay.
    pub(in crate::store::catalog) fn undo_change(&self, id: i64) -> Result<ChangeView> {
        self.database.transaction(|| {
            self.prepared(id)?;
            if self.undoable()? != Some(id) {
                return Err(conflict("Only the change that was applied last can be undone."));
            }
            self.database.run(
                "UPDATE versions SET state = 'undone', undone_at = ?, layer = NULL WHERE id = ?",
                vec![clock::now().into(), id.into()],
            )?;
            self.next_generation()?;
            self.tidy_later()
        })?;
        self.read_change(id)
    }

    /// Throws away what is not in force.
    pub(in crate::store::catalog) fn discard_change(&self, id: i64) -> Result<()> {
        self.database.transaction(|| {
            match self.prepared(id)?.state {
                State::Applied => return Err(conflict("This change is applied; undo it instead.")),
                State::Undone | State::Cancelled | State::Failed => return Ok(()),
                State::Uploading => self.upload.set(None),
                State::Checking | State::Faulty | State::Ready => {}
            }
            self.set_state(id, State::Cancelled)?;
            self.tidy_later()
        })
    }
}
