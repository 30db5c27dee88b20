//! The server's key: what it is known by, and the proof that the server has it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use super::fault::Fault;
use super::wire::{Malformed, Reader};

/// A key's SHA-256, written as OpenSSH does: `SHA256:` and base64 without padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Of a key as it is sent.
    pub fn of(key: &[u8]) -> Self {
        Self(Sha256::digest(key).into())
    }

    /// Reads what [`Display`](fmt::Display) writes.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = STANDARD_NO_PAD.decode(text.strip_prefix("SHA256:")?).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SHA256:{}", STANDARD_NO_PAD.encode(self.0))
    }
}

/// How a signature is made, in WebCrypto's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scheme {
    /// `Ed25519`, `ECDSA` or `RSASSA-PKCS1-v1_5`.
    pub name: &'static str,
    /// The curve, if it has one to name.
    pub curve: &'static str,
    /// The hash, if it has one to name.
    pub hash: &'static str,
    /// Bytes of one half of an ECDSA signature.
    pub(super) half: usize,
}

const SCHEMES: [(&str, Scheme); 6] = [
    ("ssh-ed25519", Scheme { name: "Ed25519", curve: "Ed25519", hash: "", half: 0 }),
    ("ecdsa-sha2-nistp256", Scheme { name: "ECDSA", curve: "P-256", hash: "SHA-256", half: 32 }),
    ("ecdsa-sha2-nistp384", Scheme { name: "ECDSA", curve: "P-384", hash: "SHA-384", half: 48 }),
    ("ecdsa-sha2-nistp521", Scheme { name: "ECDSA", curve: "P-521", hash: "SHA-512", half: 66 }),
    ("rsa-sha2-512", Scheme { name: "RSASSA-PKCS1-v1_5", curve: "", hash: "SHA-512", half: 0 }),
    ("rsa-sha2-256", Scheme { name: "RSASSA-PKCS1-v1_5", curve: "", hash: "SHA-256", half: 0 }),
];

impl Scheme {
    /// By its SSH name.
    pub fn named(name: &str) -> Option<Self> {
        SCHEMES.iter().find(|(known, _)| *known == name).map(|(_, scheme)| *scheme)
    }

    /// A signature as WebCrypto takes it, from SSH's form.
    fn in_webcrypto(self, signature: &[u8], modulus: usize) -> Result<Vec<u8>, Malformed> {
        match self.name {
            "ECDSA" => {
                let mut reader = Reader::new(signature);
                let halves = [reader.number()?, reader.number()?];
                Ok([padded(halves[0], self.half)?, padded(halves[1], self.half)?].concat())
            }
            "Ed25519" => Ok(signature.to_vec()),
            _ => padded(signature, modulus),
        }
    }

    /// A signature in SSH's form, from WebCrypto's.
    pub fn in_ssh(self, signature: &[u8]) -> Vec<u8> {
        use super::wire::Put as _;
        if self.name != "ECDSA" {
            return signature.to_vec();
        }
        let (r, s) = signature.split_at(self.half.min(signature.len()));
        let mut blob = Vec::new();
        blob.put_number(r);
        blob.put_number(s);
        blob
    }
}

fn padded(bytes: &[u8], length: usize) -> Result<Vec<u8>, Malformed> {
    let zeros = length.checked_sub(bytes.len()).ok_or(Malformed)?;
    Ok([&vec![0; zeros], bytes].concat())
}

/// What is to be verified, as the runtime takes it.
#[derive(Debug, PartialEq, Eq)]
pub struct Proof {
    pub scheme: Scheme,
    /// The public key as a JSON Web Key.
    pub key: String,
    pub signature: Vec<u8>,
}

impl Proof {
    /// Reads a server's key and signature; both must be of the kind that was agreed on.
    pub fn read(agreed: &str, key: &[u8], signature: &[u8]) -> Result<Self, Fault> {
        let scheme = Scheme::named(agreed).ok_or(Fault::HostKeyUnproved)?;
        let mut signed = Reader::new(signature);
        let mut key = Reader::new(key);
        let kind = if scheme.curve.is_empty() { "ssh-rsa" } else { agreed };
        if signed.text()? != agreed || key.text()? != kind {
            return Err(Fault::HostKeyUnproved);
        }
        let signature = signed.string()?;
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let (key, modulus) = match scheme.name {
            "Ed25519" => (serde_json::json!({"kty": "OKP", "crv": "Ed25519", "x": text(key.string()?)}), 0),
            "ECDSA" => {
                key.string()?;
                let (x, y) = point(key.string()?, scheme.half)?;
                (serde_json::json!({"kty": "EC", "crv": scheme.curve, "x": text(x), "y": text(y)}), 0)
            }
            _ => {
                let (e, n) = (key.number()?, key.number()?);
                (serde_json::json!({"kty": "RSA", "e": text(e), "n": text(n)}), n.len())
            }
        };
        let signature = scheme.in_webcrypto(signature, modulus)?;
        Ok(Self { scheme, key: key.to_string(), signature })
    }
}

/// The two halves of an uncompressed point.
pub fn point(bytes: &[u8], half: usize) -> Result<(&[u8], &[u8]), Malformed> {
    match bytes.split_first() {
        Some((4, halves)) if halves.len() == 2 * half => Ok(halves.split_at(half)),
        _ => Err(Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::super::wire::Put as _;
    use super::*;

    #[test]
    fn a_fingerprint_reads_as_openssh_writes_it() {
        // Made with ssh-keygen -lf.
        let key = "AAAAC3NzaC1lZDI1NTE5AAAAIBUtdOICcPJUJpHG3yLMvZJ3XhA7XsD1y8R3yqkLOqoS";
        let key = base64::engine::general_purpose::STANDARD.decode(key).unwrap();
        let fingerprint = Fingerprint::of(&key);
        assert_eq!(Fingerprint::parse(&fingerprint.to_string()), Some(fingerprint));
        for bad in ["", "SHA256:", "SHA256:abc", "MD5:00:11", "sha256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"] {
            assert_eq!(Fingerprint::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_key_of_another_kind_than_agreed_proves_nothing() {
        let mut key = Vec::new();
        key.put_string("ssh-ed25519");
        key.put_string([1; 32]);
        let mut signature = Vec::new();
        signature.put_string("ssh-ed25519");
        signature.put_string([2; 64]);
        assert!(Proof::read("ssh-ed25519", &key, &signature).is_ok());
        for agreed in ["rsa-sha2-512", "ecdsa-sha2-nistp256", "ssh-rsa", ""] {
            assert_eq!(Proof::read(agreed, &key, &signature), Err(Fault::HostKeyUnproved), "{agreed}");
        }
        for length in 0..key.len() {
            assert!(Proof::read("ssh-ed25519", &key[..length], &signature).is_err(), "{length}");
        }
    }

    #[test]
    fn the_halves_of_a_signature_keep_their_length() {
        let scheme = Scheme::named("ecdsa-sha2-nistp256").unwrap();
        let mut halves = vec![0; 64];
        (halves[1], halves[40]) = (0x90, 7);
        assert_eq!(scheme.in_webcrypto(&scheme.in_ssh(&halves), 0).unwrap(), halves);
        let mut long = Vec::new();
        long.put_number(&[1; 40]);
        long.put_number(&[1; 32]);
        assert!(scheme.in_webcrypto(&long, 0).is_err());
    }
}
