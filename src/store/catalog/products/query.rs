//! What a page of products is asked for: search, filter and order, as SQL.

use serde::{Deserialize, Serialize};

use crate::platform::sql::Value;

/// Words of a search that are looked for.
const MOST_WORDS: usize = 8;

pub(super) const OFFERED: &str = "c.eligible = 1";
pub(super) const NEEDS_ATTENTION: &str = "(p.required = 1 OR p.ambiguous = 1 OR (c.eligible = 1 AND p.options_read = 1 AND (p.modifier IS NULL OR c.faulty = 1)))";
pub(super) const WITHOUT_OPTIONS: &str = "p.options_read = 1 AND p.modifier IS NULL";

/// Which products are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// Every one.
    #[default]
    All,
    /// Those that can be subscribed to.
    Eligible,
    /// Those that cannot.
    NotEligible,
    /// Those with a warning or a fault.
    Attention,
    /// Those without a subscription modifier.
    NoOptions,
}

impl Show {
    fn condition(self) -> String {
        match self {
            Self::All => "true".to_owned(),
            Self::Eligible => OFFERED.to_owned(),
            Self::NotEligible => format!("{OFFERED} IS NOT TRUE"),
            Self::Attention => NEEDS_ATTENTION.to_owned(),
            Self::NoOptions => WITHOUT_OPTIONS.to_owned(),
        }
    }
}

/// The order of a page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sort {
    /// By name.
    #[default]
    #[serde(rename = "name")]
    Name,
    /// By name, from the end.
    #[serde(rename = "-name")]
    NameDown,
    /// By BigCommerce's id: the oldest first.
    #[serde(rename = "id")]
    Id,
    /// The newest first.
    #[serde(rename = "-id")]
    IdDown,
}

impl Sort {
    pub(super) fn order(self) -> &'static str {
        match self {
            Self::Name => "p.name COLLATE NOCASE, p.id",
            Self::NameDown => "p.name COLLATE NOCASE DESC, p.id DESC",
            Self::Id => "p.id",
            Self::IdDown => "p.id DESC",
        }
    }
}

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductsQuery {
    /// Words in the name or a SKU, or the id.
    pub search: String,
    /// Which products.
    pub show: Show,
    /// In which order.
    pub sort: Sort,
    /// From 1.
    pub page: u32,
    /// Products of a page.
    pub limit: u32,
}

impl ProductsQuery {
    /// The condition for a product that is looked for, with its values.
    pub(in crate::store::catalog) fn condition(&self) -> (String, Vec<Value>) {
        let search = self.search.to_lowercase();
        let words: Vec<&str> = search.split_whitespace().take(MOST_WORDS).collect();
        let mut condition = format!("p.gone_at IS NULL AND ({})", self.show.condition());
        let mut values: Vec<Value> = words.iter().map(|word| (*word).into()).collect();
        if !words.is_empty() {
            let all = vec!["instr(p.words, ?) > 0"; words.len()].join(" AND ");
            let id = search.trim().parse::<i64>().ok().filter(|id| (0..1 << 53).contains(id));
            let named = if id.is_some() { " OR p.id = ?" } else { "" };
            values.extend(id.map(Value::from));
            condition = format!("{condition} AND (({all}){named})");
        }
        (condition, values)
    }
}
