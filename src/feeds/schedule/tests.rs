//! Written tables: runs, words, refusals. [`agreement`] compares with others.

mod agreement;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::{Schedule, Zone};

/// A zone as jiff's tables have it.
struct Tables(TimeZone);

impl Tables {
    fn of(name: &str) -> Self {
        Self(TimeZone::get(name).expect("a zone of the tables"))
    }

    /// A local time, with the offset if it is there twice.
    fn moment(&self, local: &str) -> i64 {
        local.parse::<Timestamp>().map_or_else(
            |_| self.0.to_timestamp(local.parse::<DateTime>().expect("a date and time")).expect("a moment").as_second(),
            Timestamp::as_second,
        )
    }

    fn show(&self, moment: i64) -> String {
        let moment = Timestamp::from_second(moment).unwrap().to_zoned(self.0.clone());
        moment.strftime("%Y-%m-%d %H:%M %:z").to_string()
    }
}

impl Zone for Tables {
    fn offset_at(&self, unix_seconds: i64) -> i32 {
        self.0.to_offset(Timestamp::from_second(unix_seconds).unwrap()).seconds()
    }
}

fn schedule(expression: &str) -> Schedule {
    Schedule::parse(expression).unwrap_or_else(|fault| panic!("{expression}: {fault}")).expect("a schedule")
}

fn runs(expression: &str, after: i64, zone: &Tables, count: usize) -> Vec<i64> {
    let schedule = schedule(expression);
    std::iter::successors(schedule.next(after, zone), |last| schedule.next(*last, zone)).take(count).collect()
}

