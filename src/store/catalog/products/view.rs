//! A product as the console shows it: what is in force, what its options' names say, and what is wrong.

use serde::{Deserialize, Serialize};

use super::super::plans::{PlanOption, said};
use super::row::ProductRow;
use crate::catalog::frequency::Period;
use crate::catalog::rules::{self, Modifier, Warning};
use crate::catalog::wording::{self, Wording};

/// A product as the console shows it.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Serialize, Deserialize)]
pub struct ProductView {
    id: u64,
    name: String,
    sku: String,
    #[serde(rename = "type")]
    kind: String,
    is_visible: bool,
    variants: u32,
    /// Where BigCommerce shows it; empty when not known.
    panel_url: String,
    modifier: Option<ModifierView>,
    options_read: bool,
    eligible: bool,
    /// Whether the next feed ends its subscriptions.
    discontinued: bool,
    options: Vec<OptionView>,
    revision: i64,
    warnings: Vec<WarningView>,
    faults: Vec<FaultView>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ModifierView {
    id: u64,
    display_name: String,
    required: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct OptionView {
    option_id: u64,
    name: String,
    every: u32,
    every_period: u32,
    is_default: bool,
    /// What the name says.
    suggestion: Option<Frequency>,
    /// Whether the name says that it is a single purchase.
    one_time: bool,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Frequency {
    every: u32,
    every_period: u32,
}

#[derive(Debug, Serialize, Deserialize)]
struct WarningView {
    code: String,
    message: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct FaultView {
    option_id: Option<u64>,
    message: String,
}

impl ProductRow {
    fn warnings(&self, modifier: Option<&Modifier>) -> Vec<Warning> {
        let mut warnings = Vec::new();
        if modifier.is_some_and(|modifier| modifier.required) {
            warnings.push(Warning::Required);
        }
        if self.ambiguous != 0 {
            warnings.push(Warning::Ambiguous);
        }
        if modifier.is_none() && self.is_eligible() && self.options_read != 0 {
            warnings.push(Warning::Lost);
        }
        warnings
    }

    fn faults(&self, modifier: Option<&Modifier>) -> Vec<FaultView> {
        // A product whose modifier went away is told so by a warning.
        if !self.is_eligible() || self.options_read == 0 || modifier.is_none() {
            return Vec::new();
        }
        let cell = self.plan.as_ref().map(|plan| plan.cell(modifier)).unwrap_or_default();
        let faults = rules::check(modifier, &cell).err().unwrap_or_default();
        faults.iter().map(|fault| FaultView { option_id: fault.option_id(), message: said(fault) }).collect()
    }

    pub(super) fn view(&self, control_panel: &str) -> ProductView {
        let modifier = self.modifier();
        let modifier = modifier.as_ref();
        let panel_url = match control_panel {
            "" => String::new(),
            panel => format!("{panel}/manage/products/edit/{}", self.id),
        };
        let options = self.options(modifier);
        let labels = modifier.map(|modifier| &modifier.options).into_iter().flatten();
        ProductView {
            id: self.id,
            name: self.name.clone(),
            sku: self.sku.clone(),
            kind: if self.digital != 0 { "digital" } else { "physical" }.to_owned(),
            is_visible: self.is_visible != 0,
            variants: self.variants,
            panel_url,
            options_read: self.options_read != 0,
            eligible: self.is_eligible(),
            discontinued: self.is_discontinued(),
            options: options.iter().zip(labels).map(|(option, (_, label))| OptionView::of(*option, label)).collect(),
            revision: self.revision(),
            warnings: self.warnings(modifier).into_iter().map(WarningView::of).collect(),
            faults: self.faults(modifier),
            modifier: modifier.map(|modifier| ModifierView {
                id: modifier.id,
                display_name: modifier.display_name.clone(),
                required: modifier.required,
            }),
        }
    }
}

impl OptionView {
    fn of(PlanOption(option_id, every, every_period, is_default): PlanOption, label: &str) -> Self {
        let wording = wording::read(label);
        let suggestion = wording.map(|wording| match wording {
            Wording::OneTime => Frequency { every: 0, every_period: 0 },
            Wording::Every(every, period) => Frequency { every, every_period: Period::number(period) },
        });
        Self {
            option_id,
            name: label.to_owned(),
            every,
            every_period,
            is_default,
            suggestion,
            one_time: wording == Some(Wording::OneTime),
        }
    }
}

impl WarningView {
    fn of(warning: Warning) -> Self {
        let (code, message) = match warning {
            Warning::Required => (
                "required",
                "Its subscription options are marked as required in BigCommerce, so shoppers cannot buy it without choosing one.",
            ),
            Warning::Lost => (
                "lost",
                "It is offered as a subscription, but no longer has a modifier with \"Subscription\" in its name. Name it so again in BigCommerce, or stop offering it.",
            ),
            Warning::Ambiguous => {
                ("ambiguous", "More than one of its modifiers has \"Subscription\" in its name; the first is used.")
            }
        };
        Self { code: code.to_owned(), message: message.to_owned() }
    }
}
