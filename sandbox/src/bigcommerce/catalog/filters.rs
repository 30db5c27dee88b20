//! Which products a list is of, and in which order.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::bigcommerce::api::Passed;
use crate::bigcommerce::moment;
use crate::catalog::{Brief, Catalog, Product};

/// The one channel that every store has, and every product is listed in.
const CHANNEL: u64 = 1;

/// A condition, by how much of the product it looks at: a generated one is not made for its date.
enum Test {
    Id(Box<dyn Fn(u64) -> bool>),
    Brief(Box<dyn Fn(&Brief) -> bool>),
    Whole(Box<dyn Fn(&Product) -> bool>),
}

/// What a product is sorted by.
#[derive(Debug, PartialEq, PartialOrd)]
enum Key {
    Number(f64),
    Text(String),
}

/// The conditions of a request, all of which hold for a product that is listed.
pub(super) struct Filter {
    /// Only ids above this one.
    above: u64,
    /// Only these ids, when there are any.
    among: Option<BTreeSet<u64>>,
    tests: Vec<Test>,
    sort: String,
    descending: bool,
}

impl Filter {
    /// Reads what the gate has found to be well formed.
    pub(super) fn of(passed: &Passed<'_>) -> Self {
        let mut filter = Self {
            above: 0,
            among: None,
            tests: Vec::new(),
            sort: passed.parameter("sort").unwrap_or("id").to_owned(),
            descending: passed.parameter("direction") == Some("desc"),
        };
        for (name, value) in &passed.query {
            filter.add(name, value);
        }
        filter
    }

    fn add(&mut self, name: &str, value: &str) {
        let number = value.parse().unwrap_or_default();
        match name {
            "id" | "id:in" => {
                let ids = numbers(value);
                self.among = Some(self.among.take().map_or_else(|| ids.clone(), |known| &known & &ids));
            }
            "id:greater" => self.above = self.above.max(number),
            "id:min" => self.above = self.above.max(number.saturating_sub(1)),
            _ => self.tests.extend(test(name, value, number)),
        }
    }

    /// The ids from `offset` on, at most `limit`, and how many there are in all.
    pub(super) fn ids(&self, catalog: &Catalog, offset: usize, limit: usize) -> (usize, Vec<u64>) {
        let in_order = self.sort == "id" && !self.descending;
        if in_order && self.among.is_none() && self.tests.is_empty() {
            let ids = catalog.ids_above(self.above).skip(offset).take(limit);
            return (catalog.count_above(self.above), ids.collect());
        }
        let mut ids: Vec<u64> = match &self.among {
            Some(among) => {
                among.range(self.above.saturating_add(1)..).copied().filter(|id| catalog.contains(*id)).collect()
            }
            None => catalog.ids_above(self.above).collect(),
        };
        ids.retain(|id| self.tests.iter().all(|test| test.holds(catalog, *id)));
        if self.sort != "id" {
            ids = self.sorted(catalog, ids);
        }
        if self.descending {
            ids.reverse();
        }
        (ids.len(), ids.into_iter().skip(offset).take(limit).collect())
    }

    fn sorted(&self, catalog: &Catalog, ids: Vec<u64>) -> Vec<u64> {
        let mut keyed: Vec<(Key, u64)> =
            ids.into_iter().filter_map(|id| Some((key(&self.sort, &*catalog.get(id)?), id))).collect();
        keyed.sort_by(|(one, one_id), (other, other_id)| {
            one.partial_cmp(other).unwrap_or(Ordering::Equal).then(one_id.cmp(other_id))
        });
        keyed.into_iter().map(|(_, id)| id).collect()
    }
}

impl Test {
    fn holds(&self, catalog: &Catalog, id: u64) -> bool {
        match self {
            Self::Id(test) => test(id),
            Self::Brief(test) => catalog.brief(id).is_some_and(|brief| test(&brief)),
            Self::Whole(test) => catalog.get(id).is_some_and(|product| test(&product)),
        }
    }
}

/// The condition of a parameter; none of one that is no condition.
fn test(name: &str, value: &str, number: u64) -> Option<Test> {
    let text = value.to_owned();
    let whole = |test: Box<dyn Fn(&Product) -> bool>| Some(Test::Whole(test));
    let brief = |test: Box<dyn Fn(&Brief) -> bool>| Some(Test::Brief(test));
    let level = u32::try_from(number).unwrap_or(u32::MAX);
    match name {
        "id:not_in" => {
            let ids = numbers(value);
            Some(Test::Id(Box::new(move |id| !ids.contains(&id))))
        }
        "id:max" => Some(Test::Id(Box::new(move |id| id <= number))),
        "id:less" => Some(Test::Id(Box::new(move |id| id < number))),
        "channel_id:in" => {
            let ours = numbers(value).contains(&CHANNEL);
            Some(Test::Id(Box::new(move |_| ours)))
        }
        "date_modified:min" => {
            let least = moment::read(value)?;
            brief(Box::new(move |product| product.date_modified >= least))
        }
        "date_modified:max" => {
            let most = moment::read(value)?;
            brief(Box::new(move |product| product.date_modified <= most))
        }
        "is_visible" => brief(Box::new(move |product| product.is_visible.to_string() == text)),
        "availability" => brief(Box::new(move |product| super::products::word(&product.availability) == text)),
        "type" => brief(Box::new(move |product| super::products::word(&product.kind) == text)),
        "is_featured" => whole(Box::new(move |product| u64::from(product.is_featured) == number)),
        "is_free_shipping" => whole(Box::new(move |product| u64::from(product.is_free_shipping) == number)),
        "name" => whole(Box::new(move |product| product.name == text)),
        "sku" => whole(Box::new(move |product| product.sku == text)),
        "sku:in" => whole(Box::new(move |product| text.split(',').any(|sku| product.sku == sku))),
        "upc" => whole(Box::new(move |product| product.upc == text)),
        "mpn" => whole(Box::new(move |product| product.mpn == text)),
        "price" => {
            let price: f64 = value.parse().ok()?;
            whole(Box::new(move |product| (product.price - price).abs() < 0.000_05))
        }
        "brand_id" => whole(Box::new(move |product| product.brand_id == number)),
        "categories" | "categories:in" => {
            let wanted = numbers(value);
            whole(Box::new(move |product| product.categories.iter().any(|category| wanted.contains(category))))
        }
        "inventory_level" => whole(Box::new(move |product| product.inventory_level == level)),
        "inventory_level:min" => whole(Box::new(move |product| product.inventory_level >= level)),
        "inventory_level:max" => whole(Box::new(move |product| product.inventory_level <= level)),
        "keyword" => {
            let wanted = value.to_lowercase();
            whole(Box::new(move |product| {
                [&product.name, &product.sku].iter().any(|text| text.to_lowercase().contains(&wanted))
            }))
        }
        _ => None,
    }
}

fn key(sort: &str, product: &Product) -> Key {
    match sort {
        "name" => Key::Text(product.name.to_lowercase()),
        "sku" => Key::Text(product.sku.to_lowercase()),
        "price" => Key::Number(product.price),
        "calculated_price" => Key::Number(product.calculated_price()),
        "inventory_level" => Key::Number(f64::from(product.inventory_level)),
        "is_visible" => Key::Number(f64::from(u8::from(product.is_visible))),
        // A date of this century is far below what f64 holds exactly.
        #[expect(clippy::cast_precision_loss, reason = "see above")]
        "date_modified" => Key::Number(product.date_modified as f64),
        _ => Key::Number(0.0),
    }
}

fn numbers(list: &str) -> BTreeSet<u64> {
    list.split(',').filter_map(|number| number.parse().ok()).collect()
}
