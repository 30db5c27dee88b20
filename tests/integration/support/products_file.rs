//! A CSV file of products as a person would edit it in a spreadsheet.

use csv::{ReaderBuilder, Terminator, WriterBuilder};

/// Rows of cells; the first is the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductsFile {
    pub rows: Vec<Vec<String>>,
}

/// How a program writes its files.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    pub delimiter: u8,
    pub line_end: &'static str,
    pub encoding: Encoding,
}

#[derive(Debug, Clone, Copy)]
pub enum Encoding {
    Utf8,
    Utf8Marked,
    Utf16Le,
    Utf16Be,
}

/// As exports are.
pub const EXPORTED: Form = Form { delimiter: b',', line_end: "\r\n", encoding: Encoding::Utf8Marked };

impl ProductsFile {
    /// Reads an export.
    pub fn read(bytes: &[u8]) -> Self {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").expect("a byte order mark");
        let mut reader = ReaderBuilder::new().has_headers(false).from_reader(text);
        let rows = reader.records().map(|record| record.expect("a record").iter().map(str::to_owned).collect());
        Self { rows: rows.collect() }
    }

    pub fn column(&self, name: &str) -> usize {
        self.rows[0].iter().position(|cell| cell == name).unwrap_or_else(|| panic!("no column {name}"))
    }

    /// The cell of a product.
    pub fn cell(&mut self, product: u64, column: &str) -> &mut String {
        let (id, column) = (self.column("Product ID"), self.column(column));
        let row = self.rows.iter_mut().find(|row| row[id] == product.to_string());
        &mut row.unwrap_or_else(|| panic!("no product {product}"))[column]
    }

    /// Puts a text into the cell of a product.
    pub fn set(&mut self, product: u64, column: &str, text: &str) -> &mut Self {
        text.clone_into(self.cell(product, column));
        self
    }

    /// The file in the form of a program.
    pub fn bytes(&self, form: Form) -> Vec<u8> {
        let terminator =
            if form.line_end == "\r\n" { Terminator::CRLF } else { Terminator::Any(form.line_end.as_bytes()[0]) };
        let mut writer = WriterBuilder::new()
            .delimiter(form.delimiter)
            .terminator(terminator)
            .flexible(true)
            .from_writer(Vec::new());
        for row in &self.rows {
            writer.write_record(row).expect("written");
        }
        let text = String::from_utf8(writer.into_inner().expect("flushed")).expect("UTF-8");
        let units = || format!("\u{feff}{text}").encode_utf16().collect::<Vec<u16>>();
        match form.encoding {
            Encoding::Utf8 => text.into_bytes(),
            Encoding::Utf8Marked => format!("\u{feff}{text}").into_bytes(),
            Encoding::Utf16Le => units().into_iter().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16Be => units().into_iter().flat_map(u16::to_be_bytes).collect(),
        }
    }
}
