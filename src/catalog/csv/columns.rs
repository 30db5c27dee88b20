//! The header: which delimiter the file has, and in which columns what we read stands.

use serde::{Deserialize, Serialize};

use super::records::{Delimiter, Next, Records};

/// Bytes in which the header must end.
pub const LONGEST_HEADER: usize = 64 * 1024;

/// A column that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Which product.
    ProductId,
    /// Whether it can be subscribed to.
    Eligible,
    /// How often each of its options delivers.
    Frequency,
}

impl Column {
    const ALL: [Self; 3] = [Self::ProductId, Self::Eligible, Self::Frequency];

    /// As an export calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ProductId => "Product ID",
            Self::Eligible => "Autoship Eligible",
            Self::Frequency => "Frequency",
        }
    }

    /// Other names, without blanks, case and signs.
    fn is_named(self, heading: &str) -> bool {
        let plain: String =
            heading.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let names: &[&str] = match self {
            Self::ProductId => &["productid", "id"],
            Self::Eligible => &["autoshipeligible"],
            Self::Frequency => &["frequency", "subscriptionfrequency"],
        };
        names.contains(&plain.as_str())
    }
}

/// Where the columns stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Columns {
    /// Of the whole file.
    pub delimiter: Delimiter,
    product_id: usize,
    eligible: usize,
    frequency: usize,
    /// Cells in the header.
    pub count: usize,
}

impl Columns {
    /// The place of a column, from 0.
    pub fn place(&self, column: Column) -> usize {
        match column {
            Column::ProductId => self.product_id,
            Column::Eligible => self.eligible,
            Column::Frequency => self.frequency,
        }
    }
}

/// Why a file's header is none. The text is for the merchant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum HeaderFault {
    #[error("The column \"{0}\" is missing")]
    Missing(&'static str),
    #[error("The column \"{0}\" is there {1} times; keep one of them")]
    Repeated(&'static str, usize),
    #[error("The file is empty")]
    Empty,
    #[error("The first row is no header with the names of the columns")]
    NoHeader,
}

impl HeaderFault {
    /// The column it is about; "" for the whole row.
    pub fn column(&self) -> &'static str {
        match self {
            Self::Missing(column) | Self::Repeated(column, _) => column,
            Self::Empty | Self::NoHeader => "",
        }
    }
}

/// A header that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Its columns.
    pub columns: Columns,
    /// Bytes to the end of it.
    pub bytes: usize,
    /// Its row: blank lines and a spreadsheet's `sep=` may stand before it.
    pub row: u64,
}

/// Finds the header at the beginning of a text; `is_end`: the text is all there is. `Ok(None)`: more of it is needed.
pub fn find(text: &[u8], is_end: bool) -> Result<Option<Header>, (u64, Vec<HeaderFault>)> {
    let stated = text.get(..5).filter(|begin| begin[..4].eq_ignore_ascii_case(b"sep="));
    let stated = stated.and_then(|begin| Delimiter::ALL.into_iter().find(|delimiter| delimiter.byte() == begin[4]));
    let mut best: Option<(u64, Vec<HeaderFault>)> = None;
    for delimiter in Delimiter::ALL.into_iter().filter(|delimiter| stated.is_none_or(|stated| stated == *delimiter)) {
        let Some((cells, bytes, row)) = heading(text, is_end, delimiter, stated.is_some()) else { return Ok(None) };
        match columns(&cells, delimiter) {
            Ok(columns) => return Ok(Some(Header { columns, bytes, row })),
            // The delimiter that leaves the least to say is the one that was meant.
            Err(faults) if best.as_ref().is_none_or(|(_, least)| faults.len() < least.len()) => {
                best = Some((row, faults));
            }
            Err(_) => {}
        }
    }
    let (row, faults) = best.unwrap_or((1, vec![HeaderFault::NoHeader]));
    Err((row, faults))
}

/// The first row that is not blank, its end, and its number. No cells where there is none. `None`: more is needed.
fn heading(text: &[u8], is_end: bool, delimiter: Delimiter, is_stated: bool) -> Option<(Vec<String>, usize, u64)> {
    let mut records = Records::new(delimiter);
    let (mut at, mut row, mut skip) = (0, 0, usize::from(is_stated));
    loop {
        row += 1;
        match records.next(&text[at..], is_end) {
            Next::Record { cells, bytes } => {
                at += bytes;
                if skip > 0 {
                    skip -= 1;
                } else if !cells.is_empty() {
                    return Some((cells, at, row));
                }
            }
            Next::More if text.len() < LONGEST_HEADER => return None,
            _ => return Some((Vec::new(), at, row)),
        }
    }
}

