//! What a feed says of a variant, before it is written.

use super::Price;
use crate::catalog::frequency::Period;
use crate::ordergroove::product_id::ProductId;

/// A variant; Ordergroove takes each for a product of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// BigCommerce's product.
    pub product_id: u64,
    /// The variant of it.
    pub variant_id: u64,
    /// Of the product.
    pub name: String,
    /// What sets the variant apart ("Red, L"); empty if nothing does.
    pub variant_name: String,
    /// Of the variant, or of the product if that has none.
    pub sku: String,
    /// What a shopper pays.
    pub price: Price,
    /// The product's page, as a whole address.
    pub details_url: String,
    /// Of the variant, or of the product.
    pub image_url: Option<String>,
    /// Whether it can be bought now.
    pub in_stock: bool,
    /// Whether it can be subscribed to.
    pub eligible: bool,
    /// Only if the merchant said so of this product: Ordergroove cancels its subscriptions and mails the customers.
    pub discontinued: bool,
    /// The default frequency.
    pub every: Option<(u16, Period)>,
}

impl Item {
    /// What Ordergroove calls it.
    pub fn id(&self) -> ProductId {
        ProductId { product: self.product_id, variant: self.variant_id }
    }
}
