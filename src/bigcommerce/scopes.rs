//! The OAuth scopes this app asks for, each with its reason.
//!
//! A change of scopes makes every merchant consent again and kills the old token, so the list is
//! asked for whole from the start. Names: BigCommerce, "API accounts and OAuth scopes".

use serde::Serialize;

/// One scope, as BigCommerce's developer tools name it, and what it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Scope {
    /// The exact name.
    pub name: &'static str,
    /// What will not work without it, said to a merchant.
    #[serde(rename = "for")]
    pub purpose: &'static str,
}

const fn scope(name: &'static str, purpose: &'static str) -> Scope {
    Scope { name, purpose }
}

/// Everything the app needs, in the order of BigCommerce's own list.
pub const NEEDED: &[Scope] = &[
    scope("store_v2_content", "adding the subscription and sign-in pages to the storefront"),
    scope("store_content_checkout", "adding the script that guards the checkout"),
    scope("store_v2_customers_read_only", "telling Ordergroove when a customer's e-mail changes"),
    scope("store_v2_information_read_only", "reading the store's name, addresses and time zone"),
    scope("store_v2_marketing", "applying and removing the free-shipping coupon"),
    scope("store_v2_orders", "placing Ordergroove's recurring orders and reading new checkouts"),
    scope("store_payments_access_token_create", "charging the stored card for a recurring order"),
    scope("store_payments_methods_read", "finding the stored card of a recurring order"),
    scope("store_stored_payment_instruments_read_only", "telling Ordergroove when a customer's card changes"),
    scope("store_v2_transactions_read_only", "finding the card a subscription was bought with"),
    scope("store_v2_products_read_only", "reading products and how often they can be subscribed to"),
    scope("store_themes_manage", "binding the subscription page to its template"),
    scope("store_cart", "pricing a recurring order with the store's own rules"),
    scope("store_checkout", "pricing a recurring order with the store's own rules"),
    scope("store_sites_read_only", "knowing the storefront's addresses, which alone may ask for signatures"),
    scope("store_channel_settings_read_only", "knowing the store's sales channels"),
];

/// The needed scopes that `granted` does not cover. Write access covers read-only access; names
/// this app does not know are ignored.
pub fn missing(granted: &[String]) -> Vec<Scope> {
    let covers = |scope: &Scope| granted.iter().any(|name| covers(name, scope.name));
    NEEDED.iter().copied().filter(|scope| !covers(scope)).collect()
}

fn covers(granted: &str, needed: &str) -> bool {
    let broader = needed.strip_suffix("_read_only");
    granted == needed
        || broader == Some(granted)
        // BigCommerce's sources name these two both ways.
        || (needed == "store_checkout" && granted == "store_checkouts")
        || (needed == "store_content_checkout" && granted == "store_checkout_content")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broader_scopes_cover_and_unknown_ones_are_ignored() {
        let mut granted: Vec<String> = NEEDED.iter().map(|scope| scope.name.to_owned()).collect();
        granted.push("store_v2_default".to_owned());
        assert_eq!(missing(&granted), []);
        for name in &mut granted {
            *name = name.replace("_read_only", "").replace("store_checkout", "store_checkouts");
        }
        assert_eq!(missing(&granted), []);
        granted.retain(|name| name != "store_v2_products");
        assert_eq!(missing(&granted)[0].name, "store_v2_products_read_only");
        assert_eq!(missing(&[]).len(), NEEDED.len());
    }
}
