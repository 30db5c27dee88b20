//! Cuts CSV into records, from the beginning of any of them: reading can stop after each and go on later.

use serde::{Deserialize, Serialize};

/// Bytes of a record that are read: a `Frequency` cell, a name and what else a file may have.
pub const LONGEST_RECORD: usize = 512 * 1024;

/// Before a record: where files were put together, each began with it.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `;`, where `,` is the decimal point.
    Semicolon,
    /// A tab.
    Tab,
}

impl Delimiter {
    /// The likelier first.
    pub const ALL: [Self; 3] = [Self::Comma, Self::Semicolon, Self::Tab];

    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

/// What stands next in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// A record of these cells, in so many bytes.
    Record {
        /// None for a line with nothing in it.
        cells: Vec<String>,
        /// With its line end.
        bytes: usize,
    },
    /// What was given ends in the middle of it.
    More,
    /// Nothing.
    End,
    /// A quote was opened in it and not closed.
    Unclosed,
    /// It is longer than any row should be.
    TooLong,
}

/// Reads records with one delimiter.
pub struct Records {
    reader: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Records {
    /// With nothing read.
    pub fn new(delimiter: Delimiter) -> Self {
        let reader = csv_core::ReaderBuilder::new().delimiter(delimiter.byte()).build();
        Self { reader, text: vec![0; 4096], ends: vec![0; 64] }
    }

    /// The record at the beginning of `input`. `is_end`: nothing comes after it.
    pub fn next(&mut self, input: &[u8], is_end: bool) -> Next {
        // csv-core skips one as well, and takes nothing after it for the end of the file.
        let marks = input.chunks(MARK.len()).take_while(|bytes| *bytes == MARK).count() * MARK.len();
        let unmarked = &input[marks..];
        if !is_end && MARK.starts_with(unmarked) {
            return Next::More;
        }
        match self.next_unmarked(unmarked, is_end) {
            Next::Record { cells, bytes } => Next::Record { cells, bytes: marks + bytes },
            end => end,
        }
    }

    fn next_unmarked(&mut self, input: &[u8], is_end: bool) -> Next {
        match input {
            [] => return if is_end { Next::End } else { Next::More },
            [b'\n', ..] => return Next::Record { cells: Vec::new(), bytes: 1 },
            [b'\r', ..] => return with_line_feed(Vec::new(), 1, input, is_end),
            _ => {}
        }
        self.reader.reset();
        let (mut read, mut written, mut ended) = (0, 0, 0);
        loop {
            // A line feed of ours after the last byte ends any record but one with an open quote.
            let is_beyond = is_end && read == input.len();
            let rest = if is_beyond { b"\n" } else { &input[read..] };
            let (result, bytes, text, ends) =
                self.reader.read_record(rest, &mut self.text[written..], &mut self.ends[ended..]);
            (read, written, ended) = (read + bytes, written + text, ended + ends);
            match result {
                csv_core::ReadRecordResult::OutputFull if written > LONGEST_RECORD => return Next::TooLong,
                csv_core::ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                csv_core::ReadRecordResult::OutputEndsFull if ended > LONGEST_RECORD / 64 => return Next::TooLong,
                csv_core::ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                csv_core::ReadRecordResult::Record => return self.record(ended, read.min(input.len()), input, is_end),
                csv_core::ReadRecordResult::InputEmpty if is_beyond => return Next::Unclosed,
                csv_core::ReadRecordResult::InputEmpty if is_end => {}
                csv_core::ReadRecordResult::InputEmpty if input.len() > LONGEST_RECORD => return Next::TooLong,
                csv_core::ReadRecordResult::InputEmpty => return Next::More,
                csv_core::ReadRecordResult::End => return Next::End,
            }
        }
    }

    fn record(&self, ended: usize, bytes: usize, input: &[u8], is_end: bool) -> Next {
        let begins = std::iter::once(0).chain(self.ends[..ended].iter().copied());
        let cells: Vec<String> = begins
            .zip(&self.ends[..ended])
            .map(|(begin, &end)| String::from_utf8_lossy(&self.text[begin..end]).into_owned())
            .collect();
        // What a spreadsheet leaves of emptied rows is delimiters.
        let cells = if cells.iter().all(|cell| cell.trim().is_empty()) { Vec::new() } else { cells };
        if input[bytes - 1] == b'\r' {
            return with_line_feed(cells, bytes, input, is_end);
        }
        Next::Record { cells, bytes }
    }
}

/// A carriage return and a line feed are one line end.
fn with_line_feed(cells: Vec<String>, bytes: usize, input: &[u8], is_end: bool) -> Next {
    match input.get(bytes) {
        Some(b'\n') => Next::Record { cells, bytes: bytes + 1 },
        None if !is_end => Next::More,
        _ => Next::Record { cells, bytes },
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// All records, with the text given in pieces.
    pub(in crate::catalog::csv) fn all(
        text: &[u8],
        delimiter: Delimiter,
        piece: usize,
    ) -> Result<Vec<Vec<String>>, Next> {
        let mut records = Records::new(delimiter);
        let (mut at, mut given, mut found) = (0, 0, Vec::new());
        loop {
            match records.next(&text[at..given], given == text.len()) {
                Next::Record { cells, bytes } => {
                    at += bytes;
                    found.push(cells);
                }
                Next::More => given = (given + piece).min(text.len()),
                Next::End => return Ok(found),
                fault => return Err(fault),
            }
        }
    }

    #[test]
    fn records_are_counted_as_a_spreadsheet_counts_rows() {
        let text = b"a,b\r\n\r\n\n\"x\r\ny\",\"say \"\"hi\"\"\"\r,,\r\n1,\"2\"\n\rlast,";
        let expected: [&[&str]; 8] =
            [&["a", "b"], &[], &[], &["x\r\ny", "say \"hi\""], &[], &["1", "2"], &[], &["last", ""]];
        for piece in 1..=text.len() {
            assert_eq!(all(text, Delimiter::Comma, piece).unwrap(), expected, "by {piece}");
        }
    }

    #[test]
    fn a_mark_of_the_encoding_that_begins_a_record_is_nothing() {
        // As files are put together by programs that do not look into them.
        let text = "\u{feff}a,b\r\u{feff}c,\u{feff}d\n\u{feff}\u{feff}\"e\",f\r\n\u{feff}";
        let expected: [&[&str]; 3] = [&["a", "b"], &["c", "\u{feff}d"], &["e", "f"]];
        for piece in 1..=text.len() {
            assert_eq!(all(text.as_bytes(), Delimiter::Comma, piece).unwrap(), expected, "by {piece}");
        }
    }

    #[test]
    fn an_open_quote_is_told() {
        for text in ["a,\"b", "a\n\"b\nc\nd", "\""] {
            assert_eq!(all(text.as_bytes(), Delimiter::Comma, 1), Err(Next::Unclosed), "{text}");
        }
        let endless = format!("a\n\"{}", "b,\n".repeat(LONGEST_RECORD / 2));
        assert_eq!(all(endless.as_bytes(), Delimiter::Comma, 100_000), Err(Next::TooLong));
        assert_eq!(all(&b",".repeat(LONGEST_RECORD), Delimiter::Comma, 100_000), Err(Next::TooLong));
    }

    proptest! {
        #[test]
        fn pieces_make_no_difference(text in "[a,;\t\"\r\n\u{feff}]{0,40}", piece in 1_usize..8) {
            for delimiter in Delimiter::ALL {
                prop_assert_eq!(all(text.as_bytes(), delimiter, piece), all(text.as_bytes(), delimiter, 100));
            }
        }

        #[test]
        fn no_bytes_are_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = all(&bytes, Delimiter::Comma, 50);
        }
    }
}
