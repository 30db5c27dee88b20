//! Packs what feeds need of deunicode's table: whole, it would make the Worker a quarter larger.
//!
//! Left out are pictures and scripts that no shop writes; Korean syllables are put together of their letters.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{env, fs};

/// The scripts of Europe, the Near East and India, Thai and Georgian; marks and currencies; Japanese; Chinese, which
/// takes more than all others together (30 KB gzipped); joined letters; letters of full width.
const RANGES: [(u32, u32); 6] =
    [(0x80, 0x1100), (0x1e00, 0x2300), (0x3000, 0x3100), (0x4e00, 0xa000), (0xfb00, 0xfb07), (0xff00, 0xfff0)];

/// A Korean syllable has one of 19 beginnings, of 21 middles and of 28 ends; the first end is none.
const FIRST_SYLLABLE: u32 = 0xac00;
const MIDDLES: u32 = 21;
const ENDS: u32 = 28;
/// The beginning that is silent.
const SILENT: u32 = 11;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let letters = RANGES.into_iter().flat_map(|(first, end)| (first..end).map(ascii));
    let words: Vec<&str> = letters.chain(korean_letters()).collect();
    let mut places: BTreeMap<&str, u16> = words.iter().map(|word| (*word, 0)).collect();
    let mut texts = Vec::new();
    for (word, place) in &mut places {
        *place = u16::try_from(texts.len()).expect("short enough for two bytes");
        texts.push(u8::try_from(word.len()).expect("a short word"));
        texts.extend(word.bytes());
    }
    let index: Vec<u8> = words.iter().flat_map(|word| places[word].to_le_bytes()).collect();
    let ranges = format!("[(u32, u32); {}] = {RANGES:?}", RANGES.len());
    write("ascii_ranges.rs", format!("const RANGES: {ranges};\n").as_bytes());
    write("ascii_index.bin", &index);
    write("ascii_words.bin", &texts);
}

fn ascii(code: u32) -> &'static str {
    char::from_u32(code).and_then(deunicode::deunicode_char).unwrap_or_default()
}

/// All beginnings, then all middles, then all ends.
fn korean_letters() -> impl Iterator<Item = &'static str> {
    let syllable =
        |beginning: u32, middle: u32, end: u32| ascii(FIRST_SYLLABLE + (beginning * MIDDLES + middle) * ENDS + end);
    let beginnings = (0..19).map(move |at| syllable(at, 0, 0).trim_end_matches('a'));
    let middles = (0..MIDDLES).map(move |at| syllable(SILENT, at, 0));
    let ends = (0..ENDS).map(move |at| syllable(SILENT, 0, at).strip_prefix('a').expect("begins with its middle"));
    beginnings.chain(middles).chain(ends)
}

fn write(name: &str, bytes: &[u8]) {
    let folder = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo"));
    fs::write(folder.join(name), bytes).expect("writable");
}
