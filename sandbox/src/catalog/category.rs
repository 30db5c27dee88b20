//! The categories of a store, in trees of which each channel has one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::state::Refused;

/// The longest name the platform takes, in characters.
const MAX_NAME: usize = 50;

/// A category. `Category { name: "Tea".into(), ..Category::default() }` is enough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Category {
    /// 0 takes a fresh one.
    pub id: u64,
    /// At most 50 characters.
    pub name: String,
    /// The category above it; 0 for none.
    pub parent_id: u64,
    /// Its tree. Tree 1 is the default storefront's; tree N belongs to channel N.
    pub tree_id: u64,
    /// Whether shoppers see it.
    pub is_visible: bool,
}

impl Default for Category {
    fn default() -> Self {
        Self { id: 0, name: "A category".to_owned(), parent_id: 0, tree_id: 1, is_visible: true }
    }
}

/// All categories of a store, by id.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Categories(BTreeMap<u64, Category>);

/// Those that the demo products are in; every store begins with them.
impl Default for Categories {
    fn default() -> Self {
        let all = [
            (23, "Shop all", 0),
            (24, "Coffee", 0),
            (25, "Thé & <tisanes>", 0),
            (26, "茶道具", 25),
            (27, "\u{1f381}", 0),
        ];
        let category = |(id, name, parent_id): (u64, &str, u64)| Category {
            id,
            name: name.to_owned(),
            parent_id,
            ..Category::default()
        };
        Self(all.into_iter().map(|one| (one.0, category(one))).collect())
    }
}

impl Categories {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Category> {
        self.0.values()
    }

    /// Adds the category, or replaces the one with its id, which is given.
    pub(crate) fn put(&mut self, mut category: Category) -> Result<u64, Refused> {
        let length = category.name.chars().count();
        if length == 0 || length > MAX_NAME {
            return Err(format!("the name of a category has 1 to {MAX_NAME} characters, this one has {length}"));
        }
        if category.parent_id != 0 && !self.0.contains_key(&category.parent_id) {
            return Err(format!("there is no category {}", category.parent_id));
        }
        if category.id == 0 {
            category.id = self.0.last_key_value().map_or(1, |(last, _)| last + 1);
        }
        let id = category.id;
        self.0.insert(id, category);
        Ok(id)
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn delete(&mut self, id: u64) -> Result<(), Refused> {
        self.0.remove(&id).map(drop).ok_or_else(|| format!("there is no category {id}"))
    }
}
