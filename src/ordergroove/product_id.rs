//! What Ordergroove calls a product: with us each variant is one.
//!
//! Feeds, purchases and orders must all use the same id, or Ordergroove takes them for different products.

use std::fmt;
use std::str::FromStr;

/// `<product>_<variant>` of BigCommerce's ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProductId {
    /// BigCommerce's product.
    pub product: u64,
    /// The variant of it; a product without options has one as well.
    pub variant: u64,
}

impl fmt::Display for ProductId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.product, self.variant)
    }
}

/// A text that no id of ours looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a product and its variant")]
pub struct NotOurs;

impl FromStr for ProductId {
    type Err = NotOurs;

    fn from_str(text: &str) -> Result<Self, NotOurs> {
        let (product, variant) = text.split_once('_').ok_or(NotOurs)?;
        let number = |text: &str| text.parse().map_err(|_| NotOurs);
        let id = Self { product: number(product)?, variant: number(variant)? };
        // One way to write it: no plus sign, no zeros in front.
        if id.to_string() == text { Ok(id) } else { Err(NotOurs) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_and_read_in_one_way() {
        let id = ProductId { product: 112, variant: 377 };
        assert_eq!(id.to_string(), "112_377");
        assert_eq!("112_377".parse(), Ok(id));
        let longest = ProductId { product: u64::MAX, variant: u64::MAX };
        assert!(longest.to_string().len() <= 64, "Ordergroove's limit");
        for bad in ["", "_", "112", "112_", "_377", "112_377_1", "0112_377", "+112_377", "112_ 377", "-1_2", "112-377"]
        {
            assert_eq!(bad.parse::<ProductId>(), Err(NotOurs), "{bad}");
        }
    }
}
