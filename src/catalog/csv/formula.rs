//! Keeps a spreadsheet from taking a text for a formula.
//!
//! A text that begins as formulas do gets an apostrophe in front: then it is a text. Reading takes an apostrophe off
//! again where a row begins a cell with one ([`super::row`]); names and SKUs are not read back at all.

use std::borrow::Cow;

/// How formulas begin, in spreadsheets of East Asia too.
const BEGINNINGS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The text as a cell may hold it.
pub fn neutral(text: &str) -> Cow<'_, str> {
    if text.starts_with(BEGINNINGS) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_texts_and_all_else_stays() {
        for text in ["=1+1", "+2 weeks", "-50% coffee", "@home", "\tx", "\rx", "＝1"] {
            assert_eq!(neutral(text), format!("'{text}"));
        }
        for text in ["", "Coffee", "'quoted'", "1-2", "[{'Name': '=1'}]"] {
            assert_eq!(neutral(text), text);
        }
    }
}
