//! A product with its variants, options and modifiers, as a test gives it and as the store keeps it.

use serde::{Deserialize, Serialize};

use crate::state::Refused;

/// The longest name the platform takes, in characters.
const MAX_NAME: usize = 250;
/// The longest SKU, and the longest name of an option or modifier.
const MAX_TEXT: usize = 255;

/// Whether it is shipped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProductType {
    /// Something with a weight.
    #[default]
    Physical,
    /// A download.
    Digital,
}

/// Whether it can be bought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    /// Now.
    #[default]
    Available,
    /// Not at all.
    Disabled,
    /// Before it is there.
    Preorder,
}

/// What the stock is counted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InventoryTracking {
    /// It is not.
    #[default]
    None,
    /// For the whole product.
    Product,
    /// For each variant.
    Variant,
}

/// How an option or a modifier is shown, which also says whether it has values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "these are the platform's words")]
pub enum OptionType {
    Date,
    Checkbox,
    File,
    Text,
    MultiLineText,
    NumbersOnlyText,
    RadioButtons,
    Rectangles,
    #[default]
    Dropdown,
    ProductList,
    ProductListWithImages,
    Swatch,
}

/// What choosing a value does to the price.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "adjuster", content = "adjuster_value", rename_all = "snake_case")]
pub enum Adjuster {
    /// Adds this much; less than nothing takes it off.
    Relative(f64),
    /// Adds this many hundredths of it.
    Percentage(f64),
}

/// A value to choose.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OptionValue {
    /// 0 takes a fresh one.
    pub id: u64,
    /// What the shopper reads.
    pub label: String,
    /// Whether it is chosen already.
    pub is_default: bool,
    /// What it does to the price.
    pub price: Option<Adjuster>,
}

/// What the shopper chooses beside the variant: a gift wrap, an engraving, a subscription.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Modifier {
    /// 0 takes a fresh one.
    pub id: u64,
    /// How it is shown.
    #[serde(rename = "type")]
    pub kind: OptionType,
    /// What the shopper reads.
    pub display_name: String,
    /// Whether a choice must be made.
    pub required: bool,
    /// What can be chosen; nothing for a text, a date or a file.
    pub values: Vec<OptionValue>,
}

impl Modifier {
    /// A list to choose from; the first value is chosen already.
    pub fn dropdown(display_name: &str, labels: &[&str]) -> Self {
        let value = |(place, label): (usize, &&str)| OptionValue {
            label: (*label).to_owned(),
            is_default: place == 0,
            ..OptionValue::default()
        };
        Self {
            display_name: display_name.to_owned(),
            values: labels.iter().enumerate().map(value).collect(),
            ..Self::default()
        }
    }

    /// The same, and a choice must be made.
    #[must_use]
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }
}

/// What tells variants apart: a size, a colour.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VariantOption {
    /// 0 takes a fresh one.
    pub id: u64,
    /// How it is shown.
    #[serde(rename = "type")]
    pub kind: OptionType,
    /// What the shopper reads.
    pub display_name: String,
    /// What can be chosen.
    pub values: Vec<OptionValue>,
}

/// What is sold: one label of every option.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Variant {
    /// 0 takes a fresh one.
    pub id: u64,
    /// Its own SKU.
    pub sku: String,
    /// Without it, the product's.
    pub price: Option<f64>,
    /// Without it, the product's.
    pub sale_price: Option<f64>,
    /// Whether it is taken off sale.
    pub purchasing_disabled: bool,
    /// How many there are, when counted by variant.
    pub inventory_level: u32,
    /// Its own picture, or nothing.
    pub image_url: String,
    /// A trade number, or nothing.
    pub upc: String,
    /// A trade number, or nothing.
    pub gtin: String,
    /// One label per option of the product, in the options' order; none for a product without options.
    pub labels: Vec<String>,
}

/// A product to add. `Product { name: "Tea".into(), ..Product::default() }` is enough.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "the platform has these, each by itself")]
pub struct Product {
    /// 0 takes a fresh one.
    pub id: u64,
    /// At most 250 characters.
    pub name: String,
    /// Whether it is shipped.
    #[serde(rename = "type")]
    pub kind: ProductType,
    /// The merchant's own number.
    pub sku: String,
    /// HTML.
    pub description: String,
    /// What it costs.
    pub price: f64,
    /// What it cost the merchant.
    pub cost_price: f64,
    /// What others ask.
    pub retail_price: f64,
    /// What it costs while it is on sale; 0 when it is not.
    pub sale_price: f64,
    /// Where it is listed.
    pub categories: Vec<u64>,
    /// Who makes it; 0 for nobody.
    pub brand_id: u64,
    /// Whether it can be bought.
    pub availability: Availability,
    /// Whether shoppers see it.
    pub is_visible: bool,
    /// Whether the shop puts it in front.
    pub is_featured: bool,
    /// Whether shoppers see what it costs.
    pub is_price_hidden: bool,
    /// Whether it is sent for nothing.
    pub is_free_shipping: bool,
    /// What the stock is counted by.
    pub inventory_tracking: InventoryTracking,
    /// How many there are, when counted by product.
    pub inventory_level: u32,
    /// When to say that they run out.
    pub inventory_warning_level: u32,
    /// The fewest in one order; 0 for no limit.
    pub order_quantity_minimum: u32,
    /// The most in one order; 0 for no limit.
    pub order_quantity_maximum: u32,
    /// A trade number, or nothing.
    pub upc: String,
    /// The maker's number, or nothing.
    pub mpn: String,
    /// A trade number, or nothing.
    pub gtin: String,
    /// The path of its page; made of the id when it is empty.
    pub custom_url: String,
    /// The merchant's own names and values.
    pub custom_fields: Vec<(String, String)>,
    /// File names of pictures, the first in front.
    pub images: Vec<String>,
    /// What tells its variants apart.
    pub options: Vec<VariantOption>,
    /// What is sold; a product without options gets one that is just it.
    pub variants: Vec<Variant>,
    /// What else the shopper chooses.
    pub modifiers: Vec<Modifier>,
    /// Seconds since 1970; 0 takes the present.
    pub date_created: u64,
    /// Seconds since 1970; 0 takes the present. A change moves it, one of the modifiers does not.
    pub date_modified: u64,
}

