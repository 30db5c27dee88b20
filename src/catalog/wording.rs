//! What an option's name says by itself: "Every 2 weeks" is two weeks, "One-time purchase" is no subscription.
//!
//! English, and only what leaves no doubt: a merchant is shown what was understood before it is applied.

use super::frequency::Period;

/// What a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wording {
    /// A single purchase.
    OneTime,
    /// A delivery every so many periods.
    Every(u32, Period),
}

/// Words for a single purchase. Compared without blanks, hyphens and case.
const ONE_TIME: &[&str] = &["onetime", "onceonly", "justonce", "singlepurchase", "nosubscription", "dontsubscribe"];

/// Names of frequencies that have a word of their own.
const NAMED: &[(&str, u32, Period)] = &[
    ("daily", 1, Period::Days),
    ("weekly", 1, Period::Weeks),
    ("biweekly", 2, Period::Weeks),
    ("fortnightly", 2, Period::Weeks),
    ("monthly", 1, Period::Months),
    ("bimonthly", 2, Period::Months),
    ("quarterly", 3, Period::Months),
    ("semiannually", 6, Period::Months),
    ("annually", 12, Period::Months),
    ("yearly", 12, Period::Months),
];

/// Words for periods, with how many of Ordergroove's they are.
const PERIODS: &[(&str, u32, Period)] = &[
    ("day", 1, Period::Days),
    ("week", 1, Period::Weeks),
    ("wk", 1, Period::Weeks),
    ("fortnight", 2, Period::Weeks),
    ("month", 1, Period::Months),
    ("mo", 1, Period::Months),
    ("quarter", 3, Period::Months),
    ("year", 12, Period::Months),
];

const NUMBERS: &[&str] =
    &["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// Reads a name. `None` where it says nothing, or two things at once.
pub fn read(name: &str) -> Option<Wording> {
    let lower = name.to_lowercase();
    let joined: String = lower.chars().filter(|character| character.is_alphanumeric()).collect();
    if ONE_TIME.iter().any(|words| joined.contains(words)) {
        return Some(Wording::OneTime);
    }
    let words = words(&lower);
    let mut found: Vec<Wording> = words.iter().filter_map(|word| named(word)).collect();
    found.extend((0..words.len()).filter_map(|at| counted(&words, at)));
    found.dedup();
    match found[..] {
        [only] => Some(only),
        _ => None,
    }
}

/// Words and numbers; "bi-weekly" is one word, "30-day" and "2wk" are two.
fn words(lower: &str) -> Vec<String> {
    let lower = lower.replace("bi-", "bi").replace("semi-", "semi").replace("half-", "half ");
    let mut words: Vec<String> = Vec::new();
    let mut last = None;
    for character in lower.chars() {
        let kind = if character.is_ascii_digit() { Some(true) } else { character.is_alphabetic().then_some(false) };
        match (kind, words.last_mut()) {
            (None, _) => {}
            (_, Some(word)) if kind == last => word.push(character),
            _ => words.push(character.to_string()),
        }
        last = kind;
    }
    words
}

fn named(word: &str) -> Option<Wording> {
    NAMED.iter().find(|(name, ..)| *name == word).map(|(_, every, period)| Wording::Every(*every, *period))
}

/// A period at `at`, with the number before it: "every 2 weeks", "every other month", "each month", "3 months".
fn counted(words: &[String], at: usize) -> Option<Wording> {
    let singular = words[at].strip_suffix('s').unwrap_or(&words[at]);
    let (_, unit, period) = PERIODS.iter().find(|(name, ..)| *name == singular)?;
    let before = words[..at].last()?;
    let number = match before.as_str() {
        "every" | "each" | "a" | "per" => 1,
        "other" | "second" if at > 1 && words[at - 2] == "every" => 2,
        word => number(word)?,
    };
    Some(Wording::Every(number.checked_mul(*unit)?, *period)).filter(|_| number > 0)
}

fn number(word: &str) -> Option<u32> {
    let spelled = NUMBERS.iter().position(|name| *name == word).and_then(|number| u32::try_from(number).ok());
    spelled.or_else(|| word.parse().ok()).filter(|number| *number <= 1000)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_name_says() {
        use Period::{Days, Months, Weeks};
        for (name, every, period) in [
            ("Every month", 1, Months),
            ("Every 2 weeks", 2, Weeks),
            ("Deliver every six weeks (save 10%)", 6, Weeks),
            ("Ships every 30 days", 30, Days),
            ("30-day supply, every 30 days", 30, Days),
            ("MONTHLY", 1, Months),
            ("Bi-weekly", 2, Weeks),
            ("every other week", 2, Weeks),
            ("Every second month", 2, Months),
            ("Quarterly", 3, Months),
            ("1 Month", 1, Months),
            ("2wks", 2, Weeks),
            ("Once a month", 1, Months),
            ("Each week", 1, Weeks),
            ("Every fortnight", 2, Weeks),
            ("Yearly", 12, Months),
            ("Every 2 years", 24, Months),
        ] {
            assert_eq!(read(name), Some(Wording::Every(every, period)), "{name}");
        }
        for name in [
            "One-time purchase",
            "one time",
            "Onetime",
            "Just once",
            "No subscription",
            "Single purchase",
            "Don't subscribe",
        ] {
            assert_eq!(read(name), Some(Wording::OneTime), "{name}");
        }
    }

    #[test]
    fn where_there_is_doubt_nothing_is_said() {
        for name in [
            "",
            "Red",
            "Subscribe & save",
            "Every",
            "month",
            "2",
            "Weekly or monthly",
            "Every 0 weeks",
            "Every 99999999999 days",
            "Happy birthday",
            "2 weeks trial, then every month",
            "Monday",
            "Every weekday",
            "Some months",
        ] {
            assert_eq!(read(name), None, "{name}");
        }
    }

    proptest! {
        #[test]
        fn no_name_is_too_odd(name in ".*") {
            let _ = read(&name);
        }
    }
}
