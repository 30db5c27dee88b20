//! The products of the store, so that a developer sees what the app reads.

use maud::{Markup, html};

use super::view;
use crate::catalog::{Modifier, Product};
use crate::state::State;

/// How many are on a page.
const AT_ONCE: usize = 100;

/// The products with ids above `after`.
pub(super) fn list(state: &State, hash: &str, user: u64, after: u64) -> Markup {
    let catalog = state.stores.get(hash).map(|store| &store.catalog);
    let total = catalog.map_or(0, |catalog| catalog.count_above(0));
    let ids = catalog.into_iter().flat_map(|catalog| catalog.ids_above(after)).take(AT_ONCE + 1);
    let mut products: Vec<Product> = ids.filter_map(|id| Some(catalog?.get(id)?.into_owned())).collect();
    let more = products.len() > AT_ONCE;
    products.truncate(AT_ONCE);
    let content = html! {
        @if total == 0 { p data-test="no-products" { "The store has no products yet." } }
        @else {
            p.note { "The store has " (total) " products." }
            table data-test="products" {
                thead { tr { th { "Id" } th { "Name" } th { "Modifiers" } } }
                tbody {
                    @for product in &products {
                        tr data-test="product" data-product-id=(product.id) {
                            td { (product.id) }
                            td { (product.name) @if !product.is_visible { " (hidden)" } }
                            td { @for modifier in &product.modifiers { div { (described(modifier)) } } }
                        }
                    }
                }
            }
            @if let (true, Some(last)) = (more, products.last()) {
                p { a data-test="next" href=(format!("/manage/products?user={user}&after={}", last.id)) { "Next" } }
            }
        }
    };
    view::page(state, hash, user, "Products", &content)
}

fn described(modifier: &Modifier) -> String {
    let labels: Vec<&str> = modifier.values.iter().map(|value| value.label.as_str()).collect();
    let required = if modifier.required { " (required)" } else { "" };
    format!("{}{required}: {}", modifier.display_name, labels.join(", "))
}