/// Zone, schedule, after when (local time), and the runs that follow.
const CHANGES_AND_ENDS: &[(&str, &str, &str, &[&str])] = &[
    // Set forward at 02:00.
    ("America/Chicago", "30 2 * * *", "2026-03-07T12:00", &["2026-03-08 03:00 -05:00", "2026-03-09 02:30 -05:00"]),
    ("America/Chicago", "0 2 * * *", "2026-03-08T00:00", &["2026-03-08 03:00 -05:00", "2026-03-09 02:00 -05:00"]),
    ("America/Chicago", "0 3 * * *", "2026-03-08T00:00", &["2026-03-08 03:00 -05:00", "2026-03-09 03:00 -05:00"]),
    (
        "America/Chicago",
        "15,45 2,3 8 3 *",
        "2026-03-08T00:00",
        &["2026-03-08 03:00 -05:00", "2026-03-08 03:15 -05:00", "2026-03-08 03:45 -05:00", "2027-03-08 02:15 -06:00"],
    ),
    (
        "America/Chicago",
        "*/30 * * * *",
        "2026-03-08T01:10",
        &["2026-03-08 01:30 -06:00", "2026-03-08 03:00 -05:00", "2026-03-08 03:30 -05:00"],
    ),
    (
        "America/Chicago",
        "*/1 * * * *",
        "2026-03-08T01:58",
        &["2026-03-08 01:59 -06:00", "2026-03-08 03:00 -05:00", "2026-03-08 03:01 -05:00"],
    ),
    // Set back at 02:00.
    ("America/Chicago", "30 1 * * *", "2026-10-31T12:00", &["2026-11-01 01:30 -05:00", "2026-11-02 01:30 -06:00"]),
    ("America/Chicago", "30 1 * * *", "2026-11-01T01:45-06:00", &["2026-11-02 01:30 -06:00"]),
    (
        "America/Chicago",
        "*/30 * * * *",
        "2026-11-01T00:40",
        &["2026-11-01 01:00 -05:00", "2026-11-01 01:30 -05:00", "2026-11-01 02:00 -06:00"],
    ),
    ("America/Chicago", "*/1 * * * *", "2026-11-01T01:20-06:00", &["2026-11-01 02:00 -06:00"]),
    ("America/Chicago", "0 2 * * *", "2026-11-01T00:00", &["2026-11-01 02:00 -06:00", "2026-11-02 02:00 -06:00"]),
    // Set forward at 01:00 and back at 02:00.
    ("Europe/London", "30 1 * * 7", "2026-03-28T12:00", &["2026-03-29 02:00 +01:00", "2026-04-05 01:30 +01:00"]),
    ("Europe/London", "30 1 * * 0", "2026-10-24T12:00", &["2026-10-25 01:30 +01:00", "2026-11-01 01:30 +00:00"]),
    // By half an hour.
    ("Australia/Lord_Howe", "15 2 * * *", "2026-10-03T12:00", &["2026-10-04 02:30 +11:00", "2026-10-05 02:15 +11:00"]),
    ("Australia/Lord_Howe", "45 1 * * *", "2026-04-04T12:00", &["2026-04-05 01:45 +11:00", "2026-04-06 01:45 +10:30"]),
    (
        "Australia/Lord_Howe",
        "*/15 1-2 5 4 *",
        "2026-04-05T01:20+11:00",
        &["2026-04-05 01:30 +11:00", "2026-04-05 01:45 +11:00", "2026-04-05 02:00 +10:30", "2026-04-05 02:15 +10:30"],
    ),
    // Midnight itself is skipped, or comes twice.
    ("America/Sao_Paulo", "0 0 * * *", "2018-11-03T12:00", &["2018-11-04 01:00 -02:00", "2018-11-05 00:00 -02:00"]),
    ("America/Sao_Paulo", "30 23 * * *", "2019-02-16T12:00", &["2019-02-16 23:30 -02:00", "2019-02-17 23:30 -03:00"]),
    // Never changed.
    ("America/Sao_Paulo", "0 0 1 * *", "2026-01-31T00:00", &["2026-02-01 00:00 -03:00", "2026-03-01 00:00 -03:00"]),
    ("Asia/Kolkata", "30 2 * * *", "2026-03-07T12:00", &["2026-03-08 02:30 +05:30", "2026-03-09 02:30 +05:30"]),
    ("UTC", "0 0 * * 1", "2026-11-23T00:00", &["2026-11-30 00:00 +00:00"]),
    // A whole day is skipped.
    ("Pacific/Apia", "0 12 * * *", "2011-12-29T13:00", &["2011-12-31 00:00 +14:00", "2011-12-31 12:00 +14:00"]),
    // Ends of months and of years, leap days.
    ("UTC", "0 0 31 * *", "2026-01-31T00:00", &["2026-03-31 00:00 +00:00", "2026-05-31 00:00 +00:00"]),
    ("UTC", "0 0 30 * *", "2026-01-30T00:00", &["2026-03-30 00:00 +00:00", "2026-04-30 00:00 +00:00"]),
    ("UTC", "0 0 29 2 *", "2026-01-01T00:00", &["2028-02-29 00:00 +00:00", "2032-02-29 00:00 +00:00"]),
    ("UTC", "0 0 29 2 *", "2096-03-01T00:00", &["2104-02-29 00:00 +00:00"]),
    ("UTC", "59 23 31 12 *", "2026-12-31T23:59", &["2027-12-31 23:59 +00:00"]),
    ("America/Chicago", "5 0 1 1 *", "2026-11-23T08:00", &["2027-01-01 00:05 -06:00", "2028-01-01 00:05 -06:00"]),
    (
        "UTC",
        "0 6 13 * 5",
        "2026-11-01T00:00",
        &[
            "2026-11-06 06:00 +00:00",
            "2026-11-13 06:00 +00:00",
            "2026-11-20 06:00 +00:00",
            "2026-11-27 06:00 +00:00",
            "2026-12-04 06:00 +00:00",
            "2026-12-11 06:00 +00:00",
            "2026-12-13 06:00 +00:00",
        ],
    ),
];

#[test]
fn clocks_that_are_changed_and_ends_of_months() {
    for (zone, expression, after, expected) in CHANGES_AND_ENDS {
        let zone = Tables::of(zone);
        let found = runs(expression, zone.moment(after), &zone, expected.len());
        let found: Vec<String> = found.into_iter().map(|run| zone.show(run)).collect();
        assert_eq!(found, *expected, "{expression} after {after}");
    }
}

#[test]
fn seconds_within_a_minute_change_nothing() {
    let zone = Tables::of("UTC");
    let (at, half_past) = (zone.moment("2026-11-23T04:29"), zone.moment("2026-11-23T04:30"));
    for after in at..half_past {
        assert_eq!(schedule("30 4 * * *").next(after, &zone), Some(half_past));
    }
    assert_eq!(schedule("30 4 * * *").next(half_past, &zone), Some(half_past + 24 * 60 * 60));
}

