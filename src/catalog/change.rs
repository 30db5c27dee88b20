//! What a change of many products makes of one of them.
//!
//! A product that is wanted as it is stays as it is, even where it breaks a rule: a file that nobody edited changes
//! nothing and has no faults.

use std::collections::HashSet;

use super::csv::columns::Column;
use super::csv::row::Wish;
use super::frequency::{CellOption, Period};
use super::rules::{self, LONGEST_EVERY, Modifier, RuleFault};
use super::wording::{self, Wording};

/// A product as it is.
#[derive(Debug, Clone)]
pub struct Current {
    /// Its subscription modifier.
    pub modifier: Option<Modifier>,
    /// Whether that is known.
    pub options_read: bool,
    /// Whether it can be subscribed to.
    pub eligible: bool,
    /// What is decided about its options, in any order.
    pub options: Vec<CellOption>,
}

/// What is wanted of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    /// What a row of a file says.
    Row(Wish),
    /// Frequencies as its options' names state them.
    Fill,
    /// To be subscribed to.
    Offer,
    /// Not to be.
    Withdraw,
}

/// What comes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    Unchanged,
    /// The product is to be so.
    Changed {
        /// Whether it can be subscribed to.
        eligible: bool,
        /// All its options.
        options: Vec<CellOption>,
    },
    /// It cannot be done.
    Faulty(Vec<Fault>),
}

/// Why not. The reason is for the merchant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where in a file.
    pub column: &'static str,
    /// A sentence.
    pub reason: String,
}

impl Fault {
    fn new(column: Column, reason: impl Into<String>) -> Self {
        Self { column: column.name(), reason: reason.into() }
    }
}

impl Current {
    /// Its options as the modifier has them, with what `decided` says of each: zeros where it says nothing.
    fn completed(&self, decided: &[CellOption]) -> Vec<CellOption> {
        let labels = self.modifier.iter().flat_map(|modifier| &modifier.options);
        let complete = |(id, label): &(u64, String)| {
            let option = decided.iter().find(|option| option.option_id == *id).cloned();
            let none = CellOption { name: String::new(), option_id: *id, every: 0, every_period: 0, is_default: false };
            CellOption { name: label.clone(), ..option.unwrap_or(none) }
        };
        labels.map(complete).collect()
    }

    /// What `wanted` comes to: nothing, if that is what there is.
    fn compared(&self, eligible: bool, options: Vec<CellOption>) -> Outcome {
        if eligible == self.eligible && options == self.completed(&self.options) {
            return Outcome::Unchanged;
        }
        Outcome::Changed { eligible, options }
    }
}

/// Decides about one product.
pub fn decide(current: &Current, intent: &Intent) -> Outcome {
    let as_is = current.completed(&current.options);
    match intent {
        Intent::Row(Wish::Eligible(wanted)) => wanted_eligible(current, wanted),
        Intent::Row(Wish::NotEligible(wanted)) => {
            let wanted = wanted.as_ref().filter(|wanted| makes_sense(current, wanted));
            current.compared(false, wanted.map_or(as_is, |wanted| current.completed(wanted)))
        }
        Intent::Withdraw => current.compared(false, as_is),
        Intent::Offer if current.eligible => Outcome::Unchanged,
        Intent::Offer => checked(current, as_is.clone(), &as_is),
        Intent::Fill => match (current.compared(current.eligible, filled(as_is)), current.eligible) {
            (Outcome::Changed { options, .. }, true) => checked(current, options.clone(), &options),
            (outcome, _) => outcome,
        },
    }
}

fn wanted_eligible(current: &Current, wanted: &[CellOption]) -> Outcome {
    let options = current.completed(wanted);
    let is_known = |option: &CellOption| options.iter().any(|known| known.option_id == option.option_id);
    if wanted.iter().all(is_known) && current.compared(true, options.clone()) == Outcome::Unchanged {
        return Outcome::Unchanged;
    }
    if wanted.is_empty() && current.modifier.is_some() {
        let reason = "The frequency of an eligible product is missing";
        return Outcome::Faulty(vec![Fault::new(Column::Frequency, reason)]);
    }
    // What the file leaves out is an option without a frequency; what it has beyond, or twice, is told.
    let missing = options.iter().filter(|option| wanted.iter().all(|wanted| wanted.option_id != option.option_id));
    let cell: Vec<CellOption> = wanted.iter().chain(missing).cloned().collect();
    checked(current, options.clone(), &cell)
}

