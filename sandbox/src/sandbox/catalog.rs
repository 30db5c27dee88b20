//! The catalogue of a store, as tests set it up and change it.

use super::Sandbox;
use crate::catalog::{Catalog, CatalogChange, Category, Generated, Modifier, Product};

#[expect(
    clippy::missing_panics_doc,
    reason = "as in the parent: what names a store or a product that is not there is a mistake of the test"
)]
impl Sandbox {
    /// Adds the product and tells the hooks; gives its id.
    pub fn add_product(&self, hash: &str, product: Product) -> u64 {
        self.change_catalog(hash, CatalogChange::Put(Box::new(product)))
    }

    /// The product as it stands.
    pub fn product(&self, hash: &str, id: u64) -> Option<Product> {
        self.shared.read(|state| Some(state.stores.get(hash)?.catalog.get(id)?.into_owned()))
    }

    /// Changes a product. Its date moves and the hooks are told, unless only modifiers were added or edited.
    pub fn edit_product(&self, hash: &str, id: u64, edit: impl FnOnce(&mut Product)) {
        let mut product = self.product(hash, id).unwrap_or_else(|| panic!("there is no product {id}"));
        edit(&mut product);
        self.add_product(hash, product);
    }

    /// Deletes the product and tells the hooks.
    pub fn delete_product(&self, hash: &str, id: u64) {
        self.change_catalog(hash, CatalogChange::Delete(id));
    }

    /// Adds a modifier to a product; gives its id.
    pub fn add_modifier(&self, hash: &str, product: u64, modifier: Modifier) -> u64 {
        self.edit_product(hash, product, |product| product.modifiers.push(modifier));
        let product = self.product(hash, product);
        product.and_then(|product| product.modifiers.last().map(|modifier| modifier.id)).unwrap_or_default()
    }

    /// Changes a modifier of a product.
    pub fn edit_modifier(&self, hash: &str, product: u64, modifier: u64, edit: impl FnOnce(&mut Modifier)) {
        self.edit_product(hash, product, |product| {
            let found = product.modifiers.iter_mut().find(|known| known.id == modifier);
            edit(found.unwrap_or_else(|| panic!("there is no modifier {modifier}")));
        });
    }

    /// Deletes a modifier of a product, which the hooks are told as a change of the product.
    pub fn delete_modifier(&self, hash: &str, product: u64, modifier: u64) {
        self.edit_product(hash, product, |product| product.modifiers.retain(|known| known.id != modifier));
    }

    /// Replaces the catalogue; no hook is told.
    pub fn set_products(&self, hash: &str, products: Vec<Product>) {
        self.change(|state| {
            state.store_mut(hash)?.catalog = Catalog::of(products)?;
            Ok(())
        });
    }

    /// Replaces the catalogue by this many products made from the seed; no hook is told.
    pub fn generate_products(&self, hash: &str, count: u32, seed: u64) {
        self.change(|state| {
            state.store_mut(hash)?.catalog = Catalog::generated(Generated { count, seed });
            Ok(())
        });
    }

    /// Adds the category, or replaces the one with its id; gives its id. No hook is told.
    pub fn put_category(&self, hash: &str, category: Category) -> u64 {
        self.change(|state| state.store_mut(hash)?.categories.put(category))
    }

    /// Takes the category away; no hook is told.
    pub fn delete_category(&self, hash: &str, id: u64) {
        self.change(|state| state.store_mut(hash)?.categories.delete(id));
    }

    /// Takes all categories away; no hook is told.
    pub fn clear_categories(&self, hash: &str) {
        self.change(|state| {
            state.store_mut(hash)?.categories.clear();
            Ok(())
        });
    }

    /// The categories, in order.
    pub fn categories(&self, hash: &str) -> Vec<Category> {
        self.shared
            .read(|state| state.stores.get(hash).map(|store| store.categories.iter().cloned().collect()))
            .unwrap_or_default()
    }

    /// The ids of all products, in order.
    pub fn product_ids(&self, hash: &str) -> Vec<u64> {
        self.shared
            .read(|state| state.stores.get(hash).map(|store| store.catalog.ids_above(0).collect()))
            .unwrap_or_default()
    }

    /// Makes the change just before a page of the product list is answered; 1 is the next that is asked for.
    pub fn change_before_page(&self, hash: &str, page: u32, change: CatalogChange) {
        self.change(|state| {
            state.store_mut(hash)?.catalog.before_page(page, change);
            Ok(())
        });
    }

    fn change_catalog(&self, hash: &str, change: CatalogChange) -> u64 {
        self.shared.change_catalog(hash, change).unwrap_or_else(|reason| panic!("{reason}"))
    }
}
