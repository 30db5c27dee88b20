//! Schedules: any text is read or refused, and what is read comes later than any moment, wherever clocks are changed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ordergroove_bigcommerce::feeds::schedule::{Schedule, Zone};

/// A clock that is changed once.
struct Place {
    before: i32,
    after: i32,
    change: i64,
}

impl Zone for Place {
    fn offset_at(&self, unix_seconds: i64) -> i32 {
        if unix_seconds < self.change { self.before } else { self.after }
    }
}

/// Minutes east of UTC, as far as there are zones: -12 to 14 hours.
fn offset(minutes: u16) -> i32 {
    (i32::from(minutes) % (26 * 60 + 1) - 12 * 60) * 60
}

/// The years 1970 to 2105.
fn moment(seconds: u32) -> i64 {
    i64::from(seconds)
}

fuzz_target!(|input: (u32, i32, u16, u16, &str)| {
    let (after, to_change, east, further_east, text) = input;
    let after = moment(after);
    let place = Place { before: offset(east), after: offset(further_east), change: after + i64::from(to_change) };
    let Ok(Some(schedule)) = Schedule::parse(text) else { return };
    assert!(!schedule.words().is_empty());
    assert!(schedule.warnings().iter().all(|warning| warning.ends_with('.')));
    let again = Schedule::parse(&text.split_whitespace().collect::<Vec<&str>>().join(" ")).unwrap().unwrap();
    let mut last = after;
    // A 29th of February comes at least every eight years.
    for _ in 0..3 {
        let next = schedule.next(last, &place).expect("it comes round");
        assert!(next > last && next - last < 9 * 366 * 24 * 60 * 60, "{text}: {next} after {last}");
        assert_eq!(again.next(last, &place), Some(next), "{text}");
        last = next;
    }
});