/// Eligible with `options`, if the rules let `cell` through.
fn checked(current: &Current, options: Vec<CellOption>, cell: &[CellOption]) -> Outcome {
    if !current.options_read {
        let reason = "The options of this product are not read from BigCommerce yet; try again in a few minutes";
        return Outcome::Faulty(vec![Fault::new(Column::Eligible, reason)]);
    }
    let mut faults = match rules::check(current.modifier.as_ref(), cell) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(|fault| Fault::new(column(fault), fault.to_string())).collect(),
    };
    let too_long = cell.iter().filter(|option| option.every > LONGEST_EVERY);
    faults.extend(too_long.map(|option| {
        let reason = format!("Option {} has an \"every\" of more than {LONGEST_EVERY}", option.option_id);
        Fault::new(Column::Frequency, reason)
    }));
    if faults.is_empty() { Outcome::Changed { eligible: true, options } } else { Outcome::Faulty(faults) }
}

fn column(fault: &RuleFault) -> Column {
    if *fault == RuleFault::NoModifier { Column::Eligible } else { Column::Frequency }
}

/// Whether options of a product that is not eligible are worth keeping for when it is.
fn makes_sense(current: &Current, wanted: &[CellOption]) -> bool {
    let ids: HashSet<u64> = wanted.iter().map(|option| option.option_id).collect();
    let known = current.modifier.iter().flat_map(|modifier| &modifier.options);
    let known = known.filter(|(id, _)| ids.contains(id)).count();
    let is_period =
        |option: &CellOption| option.every_period == 0 || Period::from_number(option.every_period).is_some();
    known == wanted.len() && wanted.iter().all(|option| is_period(option) && option.every <= LONGEST_EVERY)
}

