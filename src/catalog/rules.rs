//! What makes sense together: a product, its subscription modifier, and how often each option delivers.
//!
//! A product that is not eligible may say anything. One that is has exactly one default; an option for a
//! single purchase has no frequency, every other one has; and all of them are options the product has.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::frequency::{CellOption, Period};
use super::wording::{self, Wording};

/// The words in a modifier's name by which it is found, whatever their case.
const MODIFIER_WORD: &str = "subscription";

/// Periods between two deliveries; more is a mistake.
pub const LONGEST_EVERY: u32 = 1000;

/// A modifier of a product, as BigCommerce has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Modifier {
    /// BigCommerce's id.
    pub id: u64,
    /// What shoppers read above the options.
    pub display_name: String,
    /// Whether an option must be chosen.
    pub required: bool,
    /// Value id and label of each option.
    pub options: Vec<(u64, String)>,
}

/// What is wrong with a product's modifiers, or worth a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    /// Shoppers cannot buy the product once.
    Required,
    /// The product was configured, and its modifier is gone or renamed.
    Lost,
    /// Two modifiers match; the first is used.
    Ambiguous,
}

/// The modifier that offers subscriptions, with what is worth saying about it.
pub fn find_modifier(modifiers: &[Modifier], is_configured: bool) -> (Option<&Modifier>, Vec<Warning>) {
    let mut matching = modifiers.iter().filter(|modifier| modifier.display_name.to_lowercase().contains(MODIFIER_WORD));
    let first = matching.next();
    let mut warnings = Vec::new();
    if first.is_some_and(|modifier| modifier.required) {
        warnings.push(Warning::Required);
    }
    if matching.next().is_some() {
        warnings.push(Warning::Ambiguous);
    }
    if first.is_none() && is_configured {
        warnings.push(Warning::Lost);
    }
    (first, warnings)
}

/// What an option of an eligible product does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// A single purchase.
    OneTime,
    /// A delivery every so many periods, from 1.
    Every(u32, Period),
}

/// An option that makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanOption {
    /// BigCommerce's id of the option value.
    pub option_id: u64,
    /// What it does.
    pub choice: Choice,
}

/// The options of an eligible product: one of them is the default, so there is at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// In the order of the cell.
    pub options: Vec<PlanOption>,
    /// Value id of the default.
    pub default: u64,
}

/// Why a product's options make no sense. The text is for the merchant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum RuleFault {
    #[error("The product has no subscription modifier")]
    NoModifier,
    #[error("Option {0} is not one of this product's options")]
    ForeignOption(u64),
    #[error("Option {0} is there twice")]
    RepeatedOption(u64),
    #[error("Option {0} needs \"every\" of at least 1")]
    NoFrequency(u64),
    #[error("Option {0} needs \"every_period\" 1 (days), 2 (weeks) or 3 (months)")]
    UnknownPeriod(u64),
    #[error("Option {0} is a single purchase, so \"every\" and \"every_period\" must be 0")]
    FrequencyOfOneTime(u64),
    #[error("No option is the default; exactly one must be")]
    NoDefault,
    #[error("{0} options are the default; exactly one must be")]
    ManyDefaults(usize),
}

impl RuleFault {
    /// The option it is about, if it is about one.
    pub fn option_id(&self) -> Option<u64> {
        match self {
            Self::NoModifier | Self::NoDefault | Self::ManyDefaults(_) => None,
            Self::ForeignOption(id)
            | Self::RepeatedOption(id)
            | Self::NoFrequency(id)
            | Self::UnknownPeriod(id)
            | Self::FrequencyOfOneTime(id) => Some(*id),
        }
    }
}

/// Checks the options of an eligible product whole: every fault is told.
pub fn check(modifier: Option<&Modifier>, cell: &[CellOption]) -> Result<Plan, Vec<RuleFault>> {
    let Some(modifier) = modifier else { return Err(vec![RuleFault::NoModifier]) };
    let mut faults = Vec::new();
    let mut options = Vec::new();
    let mut seen = HashSet::new();
    for option in cell {
        let Some((_, label)) = modifier.options.iter().find(|(id, _)| *id == option.option_id) else {
            faults.push(RuleFault::ForeignOption(option.option_id));
            continue;
        };
        if !seen.insert(option.option_id) {
            faults.push(RuleFault::RepeatedOption(option.option_id));
        }
        match choice(label, option) {
            Ok(choice) => options.push(PlanOption { option_id: option.option_id, choice }),
            Err(fault) => faults.push(fault),
        }
    }
    let defaults: Vec<u64> = cell.iter().filter(|option| option.is_default).map(|option| option.option_id).collect();
    match (defaults[..].first(), defaults.len()) {
        (Some(default), 1) if faults.is_empty() => return Ok(Plan { options, default: *default }),
        (_, 1) => {}
        (_, 0) => faults.push(RuleFault::NoDefault),
        (_, many) => faults.push(RuleFault::ManyDefaults(many)),
    }
    Err(faults)
}

