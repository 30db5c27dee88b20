//! Products made from a seed: the same number always gives the same product.

use serde::{Deserialize, Serialize};

use super::{Availability, Brief, Modifier, OptionValue, Product, ProductType};

/// Ids start here and leave gaps, as those of a real store do.
const FIRST_ID: u64 = 1_000_000;
const FIRST_MODIFIER: u64 = 10_000_000;
const FIRST_VALUE: u64 = 100_000_000;
const FIRST_VARIANT: u64 = 20_000_000;
/// 1 January 2025.
const FIRST_DAY: u64 = 1_735_689_600;
const YEAR: u64 = 31_536_000;

const KINDS: [&str; 8] = ["Coffee", "Tea", "Cat food", "Soap", "Vitamins", "Razor blades", "Granola", "Candles"];
const MANNERS: [&str; 6] = ["Organic", "Everyday", "Fine", "Mild", "Strong", "Travel-size"];
const FREQUENCIES: [&str; 5] =
    ["One-time purchase", "Every 2 weeks", "Every month", "Deliver every 6 weeks", "Every 3 months"];

/// So many products, from this seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Generated {
    pub(crate) count: u32,
    pub(crate) seed: u64,
}

/// What is thrown for; each has dice of its own.
#[derive(Debug, Clone, Copy)]
enum About {
    Gap,
    Date,
    Availability,
    Kind,
    Words,
    Price,
    Modifiers,
    Variants,
}

impl Generated {
    fn id(self, index: u32) -> u64 {
        FIRST_ID + 2 * u64::from(index) + self.dice(index, About::Gap, 2)
    }

    /// Which of them has this id.
    pub(crate) fn index(self, id: u64) -> Option<u32> {
        let index = u32::try_from(id.checked_sub(FIRST_ID)? / 2).ok()?;
        (index < self.count && self.id(index) == id).then_some(index)
    }

    /// The ids above this one, in order.
    pub(crate) fn ids_above(self, id: u64) -> impl ExactSizeIterator<Item = u64> {
        let near = id.checked_sub(FIRST_ID).map_or(0, |over| u32::try_from(over / 2).unwrap_or(u32::MAX));
        let past = near < self.count && id >= FIRST_ID && self.id(near) <= id;
        let first = near.min(self.count).saturating_add(u32::from(past));
        (first..self.count).map(move |index| self.id(index))
    }

    pub(crate) fn brief(self, index: u32) -> Brief {
        Brief {
            date_modified: FIRST_DAY + self.dice(index, About::Date, YEAR),
            is_visible: self.dice(index, About::Availability, 25) != 1,
            availability: match self.dice(index, About::Availability, 60) {
                2 => Availability::Disabled,
                3 => Availability::Preorder,
                _ => Availability::Available,
            },
            kind: if self.dice(index, About::Kind, 20) == 0 { ProductType::Digital } else { ProductType::Physical },
        }
    }

    pub(crate) fn product(self, index: u32) -> Product {
        let Brief { date_modified, is_visible, availability, kind } = self.brief(index);
        let id = self.id(index);
        let word = |words: &[&'static str], salt: u64| {
            let place = self.dice(index, About::Words, 1 << 20) / salt;
            words[usize::try_from(place).unwrap_or_default() % words.len()]
        };
        let cents = u32::try_from(self.dice(index, About::Price, 9_900)).unwrap_or_default();
        let mut product = Product {
            id,
            name: format!("{} {} No. {}", word(&MANNERS, 1), word(&KINDS, 64), index + 1),
            kind,
            sku: format!("GEN-{:06}", index + 1),
            price: f64::from(100 + cents) / 100.0,
            availability,
            is_visible,
            date_created: FIRST_DAY - u64::from(index),
            date_modified,
            images: vec![format!("generated-{index}.jpg")],
            ..Product::default()
        };
        if self.dice(index, About::Variants, 10) == 0 {
            product = product.in_variants("Size", &["Small", "Medium", "Large"]);
        }
        product.modifiers = self.modifiers(index);
        let mut others = FIRST_VARIANT + 16 * u64::from(index);
        product.number(|| {
            others += 1;
            others
        });
        product
    }

    /// None for two products of five, a subscription for most others, two for a few.
    fn modifiers(self, index: u32) -> Vec<Modifier> {
        let thrown = self.dice(index, About::Modifiers, 1 << 16);
        let count = 2 + usize::try_from(thrown / 10 % 4).unwrap_or_default();
        let frequencies = Modifier::dropdown("Subscription", &FREQUENCIES[..count]);
        let mut modifiers = match thrown % 10 {
            0..4 => Vec::new(),
            4..8 => vec![frequencies],
            8 => vec![Modifier::dropdown("Gift wrap", &["None", "Paper"]), frequencies],
            _ => vec![frequencies, Modifier::dropdown("Subscription box", &["No", "Yes"])],
        };
        for (place, modifier) in (0..).zip(&mut modifiers) {
            modifier.id = FIRST_MODIFIER + 2 * u64::from(index) + place;
            let first = FIRST_VALUE + 16 * u64::from(index) + 8 * place;
            for (id, value) in (first..).zip(&mut modifier.values) {
                *value = OptionValue { id, ..std::mem::take(value) };
            }
        }
        modifiers
    }

    /// A number below `sides`, always the same for the same product and purpose.
    fn dice(self, index: u32, about: About, sides: u64) -> u64 {
        // SplitMix64: one multiplication chain is all the randomness that is needed.
        let place = (u64::from(index) << 8) | about as u64;
        let mut mixed = self.seed.wrapping_add(place.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }
}
