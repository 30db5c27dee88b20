//! The table that is printed and the file of figures.

use std::path::Path;

use serde_json::{Map, Value};

use crate::Outcome;
use crate::load::Measured;
use crate::stats::Spread;

/// The figures, by name.
#[derive(Default)]
pub(crate) struct Report {
    figures: Map<String, Value>,
}

impl Report {
    /// Prints what each contestant did at `what`.
    pub(crate) fn table(what: &str, measured: &[Measured]) {
        println!("\n{what:<28}{:>14}{:>28}", "requests/s", "CPU us/request");
        for one in measured {
            let rate = Spread::of(one.rate.iter().copied()).median;
            let cpu = Spread::of(one.cpu.iter().copied());
            println!("  {:<26}{rate:>14.0}{cpu:>28}", one.name);
        }
    }

    /// Prints milliseconds of one contestant, under a head line if there is one.
    pub(crate) fn times(what: &str, name: &str, milliseconds: &[f64]) {
        if !what.is_empty() {
            println!("\n{what:<28}{:>26}", "ms");
        }
        let spread = Spread::of(milliseconds.iter().copied());
        println!("  {name:<26}{spread:>26}");
    }

    /// Prints an amount for each of `rows`.
    pub(crate) fn amounts(what: &str, unit: &str, rows: &[(&str, &[f64])]) {
        println!("\n{what:<28}{unit:>26}");
        for (name, amounts) in rows {
            let spread = Spread::of(amounts.iter().copied());
            println!("  {name:<26}{spread:>26}");
        }
    }

    /// Notes an amount.
    pub(crate) fn amount(&mut self, name: &str, amount: f64) {
        println!("{name:<28}{amount:>13.2}");
        self.figures.insert(name.to_owned(), ((amount * 100.0).round() / 100.0).into());
    }

    /// Notes a ratio.
    pub(crate) fn ratio(&mut self, name: &str, ratio: Spread) {
        println!("{name:<28}{ratio:>26}");
        // Three digits are more than the spread allows.
        let rounded = (ratio.median * 1000.0).round() / 1000.0;
        self.figures.insert(name.to_owned(), rounded.into());
    }

    /// Notes a count.
    pub(crate) fn count(&mut self, name: &str, count: usize) {
        println!("{name:<28}{count:>10}");
        self.figures.insert(name.to_owned(), count.into());
    }

    /// Writes the figures as a flat object.
    pub(crate) fn write(self, path: &Path) -> Outcome<()> {
        let text = serde_json::to_string_pretty(&Value::Object(self.figures))?;
        Ok(std::fs::write(path, text + "\n")?)
    }
}
