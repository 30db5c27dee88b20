//! Between moments and what the clock on the wall shows.

use std::cmp::Ordering;

use croner::errors::CronError;
use croner::{CivilDate, CivilDateTime, CivilTime, CronDateTime, Resolution, Weekday};

use super::Zone;

const DAY: i64 = 24 * 60 * 60;

/// No zone is further from UTC.
const FURTHEST_EAST: i64 = 14 * 60 * 60;
const FURTHEST_WEST: i64 = 12 * 60 * 60;

/// A date and time without a zone, as seconds since 1970 began on that clock. To croner it is a clock that is never
/// set forward or back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wall(i64);

impl Wall {
    /// What the clock shows at a moment.
    pub(super) fn at(moment: i64, zone: &impl Zone) -> Self {
        Self(moment + i64::from(zone.offset_at(moment)))
    }

    /// When the clock shows this first; if it never does, the first moment that it shows more.
    pub(super) fn moment(self, zone: &impl Zone) -> i64 {
        // Whenever it is that the clock shows this, it is between these two.
        let (early, late) = (self.0 - FURTHEST_EAST, self.0 + FURTHEST_WEST);
        let before = self.0 - i64::from(zone.offset_at(early));
        let after = self.0 - i64::from(zone.offset_at(late));
        let is_shown = |moment: &i64| Self::at(*moment, zone) == self;
        match [before.min(after), before.max(after)].into_iter().find(is_shown) {
            Some(moment) => moment,
            None => self.end_of_gap(early, late, zone),
        }
    }

    /// The clock is set forward between the two, past this.
    fn end_of_gap(self, mut early: i64, mut late: i64, zone: &impl Zone) -> i64 {
        while late - early > 1 {
            let middle = early.midpoint(late);
            if Self::at(middle, zone).0 > self.0 { late = middle } else { early = middle }
        }
        late
    }
}

impl CronDateTime for Wall {
    fn to_civil(&self) -> CivilDateTime {
        let (days, seconds) = (self.0.div_euclid(DAY), self.0.rem_euclid(DAY));
        let (year, month, day) = date(days);
        let part = |seconds: i64| u32::try_from(seconds).unwrap_or(0);
        let (hour, minute, second) = (part(seconds / 3600), part(seconds / 60 % 60), part(seconds % 60));
        let date = CivilDate::from_parts_unchecked(year, month, day);
        CivilDateTime::new(date, CivilTime::from_parts_unchecked(hour, minute, second))
    }

    fn civil_weekday(&self) -> Weekday {
        // 1970 began on a Thursday.
        Weekday::from_days_from_sunday(u32::try_from((self.0.div_euclid(DAY) + 4).rem_euclid(7)).unwrap_or(0))
    }

    fn resolve_civil(&self, civil: CivilDateTime) -> Result<Resolution<Self>, CronError> {
        let days = days(civil.year(), civil.month(), civil.day());
        let time = (civil.hour() * 60 + civil.minute()) * 60 + civil.second();
        Ok(Resolution::Single(Self(days * DAY + i64::from(time))))
    }

    fn checked_add_seconds(&self, seconds: i64) -> Option<Self> {
        self.0.checked_add(seconds).map(Self)
    }

    fn cmp_instant(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

/// Days of 400 years, after which the calendar begins anew.
const CYCLE: i64 = 146_097;
/// Days from March of the year 0 to 1970. With years that begin in March, a leap day is the last one.
const SINCE_MARCH_0: i64 = 719_468;

/// Days from 1970 to a date.
fn days(year: i32, month: u32, day: u32) -> i64 {
    let year = i64::from(year) - i64::from(month <= 2);
    let (cycle, of_cycle) = (year.div_euclid(400), year.rem_euclid(400));
    let since_march = i64::from((month + 9) % 12);
    let of_year = (153 * since_march + 2) / 5 + i64::from(day) - 1;
    cycle * CYCLE + of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + of_year - SINCE_MARCH_0
}

/// The date so many days after 1970 began: year, month, day.
fn date(days: i64) -> (i32, u32, u32) {
    let (cycle, of_cycle) = {
        let days = days + SINCE_MARCH_0;
        (days.div_euclid(CYCLE), days.rem_euclid(CYCLE))
    };
    let year = (of_cycle - of_cycle / 1460 + of_cycle / 36_524 - of_cycle / (CYCLE - 1)) / 365;
    let of_year = of_cycle - (365 * year + year / 4 - year / 100);
    let since_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * since_march + 2) / 5 + 1;
    let month = (since_march + 2) % 12 + 1;
    let year = cycle * 400 + year + i64::from(month <= 2);
    let small = |number: i64| u32::try_from(number).unwrap_or(1);
    (i32::try_from(year).unwrap_or(i32::MAX), small(month), small(day))
}
