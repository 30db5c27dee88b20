//! What BigCommerce says of products, written down: only rows that differ are written.
//!
//! A product that is no longer there keeps its row, marked, and what the merchant decided about it: a list that
//! was wrong once costs nothing.

use serde::Deserialize;
use serde_json::json;

use super::catalog_do::Catalog;
use super::plans::PlanOptions;
use super::sale::Sale;
use crate::bigcommerce::products::Product;
use crate::catalog::rules::{self, Modifier, Warning};
use crate::error::{Error, Result};
use crate::platform::clock;

/// Characters of a product's words: enough for some hundred SKUs.
const LONGEST_WORDS: usize = 4000;

impl Catalog {
    /// Writes down the products of a page; gives how many were new or different. `changed`: their options may
    /// have changed as well.
    pub(super) fn keep_products(&self, products: &[Product], changed: bool) -> Result<i64> {
        let rows: Vec<serde_json::Value> = products
            .iter()
            .filter_map(|product| {
                let id = sql_id(product.id)?;
                Some(json!([
                    id,
                    product.name,
                    product.sku,
                    product.kind == "digital",
                    product.is_visible,
                    variants(product),
                    words(product),
                    Sale::of(product),
                    categories(product)
                ]))
            })
            .collect();
        let rows = serde_json::Value::from(rows).to_string();
        if changed {
            self.database.run(
                "UPDATE products SET options_due = 1 WHERE options_due = 0 AND id IN (SELECT value ->> 0 FROM json_each(?))",
                vec![rows.as_str().into()],
            )?;
        }
        self.database.run(
            "INSERT INTO products (id, name, sku, digital, is_visible, variants, words, sale, categories, revision)
             SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, 0
             FROM json_each(?) WHERE true
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, sku = excluded.sku, digital = excluded.digital,
                 is_visible = excluded.is_visible, variants = excluded.variants, words = excluded.words,
                 sale = coalesce(excluded.sale, sale), categories = excluded.categories, gone_at = NULL
             WHERE name IS NOT excluded.name OR sku IS NOT excluded.sku OR digital IS NOT excluded.digital
                 OR is_visible IS NOT excluded.is_visible OR variants IS NOT excluded.variants OR words IS NOT excluded.words
                 OR sale IS NOT coalesce(excluded.sale, sale) OR categories IS NOT excluded.categories OR gone_at IS NOT NULL",
            vec![rows.into()],
        )?;
        self.count_changes()
    }

    /// Marks products as gone that are known from `above` up to `last`, but not on the page that covers them.
    pub(super) fn mark_missing(&self, above: i64, last: i64, page: &[Product]) -> Result<i64> {
        let ids: Vec<u64> = page.iter().map(|product| product.id).collect();
        self.database.run(
            "UPDATE products SET gone_at = ? WHERE gone_at IS NULL AND id > ? AND id <= ? AND id NOT IN (SELECT value FROM json_each(?))",
            vec![clock::now().into(), above.into(), last.into(), json!(ids).to_string().into()],
        )?;
        self.count_changes()
    }

    /// Marks products as gone that were asked for by name and are not in the answer.
    pub(super) fn mark_unanswered(&self, asked: &[u64], answered: &[Product]) -> Result<i64> {
        let missing: Vec<u64> =
            asked.iter().copied().filter(|id| answered.iter().all(|product| product.id != *id)).collect();
        if missing.is_empty() {
            return Ok(0);
        }
        self.database.run(
            "UPDATE products SET gone_at = ?, options_due = 0 WHERE gone_at IS NULL AND id IN (SELECT value FROM json_each(?))",
            vec![clock::now().into(), json!(missing).to_string().into()],
        )?;
        self.count_changes()
    }

    /// Writes down the subscription modifiers of products; gives how many were new or different. As few statements as
    /// can be: each costs more than what it does.
    pub(super) fn keep_options(&self, products: &[Product]) -> Result<i64> {
        let ids: Vec<u64> = products.iter().map(|product| product.id).collect();
        let ids = json!(ids).to_string();
        let known: Vec<Known> = self.database.rows(
            "SELECT id, modifier, ambiguous, options_read FROM products WHERE id IN (SELECT value FROM json_each(?))",
            vec![ids.as_str().into()],
        )?;
        let mut different = Vec::new();
        for product in products {
            let found = Found::of(product)?;
            if known.iter().any(|known| known.id == product.id && !found.is_known(known)) {
                different.push(found);
            }
        }
        if !different.is_empty() {
            let rows: Vec<serde_json::Value> = different.iter().map(Found::row).collect();
            self.database.run(
                "UPDATE products SET modifier = value ->> 1, required = value ->> 2, ambiguous = value ->> 3,
                     options_read = 1, options_due = 0, revision = ?
                 FROM json_each(?) WHERE products.id = value ->> 0",
                vec![self.next_generation()?.into(), json!(rows).to_string().into()],
            )?;
            self.judge_plans(&different)?;
        }
        self.database.run(
            "UPDATE products SET options_due = 0 WHERE options_due = 1 AND id IN (SELECT value FROM json_each(?))",
            vec![ids.into()],
        )?;
        Ok(i64::try_from(different.len()).unwrap_or(i64::MAX))
    }

