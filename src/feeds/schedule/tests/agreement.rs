//! Agreement with another implementation, and with a search by hand where clocks are changed.

use std::io::Write as _;
use std::process::{Command, Stdio};

use jiff::civil::DateTime;
use jiff::{Timestamp, ToSpan as _};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Tables, runs};
use crate::feeds::schedule::{Schedule, Zone as _};

/// What the five dropdowns and the presets can give.
fn any_expression() -> impl Strategy<Value = String> {
    fn field(least: u16, most: u16) -> impl Strategy<Value = String> {
        let number = least..=most;
        prop_oneof![
            3 => Just("*".to_owned()),
            3 => number.clone().prop_map(|number| number.to_string()),
            1 => (1..=(most - least) / 2).prop_map(|step| format!("*/{step}")),
            1 => prop::collection::btree_set(number.clone(), 1..5)
                .prop_map(|list| list.into_iter().map(|number| number.to_string()).collect::<Vec<_>>().join(",")),
            1 => (number.clone(), number).prop_map(|(one, other)| format!("{}-{}", one.min(other), one.max(other))),
        ]
    }
    (field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 6))
        .prop_map(|(minute, hour, day, month, weekday)| format!("{minute} {hour} {day} {month} {weekday}"))
        .prop_filter("comes now and then", |expression| matches!(Schedule::parse(expression), Ok(Some(_))))
}

const ZONES: [&str; 5] =
    ["America/Chicago", "Europe/London", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo"];

/// Runs of cron-parser: another implementation, in another language, with the zones of Node.js.
fn of_others(cases: &[Value]) -> Vec<Vec<i64>> {
    let mut node = Command::new("node")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cron/runs.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node is installed");
    node.stdin.take().unwrap().write_all(json!(cases).to_string().as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Where clocks are changed, cron-parser has rules of its own. So runs are compared that are more than a day away from
/// a change; those nearer are compared with [`by_hand`].
#[test]
fn five_hundred_schedules_agree_with_another_implementation() {
    use proptest::strategy::ValueTree as _;
    const RUNS: usize = 30;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut cases = Vec::new();
    for number in 0..500 {
        let expression = any_expression().new_tree(&mut runner).unwrap().current();
        let after = (1_704_067_200..1_830_297_600_i64).new_tree(&mut runner).unwrap().current();
        cases.push((expression, ZONES[number % ZONES.len()], after));
    }
    let asked: Vec<Value> = cases
        .iter()
        .map(|(expression, zone, after)| json!({"expression": expression, "zone": zone, "after": after, "runs": RUNS}))
        .collect();
    let mut compared = 0;
    for ((expression, zone, after), theirs) in cases.iter().zip(of_others(&asked)) {
        let tables = Tables::of(zone);
        let ours = runs(expression, *after, &tables, RUNS);
        let last = ours[RUNS - 1].min(*theirs.last().unwrap());
        let is_calm = |run: &i64| {
            let day = 24 * 60 * 60;
            *run <= last && tables.offset_at(run - day) == tables.offset_at(run + day)
        };
        let ours: Vec<i64> = ours.into_iter().filter(is_calm).collect();
        let theirs: Vec<i64> = theirs.into_iter().filter(is_calm).collect();
        assert_eq!(ours, theirs, "{expression} in {zone} after {after}");
        compared += ours.len();
    }
    assert!(compared > 500 * RUNS / 2, "{compared} runs");
}

/// All runs of some hours, found by looking at every minute that clocks in this zone show and every one they skip.
fn by_hand(expression: &str, from: i64, hours: i64, zone: &Tables) -> Vec<i64> {
    let fields: Vec<Vec<i64>> = expression.split(' ').zip([0, 0, 1, 1, 0]).map(values).collect();
    let is_chosen = |local: DateTime| {
        let has = |at: usize, value: i8| fields[at].is_empty() || fields[at].contains(&i64::from(value));
        let (day, weekday) = (has(2, local.day()), has(4, local.weekday().to_sunday_zero_offset()));
        let is_either = !fields[2].is_empty() && !fields[4].is_empty();
        let is_day = if is_either { day || weekday } else { day && weekday };
        has(0, local.minute()) && has(1, local.hour()) && is_day && has(3, local.month())
    };
    let wall = |moment: i64| zone.0.to_datetime(Timestamp::from_second(moment).unwrap());
    // The furthest that the clock has come so far: what lies behind it was there before.
    let mut shown = wall(from);
    let mut found = Vec::new();
    for moment in (from + 60..from + hours * 3600).step_by(60) {
        let now = wall(moment);
        let mut is_run = false;
        while shown < now {
            shown = shown.checked_add(1.minute()).unwrap();
            is_run |= is_chosen(shown);
        }
        if is_run {
            found.push(moment);
        }
    }
    found
}

/// The numbers of a field that begins with `least`; none for all.
fn values((field, least): (&str, i64)) -> Vec<i64> {
    let number = |text: &str| text.parse::<i64>().unwrap();
    let item = |item: &str| match (item.split_once('/'), item.split_once('-')) {
        (Some((_, step)), _) => (least..60).step_by(step.parse().unwrap()).collect(),
        (_, Some((first, last))) => (number(first)..=number(last)).collect(),
        _ => vec![number(item)],
    };
    if field == "*" { vec![] } else { field.split(',').flat_map(item).collect() }
}

/// Moments near which clocks are changed in the zones.
const CHANGES: [(&str, &str); 8] = [
    ("America/Chicago", "2026-03-08T12:00"),
    ("America/Chicago", "2026-11-01T12:00"),
    ("Europe/London", "2026-03-29T12:00"),
    ("Europe/London", "2026-10-25T12:00"),
    ("Australia/Lord_Howe", "2026-04-05T12:00"),
    ("Australia/Lord_Howe", "2026-10-04T12:00"),
    ("America/Sao_Paulo", "2018-11-04T12:00"),
    ("America/Sao_Paulo", "2019-02-17T12:00"),
];

proptest! {
    #[test]
    fn runs_follow_each_other(expression in any_expression(), zone in 0..5_usize, after in 1_500_000_000..1_900_000_000_i64) {
        let zone = Tables::of(ZONES[zone]);
        let runs = runs(&expression, after, &zone, 20);
        prop_assert_eq!(runs.len(), 20);
        prop_assert!(runs[0] > after && runs.is_sorted_by(|one, next| one < next));
        prop_assert!(runs.iter().all(|run| run % 60 == 0));
    }

    #[test]
    fn no_text_is_too_odd(expression in r"([0-9*,/\-]{1,6} ?){5}|.*") {
        if let Ok(Some(schedule)) = Schedule::parse(&expression) {
            prop_assert!(!schedule.words().is_empty());
            prop_assert!(schedule.next(1_700_000_000, &Tables::of("UTC")).is_some());
        }
    }
}

proptest! {
    // By hand it takes a while.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn runs_near_a_change_are_those_found_by_hand(expression in any_expression(), change in 0..CHANGES.len()) {
        let (zone, around) = CHANGES[change];
        let zone = Tables::of(zone);
        let from = zone.moment(around) - 16 * 3600;
        let ours = runs(&expression, from, &zone, 32 * 60);
        let ours: Vec<i64> = ours.into_iter().take_while(|run| *run < from + 32 * 3600).collect();
        prop_assert!(ours == by_hand(&expression, from, 32, &zone), "{} in {}", expression, CHANGES[change].0);
    }
}
