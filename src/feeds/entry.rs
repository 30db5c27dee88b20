//! An item that keeps Ordergroove's rules, whatever form it is sent in.

use std::borrow::Cow;

use url::Url;

use super::{Item, LeftOut, Price, text};
use crate::catalog::frequency::Period;
use crate::ordergroove::product_id::ProductId;

const LONGEST_NAME: usize = 1024;
const LONGEST_SKU: usize = 64;
const LONGEST_ADDRESS: usize = 400;
const LONGEST_EXTRA: usize = 1024;

/// What is sent of an item: texts in ASCII that are not empty, whole addresses, and states that go together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    pub(super) id: ProductId,
    pub(super) name: Cow<'a, str>,
    pub(super) variant_name: Option<Cow<'a, str>>,
    pub(super) sku: Cow<'a, str>,
    pub(super) price: Price,
    pub(super) details_url: String,
    pub(super) image_url: String,
    pub(super) in_stock: bool,
    pub(super) eligible: bool,
    pub(super) discontinued: bool,
    pub(super) every: Option<(u16, Period)>,
}

impl<'a> Entry<'a> {
    /// Checks an item, and makes of it what Ordergroove takes.
    pub(super) fn of(item: &'a Item) -> Result<Self, LeftOut> {
        // Ordergroove takes `discontinued` only of what is neither in stock nor eligible.
        let eligible = item.eligible && !item.discontinued;
        Ok(Self {
            id: item.id(),
            name: label(&item.name, LONGEST_NAME).ok_or(LeftOut::NoName)?,
            variant_name: label(&item.variant_name, LONGEST_EXTRA),
            sku: sku(&item.sku)?,
            price: item.price,
            details_url: details_url(&item.details_url)?,
            image_url: image_url(item.image_url.as_deref())?,
            in_stock: item.in_stock && !item.discontinued,
            eligible,
            discontinued: item.discontinued,
            every: item.every.filter(|(every, _)| eligible && *every > 0),
        })
    }
}

/// A text for people; none if nothing of it is left.
fn label(label: &str, most: usize) -> Option<Cow<'_, str>> {
    let spelled = text::ascii(label);
    let short = match spelled {
        Cow::Borrowed(spelled) => Cow::Borrowed(text::cut(spelled, most)),
        Cow::Owned(mut spelled) => {
            spelled.truncate(text::cut(&spelled, most).len());
            Cow::Owned(spelled)
        }
    };
    (!short.is_empty()).then_some(short)
}

/// An SKU is a name for machines: cut, it would be another one.
fn sku(sku: &str) -> Result<Cow<'_, str>, LeftOut> {
    let sku = text::ascii(sku);
    match sku.len() {
        0 => Err(LeftOut::NoSku),
        1..=LONGEST_SKU => Ok(sku),
        _ => Err(LeftOut::LongSku),
    }
}

fn details_url(address: &str) -> Result<String, LeftOut> {
    let url = whole(address).ok_or(LeftOut::NoAddress)?;
    if url.as_str().len() > LONGEST_ADDRESS { Err(LeftOut::LongAddress) } else { Ok(url.into()) }
}

fn image_url(address: Option<&str>) -> Result<String, LeftOut> {
    let url = address.and_then(whole).ok_or(LeftOut::NoImage)?;
    match url.scheme() {
        "https" if url.as_str().len() <= LONGEST_ADDRESS => Ok(url.into()),
        "https" => Err(LeftOut::LongImage),
        _ => Err(LeftOut::OpenImage),
    }
}

/// A web address with a host; what is not ASCII in it is encoded.
fn whole(address: &str) -> Option<Url> {
    let url = Url::parse(address).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}
