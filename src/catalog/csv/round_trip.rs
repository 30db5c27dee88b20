//! What is written is read: whatever the delimiter, the encoding and the texts.

use proptest::prelude::*;

use super::columns;
use super::decode::tests::{FORMS, decode, encode};
use super::formula;
use super::records::{Delimiter, Next, Records};
use super::row::{self, Row, Wish};
use super::write;
use crate::catalog::frequency::CellOption;

#[derive(Debug, Clone)]
struct Product {
    id: u64,
    sku: String,
    name: String,
    eligible: bool,
    options: Vec<CellOption>,
}

impl Product {
    fn written(&self) -> write::Product<'_> {
        let Self { id, sku, name, eligible, options } = self;
        write::Product { id: *id, sku, name, eligible: *eligible, options: Some(options) }
    }

    fn wanted(&self) -> Row {
        let options = self.options.clone();
        let wish = match (self.eligible, options.is_empty()) {
            (true, _) => Wish::Eligible(options),
            (false, is_empty) => Wish::NotEligible(Some(options).filter(|_| !is_empty)),
        };
        Row { product_id: self.id, wish }
    }
}

fn any_product() -> impl Strategy<Value = Product> {
    // Blanks at the ends of a name in the cell are not kept; NUL is in no text.
    let text = || "[^\0]{0,12}";
    let name = text().prop_map(|name: String| name.trim().to_owned());
    let option = (name, 0..1_u64 << 53, any::<u32>(), any::<u32>(), any::<bool>()).prop_map(
        |(name, option_id, every, every_period, is_default)| CellOption {
            name,
            option_id,
            every,
            every_period,
            is_default,
        },
    );
    (1..1_u64 << 53, text(), text(), any::<bool>(), prop::collection::vec(option, 0..4))
        .prop_map(|(id, sku, name, eligible, options)| Product { id, sku, name, eligible, options })
}

/// All rows of a file, with their cells.
fn read(bytes: &[u8]) -> Vec<(Row, Vec<String>)> {
    let text = decode(bytes, 7).expect("text");
    let header = columns::find(text.as_bytes(), true).expect("a header").expect("whole");
    let mut records = Records::new(header.columns.delimiter);
    let (mut at, mut rows) = (header.bytes, Vec::new());
    loop {
        match records.next(&text.as_bytes()[at..], true) {
            Next::Record { cells, bytes } => {
                at += bytes;
                rows.push((row::read(&cells, &header.columns).expect("a row"), cells));
            }
            Next::End => return rows,
            other => panic!("{other:?}"),
        }
    }
}

proptest! {
    #[test]
    fn an_export_is_read_as_it_was_written(products in prop::collection::vec(any_product(), 0..5)) {
        let mut file = write::header();
        for product in &products {
            write::product(&product.written(), &mut file);
        }
        let rows = read(&file);
        prop_assert_eq!(rows.len(), products.len());
        for (product, (row, cells)) in products.iter().zip(rows) {
            prop_assert_eq!(row, product.wanted());
            prop_assert_eq!(&cells[1], &formula::neutral(&product.sku));
            prop_assert_eq!(&cells[2], &formula::neutral(&product.name));
        }
    }

    #[test]
    fn so_it_is_with_every_delimiter_and_encoding(products in prop::collection::vec(any_product(), 0..3)) {
        for delimiter in Delimiter::ALL {
            let mut file = Vec::new();
            write::record(delimiter, &["Frequency", "Name", "Autoship Eligible", "Product ID"], &mut file);
            for product in &products {
                let cell = crate::catalog::frequency::write(&product.options);
                let eligible = if product.eligible { "yes" } else { "no" };
                write::record(delimiter, &[&cell, &product.name, eligible, &product.id.to_string()], &mut file);
            }
            let text = String::from_utf8(file).expect("UTF-8");
            for form in FORMS {
                let rows: Vec<Row> = read(&encode(&text, form)).into_iter().map(|(row, _)| row).collect();
                prop_assert_eq!(rows, products.iter().map(Product::wanted).collect::<Vec<_>>(), "{:?}", form);
            }
        }
    }

    #[test]
    fn no_bytes_are_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let Ok(text) = decode(&bytes, 50) else { return Ok(()) };
        let _ = columns::find(text.as_bytes(), true);
    }
}
