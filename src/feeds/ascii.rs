//! Letters of all scripts as ASCII, which is all that Ordergroove takes (Ordergroove, "General reference").

include!(concat!(env!("OUT_DIR"), "/ascii_ranges.rs"));

/// For each letter of the ranges, then for each Korean one: where its word begins. Two bytes, the lower first.
static INDEX: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/ascii_index.bin"));

/// Words, each after its length.
static WORDS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/ascii_words.bin"));

const KOREAN: std::ops::RangeInclusive<u32> = 0xac00..=0xd7a3;
const BEGINNINGS: u32 = 19;
const MIDDLES: u32 = 21;
const ENDS: u32 = 28;

/// Appends what an ASCII reader reads for `letter`: nothing for an accent of its own, a blank for a picture.
pub(super) fn push(letter: char, text: &mut String) {
    match (letter, u32::from(letter)) {
        ('\u{2013}' | '\u{2014}', _) => text.push('-'),
        ('™', _) => text.push_str("(TM)"),
        ('®', _) => text.push_str("(R)"),
        ('©', _) => text.push_str("(C)"),
        (_, 0..0x80) => text.push(letter),
        (_, code) if KOREAN.contains(&code) => {
            let (syllable, first) = (code - KOREAN.start(), ranges_end());
            let (beginning, middle, end) = (syllable / ENDS / MIDDLES, syllable / ENDS % MIDDLES, syllable % ENDS);
            text.push_str(word(first + beginning));
            text.push_str(word(first + BEGINNINGS + middle));
            text.push_str(word(first + BEGINNINGS + MIDDLES + end));
        }
        (_, code) => text.push_str(place(code).map_or(" ", word)),
    }
}

fn place(code: u32) -> Option<u32> {
    let mut before = 0;
    for (first, end) in RANGES {
        if (first..end).contains(&code) {
            return Some(before + code - first);
        }
        before += end - first;
    }
    None
}

fn ranges_end() -> u32 {
    RANGES.iter().map(|(first, end)| end - first).sum()
}

fn word(place: u32) -> &'static str {
    let two = INDEX.chunks_exact(2).nth(place as usize).map_or([0, 0], |two| [two[0], two[1]]);
    let rest = &WORDS[usize::from(u16::from_le_bytes(two))..];
    rest.split_first()
        .and_then(|(length, rest)| std::str::from_utf8(rest.get(..usize::from(*length))?).ok())
        .unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ascii(letter: char) -> String {
        let mut text = String::new();
        push(letter, &mut text);
        text
    }

    #[test]
    fn every_letter_is_as_deunicode_has_it() {
        let ranges = RANGES.into_iter().flat_map(|(first, end)| first..end);
        let mut compared = 0;
        for letter in ranges.chain(KOREAN).filter_map(char::from_u32) {
            if "\u{2013}\u{2014}™®©".contains(letter) {
                continue;
            }
            assert_eq!(ascii(letter), deunicode::deunicode_char(letter).unwrap_or(""), "{letter}");
            compared += 1;
        }
        assert!(compared > 37_000);
    }

    #[test]
    fn no_letter_leaves_ascii() {
        assert!(('\0'..=char::MAX).all(|letter| ascii(letter).is_ascii()));
    }
}
