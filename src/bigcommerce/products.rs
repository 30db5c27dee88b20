//! Products as BigCommerce's catalogue lists them, with their variants or their modifiers.
//!
//! Pages follow ids (`id:greater`), so that what is added or deleted meanwhile shifts nothing.

use std::time::Duration;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use url::Url;

use super::ids::StoreHash;
use super::pace;
use crate::error::Party;
use crate::outbound::{OutboundRequest, join};

/// BigCommerce's limit of a page.
pub const MOST_A_PAGE: u32 = 250;

/// BigCommerce's limit of a page with modifiers.
pub const MOST_WITH_MODIFIERS: usize = 10;

/// Bytes of a page that are read: a product with all its 600 variants has about a megabyte.
const LONGEST_PAGE: usize = 4 * 1024 * 1024;

pub(super) const TIMEOUT: Duration = Duration::from_secs(25);

/// The fields of a product that are read.
const FIELDS: &str =
    "name,sku,type,is_visible,availability,calculated_price,categories,custom_url,inventory_level,inventory_tracking";

/// What comes with a product in a list: with its variants and a picture, BigCommerce still gives 250 a page.
const VARIANTS: &str = "variants,primary_image";

/// A page of the list.
#[derive(Debug, Deserialize)]
pub struct ProductsPage {
    /// In the order of their ids.
    pub data: Vec<Product>,
    #[serde(default)]
    meta: Meta,
}

#[derive(Debug, Default, Deserialize)]
struct Meta {
    #[serde(default)]
    pagination: Pagination,
}

#[derive(Debug, Default, Deserialize)]
struct Pagination {
    total: Option<u64>,
}

impl ProductsPage {
    /// How many products the condition holds for, on this page and after it.
    pub fn total(&self) -> Option<u64> {
        self.meta.pagination.total
    }

    /// Whether there is no page after this one of `limit` products.
    pub fn is_last(&self, limit: u32) -> bool {
        let here = self.data.len() as u64;
        self.total().map_or(here < u64::from(limit), |total| here >= total) || here == 0
    }
}

/// A product; the parts that were not asked for are absent.
#[derive(Debug, Deserialize)]
pub struct Product {
    /// BigCommerce's id.
    pub id: u64,
    /// At most 250 characters.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// Of the product itself.
    #[serde(default, deserialize_with = "or_default")]
    pub sku: String,
    /// `physical` or `digital`.
    #[serde(default, rename = "type", deserialize_with = "or_default")]
    pub kind: String,
    /// Whether shoppers see it.
    #[serde(default)]
    pub is_visible: bool,
    /// `available`, `preorder` or `disabled`.
    #[serde(default, deserialize_with = "or_default")]
    pub availability: String,
    /// What it costs now, without options: the digits as BigCommerce wrote them, for money is no float.
    pub calculated_price: Option<Box<RawValue>>,
    /// The categories it is in; a thousand at most.
    #[serde(default, deserialize_with = "or_default")]
    pub categories: Vec<u64>,
    /// Where the storefront shows it.
    #[serde(default, deserialize_with = "or_default")]
    pub custom_url: CustomUrl,
    /// Left in stock; counts if `inventory_tracking` is `product`.
    #[serde(default)]
    pub inventory_level: i64,
    /// `none`, `product` or `variant`.
    #[serde(default, deserialize_with = "or_default")]
    pub inventory_tracking: String,
    /// Its first picture.
    #[serde(default, deserialize_with = "or_default")]
    pub primary_image: Image,
    /// A product without options has one as well.
    pub variants: Option<Vec<Variant>>,
    /// What shoppers may choose beside the variant.
    pub modifiers: Option<Vec<Modifier>>,
}

impl Product {
    /// Whether a shopper could buy this variant now.
    pub fn is_in_stock(&self, variant: &Variant) -> bool {
        let counted = match self.inventory_tracking.as_str() {
            "product" => self.inventory_level > 0,
            "variant" => variant.inventory_level > 0,
            _ => true,
        };
        counted && self.availability != "disabled" && !variant.purchasing_disabled
    }
}

/// An address below the storefront's.
#[derive(Debug, Default, Deserialize)]
pub struct CustomUrl {
    /// With a slash at the front; it may have letters of any script.
    #[serde(default, deserialize_with = "or_default")]
    pub url: String,
}

/// A picture of a product.
#[derive(Debug, Default, Deserialize)]
pub struct Image {
    /// In the size of a product's page.
    #[serde(default, deserialize_with = "or_default")]
    pub url_standard: String,
}

