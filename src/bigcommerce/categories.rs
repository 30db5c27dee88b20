//! Categories as BigCommerce's catalogue lists them: in trees, of which a channel has at most one.
//!
//! They are asked for by name only, so that a page stays far below what is read of an answer: a description alone may
//! have 65,535 letters. Pages have numbers here; nothing like `id:greater` is there to follow.

use serde::Deserialize;

use super::pace;
use super::page::Page;
use super::products::{Reader, TIMEOUT, or_default};
use crate::error::Party;
use crate::outbound::{OutboundRequest, join};

/// BigCommerce's limit of a page.
pub const MOST_A_PAGE: u64 = 250;

/// One page of the list of categories.
pub type CategoriesPage = Page<Category>;

/// The list of trees.
pub type TreesPage = Page<Tree>;

/// A tree of categories.
#[derive(Debug, Clone, Deserialize)]
pub struct Tree {
    /// BigCommerce's id.
    pub id: u64,
}

/// A category.
#[derive(Debug, Clone, Deserialize)]
pub struct Category {
    /// BigCommerce's id.
    #[serde(rename = "category_id")]
    pub id: u64,
    /// What shoppers read.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
}

/// What follows from a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follows {
    /// There is another.
    More,
    /// All are read.
    Nothing,
    /// What was added or deleted meanwhile shifted the pages: something may be missing.
    Shifted,
    /// The page is not what was asked for.
    Nonsense,
}

/// What follows from a page after `before` categories, of which `known` were said to be there.
pub fn follows(page: &CategoriesPage, before: u64, known: u64) -> Follows {
    let here = page.data.len() as u64;
    match page.total() {
        Some(total) if before > 0 && total != known => Follows::Shifted,
        Some(total) if before + here >= total && here <= MOST_A_PAGE => Follows::Nothing,
        Some(_) if here == MOST_A_PAGE => Follows::More,
        _ => Follows::Nonsense,
    }
}

impl Reader<'_> {
    /// The tree of a channel.
    pub fn trees(&self, channel: u64) -> OutboundRequest {
        let mut request = self.of_trees("");
        request.url.query_pairs_mut().append_pair("channel_id:in", &channel.to_string());
        request
    }

    /// The categories after the first `before`, which are whole pages; of one tree or of all.
    pub fn categories(&self, tree: Option<u64>, before: u64) -> OutboundRequest {
        let mut request = self.of_trees("/categories");
        let page = before / MOST_A_PAGE + 1;
        request
            .url
            .query_pairs_mut()
            .append_pair("page", &page.to_string())
            .append_pair("limit", &MOST_A_PAGE.to_string())
            .append_pair("include_fields", "name");
        if let Some(tree) = tree {
            request.url.query_pairs_mut().append_pair("tree_id:in", &tree.to_string());
        }
        request
    }

    fn of_trees(&self, end: &str) -> OutboundRequest {
        let url = join(self.api_url, &format!("/stores/{}/v3/catalog/trees{end}", self.store));
        let request = OutboundRequest::get(Party::BigCommerce, url, TIMEOUT);
        OutboundRequest { wanted: pace::HEADERS, ..request.header("x-auth-token", self.access_token) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bigcommerce::ids::StoreHash;

    fn page(length: u64, total: &str) -> CategoriesPage {
        let data: Vec<String> =
            (0..length).map(|id| format!(r#"{{"category_id":{id},"name":null,"views":7}}"#)).collect();
        let body = format!(r#"{{"data":[{}],"meta":{{"pagination":{{"total":{total}}}}}}}"#, data.join(","));
        serde_json::from_str(&body).unwrap()
    }

    #[test]
    fn pages_are_read_until_all_are_there_and_anew_when_they_shift() {
        for (length, total, before, known, expected) in [
            (0, "0", 0, 0, Follows::Nothing),
            (3, "3", 0, 0, Follows::Nothing),
            (250, "250", 0, 0, Follows::Nothing),
            (250, "251", 0, 0, Follows::More),
            (1, "251", 250, 251, Follows::Nothing),
            (250, "600", 250, 600, Follows::More),
            // One was deleted, one was added, and all of the last page were deleted.
            (0, "250", 250, 251, Follows::Shifted),
            (2, "252", 250, 251, Follows::Shifted),
            // Fewer than there are, none though some are left, no total, more than were asked for.
            (7, "251", 0, 0, Follows::Nonsense),
            (0, "251", 250, 251, Follows::Nonsense),
            (3, "null", 0, 0, Follows::Nonsense),
            (251, "251", 0, 0, Follows::Nonsense),
        ] {
            assert_eq!(follows(&page(length, total), before, known), expected, "{length} of {total} after {before}");
        }
    }

    #[test]
    fn what_is_asked_names_the_tree_and_the_page() {
        let (api_url, store) = ("https://api.example".parse().unwrap(), StoreHash::parse("abc").unwrap());
        let reader = Reader { api_url: &api_url, store: &store, access_token: "token" };
        let asked = |request: OutboundRequest| request.url.as_str().replace("%3A", ":");
        assert_eq!(asked(reader.trees(3)), "https://api.example/stores/abc/v3/catalog/trees?channel_id:in=3");
        assert_eq!(
            asked(reader.categories(Some(2), 500)),
            "https://api.example/stores/abc/v3/catalog/trees/categories?page=3&limit=250&include_fields=name&tree_id:in=2"
        );
        assert!(!asked(reader.categories(None, 0)).contains("tree_id"));
    }
}