/// With the frequency that each option's name states, and a default. Where no name states one, as it was.
fn filled(mut options: Vec<CellOption>) -> Vec<CellOption> {
    let wordings: Vec<Option<Wording>> = options.iter().map(|option| wording::read(&option.name)).collect();
    if wordings.iter().all(Option::is_none) {
        return options;
    }
    for (option, wording) in options.iter_mut().zip(&wordings) {
        match wording {
            Some(Wording::OneTime) => (option.every, option.every_period) = (0, 0),
            Some(Wording::Every(every, period)) => (option.every, option.every_period) = (*every, period.number()),
            None => {}
        }
    }
    if options.iter().all(|option| !option.is_default) {
        let one_time = wordings.iter().position(|wording| *wording == Some(Wording::OneTime));
        options[one_time.unwrap_or(0)].is_default = true;
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    fn option(option_id: u64, every: u32, every_period: u32, is_default: bool) -> CellOption {
        CellOption { name: "as in the cell".to_owned(), option_id, every, every_period, is_default }
    }

    fn product(labels: &[&str], eligible: bool, options: &[CellOption]) -> Current {
        let labels = labels.iter().map(|&label| label.to_owned());
        let modifier = Modifier {
            id: 9,
            display_name: "Subscription".to_owned(),
            required: false,
            options: (1..).zip(labels).collect(),
        };
        Current { modifier: Some(modifier), options_read: true, eligible, options: options.to_vec() }
    }

    const LABELS: [&str; 2] = ["One-time purchase", "Every month"];

    fn good() -> Vec<CellOption> {
        vec![option(1, 0, 0, true), option(2, 1, 3, false)]
    }

    fn row(eligible: bool, options: &[CellOption]) -> Intent {
        let options = options.to_vec();
        Intent::Row(if eligible { Wish::Eligible(options) } else { Wish::NotEligible(Some(options)) })
    }

    /// Whether it is eligible then, and the numbers of its options.
    type Numbers = (bool, Vec<(u64, u32, u32, bool)>);

    fn decided(current: &Current, intent: &Intent) -> Result<Option<Numbers>, Vec<String>> {
        let numbers = |option: &CellOption| (option.option_id, option.every, option.every_period, option.is_default);
        match decide(current, intent) {
            Outcome::Unchanged => Ok(None),
            Outcome::Changed { eligible, options } => Ok(Some((eligible, options.iter().map(numbers).collect()))),
            Outcome::Faulty(faults) => {
                Err(faults.iter().map(|fault| format!("{}: {}", fault.column, fault.reason)).collect())
            }
        }
    }

    #[test]
    fn what_is_so_already_is_no_change() {
        let eligible = product(&LABELS, true, &good());
        assert_eq!(decide(&eligible, &row(true, &[good()[1].clone(), good()[0].clone()])), Outcome::Unchanged);
        assert_eq!(decide(&eligible, &Intent::Offer), Outcome::Unchanged);
        assert_eq!(decide(&eligible, &Intent::Fill), Outcome::Unchanged);
        let fresh = product(&LABELS, false, &[]);
        let zeros = [option(1, 0, 0, false), option(2, 0, 0, false)];
        assert_eq!(decide(&fresh, &row(false, &zeros)), Outcome::Unchanged);
        assert_eq!(decide(&fresh, &Intent::Row(Wish::NotEligible(None))), Outcome::Unchanged);
        assert_eq!(decide(&fresh, &Intent::Withdraw), Outcome::Unchanged);
        let broken = product(&LABELS, true, &[option(2, 1, 3, true), option(7, 1, 3, false)]);
        assert_eq!(decide(&broken, &row(true, &[option(1, 0, 0, false), option(2, 1, 3, true)])), Outcome::Unchanged);
        let lost = Current { modifier: None, ..broken };
        assert_eq!(decide(&lost, &row(true, &[])), Outcome::Unchanged, "as an export has it");
    }

    #[test]
    fn a_row_is_held_to_the_rules() {
        let fresh = product(&LABELS, false, &[]);
        let changed = Some((true, vec![(1, 0, 0, true), (2, 1, 3, false)]));
        assert_eq!(decided(&fresh, &row(true, &good())), Ok(changed.clone()));
        assert_eq!(
            decided(&fresh, &row(true, &good()[..1])),
            Err(vec!["Frequency: Option 2 needs \"every\" of at least 1".to_owned()])
        );
        let missing = "Frequency: The frequency of an eligible product is missing".to_owned();
        assert_eq!(decided(&fresh, &row(true, &[])), Err(vec![missing]));
        let faults =
            decided(&fresh, &row(true, &[good(), vec![option(7, 1, 3, false), option(2, 1001, 3, false)]].concat()));
        assert_eq!(
            faults.unwrap_err(),
            [
                "Frequency: Option 7 is not one of this product's options",
                "Frequency: Option 2 is there twice",
                "Frequency: Option 2 has an \"every\" of more than 1000"
            ]
        );
        let none = Current { modifier: None, ..fresh.clone() };
        assert!(
            decided(&none, &row(true, &good())).unwrap_err()[0].starts_with("Autoship Eligible: The product has no")
        );
        let unread = Current { options_read: false, ..none };
        assert!(decided(&unread, &row(true, &good())).unwrap_err()[0].contains("not read from BigCommerce yet"));
        // An option that went away does not stand in the way of leaving things as they are, but is no option.
        let broken = product(&LABELS, true, &good());
        assert!(decided(&broken, &row(true, &[good(), vec![option(7, 1, 3, false)]].concat())).is_err());
    }

    #[test]
    fn a_row_that_is_not_eligible_may_say_anything() {
        let current = product(&LABELS, true, &good());
        let kept = Some((false, vec![(1, 0, 0, true), (2, 1, 3, false)]));
        for wanted in [vec![option(7, 1, 3, true)], vec![option(2, 1, 9, true)], vec![option(2, 1, 3, true); 2]] {
            assert_eq!(decided(&current, &row(false, &wanted)), Ok(kept.clone()), "{wanted:?}");
        }
        assert_eq!(decided(&current, &Intent::Row(Wish::NotEligible(None))), Ok(kept.clone()));
        assert_eq!(decided(&current, &Intent::Withdraw), Ok(kept));
        let taken = Some((false, vec![(1, 0, 0, false), (2, 6, 2, true)]));
        assert_eq!(decided(&current, &row(false, &[option(2, 6, 2, true)])), Ok(taken));
    }

    #[test]
    fn names_fill_in_frequencies_and_a_default() {
        let labels = ["Every 2 weeks", "One-time purchase", "Tea club"];
        let filled = vec![(1, 2, 2, false), (2, 0, 0, true), (3, 0, 0, false)];
        assert_eq!(decided(&product(&labels, false, &[]), &Intent::Fill), Ok(Some((false, filled))));
        let by_hand = [option(1, 9, 9, false), option(3, 4, 2, true)];
        let filled = vec![(1, 2, 2, false), (2, 0, 0, false), (3, 4, 2, true)];
        assert_eq!(decided(&product(&labels, true, &by_hand), &Intent::Fill), Ok(Some((true, filled))));
        let faults = decided(&product(&labels, true, &[]), &Intent::Fill).unwrap_err();
        assert_eq!(faults, ["Frequency: Option 3 needs \"every\" of at least 1"]);
        assert_eq!(
            decided(&product(&["Monthly"], false, &[]), &Intent::Fill),
            Ok(Some((false, vec![(1, 1, 3, true)])))
        );
        assert_eq!(decided(&product(&["Basic", "Plus"], false, &[]), &Intent::Fill), Ok(None));
    }

    #[test]
    fn what_is_offered_must_be_right() {
        let ready = product(&LABELS, false, &good());
        assert_eq!(decided(&ready, &Intent::Offer), Ok(Some((true, vec![(1, 0, 0, true), (2, 1, 3, false)]))));
        assert!(decided(&product(&LABELS, false, &[]), &Intent::Offer).is_err());
        assert!(decided(&Current { modifier: None, ..ready }, &Intent::Offer).is_err());
    }
}