    /// Whether each plan of these products, in force or not, still makes sense.
    fn judge_plans(&self, products: &[Found]) -> Result<()> {
        #[derive(Deserialize)]
        struct Row {
            product_id: u64,
            version: i64,
            eligible: i64,
            options: PlanOptions,
            faulty: i64,
        }
        let ids: Vec<u64> = products.iter().map(|product| product.id).collect();
        let plans: Vec<Row> = self.database.rows(
            "SELECT product_id, version, eligible, options, faulty FROM plans
             WHERE product_id IN (SELECT value FROM json_each(?))",
            vec![json!(ids).to_string().into()],
        )?;
        for plan in plans {
            let Some(product) = products.iter().find(|product| product.id == plan.product_id) else { continue };
            let modifier = product.modifier.as_ref();
            let faulty = plan.eligible != 0 && rules::check(modifier, &plan.options.cell(modifier)).is_err();
            if faulty != (plan.faulty != 0) {
                self.database.run(
                    "UPDATE plans SET faulty = ? WHERE product_id = ? AND version = ?",
                    vec![i64::from(faulty).into(), sql_id(plan.product_id).into(), plan.version.into()],
                )?;
            }
        }
        Ok(())
    }

    /// Rows that the last statement wrote.
    pub(super) fn count_changes(&self) -> Result<i64> {
        #[derive(Deserialize)]
        struct Row {
            count: i64,
        }
        Ok(self.database.row::<Row>("SELECT changes() AS count", vec![])?.map_or(0, |row| row.count))
    }
}

#[derive(Deserialize)]
struct Known {
    id: u64,
    modifier: Option<String>,
    ambiguous: i64,
    options_read: i64,
}

/// The subscription modifier of a product as BigCommerce has it.
struct Found {
    id: u64,
    modifier: Option<Modifier>,
    /// The same as the table holds it.
    text: Option<String>,
    ambiguous: bool,
}

impl Found {
    fn of(product: &Product) -> Result<Self> {
        let modifiers = modifiers(product);
        let (modifier, warnings) = rules::find_modifier(&modifiers, false);
        let text = modifier.map(serde_json::to_string).transpose().map_err(Error::internal)?;
        let ambiguous = warnings.contains(&Warning::Ambiguous);
        Ok(Self { id: product.id, modifier: modifier.cloned(), text, ambiguous })
    }

    fn is_known(&self, known: &Known) -> bool {
        known.options_read != 0 && known.modifier == self.text && (known.ambiguous != 0) == self.ambiguous
    }

    fn row(&self) -> serde_json::Value {
        let required = self.modifier.as_ref().is_some_and(|modifier| modifier.required);
        json!([self.id, self.text, required, self.ambiguous])
    }
}

/// An id as SQLite holds it; none that JavaScript could not.
pub(super) fn sql_id(id: u64) -> Option<i64> {
    i64::try_from(id).ok().filter(|id| *id < 1 << 53)
}

/// How many variants shoppers can choose from.
fn variants(product: &Product) -> usize {
    let variants = product.variants.as_deref().unwrap_or_default();
    variants.iter().filter(|variant| !variant.option_values.is_empty()).count()
}

/// The ids of its categories, as a list.
fn categories(product: &Product) -> String {
    json!(product.categories.iter().filter_map(|id| sql_id(*id)).collect::<Vec<i64>>()).to_string()
}

/// What a search looks in.
fn words(product: &Product) -> String {
    let mut words = format!("{} {}", product.name, product.sku);
    for variant in product.variants.iter().flatten().filter(|variant| variant.sku != product.sku) {
        if words.len() + variant.sku.len() > LONGEST_WORDS {
            break;
        }
        words.push(' ');
        words.push_str(&variant.sku);
    }
    words.to_lowercase()
}

fn modifiers(product: &Product) -> Vec<Modifier> {
    let modifiers = product.modifiers.iter().flatten().map(|modifier| {
        let mut values: Vec<_> = modifier.option_values.iter().collect();
        values.sort_by_key(|value| (value.sort_order, value.id));
        Modifier {
            id: modifier.id,
            display_name: modifier.display_name.clone(),
            required: modifier.required,
            options: values.into_iter().map(|value| (value.id, value.label.clone())).collect(),
        }
    });
    modifiers.collect()
}
