//! A schedule in plain English, with a clock of 24 hours.

use super::fields::{Fields, longest};

/// So many times are named one by one.
const MOST_TIMES: usize = 6;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// "Every day at 04:30".
pub(super) fn words(fields: &Fields) -> String {
    let days = days(fields);
    let text = match times(fields) {
        Some(times) => format!("{} at {times}", days.as_deref().unwrap_or("every day")),
        None => match days {
            Some(days) => format!("{}, {days}", rhythm(fields)),
            None => rhythm(fields),
        },
    };
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What may surprise.
pub(super) fn warnings(fields: &Fields) -> Vec<String> {
    let mut warnings = Vec::new();
    if fields.is_every_minute() && !fields.is_every_hour() {
        let runs = if fields.hours.len() == 1 { "60 times" } else { "60 times in each of these hours" };
        warnings.push(format!("The minute is set to every minute, so this runs {runs}. Choose a minute to run once."));
    }
    if fields.is_every_minute() && fields.is_every_hour() && days(fields).is_some() {
        warnings
            .push("Minute and hour are set to every one, so this runs 1,440 times on each of these days.".to_owned());
    }
    if fields.is_either {
        warnings.push(
            "Day of the month and day of the week are both set. This runs on every day that is one of either, not \
             only on days that are both."
                .to_owned(),
        );
    }
    let first = fields.chosen_days().and_then(|days| days.first()).filter(|_| !fields.is_either);
    if first.is_some_and(|first| fields.months.iter().any(|month| shortest(*month) < *first)) {
        warnings.push("In a month that has no such day this does not run.".to_owned());
    }
    warnings
}

/// Days that a month has in every year.
fn shortest(month: u16) -> u16 {
    if month == 2 { 28 } else { longest(month) }
}

/// The times of a day, if they are few, or have no other name.
fn times(fields: &Fields) -> Option<String> {
    let is_few = fields.minutes.len() * fields.hours.len() <= MOST_TIMES;
    let is_scattered = fields.minutes.len() == 1 && runs(&fields.hours).len() > 1 && step(&fields.hours, 24).is_none();
    let of_hour = |hour: &u16| fields.minutes.iter().map(|minute| clock(*hour, *minute)).collect::<Vec<_>>();
    (is_few || is_scattered).then(|| list(&fields.hours.iter().flat_map(of_hour).collect::<Vec<_>>()))
}

/// "every 15 minutes from 09:00 to 17:45".
fn rhythm(fields: &Fields) -> String {
    let (minutes, hours) = (fields.minutes.as_slice(), fields.hours.as_slice());
    let (first, last) = (minutes[0], minutes[minutes.len() - 1]);
    if let (&[minute], Some(step @ 2..)) = (minutes, step(hours, 24)) {
        return format!("every {step} hours from {}", clock(hours[0], minute));
    }
    let which = if fields.is_every_hour() { "every" } else { "the" };
    let rhythm = match (minutes, step(minutes, 60)) {
        (_, Some(1)) => "every minute".to_owned(),
        (_, Some(step)) => format!("every {step} minutes"),
        ([0], _) => "every hour".to_owned(),
        (_, _) => format!("at {} past {which} hour", minute_list(minutes)),
    };
    if fields.is_every_hour() {
        return rhythm;
    }
    let spans = runs(hours).into_iter().map(|(from, to)| format!("from {} to {}", clock(from, first), clock(to, last)));
    format!("{rhythm} {}", list(&spans.collect::<Vec<_>>()))
}

fn minute_list(minutes: &[u16]) -> String {
    let unit = if minutes == [1] { "minute" } else { "minutes" };
    format!("{} {unit}", list(&minutes.iter().map(ToString::to_string).collect::<Vec<_>>()))
}

/// "on the 1st of every month, and on Monday"; nothing if it is every day.
fn days(fields: &Fields) -> Option<String> {
    let months = months(fields);
    let of_months = months.as_deref().map_or_else(|| "of every month".to_owned(), |months| format!("of {months}"));
    let in_months = months.as_deref().map_or_else(String::new, |months| format!(" in {months}"));
    let dates = fields.chosen_days().map(|days| format!("on {} {of_months}", names(days, ordinal)));
    let weekdays = fields.chosen_weekdays().map(|days| {
        // A week begins on Monday.
        let mut days: Vec<u16> = days.iter().map(|day| (day + 6) % 7).collect();
        days.sort_unstable();
        names(&days, |day| WEEKDAYS[usize::from(day) % 7].to_owned())
    });
    match (dates, weekdays) {
        (Some(dates), Some(weekdays)) => Some(format!("{dates}, and on {weekdays}{in_months}")),
        (Some(dates), None) => Some(dates),
        (None, Some(weekdays)) => Some(format!("on {weekdays}{in_months}")),
        (None, None) => months.map(|months| format!("every day in {months}")),
    }
}

fn months(fields: &Fields) -> Option<String> {
    (!fields.is_every_month()).then(|| names(&fields.months, |month| MONTHS[usize::from(month - 1) % 12].to_owned()))
}

/// Three and more in a row are named by their ends.
fn names(values: &[u16], name: impl Fn(u16) -> String) -> String {
    let spans = runs(values).into_iter().flat_map(|(first, last)| match last - first {
        0 => vec![name(first)],
        1 => vec![name(first), name(last)],
        _ => vec![format!("{} to {}", name(first), name(last))],
    });
    list(&spans.collect::<Vec<_>>())
}

/// Values in order, as first and last of those in a row.
fn runs(values: &[u16]) -> Vec<(u16, u16)> {
    values.chunk_by(|one, next| one + 1 == *next).map(|run| (run[0], run[run.len() - 1])).collect()
}

/// The step, if the values are all that it makes of a whole without a remainder.
fn step(values: &[u16], whole: u16) -> Option<u16> {
    let count = u16::try_from(values.len()).ok().filter(|count| *count > 1 && whole.is_multiple_of(*count))?;
    let step = whole / count;
    values.iter().zip(0..).all(|(value, at)| *value == at * step).then_some(step)
}

fn clock(hour: u16, minute: u16) -> String {
    format!("{hour:02}:{minute:02}")
}

fn ordinal(day: u16) -> String {
    let ending = match (day % 10, day / 10) {
        (1, 0 | 2 | 3) => "st",
        (2, 0 | 2) => "nd",
        (3, 0 | 2) => "rd",
        _ => "th",
    };
    format!("the {day}{ending}")
}

fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
