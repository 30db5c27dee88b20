//! What a record says of its product.

use super::columns::{Column, Columns};
use crate::catalog::frequency::{self, CellOption};

/// Characters of a cell that a fault quotes.
const QUOTED: usize = 100;

/// What a row wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Of this product.
    pub product_id: u64,
    /// That it be so.
    pub wish: Wish,
}

/// Whether a product can be subscribed to, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// With these options.
    Eligible(Vec<CellOption>),
    /// The rest of the row does not count: options that cannot be read stay as they are.
    NotEligible(Option<Vec<CellOption>>),
}

/// What is wrong with a cell. The reason is for the merchant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFault {
    /// "" for the whole row.
    pub column: &'static str,
    /// A sentence.
    pub reason: String,
    /// What stands there, or its beginning.
    pub value: String,
}

/// Reads a record. Every fault is told, with the product if that much can be read.
pub fn read(cells: &[String], columns: &Columns) -> Result<Row, (Option<u64>, Vec<CellFault>)> {
    // A spreadsheet may leave out the empty cells at the end, or add some.
    let surplus = cells.get(columns.count..).unwrap_or_default();
    let needed = columns.place(Column::ProductId).max(columns.place(Column::Eligible));
    if cells.len() <= needed || surplus.iter().any(|cell| !cell.trim().is_empty()) {
        let reason = format!("The row has {} cells, the header has {}", cells.len(), columns.count);
        return Err((None, vec![CellFault { column: "", reason, value: quoted(&cells.join(" ")) }]));
    }
    let cell = |column| {
        let cell = cells.get(columns.place(column)).map_or("", String::as_str);
        // An apostrophe in front is how spreadsheets, and our exports, mark a text.
        cell.trim().trim_start_matches('\'').trim()
    };
    let (id, eligible, frequency) = (cell(Column::ProductId), cell(Column::Eligible), cell(Column::Frequency));
    let product_id = product_id(id).map_err(|reason| fault(Column::ProductId, reason, id));
    let eligible = truth(eligible).map_err(|reason| fault(Column::Eligible, reason, eligible));
    let options = frequency::read(frequency).map_err(|told| fault(Column::Frequency, told.to_string(), frequency));
    let wish = match (eligible, options) {
        (Ok(false), options) => Ok(Wish::NotEligible(options.ok().filter(|options| !options.is_empty()))),
        (Ok(true), options) => options.map(Wish::Eligible).map_err(|fault| vec![fault]),
        (Err(first), options) => Err([first].into_iter().chain(options.err()).collect()),
    };
    match (product_id, wish) {
        (Ok(product_id), Ok(wish)) => Ok(Row { product_id, wish }),
        (Ok(product_id), Err(faults)) => Err((Some(product_id), faults)),
        (Err(first), wish) => Err((None, [vec![first], wish.err().unwrap_or_default()].concat())),
    }
}

fn product_id(cell: &str) -> Result<u64, String> {
    if cell.is_empty() {
        return Err("The product id is missing".to_owned());
    }
    // A spreadsheet may have made 77.0 of 77.
    let whole =
        cell.split_once('.').filter(|(_, rest)| rest.bytes().all(|byte| byte == b'0')).map_or(cell, |(whole, _)| whole);
    let is_number = whole.bytes().all(|byte| byte.is_ascii_digit());
    let id = whole.parse().ok().filter(|id| is_number && (1..1 << 53).contains(id));
    id.ok_or_else(|| "A product id is a whole number, as an export has it".to_owned())
}

fn truth(cell: &str) -> Result<bool, String> {
    match cell.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        "" => Err("This cell is empty; it must be TRUE or FALSE".to_owned()),
        _ => Err("This must be TRUE or FALSE".to_owned()),
    }
}

fn fault(column: Column, reason: String, cell: &str) -> CellFault {
    CellFault { column: column.name(), reason, value: quoted(cell) }
}

/// The beginning of a cell, with a sign that it goes on.
pub fn quoted(cell: &str) -> String {
    match cell.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &cell[..end]),
        None => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::csv::columns;

    const MONTH: &str =
        "[{'Name': 'Every month', 'option_id': 104, 'every': 1, 'every_period': 3, 'is_default': 'TRUE'}]";

    fn read_row(cells: [&str; 3]) -> Result<Row, (Option<u64>, Vec<CellFault>)> {
        let header = columns::find(b"Product ID,Autoship Eligible,Frequency,Note\n", true).unwrap().unwrap();
        read(&cells.map(str::to_owned), &header.columns)
    }

    fn month() -> Vec<CellOption> {
        frequency::read(MONTH).unwrap()
    }

    #[test]
    fn what_a_row_wants() {
        for (cells, product_id, wish) in [
            (["77", "TRUE", MONTH], 77, Wish::Eligible(month())),
            ([" 77.0 ", " Yes ", MONTH], 77, Wish::Eligible(month())),
            (["'77", "1", "[]"], 77, Wish::Eligible(vec![])),
            (["77", "true", " "], 77, Wish::Eligible(vec![])),
            (["77", "FALSE", ""], 77, Wish::NotEligible(None)),
            (["77", "FALSE", "[]"], 77, Wish::NotEligible(None)),
            (["77", "no", MONTH], 77, Wish::NotEligible(Some(month()))),
            (["77", "0", "what is this?"], 77, Wish::NotEligible(None)),
        ] {
            assert_eq!(read_row(cells), Ok(Row { product_id, wish }), "{cells:?}");
        }
    }

    #[test]
    fn every_fault_is_told_with_its_column_and_what_stands_there() {
        let told = |cells| {
            let (product_id, faults) = read_row(cells).unwrap_err();
            (product_id, faults.iter().map(|fault| format!("{}: {}", fault.column, fault.reason)).collect::<Vec<_>>())
        };
        let whole = "Product ID: A product id is a whole number, as an export has it".to_owned();
        for id in ["x", "-1", "+1", "0", "1.5", "9007199254740992", "1e3", "١"] {
            assert_eq!(told([id, "TRUE", MONTH]), (None, vec![whole.clone()]), "{id}");
        }
        assert_eq!(told(["", "FALSE", ""]), (None, vec!["Product ID: The product id is missing".to_owned()]));
        let (product_id, faults) = told(["77", "maybe", "[{"]);
        assert_eq!(product_id, Some(77));
        assert_eq!(faults[0], "Autoship Eligible: This must be TRUE or FALSE");
        assert!(faults[1].starts_with("Frequency: ") && faults[1].contains("(at character 3)"), "{faults:?}");
        assert!(told(["77", "", ""]).1[0].contains("empty"));
        assert!(told(["77", "TRUE", &"x".repeat(200_000)]).1[0].contains("too long"));
        let (_, faults) = read_row(["77", "TRUE", &"[é".repeat(100)]).unwrap_err();
        assert_eq!(faults[0].value, format!("{}…", "[é".repeat(50)));
    }

    #[test]
    fn cells_are_counted() {
        let header = columns::find(b"Product ID,Autoship Eligible,Frequency,Note\n", true).unwrap().unwrap();
        let row =
            |cells: &[&str]| read(&cells.iter().map(|&cell| cell.to_owned()).collect::<Vec<_>>(), &header.columns);
        assert!(row(&["77", "FALSE"]).is_ok() && row(&["77", "FALSE", "", "", " ", ""]).is_ok());
        for cells in [&["77"][..], &["77", "FALSE", "", "", "", "more"]] {
            let (_, faults) = row(cells).unwrap_err();
            assert_eq!(faults[0].reason, format!("The row has {} cells, the header has 4", cells.len()));
        }
    }
}
