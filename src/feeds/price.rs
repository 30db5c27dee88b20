//! Prices: money is counted in cents, and read from the text of a number.

use std::fmt;

use serde_json::Number;

use super::LeftOut;

/// The highest price Ordergroove takes: 99999999.99.
const MOST_CENTS: u64 = 9_999_999_999;

/// An exact price with two decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Price {
    cents: u64,
}

impl Price {
    /// Reads a number as JSON writes it (`10.005`, `1e2`); a part of a cent is rounded half up.
    ///
    /// The text is that of a `serde_json::value::RawValue`: a `serde_json::Number` has been a float.
    pub fn read(number: &str) -> Result<Self, LeftOut> {
        let (is_negative, number) = number.strip_prefix('-').map_or((false, number), |rest| (true, rest));
        let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let is_number = !whole.is_empty() && whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit());
        let exponent = exponent.parse::<i32>().ok().filter(|_| is_number).ok_or(LeftOut::NoPrice)?;
        let digits: Vec<u8> = whole.bytes().chain(part.bytes()).map(|byte| byte - b'0').collect();
        let zeros = digits.iter().take_while(|digit| **digit == 0).count();
        let digits = &digits[zeros..];
        if digits.is_empty() {
            return Ok(Self { cents: 0 });
        }
        if is_negative {
            return Err(LeftOut::NegativePrice);
        }
        // How many of the digits make up the cents; fewer than none if the number is smaller than a cent.
        let point = i64::try_from(whole.len()).unwrap_or(i64::MAX) - i64::try_from(zeros).unwrap_or(i64::MAX);
        let count = point.saturating_add(i64::from(exponent)).saturating_add(2);
        if count > 10 {
            return Err(LeftOut::HighPrice);
        }
        let Ok(count) = usize::try_from(count) else { return Ok(Self { cents: 0 }) };
        let digit = |at: usize| u64::from(digits.get(at).copied().unwrap_or(0));
        let cents = (0..count).fold(0, |cents, at| cents * 10 + digit(at)) + u64::from(digit(count) >= 5);
        if cents > MOST_CENTS { Err(LeftOut::HighPrice) } else { Ok(Self { cents }) }
    }

    /// In cents.
    pub fn cents(self) -> u64 {
        self.cents
    }

    /// As a number in JSON: below 2^53 cents, a hundredth is written with two decimals at most.
    pub fn number(self) -> Number {
        #[expect(clippy::cast_precision_loss, reason = "at most ten digits")]
        Number::from_f64(self.cents as f64 / 100.0).unwrap_or_else(|| unreachable!("finite"))
    }

    /// What was counted in cents before.
    pub fn from_cents(cents: u64) -> Result<Self, LeftOut> {
        if cents > MOST_CENTS { Err(LeftOut::HighPrice) } else { Ok(Self { cents }) }
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.cents / 100, self.cents % 100)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_read_to_the_cent() {
        for (number, price) in [
            ("10", "10.00"),
            ("10.5", "10.50"),
            ("10.004", "10.00"),
            ("10.005", "10.01"), // as a float it is a little less
            ("1.005", "1.01"),
            ("19.990000000000002", "19.99"),
            ("0.1e1", "1.00"),
            ("1e2", "100.00"),
            ("1E+2", "100.00"),
            ("12345e-4", "1.23"),
            ("0", "0.00"),
            ("-0.0", "0.00"),
            ("0.004999", "0.00"),
            ("0.005", "0.01"),
            ("5e-3", "0.01"),
            ("5e-4", "0.00"),
            ("9e-99999", "0.00"),
            ("0e99999", "0.00"),
            ("0.000000000000001e15", "1.00"),
            ("99999999.99", "99999999.99"),
            ("99999999.994", "99999999.99"),
        ] {
            assert_eq!(Price::read(number).map(|price| price.to_string()).as_deref(), Ok(price), "{number}");
        }
    }

    #[test]
    fn what_is_no_price_is_told() {
        for (number, fault) in [
            ("-1", LeftOut::NegativePrice),
            ("-0.001", LeftOut::NegativePrice),
            ("99999999.995", LeftOut::HighPrice),
            ("100000000", LeftOut::HighPrice),
            ("1e300", LeftOut::HighPrice),
            ("1e2147483647", LeftOut::HighPrice),
            ("null", LeftOut::NoPrice),
            ("\"10.00\"", LeftOut::NoPrice),
            ("", LeftOut::NoPrice),
            (".5", LeftOut::NoPrice),
            ("1e", LeftOut::NoPrice),
            ("1.2.3", LeftOut::NoPrice),
            ("NaN", LeftOut::NoPrice),
        ] {
            assert_eq!(Price::read(number), Err(fault), "{number}");
        }
        assert_eq!(Price::from_cents(MOST_CENTS + 1), Err(LeftOut::HighPrice));
    }

    proptest! {
        #[test]
        fn a_price_is_read_as_it_is_written(cents in 0..=MOST_CENTS) {
            let price = Price::from_cents(cents).unwrap();
            prop_assert_eq!(Price::read(&price.to_string()), Ok(price));
            prop_assert_eq!(price.cents(), cents);
            prop_assert_eq!(Price::read(&price.number().to_string()), Ok(price));
            let shifted = format!("{cents}e-2");
            prop_assert_eq!(Price::read(&shifted), Ok(price));
        }

        #[test]
        fn no_text_is_too_odd(number in "[-+.eE0-9]{0,40}") {
            let _ = Price::read(&number);
        }
    }
}
