//! What the merchant decided: which products can be subscribed to, and how often.
//!
//! Plans lie in layers. The plan in force of a product is its row in the highest layer. A change of many products
//! ([`super::changes`]) becomes a layer when it is applied and none when it is undone, which is the change of one
//! row; edits by hand go into a layer on top, so that undoing what lies below keeps them.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::json;

use super::catalog_do::Catalog;
use super::product_rows::sql_id;
use super::products::{ProductRow, ProductView};
use crate::bigcommerce::ids::PanelUser;
use crate::catalog::frequency::CellOption;
use crate::catalog::rules::{self, LONGEST_EVERY, Modifier, RuleFault};
use crate::error::{Error, ProductError, Result};
use crate::platform::clock;
use crate::platform::log::RequestId;
use crate::store::calls::PatchProducts;

/// Products of one patch: BigCommerce's own page.
const MOST_PATCHED: usize = 250;

/// Options of a product. BigCommerce: at most 250.
const MOST_OPTIONS: usize = 250;

/// What a plan says of one option, as the table holds it: `[id, every, period, default]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PlanOption(pub(super) u64, pub(super) u32, pub(super) u32, pub(super) bool);

/// The options of a plan, in no order that matters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct PlanOptions(pub(super) Vec<PlanOption>);

impl<'de> Deserialize<'de> for PlanOptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        serde_json::from_str(&text).map(Self).map_err(serde::de::Error::custom)
    }
}

impl PlanOptions {
    /// What a cell says of each option.
    pub(super) fn of(cell: &[CellOption]) -> Self {
        let option =
            |option: &CellOption| PlanOption(option.option_id, option.every, option.every_period, option.is_default);
        Self(cell.iter().map(option).collect())
    }

    /// As the table holds it.
    pub(super) fn text(&self) -> String {
        json!(self.0).to_string()
    }

    /// With the names that the options have now.
    pub(super) fn cell(&self, modifier: Option<&Modifier>) -> Vec<CellOption> {
        let name_of = |id: u64| {
            let named = modifier.and_then(|modifier| modifier.options.iter().find(|(known, _)| *known == id));
            named.map_or_else(String::new, |(_, label)| label.clone())
        };
        let option = |PlanOption(option_id, every, every_period, is_default): &PlanOption| CellOption {
            name: name_of(*option_id),
            option_id: *option_id,
            every: *every,
            every_period: *every_period,
            is_default: *is_default,
        };
        self.0.iter().map(option).collect()
    }
}

