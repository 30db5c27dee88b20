//! Texts as a feed has them: ASCII without control characters, cut to a length, safe inside XML.

use std::borrow::Cow;

use super::ascii;

/// A text in ASCII: letters of other scripts transliterated, control characters gone, blanks one at a time.
pub fn ascii(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut spelled = String::with_capacity(text.len());
    let mut after_word = false;
    for letter in text.chars() {
        let at = spelled.len();
        ascii::push(letter, &mut spelled);
        // A word of Chinese comes with a blank behind it; it needs one on both sides, but only towards other words.
        let is_word = spelled.len() > at + 1 && spelled.ends_with(' ');
        if is_word {
            spelled.pop();
        }
        let is_open = |side: Option<char>| side.is_some_and(|letter| letter.is_ascii_alphanumeric());
        let (before, new) = spelled.split_at(at);
        if (is_word || after_word) && is_open(before.chars().next_back()) && is_open(new.chars().next()) {
            spelled.insert(at, ' ');
        }
        after_word = is_word;
    }
    let mut out = String::with_capacity(spelled.len());
    for letter in spelled.chars() {
        match letter {
            '\t' | '\n' | '\r' | ' ' if out.is_empty() || out.ends_with(' ') => {}
            '\t' | '\n' | '\r' => out.push(' '),
            letter if letter.is_ascii_control() => {}
            letter => out.push(letter),
        }
    }
    out.truncate(out.trim_end().len());
    Cow::Owned(out)
}

fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().all(|byte| (0x20..0x7f).contains(byte))
        && !bytes.starts_with(b" ")
        && !bytes.ends_with(b" ")
        && !bytes.windows(2).any(|two| two == b"  ")
}

/// The beginning of an ASCII text: whole words, unless a word is longer than half of what there is room for.
pub fn cut(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let (room, rest) = text.split_at(text.floor_char_boundary(most));
    if rest.starts_with(' ') {
        return room.trim_end();
    }
    match room.rfind(' ').filter(|at| *at >= most / 2) {
        Some(at) => room[..at].trim_end(),
        None => room,
    }
}

/// Appends a text as CDATA. The one thing that would end it is divided between two.
pub fn push_cdata(text: &str, xml: &mut Vec<u8>) {
    xml.extend_from_slice(b"<![CDATA[");
    for (at, part) in text.split("]]>").enumerate() {
        if at > 0 {
            xml.extend_from_slice(b"]]]]><![CDATA[>");
        }
        xml.extend_from_slice(part.as_bytes());
    }
    xml.extend_from_slice(b"]]>");
}

/// Appends a text plain if it can be, else as CDATA.
pub fn push(text: &str, xml: &mut Vec<u8>) {
    if text.bytes().any(|byte| matches!(byte, b'<' | b'>' | b'&')) {
        push_cdata(text, xml);
    } else {
        xml.extend_from_slice(text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_stay_readable() {
        for (text, expected) in [
            ("Green Tea 250 g", "Green Tea 250 g"),
            ("Crème brûlée — 250\u{a0}g, ½ kg", "Creme brulee - 250 g, 1/2 kg"),
            ("Cre\u{300}me", "Creme"),
            ("Đặc sản Việt Nam", "Dac san Viet Nam"),
            ("Søren’s “æble” für Straße…", "Soren's \"aeble\" fur Strasse..."),
            ("Çay İstanbul ığdır", "Cay Istanbul igdir"),
            ("Żółta herbata", "Zolta herbata"),
            ("Ελληνικό ελαιόλαδο", "Elleniko elaiolado"),
            ("Чёрный чай", "Chiornyi chai"),
            ("Matcha抹茶(日本)", "Matcha Mo Cha(Ri Ben)"),
            ("ミルクティー", "mirukutei"),
            ("한국 홍삼", "hangug hongsam"),
            ("Ｆｕｌｌ ﬁne", "Full fine"),
            ("Brand™ ®© 5° €5 x² H₂O", "Brand(TM) (R)(C) 5deg EUR5 x2 H2O"),
            ("Tea 🍵❤️ cup", "Tea cup"),
            (" \t two \r\n lines\0\u{7f}\u{200b} ", "two lines"),
            ("\u{feff}\u{fffe}\u{ffff}\u{85}", ""),
        ] {
            assert_eq!(ascii(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_too_long_ends_with_a_word() {
        for (text, most, expected) in [
            ("one two three", 13, "one two three"),
            ("one two three", 12, "one two"),
            ("one two three", 8, "one two"),
            ("one two three", 7, "one two"),
            ("one two three", 6, "one"),
            ("onetwothree", 6, "onetwo"),
            ("a onetwothree", 10, "a onetwoth"),
        ] {
            assert_eq!(cut(text, most), expected, "{text} {most}");
        }
    }

    #[test]
    fn the_end_of_cdata_is_no_end() {
        let mut xml = Vec::new();
        push_cdata("a]]>b", &mut xml);
        assert_eq!(xml, b"<![CDATA[a]]]]><![CDATA[>b]]>");
    }

    proptest! {
        #[test]
        fn any_text_becomes_printable_ascii(text in any::<String>()) {
            let spelled = ascii(&text);
            prop_assert!(is_plain(&spelled), "{spelled:?}");
            prop_assert_eq!(ascii(&spelled), spelled.clone());
        }

        #[test]
        fn a_cut_text_is_a_beginning_that_fits(text in "[a-z ]{0,40}", most in 1..40_usize) {
            let short = cut(&text, most);
            prop_assert!(short.len() <= most && text.starts_with(short));
            prop_assert!(text.len() > most || short == text);
        }
    }
}
