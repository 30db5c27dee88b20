//! Reads a file that is there into wishes, one a row.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::catalog_do::Catalog;
use super::super::plans::PlanOptions;
use super::super::product_rows::sql_id;
use super::uploading::CHUNK;
use super::{Check, Cursor, Fault, State};
use crate::catalog::csv::columns::{self, Column, Columns, Header};
use crate::catalog::csv::records::{Next, Records};
use crate::catalog::csv::row::{self, Row, Wish};
use crate::error::{Error, Result};

/// Rows of a step.
const STEP_ROWS: usize = 500;

/// The part of the text that is in memory.
struct Window<'c> {
    catalog: &'c Catalog,
    version: i64,
    /// Bytes of the text before it.
    offset: u64,
    text: Vec<u8>,
    /// Bytes of it that were read.
    read: usize,
    text_bytes: u64,
}

impl<'c> Window<'c> {
    fn at(catalog: &'c Catalog, version: i64, offset: u64, text_bytes: u64) -> Result<Self> {
        let chunk = CHUNK as u64;
        let before = offset - offset % chunk;
        let read = usize::try_from(offset % chunk).map_err(Error::internal)?;
        let mut window = Self { catalog, version, offset: before, text: Vec::new(), read, text_bytes };
        if !window.is_end() {
            window.more()?;
        }
        Ok(window)
    }

    fn rest(&self) -> &[u8] {
        self.text.get(self.read..).unwrap_or_default()
    }

    fn is_end(&self) -> bool {
        self.offset + self.text.len() as u64 >= self.text_bytes
    }

    fn more(&mut self) -> Result<()> {
        let number = (self.offset + self.text.len() as u64) / CHUNK as u64;
        self.text.extend(self.catalog.chunk(self.version, number)?);
        Ok(())
    }

    /// Where in the text it was read to.
    fn position(&self) -> u64 {
        self.offset + self.read as u64
    }
}

/// What a step found.
#[derive(Default)]
struct Found {
    wishes: Vec<(u64, Row)>,
    faults: Vec<Fault>,
}

impl Found {
    fn fault(&mut self, line: u64, place: &str, product_id: Option<u64>, reason: impl Into<String>, value: String) {
        self.faults.push(Fault { line: Some(line), place: place.to_owned(), product_id, reason: reason.into(), value });
    }
}

impl Catalog {
    /// Reads some rows on.
    pub(super) fn read_step(&self, version: i64, check: &mut Check) -> Result<State> {
        let Cursor::Reading { columns, offset, mut line } = check.cursor else { return Ok(State::Checking) };
        let mut window = Window::at(self, version, offset, check.text_bytes)?;
        let mut found = Found::default();
        let columns = match columns {
            Some(columns) => Some(columns),
            None => header(&mut window, &mut line, &mut found)?,
        };
        let is_through = match &columns {
            Some(columns) => read_rows(&mut window, columns, &mut line, check, &mut found)?,
            None => true,
        };
        self.keep_found(version, check, found)?;
        // Reading is half of the way, comparing the other.
        check.done = check.total * window.position() / check.text_bytes.max(1) / 2;
        check.cursor = Cursor::Reading { columns, offset: window.position(), line };
        if is_through {
            self.begin_comparing(check)?;
        }
        Ok(State::Checking)
    }

    /// Writes down what was found. A product's second row is a fault.
    fn keep_found(&self, version: i64, check: &mut Check, mut found: Found) -> Result<()> {
        #[derive(Deserialize)]
        struct Known {
            product_id: u64,
            line: u64,
        }
        let ids: Vec<u64> = found.wishes.iter().map(|(_, row)| row.product_id).collect();
        let known: Vec<Known> = self.database.rows(
            "SELECT product_id, line FROM wishes WHERE version = ? AND product_id IN (SELECT value FROM json_each(?))",
            vec![version.into(), json!(ids).to_string().into()],
        )?;
        let mut lines: HashMap<u64, u64> = known.iter().map(|known| (known.product_id, known.line)).collect();
        let mut rows: Vec<Value> = Vec::new();
        for (line, Row { product_id, wish }) in std::mem::take(&mut found.wishes) {
            if let Some(first) = lines.get(&product_id) {
                let reason = format!("Product {product_id} is in row {first} already");
                found.fault(line, Column::ProductId.name(), Some(product_id), reason, product_id.to_string());
                continue;
            }
            lines.insert(product_id, line);
            let (eligible, options) = match wish {
                Wish::Eligible(options) => (true, Some(options)),
                Wish::NotEligible(options) => (false, options),
            };
            let options = options.map(|options| PlanOptions::of(&options).text());
            rows.push(json!([sql_id(product_id), line, eligible, options]));
        }
        self.database.run(
            "INSERT INTO wishes (version, product_id, line, eligible, options)
             SELECT ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)",
            vec![version.into(), Value::from(rows).to_string().into()],
        )?;
        found.faults.sort_by_key(|fault| fault.line);
        self.add_faults(version, check, &found.faults)
    }
}

/// Reads rows up to the end of a step; gives whether they are through.
fn read_rows(
    window: &mut Window<'_>,
    columns: &Columns,
    line: &mut u64,
    check: &mut Check,
    found: &mut Found,
) -> Result<bool> {
    let (mut records, begun, mut rows) = (Records::new(columns.delimiter), window.position(), 0);
    while rows < STEP_ROWS && window.position() - begun < CHUNK as u64 {
        match records.next(window.rest(), window.is_end()) {
            Next::Record { cells, bytes } => {
                window.read += bytes;
                *line += 1;
                rows += 1;
                if !cells.is_empty() {
                    check.rows += 1;
                    read_row(&cells, columns, *line, found);
                }
            }
            Next::More => window.more()?,
            Next::End => return Ok(true),
            Next::Unclosed => {
                let reason = "A quotation mark is opened in this row and never closed; the rest could not be read";
                found.fault(*line + 1, "", None, reason, String::new());
                return Ok(true);
            }
            Next::TooLong => {
                let reason = "This row is too long; is a quotation mark not closed? The rest was not read";
                found.fault(*line + 1, "", None, reason, String::new());
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Reads the header. `None`: it is no good, and so neither is the rest.
fn header(window: &mut Window<'_>, line: &mut u64, found: &mut Found) -> Result<Option<Columns>> {
    loop {
        match columns::find(window.rest(), window.is_end()) {
            Ok(Some(Header { columns, bytes, row })) => {
                window.read += bytes;
                *line = row;
                return Ok(Some(columns));
            }
            Ok(None) => window.more()?,
            Err((row, faults)) => {
                for fault in faults {
                    found.fault(row, fault.column(), None, fault.to_string(), String::new());
                }
                return Ok(None);
            }
        }
    }
}

fn read_row(cells: &[String], columns: &Columns, line: u64, found: &mut Found) {
    match row::read(cells, columns) {
        Ok(row) => found.wishes.push((line, row)),
        Err((product_id, faults)) => {
            for row::CellFault { column, reason, value } in faults {
                found.fault(line, column, product_id, reason, value);
            }
        }
    }
}
