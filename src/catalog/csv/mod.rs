//! Products as a CSV file: read from whatever spreadsheet or program wrote it, written in one form.
//!
//! A file is read in a stream: [`decode`] makes UTF-8 of its bytes while it is uploaded, [`records`] cuts that into
//! records, [`columns`] finds the delimiter and the columns, [`row`] says what a record means. Every fault names its
//! row as a spreadsheet counts: the header line is row 1. [`mod@write`] writes; [`formula`] keeps spreadsheets from
//! running what a product's name says.

pub mod columns;
pub mod decode;
pub mod formula;
pub mod records;
pub mod row;
pub mod write;

#[cfg(test)]
mod round_trip;
