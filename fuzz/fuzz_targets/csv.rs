//! CSV files: any bytes are read to their end or refused, and how they arrive in pieces makes no difference.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ordergroove_bigcommerce::catalog::csv::records::{Next, Records};
use ordergroove_bigcommerce::catalog::csv::{columns, decode::Decoder, row};

fn decoded(bytes: &[u8], piece: usize) -> Option<String> {
    let mut decoder = Decoder::default();
    let mut text = String::new();
    for piece in bytes.chunks(piece) {
        text.push_str(&decoder.push(piece).ok()?);
    }
    text.push_str(&decoder.finish().ok()?);
    Some(text)
}

/// All records after the header, with at most `piece` bytes more given at a time.
fn read(text: &[u8], piece: usize) -> Option<(Vec<Vec<String>>, Next)> {
    let header = columns::find(text, true).ok()??;
    let mut records = Records::new(header.columns.delimiter);
    let (mut at, mut given, mut found) = (header.bytes, header.bytes, Vec::new());
    loop {
        match records.next(&text[at..given], given == text.len()) {
            Next::Record { cells, bytes } => {
                let _ = row::read(&cells, &header.columns);
                at += bytes;
                found.push(cells);
            }
            Next::More => given = (given + piece).min(text.len()),
            end => return Some((found, end)),
        }
    }
}

fuzz_target!(|input: (u8, &[u8])| {
    let (piece, bytes) = (usize::from(input.0) + 1, input.1);
    let whole = decoded(bytes, bytes.len().max(1));
    assert_eq!(decoded(bytes, piece), whole);
    if let Some(text) = whole {
        assert_eq!(read(text.as_bytes(), piece), read(text.as_bytes(), text.len().max(1)));
    }
});
