//! The `Frequency` cell: how often each option of a product's subscription modifier delivers.
//!
//! The cell is a list in square brackets with `;` between its items, keys and texts in single quotes:
//! `[{'Name': 'Every month', 'option_id': 104, 'every': 1, 'every_period': 3, 'is_default': 'TRUE'}]`.
//! Writing is exact. Reading also takes what people and spreadsheets make of it: `,` for `;` and the reverse,
//! blanks and line breaks anywhere, curly or double quotes, quoted numbers, keys in any case, real JSON.

use serde::{Deserialize, Serialize};

/// Characters of a cell that are read: BigCommerce has at most 250 options, their names 250 characters.
const LONGEST_CELL: usize = 128 * 1024;

/// Ordergroove's periods. 4 means years in one of its texts and months in another, so it is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    /// 1.
    Days,
    /// 2.
    Weeks,
    /// 3.
    Months,
}

impl Period {
    /// The period Ordergroove calls `number`.
    pub fn from_number(number: u32) -> Option<Self> {
        match number {
            1 => Some(Self::Days),
            2 => Some(Self::Weeks),
            3 => Some(Self::Months),
            _ => None,
        }
    }

    /// Ordergroove's number.
    pub fn number(self) -> u32 {
        match self {
            Self::Days => 1,
            Self::Weeks => 2,
            Self::Months => 3,
        }
    }
}

/// One option as a cell has it. Whether it makes sense is for [`super::rules`]: new options come out with zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellOption {
    /// The option's label.
    pub name: String,
    /// BigCommerce's id of the option value.
    pub option_id: u64,
    /// So many periods; 0 for none.
    pub every: u32,
    /// Ordergroove's number of the period; 0 for none.
    pub every_period: u32,
    /// Chosen when the page opens.
    pub is_default: bool,
}

/// Where a cell cannot be read, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} (at character {at})")]
pub struct CellFault {
    /// Characters from 1.
    pub at: usize,
    /// For the merchant.
    pub reason: String,
}

/// Writes the cell.
pub fn write(options: &[CellOption]) -> String {
    let items: Vec<String> = options.iter().map(write_option).collect();
    format!("[{}]", items.join("; "))
}

fn write_option(option: &CellOption) -> String {
    let name = option.name.replace('\\', r"\\").replace('\'', r"\'");
    let is_default = if option.is_default { "TRUE" } else { "FALSE" };
    format!(
        "{{'Name': '{name}', 'option_id': {}, 'every': {}, 'every_period': {}, 'is_default': '{is_default}'}}",
        option.option_id, option.every, option.every_period
    )
}

/// Reads the cell. An empty one is a product without options.
pub fn read(cell: &str) -> Result<Vec<CellOption>, CellFault> {
    if cell.len() > LONGEST_CELL {
        return Err(CellFault { at: 1, reason: "This cell is too long".to_owned() });
    }
    let mut reader = Reader { text: cell.chars().collect(), at: 0 };
    reader.skip_blanks();
    if reader.is_at_end() {
        return Ok(Vec::new());
    }
    let options = reader.list()?;
    reader.skip_blanks();
    if reader.is_at_end() { Ok(options) } else { Err(reader.fault("There is more text after the closing \"]\"")) }
}

/// A value as the cell spells it.
enum Spelled {
    Quoted(String),
    Bare(String),
}

impl Spelled {
    fn text(&self) -> &str {
        match self {
            Self::Quoted(text) | Self::Bare(text) => text.trim(),
        }
    }
}

struct Reader {
    text: Vec<char>,
    at: usize,
}

impl Reader {
    fn list(&mut self) -> Result<Vec<CellOption>, CellFault> {
        self.expect('[', "The list must begin with \"[\"")?;
        let mut options = Vec::new();
        loop {
            self.skip_separators();
            match self.peek() {
                Some(']') => break,
                Some('{') => options.push(self.option()?),
                Some(_) => return Err(self.fault("An option must begin with \"{\"")),
                None => return Err(self.fault("The closing \"]\" is missing")),
            }
        }
        self.at += 1;
        Ok(options)
    }

    fn option(&mut self) -> Result<CellOption, CellFault> {
        let begun = self.at;
        self.at += 1;
        let mut draft = Draft::default();
        loop {
            self.skip_separators();
            match self.peek() {
                Some('}') => break,
                Some(_) => self.pair(&mut draft)?,
                None => return Err(self.fault("The closing \"}\" is missing")),
            }
        }
        self.at += 1;
        draft.finish().map_err(|reason| CellFault { at: begun + 1, reason: reason.to_owned() })
    }

    fn pair(&mut self, draft: &mut Draft) -> Result<(), CellFault> {
        let key = self.spelled()?.text().to_ascii_lowercase();
        self.skip_blanks();
        self.expect(':', "A \":\" is missing after the name of a value")?;
        self.skip_blanks();
        let begun = self.at;
        let value = self.spelled()?;
        draft.put(&key, &value).map_err(|reason| CellFault { at: begun + 1, reason })
    }

    fn spelled(&mut self) -> Result<Spelled, CellFault> {
        match self.peek().and_then(closing_quote) {
            Some(closing) => self.quoted(closing).map(Spelled::Quoted),
            None => self.bare().map(Spelled::Bare),
        }
    }

    fn bare(&mut self) -> Result<String, CellFault> {
        let is_end = |character: char| character.is_whitespace() || "[]{}:;,\"'".contains(character);
        let begun = self.at;
        while self.peek().is_some_and(|character| !is_end(character)) {
            self.at += 1;
        }
        let text: String = self.text[begun..self.at].iter().collect();
        if text.is_empty() { Err(self.fault("A value is missing")) } else { Ok(text) }
    }

