//! What one field of the settings may be: each rule gives the text to keep, or what to tell the merchant.

use crate::ordergroove::signature::HASH_KEY_LENGTH;
use crate::sftp::{Fingerprint, PrivateKey};

pub(super) fn merchant_id(text: &str) -> Result<String, String> {
    let good =
        text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    good.then(|| text.to_owned())
        .ok_or_else(|| "A merchant ID has letters, digits, \"-\" and \"_\" only, no blanks, and at most 64 of them. Copy it from Ordergroove.".to_owned())
}

/// Ordergroove: a hash key is 32 bytes of ASCII.
pub(super) fn secret_key(text: &str) -> Result<String, String> {
    let good = text.len() == HASH_KEY_LENGTH && text.bytes().all(|byte| byte.is_ascii_graphic());
    good.then(|| text.to_owned()).ok_or_else(|| {
        format!("The secret key has exactly {HASH_KEY_LENGTH} characters; this one has {}.", text.chars().count())
    })
}

pub(super) fn visible(text: &str, longest: usize) -> Result<String, String> {
    let good = text.len() <= longest && !text.chars().any(char::is_control);
    good.then(|| text.to_owned()).ok_or_else(|| format!("Enter at most {longest} characters, on one line."))
}

/// It travels in a header.
pub(super) fn api_key(text: &str) -> Result<String, String> {
    let good = text.len() <= 256 && text.bytes().all(|byte| byte.is_ascii_graphic());
    good.then(|| text.to_owned())
        .ok_or_else(|| "The API key is at most 256 characters without spaces; copy it from Ordergroove.".to_owned())
}

pub(super) fn private_key(text: &str) -> Result<String, String> {
    let good = text.len() <= 16 * 1024
        && text.starts_with("-----BEGIN ")
        && text.contains("PRIVATE KEY-----")
        && text.ends_with("-----");
    if !good {
        return Err("Paste the whole private key, from -----BEGIN to the last line.".to_owned());
    }
    PrivateKey::parse(text).map(|_| text.to_owned()).map_err(|fault| fault.message().to_owned())
}

/// As OpenSSH writes it.
pub(super) fn host_key(text: &str) -> Result<String, String> {
    Fingerprint::parse(text).map(|fingerprint| fingerprint.to_string()).ok_or_else(|| {
        "Enter the fingerprint of the server's key: SHA256: and 43 letters, as ssh-keygen -lf shows it.".to_owned()
    })
}

pub(super) fn directory(text: &str) -> Result<String, String> {
    let good = text.starts_with('/')
        && text.len() <= 255
        && !text.split('/').any(|part| part == "..")
        && !text.chars().any(char::is_control);
    good.then(|| text.to_owned()).ok_or_else(|| "Enter a folder that begins with \"/\", such as /incoming.".to_owned())
}