/// What is sold.
#[derive(Debug, Deserialize)]
pub struct Variant {
    /// BigCommerce's id.
    #[serde(default)]
    pub id: u64,
    /// Of this variant.
    #[serde(default, deserialize_with = "or_default")]
    pub sku: String,
    /// What it costs now; none if it has no price of its own in a list that leaves them out.
    pub calculated_price: Option<Box<RawValue>>,
    /// Left in stock; counts if the product's `inventory_tracking` is `variant`.
    #[serde(default)]
    pub inventory_level: i64,
    /// Whether the merchant stopped selling it.
    #[serde(default)]
    pub purchasing_disabled: bool,
    /// A picture of its own.
    #[serde(default, deserialize_with = "or_default")]
    pub image_url: String,
    /// What sets it apart; none of the variant that stands for a product without options.
    #[serde(default, deserialize_with = "or_default")]
    pub option_values: Vec<VariantValue>,
}

/// One choice that makes a variant, such as a colour.
#[derive(Debug, Deserialize)]
pub struct VariantValue {
    /// What shoppers read.
    #[serde(default, deserialize_with = "or_default")]
    pub label: String,
}

/// A modifier with its options.
#[derive(Debug, Deserialize)]
pub struct Modifier {
    /// BigCommerce's id.
    pub id: u64,
    /// What shoppers read above the options.
    #[serde(default, deserialize_with = "or_default")]
    pub display_name: String,
    /// Whether an option must be chosen.
    #[serde(default)]
    pub required: bool,
    /// None for a text, a date and the like.
    #[serde(default, deserialize_with = "or_default")]
    pub option_values: Vec<OptionValue>,
}

/// One option of a modifier.
#[derive(Debug, Deserialize)]
pub struct OptionValue {
    /// BigCommerce's id: the `option_id` of a Frequency cell.
    pub id: u64,
    /// What shoppers read.
    #[serde(default, deserialize_with = "or_default")]
    pub label: String,
    /// The order shoppers see them in.
    #[serde(default)]
    pub sort_order: i64,
}

/// BigCommerce writes null for some empty texts and lists.
pub(super) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Whose catalogue is read.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// The Management API.
    pub api_url: &'a Url,
    /// The store.
    pub store: &'a StoreHash,
    /// Its access token.
    pub access_token: &'a str,
}

impl Reader<'_> {
    /// The products after an id, with their variants; `changed_since` (ISO 8601) leaves out older ones.
    pub fn after(&self, id: u64, limit: u32, changed_since: Option<&str>) -> OutboundRequest {
        let mut request = self.read(VARIANTS, limit);
        request.url.query_pairs_mut().append_pair("sort", "id").append_pair("id:greater", &id.to_string());
        if let Some(since) = changed_since {
            request.url.query_pairs_mut().append_pair("date_modified:min", since);
        }
        request
    }

    /// The named products with their modifiers, at most [`MOST_WITH_MODIFIERS`].
    pub fn with_modifiers(&self, ids: &[u64]) -> OutboundRequest {
        self.named(ids, "modifiers")
    }

    /// The named products with all that is read of a product.
    pub fn whole(&self, ids: &[u64]) -> OutboundRequest {
        self.named(ids, &format!("{VARIANTS},modifiers"))
    }

    fn named(&self, ids: &[u64], include: &str) -> OutboundRequest {
        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let mut request = self.read(include, u32::try_from(ids.len()).unwrap_or(MOST_A_PAGE));
        request.url.query_pairs_mut().append_pair("id:in", &ids.join(","));
        request
    }

    fn read(&self, include: &str, limit: u32) -> OutboundRequest {
        let mut url = join(self.api_url, &format!("/stores/{}/v3/catalog/products", self.store));
        url.query_pairs_mut()
            .append_pair("limit", &limit.to_string())
            .append_pair("include", include)
            .append_pair("include_fields", FIELDS);
        let mut request =
            OutboundRequest::get(Party::BigCommerce, url, TIMEOUT).header("x-auth-token", self.access_token);
        request.wanted = pace::HEADERS;
        request.longest = LONGEST_PAGE;
        request
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_with_what_bigcommerce_leaves_out() {
        let page: ProductsPage = serde_json::from_str(
            r#"{"data":[{"id":77,"name":"Tea","sku":null,"type":"physical","is_visible":true,"price":1.5,
                "variants":[{"id":1,"sku":"T-1","option_values":[]}],
                "modifiers":[{"id":9,"display_name":"Subscription","required":false,"type":"dropdown","option_values":[{"id":1,"label":"Monthly","sort_order":0}]},
                             {"id":10,"display_name":"Message","type":"text","required":false,"option_values":null}]}],
                "meta":{"pagination":{"total":300,"count":1}}}"#,
        )
        .unwrap();
        assert_eq!(page.data[0].modifiers.as_ref().unwrap()[1].option_values.len(), 0);
        assert!(!page.is_last(250));
        let bare: ProductsPage = serde_json::from_str(r#"{"data":[{"id":1}]}"#).unwrap();
        assert!(bare.is_last(250) && !bare.is_last(1) && bare.data[0].variants.is_none());
        let empty: ProductsPage = serde_json::from_str(r#"{"data":[],"meta":{"pagination":{"total":5}}}"#).unwrap();
        assert!(empty.is_last(250));
    }
}
