//! Why something is not in a feed, in words for the merchant.

/// A rule of Ordergroove's that a product does not keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// No name, or nothing of it in ASCII.
    NoName,
    /// No SKU, or nothing of it in ASCII.
    NoSku,
    /// More than 64 characters.
    LongSku,
    /// None, or what BigCommerce sent is no number.
    NoPrice,
    /// Below zero.
    NegativePrice,
    /// Above 99,999,999.99.
    HighPrice,
    /// None, or not a whole web address.
    NoAddress,
    /// More than 400 characters.
    LongAddress,
    /// None, or not a whole web address.
    NoImage,
    /// Not `https`.
    OpenImage,
    /// More than 400 characters.
    LongImage,
}

impl LeftOut {
    /// One sentence or two: what is wrong, and what to do about it.
    pub fn message(self) -> &'static str {
        match self {
            Self::NoName => "The name has no letters that Ordergroove can show. Give it a name in Latin letters.",
            Self::NoSku => "The SKU is missing. Enter one in BigCommerce.",
            Self::LongSku => "The SKU is longer than the 64 characters that Ordergroove takes. Shorten it.",
            Self::NoPrice => "The price is missing. Enter one in BigCommerce.",
            Self::NegativePrice => "The price is below zero. Correct it in BigCommerce.",
            Self::HighPrice => "The price is above 99,999,999.99, the most that Ordergroove takes. Lower it.",
            Self::NoAddress => "The product's page has no web address. Make the product visible on a storefront.",
            Self::LongAddress => {
                "The address of the product's page is longer than the 400 characters that Ordergroove takes. Shorten \
                 the product's URL."
            }
            Self::NoImage => "The image is missing. Add one in BigCommerce.",
            Self::OpenImage => "The image's address does not begin with https. Upload the image to BigCommerce.",
            Self::LongImage => {
                "The image's address is longer than the 400 characters that Ordergroove takes. Upload the image under \
                 a shorter file name."
            }
        }
    }
}
