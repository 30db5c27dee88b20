//! Writes products as a CSV file that every spreadsheet opens with its letters right: UTF-8 with a mark, CRLF, `,`.

use super::formula;
use super::records::Delimiter;
use crate::catalog::frequency::{self, CellOption};

/// What a file begins with: the mark, then the names of the columns.
pub fn header() -> Vec<u8> {
    let mut text = "\u{feff}".as_bytes().to_vec();
    record(Delimiter::Comma, &["Product ID", "SKU", "Name", "Autoship Eligible", "Frequency"], &mut text);
    text
}

/// A product as a row has it.
#[derive(Debug, Clone, Copy)]
pub struct Product<'p> {
    /// BigCommerce's id.
    pub id: u64,
    /// For whoever reads the file.
    pub sku: &'p str,
    /// For whoever reads the file.
    pub name: &'p str,
    /// Whether it can be subscribed to.
    pub eligible: bool,
    /// `None` for a product without a subscription modifier.
    pub options: Option<&'p [CellOption]>,
}

/// Adds a product's row to `text`.
pub fn product(product: &Product<'_>, text: &mut Vec<u8>) {
    let id = product.id.to_string();
    let (sku, name) = (formula::neutral(product.sku), formula::neutral(product.name));
    let eligible = if product.eligible { "TRUE" } else { "FALSE" };
    let frequency = product.options.map(frequency::write).unwrap_or_default();
    record(Delimiter::Comma, &[&id, &sku, &name, eligible, &frequency], text);
}

/// Adds a record to `text`.
pub(super) fn record(delimiter: Delimiter, cells: &[&str], text: &mut Vec<u8>) {
    let mut writer =
        csv_core::WriterBuilder::new().delimiter(delimiter.byte()).terminator(csv_core::Terminator::CRLF).build();
    // Every byte could be a quote that is doubled; a cell adds two quotes and a delimiter, a record its end.
    let most = cells.iter().map(|cell| cell.len() * 2 + 3).sum::<usize>() + 2;
    let begun = text.len();
    text.resize(begun + most, 0);
    let mut at = begun;
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            at += writer.delimiter(&mut text[at..]).1;
        }
        at += writer.field(cell.as_bytes(), &mut text[at..]).2;
    }
    at += writer.terminator(&mut text[at..]).1;
    text.truncate(at);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_exact() {
        let options = [CellOption {
            name: "Every month".to_owned(),
            option_id: 104,
            every: 1,
            every_period: 3,
            is_default: true,
        }];
        let mut text = header();
        product(
            &Product { id: 77, sku: "-A1", name: "Tea, \"fine\"", eligible: true, options: Some(&options) },
            &mut text,
        );
        product(&Product { id: 78, sku: "", name: "Mug", eligible: false, options: None }, &mut text);
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "\u{feff}Product ID,SKU,Name,Autoship Eligible,Frequency\r\n\
             77,'-A1,\"Tea, \"\"fine\"\"\",TRUE,\"[{'Name': 'Every month', 'option_id': 104, 'every': 1, 'every_period': 3, 'is_default': 'TRUE'}]\"\r\n\
             78,,Mug,FALSE,\r\n"
        );
    }
}