#[test]
fn words_warnings_and_refusals() {
    for (expression, words, warning) in [
        ("30 4 * * *", "Every day at 04:30", ""),
        ("*/1 * * * *", "Every minute", ""),
        ("*/15 * * * *", "Every 15 minutes", ""),
        ("0,30 * * * *", "Every 30 minutes", ""),
        ("0 * * * *", "Every hour", ""),
        ("5 * * * *", "At 5 minutes past every hour", ""),
        ("5,50 * * * *", "At 5 and 50 minutes past every hour", ""),
        ("0 */6 * * *", "Every day at 00:00, 06:00, 12:00 and 18:00", ""),
        ("10 */2 * * *", "Every 2 hours from 00:10", ""),
        ("0 9-17 * * 1-5", "Every hour from 09:00 to 17:00, on Monday to Friday", ""),
        ("*/15 9-17 * * *", "Every 15 minutes from 09:00 to 17:45", ""),
        ("*/15 4,6 * * *", "Every 15 minutes from 04:00 to 04:45 and from 06:00 to 06:45", ""),
        ("0 1,3,5,8,10,12,20 * * *", "Every day at 01:00, 03:00, 05:00, 08:00, 10:00, 12:00 and 20:00", ""),
        ("0 6 * * 1,4", "On Monday and Thursday at 06:00", ""),
        ("0 6 * * 0,6", "On Saturday and Sunday at 06:00", ""),
        ("0 6 * * 5-7", "On Friday to Sunday at 06:00", ""),
        ("5 0 1 * *", "On the 1st of every month at 00:05", ""),
        (
            "5 0 1,2,3,11,22,23 * *",
            "On the 1st to the 3rd, the 11th, the 22nd and the 23rd of every month at 00:05",
            "",
        ),
        ("0 0 1 1 *", "On the 1st of January at 00:00", ""),
        ("0 0 * 6-8,12 *", "Every day in June to August and December at 00:00", ""),
        ("*/5 * 1-7 * *", "Every 5 minutes, on the 1st to the 7th of every month", ""),
        ("0 6 1 * 1", "On the 1st of every month, and on Monday at 06:00", "one of either"),
        ("0 6 1 1 1", "On the 1st of January, and on Monday in January at 06:00", "one of either"),
        ("0 6 */1 * 1", "Every day at 06:00", "one of either"),
        ("0 6 31 * *", "On the 31st of every month at 06:00", "does not run"),
        ("0 6 29 2 *", "On the 29th of February at 06:00", "does not run"),
        ("0 6 31 1,12 *", "On the 31st of January and December at 06:00", ""),
        ("* 4 * * *", "Every minute from 04:00 to 04:59", "60 times. "),
        ("*/1 4,5 * * *", "Every minute from 04:00 to 05:59", "60 times in each"),
        ("* * 1 * *", "Every minute, on the 1st of every month", "1,440 times"),
        ("  0\t4  * * * ", "Every day at 04:00", ""),
    ] {
        let schedule = schedule(expression);
        assert_eq!(schedule.words(), words, "{expression}");
        let warnings = schedule.warnings();
        assert_eq!(warnings.len(), usize::from(!warning.is_empty()), "{expression}: {warnings:?}");
        assert!(warnings.iter().all(|found| found.contains(warning)), "{expression}: {warnings:?}");
    }
    assert!(Schedule::parse(" * * * *  * ").is_ok_and(|schedule| schedule.is_none()), "no job");
    for (expression, fault) in [
        ("", "This has 0"),
        ("* * * *", "This has 4"),
        ("0 0 4 * * *", "This has 6"),
        ("60 * * * *", "The minute \"60\""),
        ("* 24 * * *", "The hour \"24\""),
        ("0 0 0 * *", "The day of the month \"0\""),
        ("0 0 * 13 *", "The month \"13\""),
        ("0 0 * * 8", "The day of the week \"8\""),
        ("*/0 * * * *", "The minute"),
        ("5/15 * * * *", "The minute"),
        ("5- * * * *", "The minute"),
        ("30-10 * * * *", "The minute"),
        ("1,,2 * * * *", "The minute"),
        ("-1 * * * *", "The minute"),
        ("0 0 L * *", "The day of the month"),
        ("0 0 15W * *", "The day of the month"),
        ("0 0 ? * *", "The day of the month"),
        ("0 0 * * MON", "The day of the week"),
        ("0 0 * * 1#2", "The day of the week"),
        ("0 0 * * +1", "The day of the week"),
        ("@daily", "This has 1"),
        ("0 0 31 2 *", "No month"),
        ("0 0 30 2 *", "No month"),
        ("0 0 31 4,6,9,11 *", "No month"),
    ] {
        let found = Schedule::parse(expression).expect_err(expression);
        assert!(found.contains(fault) && found.ends_with('.'), "{expression}: {found}");
    }
    assert!(Schedule::parse("0 0 31 2 1").is_ok(), "Mondays come");
}
