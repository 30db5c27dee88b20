//! The products as the console shows them: a page of the catalogue with what is in force and what is wrong.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::catalog_do::Catalog;
use super::plans::{PlanOption, PlanOptions, said};
use super::sync::SyncView;
use crate::catalog::frequency::Period;
use crate::catalog::rules::{self, Modifier, Warning};
use crate::catalog::wording::{self, Wording};
use crate::error::{Error, Result};
use crate::platform::log::RequestId;
use crate::platform::sql::Value;

/// Products of a page at most.
pub const MOST_A_PAGE: u32 = 250;

/// Words of a search that are looked for.
const MOST_WORDS: usize = 8;

/// The plan in force of each product: its row in the highest layer.
pub(super) const IN_FORCE: &str = "products p LEFT JOIN plans c ON c.product_id = p.id AND c.version =
    (SELECT q.version FROM plans q JOIN versions w ON w.id = q.version
     WHERE q.product_id = p.id AND w.layer IS NOT NULL ORDER BY w.layer DESC LIMIT 1)";

const OFFERED: &str = "c.eligible = 1";
const NEEDS_ATTENTION: &str = "(p.required = 1 OR p.ambiguous = 1 OR (c.eligible = 1 AND p.options_read = 1 AND (p.modifier IS NULL OR c.faulty = 1)))";
const WITHOUT_OPTIONS: &str = "p.options_read = 1 AND p.modifier IS NULL";

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
    fn order(self) -> &'static str {
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
    pub(super) fn condition(&self) -> (String, Vec<Value>) {
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

/// A page of products.
#[derive(Debug, Serialize, Deserialize)]
pub struct ProductsPage {
    products: Vec<ProductView>,
    /// Products that are looked for.
    total: i64,
    page: u32,
    limit: u32,
    counts: Counts,
    sync: SyncView,
}

/// Of the whole catalogue.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Counts {
    pub(super) all: i64,
    pub(super) eligible: i64,
    pub(super) attention: i64,
    no_options: i64,
}

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

/// A product with the plan in force, as the tables have them.
#[derive(Debug, Deserialize)]
pub(super) struct ProductRow {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) sku: String,
    digital: i64,
    is_visible: i64,
    variants: u32,
    pub(super) options_read: i64,
    modifier: Option<String>,
    ambiguous: i64,
    revision: i64,
    pub(super) eligible: Option<i64>,
    pub(super) plan: Option<PlanOptions>,
    plan_revision: Option<i64>,
    discontinued: i64,
}

pub(super) const ROW: &str =
    "p.id, p.name, p.sku, p.digital, p.is_visible, p.variants, p.options_read, p.modifier, p.ambiguous,
    p.revision, c.eligible, c.options AS plan, EXISTS (SELECT 1 FROM discontinued d WHERE d.product_id = p.id) AS discontinued,
    max(c.revision, (SELECT layer FROM versions WHERE id = c.version)) AS plan_revision";

impl ProductRow {
    pub(super) fn modifier(&self) -> Option<Modifier> {
        serde_json::from_str(self.modifier.as_deref()?).ok()
    }

    pub(super) fn is_eligible(&self) -> bool {
        self.eligible.is_some_and(|eligible| eligible != 0)
    }

    /// Whether the merchant said that it is not sold any more, ever.
    pub(super) fn is_discontinued(&self) -> bool {
        self.discontinued != 0
    }

    /// Another number whenever the options or the plan in force are others: both parts count changes.
    pub(super) fn revision(&self) -> i64 {
        self.revision * (1 << 26) + self.plan_revision.unwrap_or(0)
    }

    /// The options of the modifier with what the plan says of each; what it says of others is left out.
    pub(super) fn options(&self, modifier: Option<&Modifier>) -> Vec<PlanOption> {
        let planned = |id: u64| self.plan.as_ref()?.0.iter().find(|option| option.0 == id).copied();
        let options = modifier.map(|modifier| &modifier.options).into_iter().flatten();
        options.map(|(id, _)| planned(*id).unwrap_or(PlanOption(*id, 0, 0, false))).collect()
    }

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