/// The label decides what is a single purchase: zeros alone may be an option that nobody has filled in.
fn choice(label: &str, option: &CellOption) -> Result<Choice, RuleFault> {
    let id = option.option_id;
    match (wording::read(label), option.every, option.every_period) {
        (Some(Wording::OneTime), 0, 0) => Ok(Choice::OneTime),
        (Some(Wording::OneTime), ..) => Err(RuleFault::FrequencyOfOneTime(id)),
        (_, 0, _) => Err(RuleFault::NoFrequency(id)),
        (_, every, period) => {
            Period::from_number(period).map(|period| Choice::Every(every, period)).ok_or(RuleFault::UnknownPeriod(id))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modifier() -> Modifier {
        let options = ["One-time purchase", "Every month", "Tea club"];
        Modifier {
            id: 9,
            display_name: "Subscription".to_owned(),
            required: false,
            options: (1..).zip(options.map(str::to_owned)).collect(),
        }
    }

    fn option(option_id: u64, every: u32, every_period: u32, is_default: bool) -> CellOption {
        CellOption { name: "as in the cell".to_owned(), option_id, every, every_period, is_default }
    }

    fn faults(cell: &[CellOption]) -> Vec<RuleFault> {
        check(Some(&modifier()), cell).unwrap_err()
    }

    #[test]
    fn a_plan_that_makes_sense() {
        let plan = check(Some(&modifier()), &[option(1, 0, 0, false), option(2, 1, 3, true), option(3, 6, 2, false)]);
        let plan = plan.unwrap();
        assert_eq!(plan.default, 2);
        assert_eq!(plan.options[0].choice, Choice::OneTime);
        assert_eq!(plan.options[2].choice, Choice::Every(6, Period::Weeks));
    }

    #[test]
    fn every_fault_is_told() {
        use RuleFault::{
            ForeignOption, FrequencyOfOneTime, ManyDefaults, NoDefault, NoFrequency, NoModifier, RepeatedOption,
            UnknownPeriod,
        };
        assert_eq!(check(None, &[]), Err(vec![NoModifier]));
        assert_eq!(faults(&[]), [NoDefault]);
        assert_eq!(faults(&[option(2, 0, 0, true)]), [NoFrequency(2)]);
        assert_eq!(faults(&[option(2, 0, 3, true)]), [NoFrequency(2)]);
        assert_eq!(faults(&[option(2, 1, 4, true)]), [UnknownPeriod(2)]);
        assert_eq!(faults(&[option(2, 1, 0, true)]), [UnknownPeriod(2)]);
        assert_eq!(faults(&[option(1, 1, 3, true)]), [FrequencyOfOneTime(1)]);
        assert_eq!(faults(&[option(7, 1, 3, true)]), [ForeignOption(7)]);
        assert_eq!(faults(&[option(2, 1, 3, true), option(2, 1, 3, false)]), [RepeatedOption(2)]);
        assert_eq!(faults(&[option(2, 1, 3, true), option(3, 1, 3, true)]), [ManyDefaults(2)]);
        assert_eq!(
            faults(&[option(7, 1, 3, false), option(1, 0, 2, false), option(2, 1, 9, false)]),
            [ForeignOption(7), FrequencyOfOneTime(1), UnknownPeriod(2), NoDefault]
        );
    }

    #[test]
    fn the_modifier_is_found_by_its_name() {
        let named = |name: &str, required| Modifier { display_name: name.to_owned(), required, ..modifier() };
        let warnings = |modifiers: &[Modifier], configured| find_modifier(modifiers, configured).1;
        assert_eq!(warnings(&[named("Size", true), named("Your SUBSCRIPTION plan", false)], true), []);
        assert_eq!(warnings(&[named("Subscription", true)], false), [Warning::Required]);
        assert_eq!(
            warnings(&[named("Subscription", false), named("subscriptions", true)], false),
            [Warning::Ambiguous]
        );
        assert_eq!(warnings(&[named("Delivery", false)], true), [Warning::Lost]);
        assert_eq!(find_modifier(&[], false), (None, vec![]));
    }
}
