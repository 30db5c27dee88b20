//! The catalogue of a store: products that were put there, and as many generated ones as wanted.
//!
//! A generated product is made when it is looked at. One that is changed is kept
//! like any other, one that is deleted only as a number, so that a catalogue of
//! 100,000 products costs no more than what was done to it.

mod category;
mod demo;
mod generated;
mod product;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub(crate) use category::Categories;
pub use category::Category;
pub use demo::demo_catalog;
pub(crate) use generated::Generated;
pub use product::{
    Adjuster, Availability, InventoryTracking, Modifier, OptionType, OptionValue, Product, ProductType, Variant,
    VariantOption,
};

use crate::state::{Refused, now};

/// The first number given to anything here.
const FIRST_ID: u64 = 101;

/// A change to a store's catalogue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CatalogChange {
    /// Adds the product, or replaces the one with its id.
    Put(Box<Product>),
    /// Takes the product with this id away.
    Delete(u64),
}

/// What a change was, for whoever is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Changed {
    Created,
    Updated,
    Deleted,
    /// Nothing that the platform tells anybody: the same as before, or only modifiers were added or edited.
    Untold,
}

/// What filters ask most, known of a generated product without making it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Brief {
    pub(crate) date_modified: u64,
    pub(crate) is_visible: bool,
    pub(crate) availability: Availability,
    pub(crate) kind: ProductType,
}

impl From<&Product> for Brief {
    fn from(product: &Product) -> Self {
        Self {
            date_modified: product.date_modified,
            is_visible: product.is_visible,
            availability: product.availability,
            kind: product.kind,
        }
    }
}

/// A change that waits for a page of the product list to be asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Pending {
    /// 1 is the next page.
    pages: u32,
    change: CatalogChange,
}

/// The products of a store.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Catalog {
    generated: Option<Generated>,
    /// Those that were put there, and generated ones that were changed.
    products: BTreeMap<u64, Product>,
    /// Generated ones that were deleted.
    gone: BTreeSet<u64>,
    given_ids: u64,
    pending: Vec<Pending>,
}

impl Catalog {
    /// These products and no others.
    pub(crate) fn of(products: Vec<Product>) -> Result<Self, Refused> {
        let mut catalog = Self::default();
        for product in products {
            catalog.put(product)?;
        }
        Ok(catalog)
    }

    /// Generated products only.
    pub(crate) fn generated(generated: Generated) -> Self {
        Self { generated: Some(generated), ..Self::default() }
    }

    pub(crate) fn get(&self, id: u64) -> Option<Cow<'_, Product>> {
        if let Some(product) = self.products.get(&id) {
            return Some(Cow::Borrowed(product));
        }
        let generated = self.generated.filter(|_| !self.gone.contains(&id))?;
        Some(Cow::Owned(generated.product(generated.index(id)?)))
    }

    pub(crate) fn brief(&self, id: u64) -> Option<Brief> {
        if let Some(product) = self.products.get(&id) {
            return Some(product.into());
        }
        let generated = self.generated.filter(|_| !self.gone.contains(&id))?;
        Some(generated.brief(generated.index(id)?))
    }

    pub(crate) fn contains(&self, id: u64) -> bool {
        self.brief(id).is_some()
    }

    /// Every id above this one, in order.
    pub(crate) fn ids_above(&self, id: u64) -> impl Iterator<Item = u64> {
        let generated = self.generated.into_iter().flat_map(move |generated| generated.ids_above(id));
        let mut generated = generated.filter(|id| !self.replaced(*id)).peekable();
        let mut put = self.products.range(id.saturating_add(1)..).map(|(id, _)| *id).peekable();
        std::iter::from_fn(move || match (put.peek(), generated.peek()) {
            (Some(one), Some(other)) if one > other => generated.next(),
            (None, _) => generated.next(),
            _ => put.next(),
        })
    }

    /// How many ids are above this one, without looking at each.
    pub(crate) fn count_above(&self, id: u64) -> usize {
        let above = id.saturating_add(1)..;
        let put = self.products.range(above.clone()).count();
        let Some(generated) = self.generated else {
            return put;
        };
        let changed = self.products.range(above.clone()).filter(|(id, _)| generated.index(**id).is_some()).count();
        put + generated.ids_above(id).len() - changed - self.gone.range(above).count()
    }

    fn replaced(&self, id: u64) -> bool {
        self.products.contains_key(&id) || self.gone.contains(&id)
    }

    /// Makes the change, and says which product it was and what is told about it.
    pub(crate) fn apply(&mut self, change: CatalogChange) -> Result<(u64, Changed), Refused> {
        match change {
            CatalogChange::Put(product) => self.put(*product),
            CatalogChange::Delete(id) => {
                if !self.contains(id) {
                    return Err(format!("there is no product {id}"));
                }
                self.products.remove(&id);
                if self.generated.is_some_and(|generated| generated.index(id).is_some()) {
                    self.gone.insert(id);
                }
                Ok((id, Changed::Deleted))
            }
        }
    }

    fn put(&mut self, mut product: Product) -> Result<(u64, Changed), Refused> {
        product.check()?;
        let Self { generated, products, given_ids, .. } = self;
        let taken = |id| products.contains_key(&id) || generated.is_some_and(|all: Generated| all.index(id).is_some());
        product.number(|| {
            loop {
                *given_ids += 1;
                let id = FIRST_ID + *given_ids - 1;
                if !taken(id) {
                    return id;
                }
            }
        });
        let id = product.id;
        let before = self.get(id).map(Cow::into_owned);
        let changed = match &before {
            None => {
                let fill = |date: u64| if date == 0 { now() } else { date };
                (product.date_created, product.date_modified) =
                    (fill(product.date_created), fill(product.date_modified));
                Changed::Created
            }
            Some(before) => update(before, &mut product),
        };
        self.gone.remove(&id);
        self.products.insert(id, product);
        Ok((id, changed))
    }

    /// Keeps a change until just before this page of the product list from now on; 1 is the next.
    pub(crate) fn before_page(&mut self, pages: u32, change: CatalogChange) {
        self.pending.push(Pending { pages: pages.max(1), change });
    }

    /// Whether a page that is asked for may change anything.
    pub(crate) fn awaits_pages(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Counts a page, and gives the changes that waited for it.
    pub(crate) fn turn_page(&mut self) -> Vec<CatalogChange> {
        self.pending.iter_mut().for_each(|pending| pending.pages -= 1);
        self.pending.extract_if(.., |pending| pending.pages == 0).map(|pending| pending.change).collect()
    }
}

/// Moves the date as the platform does, and says what it tells.
fn update(before: &Product, product: &mut Product) -> Changed {
    for (date, known) in
        [(&mut product.date_created, before.date_created), (&mut product.date_modified, before.date_modified)]
    {
        if *date == 0 {
            *date = known;
        }
    }
    let other = Product { modifiers: before.modifiers.clone(), date_modified: before.date_modified, ..product.clone() };
    let itself = other != *before;
    if itself && product.date_modified == before.date_modified {
        product.date_modified = now();
    }
    let kept = |id: u64| product.modifiers.iter().any(|modifier| modifier.id == id);
    if itself || before.modifiers.iter().any(|modifier| !kept(modifier.id)) {
        Changed::Updated
    } else {
        Changed::Untold
    }
}

#[cfg(test)]
mod tests;
