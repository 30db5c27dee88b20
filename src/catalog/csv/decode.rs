//! Text of a file in UTF-8 or UTF-16, as UTF-8, while its bytes come in.
//!
//! A byte order mark says which it is; without one, the NUL bytes that UTF-16 has in every Latin letter do. Anything
//! else is refused: a guess would spoil names unnoticed.

/// Bytes that decide: the longest mark has three, and a header without one begins with two Latin letters.
const DECIDING: usize = 4;

/// A file that is no text we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "The file is not text in UTF-8 or UTF-16: what stands in line {line} (byte {byte}) cannot be read. If it is a \
     workbook, or in another encoding, save it as \"CSV UTF-8\" and upload it again."
)]
pub struct Unreadable {
    /// Line of the text, from 1.
    pub line: u64,
    /// Byte of the file, from 1.
    pub byte: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16 { big_endian: bool },
}

/// Decodes one file. Bytes go in as they come, whole characters come out.
#[derive(Debug)]
pub struct Decoder {
    encoding: Option<Encoding>,
    /// Bytes that came in and are no whole character yet.
    pending: Vec<u8>,
    /// Bytes decoded.
    done: u64,
    lines: u64,
}

impl Default for Decoder {
    fn default() -> Self {
        Self { encoding: None, pending: Vec::new(), done: 0, lines: 1 }
    }
}

impl Decoder {
    /// Decodes what can be.
    pub fn push(&mut self, bytes: &[u8]) -> Result<String, Unreadable> {
        self.pending.extend_from_slice(bytes);
        if self.encoding.is_none() && self.pending.len() < DECIDING {
            return Ok(String::new());
        }
        self.decode(false)
    }

    /// Decodes the rest: nothing may be left over.
    pub fn finish(mut self) -> Result<String, Unreadable> {
        self.decode(true)
    }

    fn decode(&mut self, is_end: bool) -> Result<String, Unreadable> {
        let encoding = match self.encoding {
            Some(encoding) => encoding,
            None => self.decide(),
        };
        let (text, used, is_broken) = match encoding {
            Encoding::Utf8 => utf8(&self.pending),
            Encoding::Utf16 { big_endian } => utf16(&self.pending, big_endian),
        };
        // No text has a NUL; what has is another encoding, or no text at all.
        let nul = text.find('\0');
        if let Some(at) = nul {
            let before = &text[..at];
            let bytes = if encoding == Encoding::Utf8 { at } else { before.encode_utf16().count() * 2 };
            return Err(self.unreadable(before, bytes));
        }
        if is_broken || (is_end && used < self.pending.len()) {
            return Err(self.unreadable(&text, used));
        }
        self.pending.drain(..used);
        self.done += used as u64;
        self.lines += line_ends(&text);
        Ok(text)
    }

    /// Takes the mark off, if there is one.
    fn decide(&mut self) -> Encoding {
        let (encoding, mark) = match self.pending[..] {
            [0xEF, 0xBB, 0xBF, ..] => (Encoding::Utf8, 3),
            [0xFF, 0xFE, ..] => (Encoding::Utf16 { big_endian: false }, 2),
            [0xFE, 0xFF, ..] => (Encoding::Utf16 { big_endian: true }, 2),
            [0, low, ..] if low != 0 => (Encoding::Utf16 { big_endian: true }, 0),
            [low, 0, ..] if low != 0 => (Encoding::Utf16 { big_endian: false }, 0),
            _ => (Encoding::Utf8, 0),
        };
        self.pending.drain(..mark);
        self.done = mark as u64;
        self.encoding = Some(encoding);
        encoding
    }

    fn unreadable(&self, before: &str, bytes: usize) -> Unreadable {
        Unreadable { line: self.lines + line_ends(before), byte: self.done + bytes as u64 + 1 }
    }
}

/// The whole characters at the beginning, how many bytes they are, and whether what follows can never become one.
fn utf8(bytes: &[u8]) -> (String, usize, bool) {
    let (whole, is_broken) = match std::str::from_utf8(bytes) {
        Ok(text) => return (text.to_owned(), bytes.len(), false),
        Err(error) => (error.valid_up_to(), error.error_len().is_some()),
    };
    (String::from_utf8_lossy(&bytes[..whole]).into_owned(), whole, is_broken)
}