/// A change of products by hand.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductsPatch {
    products: Vec<ProductPatch>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProductPatch {
    id: u64,
    revision: i64,
    eligible: bool,
    options: Option<Vec<OptionPatch>>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OptionPatch {
    option_id: u64,
    #[serde(default)]
    every: u32,
    #[serde(default)]
    every_period: u32,
    #[serde(default)]
    is_default: bool,
}

impl ProductsPatch {
    /// Reads a body of the console.
    pub fn parse(body: &str) -> Result<Self> {
        let patch: Self = serde_json::from_str(body)
            .map_err(|error| Error::bad_request(format!("The body is not understood: {error}")))?;
        let ids: std::collections::HashSet<u64> = patch.products.iter().map(|product| product.id).collect();
        if patch.products.is_empty() || patch.products.len() > MOST_PATCHED || ids.len() < patch.products.len() {
            return Err(Error::bad_request(format!("products must be 1 to {MOST_PATCHED} different ones.")));
        }
        let options = |product: &ProductPatch| product.options.as_ref().map_or(0, Vec::len);
        if patch.products.iter().any(|product| options(product) > MOST_OPTIONS) {
            return Err(Error::bad_request(format!("A product has at most {MOST_OPTIONS} options.")));
        }
        Ok(patch)
    }
}

/// A product's new plan, checked.
struct Decided {
    id: u64,
    eligible: bool,
    options: PlanOptions,
}

impl Catalog {
    pub(super) async fn patch_products(
        &self,
        call: &PatchProducts,
        request_id: &RequestId,
    ) -> Result<Vec<ProductView>> {
        let ids: Vec<u64> = call.patch.products.iter().map(|product| product.id).collect();
        self.database.transaction(|| {
            let rows = self.product_rows(&ids)?;
            let stale =
                |patch: &&ProductPatch| rows.iter().all(|row| row.id != patch.id || row.revision() != patch.revision);
            let changed: Vec<u64> = call.patch.products.iter().filter(stale).map(|patch| patch.id).collect();
            if !changed.is_empty() {
                return Err(Error::ProductsChanged { changed });
            }
            let (mut decided, mut errors) = (Vec::new(), Vec::new());
            for (patch, row) in call
                .patch
                .products
                .iter()
                .filter_map(|patch| Some((patch, rows.iter().find(|row| row.id == patch.id)?)))
            {
                match decide(patch, row) {
                    Ok(plan) => decided.push(plan),
                    Err(faults) => errors.extend(faults),
                }
            }
            if errors.is_empty() {
                self.keep_edits(&decided, &call.user)
            } else {
                Err(Error::InvalidProducts { errors })
            }
        })?;
        self.views(self.product_rows(&ids)?, request_id).await
    }

    fn keep_edits(&self, decided: &[Decided], user: &PanelUser) -> Result<()> {
        let version = self.edits_version(user)?;
        for plan in decided {
            self.keep_plan(version, plan.id, plan.eligible, &plan.options, false)?;
        }
        Ok(())
    }

    /// Writes a plan into a layer.
    pub(super) fn keep_plan(
        &self,
        version: i64,
        id: u64,
        eligible: bool,
        options: &PlanOptions,
        faulty: bool,
    ) -> Result<()> {
        self.database.run(
            "INSERT INTO plans (product_id, version, eligible, options, faulty, revision) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (product_id, version) DO UPDATE SET eligible = excluded.eligible, options = excluded.options,
                 faulty = excluded.faulty, revision = excluded.revision",
            vec![
                sql_id(id).into(),
                version.into(),
                i64::from(eligible).into(),
                options.text().into(),
                i64::from(faulty).into(),
                self.next_generation()?.into(),
            ],
        )
    }

    /// The layer that edits by hand go into: the newest, or a new one on top of a change of many.
    fn edits_version(&self, user: &PanelUser) -> Result<i64> {
        #[derive(Deserialize)]
        struct Row {
            id: i64,
            kind: String,
        }
        let newest: Option<Row> = self
            .database
            .row("SELECT id, kind FROM versions WHERE layer IS NOT NULL ORDER BY layer DESC LIMIT 1", vec![])?;
        if let Some(Row { id, .. }) = newest.filter(|row| row.kind == "edits") {
            return Ok(id);
        }
        let now = clock::now();
        let row: Option<Row> = self.database.row(
            "INSERT INTO versions (kind, state, created_at, user_id, email, applied_at, layer)
             VALUES ('edits', 'applied', ?, ?, ?, ?, ?) RETURNING id, kind",
            vec![
                now.into(),
                sql_id(user.id).into(),
                user.email.as_str().into(),
                now.into(),
                self.next_generation()?.into(),
            ],
        )?;
        row.map(|row| row.id).ok_or_else(|| Error::internal("no version"))
    }
}

/// The plan that a patch makes of what is in force.
fn decide(patch: &ProductPatch, row: &ProductRow) -> Result<Decided, Vec<ProductError>> {
    let error = |option_id, message: String| ProductError { product_id: patch.id, option_id, message };
    if row.options_read == 0 && patch.eligible {
        return Err(vec![error(
            None,
            "The options of this product are not read from BigCommerce yet. Try again in a few minutes.".to_owned(),
        )]);
    }
    let options = match &patch.options {
        None => row.plan.clone().unwrap_or_default(),
        Some(options) => PlanOptions(
            options
                .iter()
                .map(|option| PlanOption(option.option_id, option.every, option.every_period, option.is_default))
                .collect(),
        ),
    };
    if let Some(PlanOption(id, ..)) = options.0.iter().find(|option| option.1 > LONGEST_EVERY) {
        return Err(vec![error(Some(*id), format!("Deliver at least once in {LONGEST_EVERY} periods."))]);
    }
    if patch.eligible {
        let modifier = row.modifier();
        rules::check(modifier.as_ref(), &options.cell(modifier.as_ref()))
            .map_err(|faults| faults.iter().map(|fault| error(fault.option_id(), said(fault))).collect::<Vec<_>>())?;
    }
    Ok(Decided { id: patch.id, eligible: patch.eligible, options })
}

/// A fault for somebody who looks at the product, not at a file.
pub(super) fn said(fault: &RuleFault) -> String {
    match fault {
        RuleFault::NoModifier => "This product has no options to subscribe with. Add a modifier with \"Subscription\" in its name in BigCommerce.",
        RuleFault::ForeignOption(_) => "This product no longer has this option.",
        RuleFault::RepeatedOption(_) => "This option is there twice.",
        RuleFault::NoFrequency(_) => "Say how often this option delivers: 1 or more.",
        RuleFault::UnknownPeriod(_) => "Choose days, weeks or months.",
        RuleFault::FrequencyOfOneTime(_) => "This option is a single purchase, so it has no frequency.",
        RuleFault::NoDefault => "Choose the option that is preselected.",
        RuleFault::ManyDefaults(_) => "Only one option can be preselected.",
    }
    .to_owned()
}
