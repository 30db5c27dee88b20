//! Seals secrets wherever they rest: AES-256-GCM under a ring of keys.
//!
//! A sealed text is `<key id>.<base64url of nonce and ciphertext>`. The name of the record is
//! authenticated with it, so a sealed text copied into another record or app does not open. The
//! first key of the ring seals, every key opens: a key is retired by putting a new one in front and
//! waiting until the re-seal job has been everywhere.

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::error::{Error, Result};
use crate::platform::random;
use crate::secret::Secret;

/// Bytes of a GCM nonce.
const NONCE: usize = 12;

/// The ring.
pub struct Sealer {
    keys: Vec<(String, Aes256Gcm)>,
}

impl Sealer {
    /// Reads `SEALING_KEYS`: comma-separated `id:base64 of 32 bytes`.
    pub fn from_ring(ring: &str) -> Result<Self> {
        let wrong = |what: &str| Error::internal(format!("secret SEALING_KEYS: {what}"));
        let mut keys: Vec<(String, Aes256Gcm)> = Vec::new();
        for entry in ring.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            let (id, key) = entry.split_once(':').ok_or_else(|| wrong("an entry is not id:key"))?;
            if id.is_empty()
                || !id.bytes().all(|byte| byte.is_ascii_alphanumeric())
                || keys.iter().any(|(known, _)| known == id)
            {
                return Err(wrong("key ids must be letters and digits, each once"));
            }
            let key = STANDARD.decode(key).map_err(|_| wrong("a key is not base64"))?;
            let cipher = Aes256Gcm::new_from_slice(&key).map_err(|_| wrong("a key is not 32 bytes"))?;
            keys.push((id.to_owned(), cipher));
        }
        if keys.is_empty() { Err(wrong("no key")) } else { Ok(Self { keys }) }
    }

    /// Seals `secret` for the record called `name`.
    pub fn seal(&self, name: &str, secret: &Secret) -> Result<String> {
        let (id, cipher) = &self.keys[0];
        let nonce = random::bytes::<NONCE>()?;
        let payload = Payload { msg: secret.expose().as_bytes(), aad: name.as_bytes() };
        let sealed =
            cipher.encrypt(Nonce::from_slice(&nonce), payload).map_err(|_| Error::internal("sealing failed"))?;
        Ok(format!("{id}.{}", URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat())))
    }

    /// Opens what was sealed for the record called `name`.
    pub fn open(&self, name: &str, sealed: &str) -> Result<Secret> {
        let wrong = |what: &str| Error::internal(format!("sealed record {name}: {what}"));
        let (id, bytes) = sealed.split_once('.').ok_or_else(|| wrong("malformed"))?;
        let (_, cipher) = self
            .keys
            .iter()
            .find(|(known, _)| known == id)
            .ok_or_else(|| wrong("sealed with a key that is not in the ring"))?;
        let bytes = URL_SAFE_NO_PAD.decode(bytes).map_err(|_| wrong("malformed"))?;
        let (nonce, ciphertext) = bytes.split_at_checked(NONCE).ok_or_else(|| wrong("too short"))?;
        let payload = Payload { msg: ciphertext, aad: name.as_bytes() };
        let opened = cipher.decrypt(Nonce::from_slice(nonce), payload).map_err(|_| wrong("does not open"))?;
        String::from_utf8(opened).map(Secret::new).map_err(|_| wrong("is not text"))
    }

    /// Whether `sealed` was sealed with the key that seals now.
    pub fn is_current(&self, sealed: &str) -> bool {
        sealed.split_once('.').is_some_and(|(id, _)| id == self.keys[0].0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const BOTH: &str = "b:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=, a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    #[test]
    fn the_first_key_seals_and_every_key_opens() {
        let (old, both) = (Sealer::from_ring(OLD).unwrap(), Sealer::from_ring(BOTH).unwrap());
        let sealed = old.seal("x/token", &Secret::new("tok-é")).unwrap();
        assert!(!sealed.contains("tok"));
        assert_eq!(both.open("x/token", &sealed).unwrap().expose(), "tok-é");
        assert!(old.is_current(&sealed) && !both.is_current(&sealed));
        let resealed = both.seal("x/token", &both.open("x/token", &sealed).unwrap()).unwrap();
        assert!(both.is_current(&resealed) && old.open("x/token", &resealed).is_err());
    }

    #[test]
    fn a_sealed_text_opens_in_its_own_record_only_and_untouched_only() {
        let sealer = Sealer::from_ring(OLD).unwrap();
        let sealed = sealer.seal("x/token", &Secret::new("tok")).unwrap();
        assert_ne!(sealed, sealer.seal("x/token", &Secret::new("tok")).unwrap(), "a nonce is never used twice");
        assert!(sealer.open("y/token", &sealed).is_err());
        for broken in [
            "",
            "a",
            "a.",
            "a.AAAA",
            "z.AAAA",
            &sealed[..sealed.len() - 1],
            &format!("{sealed}A"),
            &sealed.replacen("a.", "a.B", 1),
        ] {
            let Err(Error::Internal { cause }) = sealer.open("x/token", broken) else { panic!("{broken}") };
            assert!(!cause.contains("tok-"), "{cause}");
        }
    }

    #[test]
    fn a_broken_ring_is_refused() {
        for ring in [
            "",
            ",",
            "a",
            "a:",
            "a:AAAA",
            ":AAAA",
            "a b:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            &format!("{OLD},{OLD}"),
        ] {
            assert!(Sealer::from_ring(ring).is_err(), "{ring}");
        }
    }
}
