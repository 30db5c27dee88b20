//! `/v3/catalog/trees` and the categories in them.

use serde_json::{Map, Value, json};

use super::shown::Shown;
use crate::bigcommerce::api::Passed;
use crate::bigcommerce::paging::page;
use crate::bigcommerce::problem::Problem;
use crate::catalog::Category;
use crate::state::Shared;

/// The list of trees: the default storefront's, and every other that has a category.
pub(in crate::bigcommerce) fn trees(shared: &Shared, passed: &Passed<'_>) -> Result<Value, Problem> {
    let mut ids: Vec<u64> = all(shared, passed)?.iter().map(|category| category.tree_id).collect();
    ids.push(1);
    ids.sort_unstable();
    ids.dedup();
    ids.retain(|id| allows(passed, "id", &id.to_string()) && allows(passed, "channel_id", &id.to_string()));
    let tree = |id: &u64| json!({ "id": id, "name": format!("Catalog tree {id}"), "channels": [id] });
    Ok(page(passed, ids.iter().map(tree).collect()))
}

/// The list of categories of all trees.
pub(in crate::bigcommerce) fn list(shared: &Shared, passed: &Passed<'_>) -> Result<Value, Problem> {
    let shown = Shown::of(passed);
    shown.check("category", &fields(&Category::default()))?;
    let mut categories = all(shared, passed)?;
    categories.retain(|category| holds(passed, category));
    Ok(page(passed, categories.iter().map(|category| shown.cut(Value::Object(fields(category)))).collect()))
}

fn all(shared: &Shared, passed: &Passed<'_>) -> Result<Vec<Category>, Problem> {
    let of_store = |state: &crate::state::State| {
        state.stores.get(passed.store_hash).map(|store| store.categories.iter().cloned().collect())
    };
    shared.read(of_store).ok_or_else(|| Problem::no_such("store"))
}

/// Whether the lists `{name}:in` and `{name}:not_in` let a value through.
fn allows(passed: &Passed<'_>, name: &str, value: &str) -> bool {
    let named =
        |end: &str| passed.parameter(&format!("{name}:{end}")).map(|list| list.split(',').any(|one| one == value));
    named("in") != Some(false) && named("not_in") != Some(true)
}

fn holds(passed: &Passed<'_>, category: &Category) -> bool {
    let named = |name: &str, value: &str| passed.parameter(name).is_none_or(|wanted| wanted == value);
    let like = |name: &str, value: &str| {
        passed.parameter(name).is_none_or(|wanted| value.to_lowercase().contains(&wanted.to_lowercase()))
    };
    // A page title is nobody's here, so only an empty one could be asked for.
    allows(passed, "category_id", &category.id.to_string())
        && allows(passed, "category_uuid", &uuid(category))
        && allows(passed, "tree_id", &category.tree_id.to_string())
        && allows(passed, "parent_id", &category.parent_id.to_string())
        && named("name", &category.name)
        && named("page_title", "")
        && named("is_visible", &category.is_visible.to_string())
        && like("name:like", &category.name)
        && like("page_title:like", "")
        && like("keyword", &category.name)
}

fn uuid(category: &Category) -> String {
    format!("00000000-0000-4000-9000-{:012}", category.id)
}

/// A category as the API answers it.
fn fields(category: &Category) -> Map<String, Value> {
    let fields = json!({
        "category_id": category.id, "category_uuid": uuid(category), "parent_id": category.parent_id,
        "tree_id": category.tree_id, "name": category.name, "description": "", "views": 0, "sort_order": 0,
        "page_title": "", "meta_keywords": [], "meta_description": "", "layout_file": "category.html",
        "image_url": "", "is_visible": category.is_visible, "search_keywords": "",
        "default_product_sort": "use_store_settings",
        "url": { "path": format!("/category-{}/", category.id), "is_customized": false },
    });
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
