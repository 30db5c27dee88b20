//! Compares what is wanted with what is in force: the change's layer holds the products that differ.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::catalog_do::Catalog;
use super::super::plans::PlanOptions;
use super::super::products::{IN_FORCE, ProductRow, ROW};
use super::{Check, Chosen, Cursor, Fault, Kind, State};
use crate::catalog::change::{self, Current, Intent, Outcome};
use crate::catalog::csv::columns::Column;
use crate::catalog::csv::row::{Wish, quoted};
use crate::catalog::frequency;
use crate::error::Result;
use crate::platform::sql;

/// Products of a step.
const STEP: i64 = 100;

/// A product that something is wanted of, if it is there.
struct Candidate {
    id: u64,
    line: Option<u64>,
    product: Option<ProductRow>,
    intent: Intent,
}

impl Catalog {
    /// Goes over from reading to comparing, or compares anew.
    pub(super) fn begin_comparing(&self, check: &mut Check) -> Result<()> {
        check.cursor = Cursor::Comparing { after: 0 };
        check.generation = self.generation()?;
        Ok(())
    }

    /// Compares some products more.
    pub(super) fn compare_step(&self, version: i64, kind: Kind, check: &mut Check, after: i64) -> Result<State> {
        if after == 0 {
            self.begin_comparing(check)?;
        }
        let candidates = self.candidates(version, kind, check, after)?;
        let Some(last) = candidates.last().map(|candidate| candidate.id) else {
            check.done = check.total;
            let is_faulty = kind == Kind::Import && check.faults > 0;
            return Ok(if is_faulty { State::Faulty } else { State::Ready });
        };
        check.cursor = Cursor::Comparing { after: super::sql_count(last) };
        let (mut plans, mut faults): (Vec<Value>, Vec<Fault>) = (Vec::new(), Vec::new());
        for candidate in &candidates {
            match candidate.outcome() {
                Ok(Outcome::Unchanged) => check.unchanged += 1,
                Ok(Outcome::Changed { eligible, options }) => {
                    let was_eligible = candidate.product.as_ref().is_some_and(ProductRow::is_eligible);
                    check.changed += 1;
                    check.made_eligible += u64::from(eligible && !was_eligible);
                    check.made_not_eligible += u64::from(was_eligible && !eligible);
                    plans.push(json!([candidate.id, eligible, PlanOptions::of(&options).text()]));
                }
                Ok(Outcome::Faulty(found)) => faults.extend(found.iter().map(|fault| candidate.fault(fault))),
                Err(fault) => faults.push(fault),
            }
        }
        self.database.run(
            "INSERT INTO plans (version, product_id, eligible, options, revision)
             SELECT ?, value ->> 0, value ->> 1, value ->> 2, 0 FROM json_each(?)",
            vec![version.into(), Value::from(plans).to_string().into()],
        )?;
        self.add_faults(version, check, &faults)?;
        check.done = match kind {
            Kind::Import => {
                let (half, seen) = (check.total / 2, check.changed + check.unchanged);
                half + half * seen.min(check.rows) / check.rows.max(1)
            }
            _ => (check.done + candidates.len() as u64).min(check.total),
        };
        Ok(State::Checking)
    }

    fn candidates(&self, version: i64, kind: Kind, check: &Check, after: i64) -> Result<Vec<Candidate>> {
        let intent = match kind {
            Kind::Fill => Intent::Fill,
            Kind::Offer => Intent::Offer,
            Kind::Withdraw => Intent::Withdraw,
            Kind::Import | Kind::Edits => return self.wished(version, after),
        };
        let Some(chosen) = &check.chosen else { return Ok(Vec::new()) };
        let (condition, mut values) = condition(chosen);
        values.extend([after.into(), STEP.into()]);
        let products: Vec<ProductRow> = self.database.rows(
            &format!("SELECT {ROW} FROM {IN_FORCE} WHERE {condition} AND p.id > ? ORDER BY p.id LIMIT ?"),
            values,
        )?;
        let candidate = |product: ProductRow| Candidate {
            id: product.id,
            line: None,
            product: Some(product),
            intent: intent.clone(),
        };
        Ok(products.into_iter().map(candidate).collect())
    }

    /// The wishes after a product, with the products.
    fn wished(&self, version: i64, after: i64) -> Result<Vec<Candidate>> {
        #[derive(Deserialize)]
        struct Wished {
            product_id: u64,
            line: u64,
            eligible: i64,
            options: Option<PlanOptions>,
        }
        let wishes: Vec<Wished> = self.database.rows(
            "SELECT product_id, line, eligible, options FROM wishes WHERE version = ? AND product_id > ? ORDER BY product_id LIMIT ?",
            vec![version.into(), after.into(), STEP.into()],
        )?;
        let ids: Vec<u64> = wishes.iter().map(|wish| wish.product_id).collect();
        let mut products: HashMap<u64, ProductRow> =
            self.product_rows(&ids)?.into_iter().map(|product| (product.id, product)).collect();
        let candidate = |Wished { product_id, line, eligible, options }: Wished| {
            let product = products.remove(&product_id);
            let modifier = product.as_ref().and_then(ProductRow::modifier);
            let options = options.map(|options| options.cell(modifier.as_ref()));
            let wish = match eligible {
                0 => Wish::NotEligible(options),
                _ => Wish::Eligible(options.unwrap_or_default()),
            };
            Candidate { id: product_id, line: Some(line), product, intent: Intent::Row(wish) }
        };
        Ok(wishes.into_iter().map(candidate).collect())
    }

    /// How many products a rule is for.
    pub(super) fn count_chosen(&self, chosen: &Chosen) -> Result<u64> {
        #[derive(Deserialize)]
        struct Row {
            count: u64,
        }
        let (condition, values) = condition(chosen);
        let row: Option<Row> =
            self.database.row(&format!("SELECT count(*) AS count FROM {IN_FORCE} WHERE {condition}"), values)?;
        Ok(row.map_or(0, |row| row.count))
    }
}

fn condition(chosen: &Chosen) -> (String, Vec<sql::Value>) {
    match chosen {
        Chosen::Found(query) => query.condition(),
        Chosen::Named(ids) => (
            "p.gone_at IS NULL AND p.id IN (SELECT value FROM json_each(?))".to_owned(),
            vec![json!(ids).to_string().into()],
        ),
    }
}

impl Candidate {
    fn outcome(&self) -> Result<Outcome, Fault> {
        let Some(product) = &self.product else {
            return Err(Fault {
                line: self.line,
                place: Column::ProductId.name().to_owned(),
                product_id: Some(self.id),
                reason: "The store has no product with this id".to_owned(),
                value: self.id.to_string(),
            });
        };
        let modifier = product.modifier();
        let current = Current {
            options_read: product.options_read != 0,
            eligible: product.is_eligible(),
            options: product.plan.as_ref().map(|plan| plan.cell(modifier.as_ref())).unwrap_or_default(),
            modifier,
        };
        Ok(change::decide(&current, &self.intent))
    }

    fn fault(&self, fault: &change::Fault) -> Fault {
        let value = match &self.intent {
            Intent::Row(Wish::Eligible(options)) if fault.column == Column::Frequency.name() => {
                quoted(&frequency::write(options))
            }
            _ => String::new(),
        };
        Fault {
            line: self.line,
            place: fault.column.to_owned(),
            product_id: Some(self.id),
            reason: fault.reason.clone(),
            value,
        }
    }
}