impl Default for Product {
    fn default() -> Self {
        Self {
            id: 0,
            name: "A product".to_owned(),
            kind: ProductType::Physical,
            sku: String::new(),
            description: String::new(),
            price: 10.0,
            cost_price: 0.0,
            retail_price: 0.0,
            sale_price: 0.0,
            categories: vec![23],
            brand_id: 0,
            availability: Availability::Available,
            is_visible: true,
            is_featured: false,
            is_price_hidden: false,
            is_free_shipping: false,
            inventory_tracking: InventoryTracking::None,
            inventory_level: 0,
            inventory_warning_level: 0,
            order_quantity_minimum: 0,
            order_quantity_maximum: 0,
            upc: String::new(),
            mpn: String::new(),
            gtin: String::new(),
            custom_url: String::new(),
            custom_fields: Vec::new(),
            images: Vec::new(),
            options: Vec::new(),
            variants: Vec::new(),
            modifiers: Vec::new(),
            date_created: 0,
            date_modified: 0,
        }
    }
}

impl Product {
    /// A product of this name.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// The same with a modifier more.
    #[must_use]
    pub fn with(mut self, modifier: Modifier) -> Self {
        self.modifiers.push(modifier);
        self
    }

    /// The same in several versions, which one option tells apart.
    #[must_use]
    pub fn in_variants(mut self, option: &str, labels: &[&str]) -> Self {
        let Modifier { display_name, values, .. } = Modifier::dropdown(option, labels);
        self.options.push(VariantOption { display_name, values, kind: OptionType::Rectangles, id: 0 });
        let variant = |label: &&str| Variant {
            sku: if self.sku.is_empty() { String::new() } else { format!("{}-{label}", self.sku) },
            labels: vec![(*label).to_owned()],
            ..Variant::default()
        };
        self.variants = labels.iter().map(variant).collect();
        self
    }

    /// What the platform asks for the product itself, before options.
    pub(crate) fn calculated_price(&self) -> f64 {
        if self.sale_price > 0.0 { self.sale_price } else { self.price }
    }

    /// Whether the platform would take it.
    pub(crate) fn check(&self) -> Result<(), Refused> {
        let characters = self.name.chars().count();
        if characters == 0 || characters > MAX_NAME {
            return Err(format!("a product's name has 1 to {MAX_NAME} characters, this one {characters}"));
        }
        let skus = self.variants.iter().map(|variant| &variant.sku).chain([&self.sku]);
        let names = self.modifiers.iter().map(|modifier| &modifier.display_name);
        let names = names.chain(self.options.iter().map(|option| &option.display_name));
        if let Some(text) = skus.chain(names).find(|text| text.chars().count() > MAX_TEXT) {
            return Err(format!("{text:?} has more than {MAX_TEXT} characters"));
        }
        let prices = [self.price, self.cost_price, self.retail_price, self.sale_price];
        if prices.iter().any(|price| !price.is_finite() || *price < 0.0) {
            return Err("a price is a number of at least 0".to_owned());
        }
        for variant in &self.variants {
            let known = variant.labels.len() == self.options.len()
                && self.options.iter().zip(&variant.labels).all(|(option, label)| option.value(label).is_some());
            if !known {
                return Err(format!("a variant has one label of each option, this one {:?}", variant.labels));
            }
        }
        for modifier in &self.modifiers {
            let defaults = modifier.values.iter().filter(|value| value.is_default).count();
            if modifier.display_name.is_empty() || modifier.values.iter().any(|value| value.label.is_empty()) {
                return Err("a modifier and its values have names".to_owned());
            }
            if defaults > 1 {
                return Err(format!("{:?} has {defaults} default values", modifier.display_name));
            }
        }
        Ok(())
    }

    /// Gives everything a number that has none, from `next` on.
    pub(crate) fn number(&mut self, mut next: impl FnMut() -> u64) {
        let mut fill = |id: &mut u64| {
            if *id == 0 {
                *id = next();
            }
        };
        fill(&mut self.id);
        if self.variants.is_empty() {
            self.variants.push(Variant { sku: self.sku.clone(), ..Variant::default() });
        }
        self.variants.iter_mut().for_each(|variant| fill(&mut variant.id));
        for option in &mut self.options {
            fill(&mut option.id);
            option.values.iter_mut().for_each(|value| fill(&mut value.id));
        }
        for modifier in &mut self.modifiers {
            fill(&mut modifier.id);
            modifier.values.iter_mut().for_each(|value| fill(&mut value.id));
        }
    }
}

impl VariantOption {
    /// The value of this label.
    pub(crate) fn value(&self, label: &str) -> Option<&OptionValue> {
        self.values.iter().find(|value| value.label == label)
    }
}
