//! When a feed runs: five fields of cron in the merchant's time zone (D3).
//!
//! croner knows cron and the calendar; clocks that are set forward and back are ours. Promises: runs strictly follow
//! each other. A run in an hour that is skipped comes in the first minute after it, one run for all of them; an hour
//! that is there twice runs the first time only.

mod clock;
mod fields;
#[cfg(test)]
mod tests;
mod words;

use croner::Cron;

use clock::Wall;
use fields::Fields;

/// What a clock on the wall shows in some place.
pub trait Zone {
    /// Seconds east of UTC at a moment.
    fn offset_at(&self, unix_seconds: i64) -> i32;
}

/// A schedule that comes round at least now and then.
#[derive(Debug, Clone)]
pub struct Schedule {
    cron: Cron,
    fields: Fields,
}

impl Schedule {
    /// Reads `minute hour day-of-month month day-of-week`. `* * * * *` is no schedule; every minute is `*/1`.
    pub fn parse(expression: &str) -> Result<Option<Self>, String> {
        let texts = fields::split(expression)?;
        if texts == ["*"; 5] {
            return Ok(None);
        }
        let cron = fields::read(texts)?;
        let fields = Fields::of(&cron);
        if fields.never_comes() {
            return Err("No month that is chosen has that day. Choose another day or month.".to_owned());
        }
        Ok(Some(Self { cron, fields }))
    }

    /// The first run after a moment.
    pub fn next(&self, after: i64, zone: &impl Zone) -> Option<i64> {
        let mut wall = Wall::at(after, zone);
        // More than one turn only within an hour that comes for the second time.
        loop {
            wall = self.cron.find_next_occurrence(&wall, false).ok()?;
            let run = wall.moment(zone);
            if run > after {
                return Some(run);
            }
        }
    }

    /// The schedule in plain English.
    pub fn words(&self) -> String {
        words::words(&self.fields)
    }

    /// What may surprise about it, a sentence each.
    pub fn warnings(&self) -> Vec<String> {
        words::warnings(&self.fields)
    }
}