    fn view(&self, control_panel: &str) -> ProductView {
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

impl Catalog {
    pub(super) async fn read_products(&self, query: &ProductsQuery, request_id: &RequestId) -> Result<ProductsPage> {
        let (condition, values) = query.condition();
        let limit = query.limit.clamp(1, MOST_A_PAGE);
        let mut paged = values.clone();
        paged.extend([i64::from(limit).into(), (i64::from(query.page.max(1) - 1) * i64::from(limit)).into()]);
        let rows: Vec<ProductRow> = self.database.rows(
            &format!("SELECT {ROW} FROM {IN_FORCE} WHERE {condition} ORDER BY {} LIMIT ? OFFSET ?", query.sort.order()),
            paged,
        )?;
        let counts = self.counts()?;
        let plain = query.search.trim().is_empty();
        let total = match query.show {
            Show::All if plain => counts.all,
            Show::Eligible if plain => counts.eligible,
            Show::NotEligible if plain => counts.all - counts.eligible,
            Show::Attention if plain => counts.attention,
            Show::NoOptions if plain => counts.no_options,
            _ => self.count(&condition, values)?,
        };
        let products = self.views(rows, request_id).await?;
        Ok(ProductsPage { products, total, page: query.page.max(1), limit, counts, sync: self.read_sync()? })
    }

    /// The named products that are there.
    pub(super) fn product_rows(&self, ids: &[u64]) -> Result<Vec<ProductRow>> {
        self.database.rows(
            &format!("SELECT {ROW} FROM {IN_FORCE} WHERE p.gone_at IS NULL AND p.id IN (SELECT value FROM json_each(?)) ORDER BY p.id"),
            vec![json!(ids).to_string().into()],
        )
    }

    /// Rows as the console shows them.
    pub(super) async fn views(&self, rows: Vec<ProductRow>, request_id: &RequestId) -> Result<Vec<ProductView>> {
        let control_panel = match self.access(request_id).await {
            Ok(access) => access.control_panel,
            Err(Error::NotInstalled | Error::UnknownApp) => String::new(),
            Err(error) => return Err(error),
        };
        Ok(rows.iter().map(|row| row.view(&control_panel)).collect())
    }

    pub(super) fn count(&self, condition: &str, values: Vec<Value>) -> Result<i64> {
        #[derive(Deserialize)]
        struct Row {
            count: i64,
        }
        let row: Option<Row> =
            self.database.row(&format!("SELECT count(*) AS count FROM {IN_FORCE} WHERE {condition}"), values)?;
        Ok(row.map_or(0, |row| row.count))
    }

    /// How many products there are. A run that is looked at changes them all the time, and this costs far less than
    /// [`Catalog::counts`]: it reads an index, and no plans.
    pub(super) fn count_all(&self) -> Result<i64> {
        #[derive(Deserialize)]
        struct Row {
            count: i64,
        }
        let sql = "SELECT count(*) AS count FROM products WHERE gone_at IS NULL";
        Ok(self.database.row::<Row>(sql, vec![])?.map_or(0, |row| row.count))
    }

    /// Counted anew only after something changed.
    pub(super) fn counts(&self) -> Result<Counts> {
        let generation = self.generation()?;
        if let Some((of, counts)) = self.counts.get()
            && of == generation
        {
            return Ok(counts);
        }
        let counts: Option<Counts> = self.database.row(
            &format!(
                "SELECT count(*) AS \"all\", count(*) FILTER (WHERE {OFFERED}) AS eligible,
                     count(*) FILTER (WHERE {NEEDS_ATTENTION}) AS attention,
                     count(*) FILTER (WHERE {WITHOUT_OPTIONS}) AS no_options
                 FROM {IN_FORCE} WHERE p.gone_at IS NULL"
            ),
            vec![],
        )?;
        let counts = counts.ok_or_else(|| Error::internal("no counts"))?;
        self.counts.set(Some((generation, counts)));
        Ok(counts)
    }
}