fn utf16(bytes: &[u8], big_endian: bool) -> (String, usize, bool) {
    let (pairs, _) = bytes.as_chunks::<2>();
    let unit = |pair: [u8; 2]| if big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) };
    let (mut text, mut units) = (String::with_capacity(bytes.len()), 0);
    for character in char::decode_utf16(pairs.iter().copied().map(unit)) {
        let Ok(character) = character else {
            // A first half at the very end waits for its second.
            let waits = units + 1 == pairs.len() && (0xD800..0xDC00).contains(&unit(pairs[units]));
            return (text, units * 2, !waits);
        };
        units += character.len_utf16();
        text.push(character);
    }
    (text, units * 2, false)
}

/// Line feeds; old Macintosh files have one line then, which is good enough for a place.
fn line_ends(text: &str) -> u64 {
    text.bytes().filter(|byte| *byte == b'\n').count() as u64
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every form a file is read in.
    #[derive(Debug, Clone, Copy)]
    pub(in crate::catalog::csv) enum Form {
        Utf8,
        Utf8Marked,
        Utf16Le { marked: bool },
        Utf16Be { marked: bool },
    }

    pub(in crate::catalog::csv) const FORMS: [Form; 6] = [
        Form::Utf8,
        Form::Utf8Marked,
        Form::Utf16Le { marked: true },
        Form::Utf16Le { marked: false },
        Form::Utf16Be { marked: true },
        Form::Utf16Be { marked: false },
    ];

    pub(in crate::catalog::csv) fn encode(text: &str, form: Form) -> Vec<u8> {
        let mark = |marked: bool| if marked { "\u{feff}" } else { "" };
        let units = |marked| mark(marked).encode_utf16().chain(text.encode_utf16());
        match form {
            Form::Utf8 => text.into(),
            Form::Utf8Marked => format!("\u{feff}{text}").into_bytes(),
            Form::Utf16Le { marked } => units(marked).flat_map(u16::to_le_bytes).collect(),
            Form::Utf16Be { marked } => units(marked).flat_map(u16::to_be_bytes).collect(),
        }
    }

    pub(in crate::catalog::csv) fn decode(bytes: &[u8], piece: usize) -> Result<String, Unreadable> {
        let mut decoder = Decoder::default();
        let mut text = String::new();
        for piece in bytes.chunks(piece.max(1)) {
            text.push_str(&decoder.push(piece)?);
        }
        text.push_str(&decoder.finish()?);
        Ok(text)
    }

    #[test]
    fn what_is_no_text_is_told_with_its_place() {
        for (bytes, line, byte) in [
            (&b"Product ID\nCaf\xe9;TRUE\n"[..], 2, 15),
            (b"Product ID\nCaf\xc3", 2, 15),
            (b"Product ID\n\n1\0", 3, 14),
            (b"\xff\xfeP\0r\0\n\0\x00\xdcx\0", 2, 9),
            (b"\xff\xfeP\0r\0\n\0\x00\xd8", 2, 9),
            (b"\xff\xfeP\0r\0x", 1, 7),
            (b"\xff\xfe\0\0P\0\0\0", 1, 3),
            (b"PK\x03\x04\x14\0\0\0", 1, 6),
            (b"\0\0\0P", 1, 1),
            (b"\x80", 1, 1),
        ] {
            for piece in 1..=bytes.len() {
                assert_eq!(decode(bytes, piece), Err(Unreadable { line, byte }), "{bytes:?} by {piece}");
            }
        }
        assert_eq!(decode(b"", 1), Ok(String::new()));
        assert_eq!(decode(b"P", 1), Ok("P".to_owned()));
        assert_eq!(decode(b"\xef\xbb\xbf", 1), Ok(String::new()));
        let told = decode(b"Caf\xe9", 4).unwrap_err().to_string();
        assert!(told.contains("line 1 (byte 4)") && told.contains("CSV UTF-8"), "{told}");
    }

    proptest! {
        #[test]
        fn every_form_is_read_in_pieces_of_any_size(text in "[a-zA-Z]{4}[^\0]{0,80}", piece in 1_usize..20) {
            for form in FORMS {
                prop_assert_eq!(decode(&encode(&text, form), piece), Ok(text.clone()), "{:?}", form);
            }
        }

        #[test]
        fn no_bytes_are_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..200), piece in 1_usize..20) {
            let whole = decode(&bytes, bytes.len());
            prop_assert_eq!(decode(&bytes, piece), whole);
        }
    }
}
