//! The five fields: read by croner, refused one by one, and what each of them chooses.

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};

/// What a field is called, and the least and the most it takes.
const NAMES: [(&str, u16, u16); 5] =
    [("minute", 0, 59), ("hour", 0, 23), ("day of the month", 1, 31), ("month", 1, 12), ("day of the week", 0, 7)];

/// The five texts of an expression.
pub(super) fn split(expression: &str) -> Result<[&str; 5], String> {
    let texts: Vec<&str> = expression.split_whitespace().collect();
    texts.try_into().map_err(|texts: Vec<&str>| {
        let count = texts.len();
        format!("A schedule has five fields: minute, hour, day of the month, month, day of the week. This has {count}.")
    })
}

/// Reads them; names the first that is wrong.
pub(super) fn read(texts: [&str; 5]) -> Result<Cron, String> {
    let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
    for (at, ((name, least, most), text)) in NAMES.into_iter().zip(texts).enumerate() {
        let mut alone = ["*"; 5];
        alone[at] = text;
        if !is_plain(text) || parser.parse(&alone.join(" ")).is_err() {
            return Err(format!(
                "The {name} \"{text}\" cannot be read. It is *, a number from {least} to {most}, a list (1,3), a range \
                 (1-5) or a step (*/2)."
            ));
        }
    }
    parser.parse(&texts.join(" ")).map_err(|_| "This schedule cannot be read.".to_owned())
}

/// Numbers, lists, ranges and steps. croner also takes names, nicknames and signs of its own, which the five dropdowns
/// do not have, and lists with nothing between their commas.
fn is_plain(text: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let range = |text: &str| text == "*" || text.split_once('-').map_or(number(text), |(a, b)| number(a) && number(b));
    text.split(',').all(|item| match item.split_once('/') {
        Some((of, step)) => range(of) && !number(of) && number(step) && step != "0" && step != "00",
        None => range(item),
    })
}

/// What the fields choose, each in order.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    pub(super) minutes: Vec<u16>,
    pub(super) hours: Vec<u16>,
    pub(super) days: Vec<u16>,
    pub(super) months: Vec<u16>,
    /// 0 is Sunday.
    pub(super) weekdays: Vec<u16>,
    /// Whether both kinds of days are set, so that a day that is one of either is chosen.
    pub(super) is_either: bool,
}

impl Fields {
    pub(super) fn of(cron: &Cron) -> Self {
        let pattern = &cron.pattern;
        Self {
            minutes: pattern.minutes.values(),
            hours: pattern.hours.values(),
            days: pattern.days.values(),
            months: pattern.months.values(),
            weekdays: pattern.days_of_week.values(),
            is_either: !pattern.is_dom_wildcard() && !pattern.is_dow_wildcard(),
        }
    }

    pub(super) fn is_every_minute(&self) -> bool {
        self.minutes.len() == 60
    }

    pub(super) fn is_every_hour(&self) -> bool {
        self.hours.len() == 24
    }

    pub(super) fn is_every_month(&self) -> bool {
        self.months.len() == 12
    }

    /// The days of the month, if they decide anything.
    pub(super) fn chosen_days(&self) -> Option<&[u16]> {
        (self.days.len() < 31 && !(self.is_either && self.weekdays.len() == 7)).then_some(&self.days)
    }

    /// The days of the week, if they decide anything.
    pub(super) fn chosen_weekdays(&self) -> Option<&[u16]> {
        (self.weekdays.len() < 7 && !(self.is_either && self.days.len() == 31)).then_some(&self.weekdays)
    }

    /// Whether every month that is chosen is too short for every day that is.
    pub(super) fn never_comes(&self) -> bool {
        let longest = self.months.iter().map(|month| longest(*month));
        let first = self.days.first().copied().unwrap_or(32);
        !self.is_either && longest.max().is_none_or(|longest| first > longest)
    }
}

/// Days that a month has in some year.
pub(super) fn longest(month: u16) -> u16 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