fn columns(cells: &[String], delimiter: Delimiter) -> Result<Columns, Vec<HeaderFault>> {
    if cells.is_empty() {
        return Err(vec![HeaderFault::Empty]);
    }
    let places = Column::ALL.map(|column| {
        let mut places = (0..cells.len()).filter(|&place| column.is_named(&cells[place]));
        match (places.next(), places.count()) {
            (Some(place), 0) => Ok(place),
            (Some(_), more) => Err(HeaderFault::Repeated(column.name(), more + 1)),
            (None, _) => Err(HeaderFault::Missing(column.name())),
        }
    });
    match places {
        [Ok(product_id), Ok(eligible), Ok(frequency)] => {
            Ok(Columns { delimiter, product_id, eligible, frequency, count: cells.len() })
        }
        places => {
            let faults: Vec<HeaderFault> = places.into_iter().filter_map(Result::err).collect();
            let is_none = faults.len() == Column::ALL.len()
                && faults.iter().all(|fault| matches!(fault, HeaderFault::Missing(_)));
            Err(if is_none { [vec![HeaderFault::NoHeader], faults].concat() } else { faults })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Header {
        find(text.as_bytes(), true).unwrap().unwrap()
    }

    fn faults(text: &str) -> Vec<String> {
        find(text.as_bytes(), true).unwrap_err().1.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn columns_are_found_wherever_they_stand_and_however_they_are_spelled() {
        for (text, delimiter, places) in [
            ("Product ID,SKU,Name,Autoship Eligible,Frequency\r\n", Delimiter::Comma, [0, 3, 4]),
            ("frequency;AUTOSHIP ELIGIBLE;product_id", Delimiter::Semicolon, [2, 1, 0]),
            (" Subscription Frequency \tId\tautoship_eligible\tNote\n", Delimiter::Tab, [1, 2, 0]),
            ("\"Product Id\",\"Autoship\neligible\",\"Frequency\"\n1", Delimiter::Comma, [0, 1, 2]),
            ("\"a,b,c\";Product ID;Autoship Eligible;Frequency\n", Delimiter::Semicolon, [1, 2, 3]),
        ] {
            let columns = found(text).columns;
            assert_eq!(columns.delimiter, delimiter, "{text}");
            assert_eq!(Column::ALL.map(|column| columns.place(column)), places, "{text}");
        }
        let header = found("sep=;\r\n\r\nProduct ID;Autoship Eligible;Frequency\r\n1;TRUE;[]");
        assert_eq!((header.row, header.bytes, header.columns.delimiter), (3, 49, Delimiter::Semicolon));
        let header = found("SEP=,\nProduct ID,Autoship Eligible,Frequency");
        assert_eq!((header.row, header.columns.count), (2, 3));
    }

    #[test]
    fn what_is_missing_or_there_twice_is_told() {
        assert_eq!(faults("Product ID,Frequency\n"), ["The column \"Autoship Eligible\" is missing"]);
        assert_eq!(
            faults("Product ID;Frequency;Frequency;Subscription Frequency\n"),
            [
                "The column \"Autoship Eligible\" is missing",
                "The column \"Frequency\" is there 3 times; keep one of them"
            ]
        );
        assert_eq!(faults(""), ["The file is empty"]);
        assert_eq!(faults("\r\n ,\r\n"), ["The file is empty"]);
        assert!(faults("1,TRUE,[]\n")[0].contains("no header"));
        assert!(faults("\"Product ID,Autoship Eligible,Frequency\n")[0].contains("empty"), "the quote is not closed");
        assert_eq!(find(b"sep=;\n\nx\n", true).unwrap_err().0, 3);
    }

    #[test]
    fn a_header_that_goes_on_is_waited_for() {
        assert_eq!(find(b"", false), Ok(None));
        assert_eq!(find(b"Product ID,Auto", false), Ok(None));
        assert!(find(&b"x".repeat(LONGEST_HEADER), false).is_err());
    }
}
