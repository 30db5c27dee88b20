//! `/v3/catalog/products` and below, and the category trees, as an app reads them.

pub(super) mod categories;
pub(super) mod endpoints;
mod filters;
mod products;
mod shown;

use serde_json::{Value, json};

use super::api::Passed;
use super::endpoints::MAX_LIMIT;
use super::paging::{self, Page};
use super::problem::Problem;
use crate::catalog::Product;
use crate::state::Shared;
use filters::Filter;
use shown::Shown;

/// How many products a page has at most once their options or modifiers are shown.
const MAX_WITH_OPTIONS: usize = 10;

/// The list of products. What waits for this page to be asked for happens first.
pub(super) fn list(shared: &Shared, passed: &Passed<'_>) -> Result<Value, Problem> {
    let shown = Shown::of(passed);
    shown.check("product", &products::fields(&Product::default()))?;
    shared.turn_page(passed.store_hash);
    let most = if shown.includes("options") || shown.includes("modifiers") { MAX_WITH_OPTIONS } else { MAX_LIMIT };
    let page = Page::of(passed, most);
    let filter = Filter::of(passed);
    let (total, products) = shared.read(|state| {
        let catalog = &state.stores.get(passed.store_hash).ok_or_else(|| Problem::no_such("store"))?.catalog;
        let (total, ids) = filter.ids(catalog, page.offset(), page.limit);
        let products: Vec<_> = ids.into_iter().filter_map(|id| Some(catalog.get(id)?.into_owned())).collect();
        Ok::<_, Problem>((total, products))
    })?;
    // Writing them takes longest and needs no lock.
    let data: Vec<Value> = products.iter().map(|product| shown.product(product)).collect();
    Ok(page.answer(passed, total, &data))
}

/// One product, or its variants, modifiers or their values, all or one.
pub(super) fn one(shared: &Shared, passed: &Passed<'_>) -> Result<Value, Problem> {
    let shown = Shown::of(passed);
    let (product_id, ids) = passed.ids.split_first().ok_or_else(|| Problem::no_such("product"))?;
    let product =
        shared.read(|state| Some(state.stores.get(passed.store_hash)?.catalog.get(*product_id)?.into_owned()));
    let product = product.ok_or_else(|| Problem::no_such("product"))?;
    // After the product, the path has names and ids in turn; with an id for the last name, that one is meant.
    let names: Vec<&str> = passed.template.split('/').filter(|part| *part != "{id}").skip(3).collect();
    let items = match (names.as_slice(), ids) {
        ([], _) => {
            shown.check("product", &products::fields(&product))?;
            return Ok(single(shown.product(&product)));
        }
        (["variants"], _) => products::variants(&product),
        (["modifiers", "values"], [modifier, ..]) => values(&product, *modifier)?,
        _ => products::modifiers(&product),
    };
    match ids.get(names.len() - 1) {
        None => Ok(paging::page(passed, items.into_iter().map(|item| shown.cut(item)).collect())),
        Some(id) => Ok(single(shown.cut(with_id(items, *id)?))),
    }
}

fn values(product: &Product, modifier: u64) -> Result<Vec<Value>, Problem> {
    let mut modifier = with_id(products::modifiers(product), modifier)?;
    Ok(modifier["option_values"].as_array_mut().map(std::mem::take).unwrap_or_default())
}

fn with_id(items: Vec<Value>, id: u64) -> Result<Value, Problem> {
    items.into_iter().find(|item| item["id"] == id).ok_or_else(|| Problem::no_such("record"))
}

#[expect(clippy::needless_pass_by_value, reason = "the macro copies, the caller is done with it")]
fn single(data: Value) -> Value {
    json!({ "data": data, "meta": {} })
}
