//! Dates and times as the API writes and reads them.

use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime};

use crate::state::now;

/// `2025-01-06T08:00:00+00:00`.
pub(super) fn write(seconds: u64) -> String {
    let moment = i64::try_from(seconds).ok().and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    let moment = moment.unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]+00:00");
    moment.format(&format).unwrap_or_default()
}

/// A moment with or without an offset. A day alone stands for the present time on that day, as at the platform.
pub(super) fn read(text: &str) -> Option<u64> {
    let plain = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
    let day = format_description!("[year]-[month]-[day]");
    let moment = OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_| PrimitiveDateTime::parse(text, &plain).map(PrimitiveDateTime::assume_utc))
        .or_else(|_| Date::parse(text, &day).map(|day| day.midnight().assume_utc() + time_of_day()));
    u64::try_from(moment.ok()?.unix_timestamp()).ok()
}

fn time_of_day() -> std::time::Duration {
    std::time::Duration::from_secs(now() % 86_400)
}

#[cfg(test)]
mod tests {
    use super::{read, write};

    #[test]
    fn reads_what_it_writes_and_what_the_platform_takes() {
        assert_eq!(write(1_736_150_400), "2025-01-06T08:00:00+00:00");
        for text in
            ["2025-01-06T08:00:00+00:00", "2025-01-06T08:00:00Z", "2025-01-06T08:00:00", "2025-01-06T09:00:00+01:00"]
        {
            assert_eq!(read(text), Some(1_736_150_400), "{text}");
        }
        let day = read("2025-01-06").expect("a day");
        assert!((1_736_121_600..1_736_208_000).contains(&day));
        for text in ["", "yesterday", "1736150400", "2025-13-06", "2025-01-06T08:00:00 00:00", "06/01/2025"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
