//! Compact signed tokens, as `BigCommerce` makes them, and as an attacker might.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::{Sha256, Sha384, Sha512};

use crate::model::JwtAlg;

/// Signs any claims with the secret's raw bytes; `JwtAlg::None` leaves the signature empty.
pub(crate) fn sign(alg: JwtAlg, secret: &str, claims: &Value) -> String {
    let header = json!({ "typ": "JWT", "alg": alg });
    let message =
        format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
    let (key, text) = (secret.as_bytes(), message.as_bytes());
    let signature = match alg {
        JwtAlg::Hs256 => tag::<Hmac<Sha256>>(key, text),
        JwtAlg::Hs384 => tag::<Hmac<Sha384>>(key, text),
        JwtAlg::Hs512 => tag::<Hmac<Sha512>>(key, text),
        JwtAlg::None => Vec::new(),
    };
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn tag<M: Mac + hmac::digest::KeyInit>(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = <M as Mac>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_the_example_of_rfc_7515() {
        // Appendix A.1 signs other header bytes, so only the MAC itself is compared.
        let key = URL_SAFE_NO_PAD
            .decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
            .expect("base64url");
        let text = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        assert_eq!(
            URL_SAFE_NO_PAD.encode(tag::<Hmac<Sha256>>(&key, text.as_bytes())),
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        );
    }

    #[test]
    fn an_unsigned_token_ends_with_a_dot() {
        assert!(sign(JwtAlg::None, "s", &json!({})).ends_with('.'));
    }
}
