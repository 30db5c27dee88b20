//! What a feed says of a product beside its name: how it is sold. One column, as JSON.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::bigcommerce::products::Product;

/// How a product is sold. Short names: a store has a hundred thousand of these.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sale {
    /// Where the storefront shows it, below the storefront's address.
    #[serde(rename = "u")]
    pub(super) path: String,
    /// A picture; empty for none.
    #[serde(rename = "i")]
    pub(super) image: String,
    /// What is sold; at least one.
    #[serde(rename = "v")]
    pub(super) variants: Vec<SoldVariant>,
}

/// A variant, as it is sold.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SoldVariant {
    pub(super) id: u64,
    #[serde(rename = "s")]
    pub(super) sku: String,
    /// The digits that BigCommerce wrote; empty if it wrote none.
    #[serde(rename = "p")]
    pub(super) price: String,
    #[serde(rename = "a")]
    pub(super) in_stock: bool,
    /// What sets it apart, as shoppers read it; empty for a product without options.
    #[serde(rename = "n", default, skip_serializing_if = "String::is_empty")]
    pub(super) name: String,
    /// A picture of its own; empty for none.
    #[serde(rename = "i", default, skip_serializing_if = "String::is_empty")]
    pub(super) image: String,
}

impl Sale {
    /// As the table holds it; null if the product came without its variants.
    pub(super) fn of(product: &Product) -> Value {
        let Some(variants) = &product.variants else { return Value::Null };
        let variants = variants.iter().map(|variant| {
            let price = variant.calculated_price.as_ref().or(product.calculated_price.as_ref());
            let labels: Vec<&str> = variant.option_values.iter().map(|value| value.label.as_str()).collect();
            SoldVariant {
                id: variant.id,
                sku: if variant.sku.is_empty() { product.sku.clone() } else { variant.sku.clone() },
                price: price.map(|digits| digits.get().to_owned()).unwrap_or_default(),
                in_stock: product.is_in_stock(variant),
                name: labels.join(", "),
                image: variant.image_url.clone(),
            }
        });
        let sale = Self {
            path: product.custom_url.url.clone(),
            image: product.primary_image.url_standard.clone(),
            variants: variants.collect(),
        };
        serde_json::to_string(&sale).map_or(Value::Null, Value::String)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_keep_their_digits_and_what_is_missing_comes_from_the_product() {
        let product: Product = serde_json::from_str(
            r#"{"id":77,"name":"Tea","sku":"TEA","availability":"available","calculated_price":10.005,"custom_url":{"url":"/tea/"},
                "inventory_tracking":"variant","primary_image":{"url_standard":"https://images.example/t.jpg"},
                "variants":[{"id":1,"sku":"TEA-1","calculated_price":0.1,"inventory_level":2,"option_values":[{"label":"Red"},{"label":"L"}]},
                            {"id":2,"sku":null,"calculated_price":null,"inventory_level":0,"image_url":"https://images.example/v.jpg","option_values":null}]}"#,
        )
        .unwrap();
        let sale: Sale = serde_json::from_str(Sale::of(&product).as_str().unwrap()).unwrap();
        let [red, other] = &sale.variants[..] else { panic!("{sale:?}") };
        assert_eq!((red.price.as_str(), red.name.as_str(), red.in_stock), ("0.1", "Red, L", true));
        assert_eq!((other.price.as_str(), other.sku.as_str(), other.in_stock), ("10.005", "TEA", false));
        assert_eq!((sale.path.as_str(), sale.image.as_str()), ("/tea/", "https://images.example/t.jpg"));
        assert_eq!(Sale::of(&Product { variants: None, ..product }), Value::Null);
    }
}