    fn quoted(&mut self, closing: &[char]) -> Result<String, CellFault> {
        self.at += 1;
        let mut text = String::new();
        loop {
            match self.next() {
                None => return Err(self.fault("The closing quote is missing")),
                Some('\\') => text.push(self.escaped()?),
                Some(character) if closing.contains(&character) => {
                    if !self.is_apostrophe(character) {
                        return Ok(text);
                    }
                    text.push(character);
                }
                Some(character) => text.push(character),
            }
        }
    }

    /// A quote in the middle of a name, such as "Dad's choice": what follows could not follow a closing one.
    fn is_apostrophe(&self, quote: char) -> bool {
        let after = self.text[self.at..].iter().find(|character| !character.is_whitespace());
        matches!(quote, '\'' | '\u{2019}') && !matches!(after, None | Some(':' | ';' | ',' | '}' | ']'))
    }

    fn escaped(&mut self) -> Result<char, CellFault> {
        match self.next() {
            Some('u') => self.unicode(),
            Some('n') => Ok('\n'),
            Some('t') => Ok('\t'),
            Some('r') => Ok('\r'),
            Some(character) => Ok(character),
            None => Err(self.fault("The closing quote is missing")),
        }
    }

    fn unicode(&mut self) -> Result<char, CellFault> {
        let high = self.four_digits()?;
        let code = if (0xD800..0xDC00).contains(&high) && self.text[self.at..].starts_with(&['\\', 'u']) {
            self.at += 2;
            0x1_0000 + ((high - 0xD800) << 10) + (self.four_digits()?.wrapping_sub(0xDC00) & 0x3FF)
        } else {
            high
        };
        char::from_u32(code).ok_or_else(|| self.fault("A character written as \\u does not exist"))
    }

    fn four_digits(&mut self) -> Result<u32, CellFault> {
        let digits: Option<u32> = (0..4).try_fold(0, |code, _| Some(code * 16 + self.next()?.to_digit(16)?));
        digits.ok_or_else(|| self.fault("Four digits must follow \\u"))
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(|character| character.is_whitespace() || character == '\u{feff}') {
            self.at += 1;
        }
    }

    fn skip_separators(&mut self) {
        self.skip_blanks();
        while self.peek().is_some_and(|character| character == ';' || character == ',') {
            self.at += 1;
            self.skip_blanks();
        }
    }

    fn expect(&mut self, character: char, reason: &str) -> Result<(), CellFault> {
        if self.peek() != Some(character) {
            return Err(self.fault(reason));
        }
        self.at += 1;
        Ok(())
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += 1;
        Some(character)
    }

    fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    fn fault(&self, reason: &str) -> CellFault {
        CellFault { at: self.at + 1, reason: reason.to_owned() }
    }
}

/// What closes a text that opens with `quote`; word processors curl quotes.
fn closing_quote(quote: char) -> Option<&'static [char]> {
    match quote {
        '\'' => Some(&['\'']),
        '"' => Some(&['"']),
        '\u{2018}' | '\u{2019}' => Some(&['\u{2019}', '\u{2018}']),
        '\u{201c}' | '\u{201d}' | '\u{201e}' => Some(&['\u{201d}', '\u{201c}']),
        _ => None,
    }
}

/// An option while its values come in, in any order.
#[derive(Default)]
struct Draft {
    name: Option<String>,
    option_id: Option<u64>,
    every: Option<u32>,
    every_period: Option<u32>,
    is_default: Option<bool>,
}

impl Draft {
    fn put(&mut self, key: &str, value: &Spelled) -> Result<(), String> {
        let repeated = match key {
            "name" => self.name.replace(value.text().to_owned()).is_some(),
            "option_id" => self.option_id.replace(number(key, value)?).is_some(),
            "every" => self.every.replace(number(key, value)?).is_some(),
            "every_period" => self.every_period.replace(number(key, value)?).is_some(),
            "is_default" => self.is_default.replace(truth(value)?).is_some(),
            // Columns and keys of other tools are none of our business.
            _ => false,
        };
        if repeated { Err(format!("\"{key}\" is there twice")) } else { Ok(()) }
    }

    fn finish(self) -> Result<CellOption, &'static str> {
        Ok(CellOption {
            name: self.name.unwrap_or_default(),
            option_id: self.option_id.ok_or("This option has no option_id")?,
            every: self.every.unwrap_or(0),
            every_period: self.every_period.unwrap_or(0),
            is_default: self.is_default.unwrap_or(false),
        })
    }
}

fn number<N: TryFrom<u64>>(key: &str, value: &Spelled) -> Result<N, String> {
    // A spreadsheet may have made 1.0 of 1; an empty text is a number nobody has entered yet.
    let text = value.text();
    let whole =
        text.split_once('.').filter(|(_, rest)| rest.bytes().all(|byte| byte == b'0')).map_or(text, |(whole, _)| whole);
    let whole = if whole.is_empty() || whole.eq_ignore_ascii_case("null") { "0" } else { whole };
    let number = whole.parse::<u64>().ok().filter(|number| *number < 1 << 53);
    number.and_then(|number| N::try_from(number).ok()).ok_or_else(|| format!("\"{key}\" must be a whole number"))
}

fn truth(value: &Spelled) -> Result<bool, String> {
    match value.text().to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" | "" | "null" => Ok(false),
        _ => Err("\"is_default\" must be TRUE or FALSE".to_owned()),
    }
}

#[cfg(test)]
mod tests;
