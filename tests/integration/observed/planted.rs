//! Secrets that were planted, in every form they could leak in, and what was heard.

use std::cell::RefCell;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::RequestBuilder;

/// Named secrets, each with the texts that would give it away.
#[derive(Default)]
pub struct Secrets(Vec<(String, Vec<String>)>);

impl Secrets {
    /// Adds a secret.
    pub fn add(&mut self, name: &str, secret: &str) {
        assert!(secret.len() >= 16, "{name} is too short to be looked for");
        let mut forms = vec![
            secret.to_owned(),
            secret.chars().rev().collect(),
            hex(secret),
            hex(secret).to_uppercase(),
            utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
            secret.replace('+', " "),
        ];
        // Base64 of a text that has the secret in it, wherever it begins there; whole groups of four only.
        for before in 0..3 {
            let text = [&b"---"[..before], secret.as_bytes()].concat();
            let inner = |encoded: String| encoded[(before * 4).div_ceil(3)..encoded.len() / 4 * 4 - 4].to_owned();
            forms.extend([inner(STANDARD_NO_PAD.encode(&text)), inner(URL_SAFE_NO_PAD.encode(&text))]);
        }
        self.0.push((name.to_owned(), forms));
    }

    /// Fails if `text` gives a secret away.
    pub fn search(&self, place: &str, text: &str) {
        for (name, forms) in &self.0 {
            for form in forms {
                if let Some(at) = text.find(form.as_str()) {
                    let around: String =
                        text[..at].chars().rev().take(200).collect::<Vec<_>>().into_iter().rev().collect();
                    panic!("{name}, as {form}, in {place}, after: {around}");
                }
            }
        }
    }
}

fn hex(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a text grows");
        hex
    })
}

/// Every answer, with its headers.
#[derive(Default)]
pub struct Heard(RefCell<Vec<(String, String)>>);

impl Heard {
    /// Sends a request and keeps the answer.
    pub async fn hears(&self, what: &str, request: RequestBuilder) {
        let answer = request.send().await.expect("an answer");
        let head = format!("{} {:?}", answer.status(), answer.headers());
        let text = answer.text().await.expect("text");
        self.0.borrow_mut().push((what.to_owned(), format!("{head}\n{text}")));
    }

    /// Fails if an answer gives a secret away.
    pub fn search(&self, secrets: &Secrets) {
        let heard = self.0.borrow();
        assert!(heard.len() > 50, "{} answers", heard.len());
        for (what, answer) in heard.iter() {
            secrets.search(what, answer);
        }
    }
}

#[test]
fn a_secret_is_found_in_every_form() {
    use base64::engine::general_purpose::STANDARD;
    let secret = "a-secret+of/this=test";
    let mut secrets = Secrets::default();
    secrets.add("it", secret);
    for text in [
        format!("x{secret}x"),
        hex(&format!("x{secret}x")),
        utf8_percent_encode(&format!("={secret}&"), NON_ALPHANUMERIC).to_string(),
        STANDARD.encode(format!("{secret}, and more")),
        STANDARD.encode(format!("x{secret}, and more")),
        URL_SAFE_NO_PAD.encode(format!("xy{secret}")),
        URL_SAFE_NO_PAD.encode(format!("xyz{secret}")),
    ] {
        assert!(std::panic::catch_unwind(|| secrets.search("a text", &text)).is_err(), "{text}");
    }
    secrets.search("a text", "nothing of it");
}
