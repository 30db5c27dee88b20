//! A merchant's private key, from any of the usual files, as WebCrypto takes it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::json;

use super::fault::KeyFault;
use super::host_key::{Scheme, point};
use super::wire::{Malformed, Put as _, Reader};

impl From<Malformed> for KeyFault {
    fn from(_: Malformed) -> Self {
        Self::Unreadable
    }
}

/// A private key that could be read.
#[derive(PartialEq, Eq)]
pub struct PrivateKey {
    /// The names it may sign under, the best first.
    pub schemes: &'static [&'static str],
    /// PKCS#8; empty if `jwk` is there.
    pub pkcs8: Vec<u8>,
    /// A JSON Web Key, or empty.
    pub jwk: String,
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PrivateKey({:?})", self.schemes)
    }
}

const RSA: &[&str] = &["rsa-sha2-512", "rsa-sha2-256"];

/// By the name of an elliptic curve's scheme.
fn elliptic(name: &str) -> Result<&'static [&'static str], KeyFault> {
    Ok(match name {
        "ssh-ed25519" => &["ssh-ed25519"],
        "ecdsa-sha2-nistp256" => &["ecdsa-sha2-nistp256"],
        "ecdsa-sha2-nistp384" => &["ecdsa-sha2-nistp384"],
        "ecdsa-sha2-nistp521" => &["ecdsa-sha2-nistp521"],
        _ => return Err(KeyFault::UnknownKind),
    })
}

impl PrivateKey {
    /// Reads a key file: OpenSSH's, PKCS#8, PKCS#1 or SEC 1.
    pub fn parse(text: &str) -> Result<Self, KeyFault> {
        let (label, body) = text
            .trim()
            .strip_prefix("-----BEGIN ")
            .and_then(|rest| rest.split_once("-----"))
            .ok_or(KeyFault::Unreadable)?;
        let (body, _) = body.split_once("-----END ").ok_or(KeyFault::Unreadable)?;
        if label.starts_with("ENCRYPTED") || body.contains("ENCRYPTED") {
            return Err(KeyFault::Encrypted);
        }
        let letters: String = body.split_ascii_whitespace().collect();
        let bytes = STANDARD.decode(letters).map_err(|_| KeyFault::Unreadable)?;
        match label {
            "OPENSSH PRIVATE KEY" => openssh(&bytes),
            "PRIVATE KEY" => pkcs8(bytes),
            "RSA PRIVATE KEY" => {
                Ok(Self { schemes: RSA, pkcs8: wrapped(OID_RSA, &[5, 0], &bytes), jwk: String::new() })
            }
            "EC PRIVATE KEY" => sec1(&bytes),
            _ => Err(KeyFault::UnknownKind),
        }
    }

    /// The public half as it is sent, from the key's JSON Web Key.
    pub fn public(&self, jwk: &str) -> Result<Vec<u8>, KeyFault> {
        #[derive(Deserialize)]
        struct Public {
            x: Option<String>,
            y: Option<String>,
            n: Option<String>,
            e: Option<String>,
        }
        let public: Public = serde_json::from_str(jwk).map_err(|_| KeyFault::Unreadable)?;
        let part =
            |text: Option<String>| URL_SAFE_NO_PAD.decode(text.unwrap_or_default()).map_err(|_| KeyFault::Unreadable);
        let mut blob = Vec::new();
        match self.schemes[0] {
            "ssh-ed25519" => {
                blob.put_string("ssh-ed25519");
                blob.put_string(part(public.x)?);
            }
            name => {
                if let Some(curve) = name.strip_prefix("ecdsa-sha2-") {
                    blob.put_string(name);
                    blob.put_string(curve);
                    blob.put_string([vec![4], part(public.x)?, part(public.y)?].concat());
                } else {
                    blob.put_string("ssh-rsa");
                    blob.put_number(&part(public.e)?);
                    blob.put_number(&part(public.n)?);
                }
            }
        }
        Ok(blob)
    }
}

/// OpenSSH, PROTOCOL.key.
fn openssh(bytes: &[u8]) -> Result<PrivateKey, KeyFault> {
    let mut reader = Reader::new(bytes.strip_prefix(b"openssh-key-v1\0").ok_or(KeyFault::Unreadable)?);
    if reader.text()? != "none" {
        return Err(KeyFault::Encrypted);
    }
    reader.string()?;
    reader.string()?;
    if reader.u32()? != 1 {
        return Err(KeyFault::Unreadable);
    }
    reader.string()?;
    let mut reader = Reader::new(reader.string()?);
    if reader.u32()? != reader.u32()? {
        return Err(KeyFault::Unreadable);
    }
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let kind = reader.text()?;
    if kind == "ssh-rsa" {
        let mut part = || reader.number().map(text);
        let mut jwk = serde_json::Map::from_iter([("kty".to_owned(), "RSA".into())]);
        for name in ["n", "e", "d", "qi", "p", "q"] {
            jwk.insert(name.to_owned(), part()?.into());
        }
        let jwk = serde_json::Value::Object(jwk).to_string();
        return Ok(PrivateKey { schemes: RSA, pkcs8: Vec::new(), jwk });
    }
    let schemes = elliptic(kind)?;
    let scheme = Scheme::named(kind).ok_or(KeyFault::UnknownKind)?;
    let jwk = if kind == "ssh-ed25519" {
        let (public, both) = (reader.string()?, reader.string()?);
        let seed = both.get(..32).ok_or(KeyFault::Unreadable)?;
        json!({"kty": "OKP", "crv": "Ed25519", "x": text(public), "d": text(seed)})
    } else {
        reader.string()?;
        let (x, y) = point(reader.string()?, scheme.half)?;
        let number = reader.number()?;
        let zeros = scheme.half.checked_sub(number.len()).ok_or(KeyFault::Unreadable)?;
        let d = [&vec![0; zeros], number].concat();
        json!({"kty": "EC", "crv": scheme.curve, "x": text(x), "y": text(y), "d": text(&d)})
    };
    Ok(PrivateKey { schemes, pkcs8: Vec::new(), jwk: jwk.to_string() })
}

const OID_RSA: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const OID_EC: &[u8] = &[6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const OID_ED25519: &[u8] = &[6, 3, 0x2b, 0x65, 0x70];
const CURVES: [(&[u8], &str); 3] = [
    (&[6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7], "ecdsa-sha2-nistp256"),
    (&[6, 5, 0x2b, 0x81, 4, 0, 0x22], "ecdsa-sha2-nistp384"),
    (&[6, 5, 0x2b, 0x81, 4, 0, 0x23], "ecdsa-sha2-nistp521"),
];

fn curve(oid: &[u8]) -> Result<&'static [&'static str], KeyFault> {
    let known = CURVES.iter().find(|(known, _)| oid.starts_with(known)).ok_or(KeyFault::UnknownKind)?;
    elliptic(known.1)
}

/// PKCS#8: a version, an algorithm, the key.
fn pkcs8(bytes: Vec<u8>) -> Result<PrivateKey, KeyFault> {
    let mut outer = Der(&bytes);
    let mut inner = Der(outer.value(0x30)?);
    inner.value(2)?;
    let algorithm = inner.value(0x30)?;
    let schemes = if algorithm.starts_with(OID_RSA) {
        RSA
    } else if algorithm.starts_with(OID_ED25519) {
        elliptic("ssh-ed25519")?
    } else if let Some(parameters) = algorithm.strip_prefix(OID_EC) {
        curve(parameters)?
    } else {
        return Err(KeyFault::UnknownKind);
    };
    Ok(PrivateKey { schemes, pkcs8: bytes, jwk: String::new() })
}

/// SEC 1: a version, the key, the curve.
fn sec1(bytes: &[u8]) -> Result<PrivateKey, KeyFault> {
    let mut outer = Der(bytes);
    let mut inner = Der(outer.value(0x30)?);
    inner.value(2)?;
    inner.value(4)?;
    let oid = inner.value(0xa0)?;
    Ok(PrivateKey { schemes: curve(oid)?, pkcs8: wrapped(OID_EC, oid, bytes), jwk: String::new() })
}

/// PKCS#8 around an older form.
fn wrapped(oid: &[u8], parameters: &[u8], key: &[u8]) -> Vec<u8> {
    let algorithm = der(0x30, &[oid, parameters].concat());
    der(0x30, &[&[2, 1, 0], algorithm.as_slice(), &der(4, key)].concat())
}

fn der(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = value.len().to_be_bytes();
    let zeros = length.iter().take_while(|byte| **byte == 0).count();
    let mut bytes = vec![tag];
    if value.len() < 0x80 {
        bytes.extend(&length[length.len() - 1..]);
    } else {
        bytes.push(0x80 | u8::try_from(length.len() - zeros).unwrap_or_default());
        bytes.extend(&length[zeros..]);
    }
    bytes.extend(value);
    bytes
}

/// What is left of a DER text.
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    /// The next value, which must have this tag.
    fn value(&mut self, tag: u8) -> Result<&'a [u8], Malformed> {
        let mut reader = Reader::new(self.0);
        if reader.u8()? != tag {
            return Err(Malformed);
        }
        let length = match reader.u8()? {
            short @ 0..=0x7f => usize::from(short),
            long @ 0x81..=0x84 => {
                reader.bytes(usize::from(long & 0x7f))?.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte))
            }
            _ => return Err(Malformed),
        };
        let value = reader.bytes(length)?;
        self.0 = reader.rest();
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pem(label: &str, bytes: &[u8]) -> String {
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----", STANDARD.encode(bytes))
    }

    /// A file as ssh-keygen writes it, but for the padding at its end.
    fn openssh_file(cipher: &str, key: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
        let mut private = vec![1, 2, 3, 4, 1, 2, 3, 4];
        key(&mut private);
        let mut file = b"openssh-key-v1\0".to_vec();
        file.put_string(cipher);
        file.put_string("none");
        file.put_string("");
        file.put_u32(1);
        file.put_string("public");
        file.put_string(private);
        file
    }

    fn ed25519(private: &mut Vec<u8>) {
        private.put_string("ssh-ed25519");
        private.put_string([7; 32]);
        private.put_string([[8; 32], [7; 32]].concat());
    }

    #[test]
    fn openssh_files_become_json_web_keys() {
        let key = PrivateKey::parse(&pem("OPENSSH PRIVATE KEY", &openssh_file("none", ed25519))).unwrap();
        let jwk: serde_json::Value = serde_json::from_str(&key.jwk).unwrap();
        assert_eq!((key.schemes, &jwk["d"]), (&["ssh-ed25519"][..], &json!(URL_SAFE_NO_PAD.encode([8; 32]))));
        assert!(!format!("{key:?}").contains(jwk["d"].as_str().unwrap()));
        let mut public = Vec::new();
        public.put_string("ssh-ed25519");
        public.put_string([7; 32]);
        assert_eq!(key.public(&key.jwk), Ok(public));

        let ecdsa = |private: &mut Vec<u8>| {
            private.put_string("ecdsa-sha2-nistp256");
            private.put_string("nistp256");
            private.put_string([&[4][..], &[5; 64]].concat());
            private.put_number(&[9; 31]);
        };
        let key = PrivateKey::parse(&pem("OPENSSH PRIVATE KEY", &openssh_file("none", ecdsa))).unwrap();
        let jwk: serde_json::Value = serde_json::from_str(&key.jwk).unwrap();
        let padded = URL_SAFE_NO_PAD.encode([&[0][..], &[9; 31]].concat());
        assert_eq!((&jwk["crv"], &jwk["d"]), (&json!("P-256"), &json!(padded)), "a short number is filled up");
    }

    #[test]
    fn older_files_become_pkcs8() {
        let key = vec![5; 300];
        let read = PrivateKey::parse(&pem("RSA PRIVATE KEY", &key)).unwrap();
        assert_eq!(read.schemes, RSA);
        assert_eq!(read.pkcs8[..4], [0x30, 0x82, 1, 66], "long lengths take more bytes");
        assert!(read.pkcs8.ends_with(&key));
        assert_eq!(PrivateKey::parse(&pem("PRIVATE KEY", &read.pkcs8)).unwrap(), read);

        let inner = [&[2, 1, 1][..], &der(4, &[6; 32]), &der(0xa0, CURVES[0].0)].concat();
        let read = PrivateKey::parse(&pem("EC PRIVATE KEY", &der(0x30, &inner))).unwrap();
        assert_eq!(read.schemes, ["ecdsa-sha2-nistp256"]);
        assert_eq!(PrivateKey::parse(&pem("PRIVATE KEY", &read.pkcs8)).unwrap(), read);
    }

    #[test]
    fn what_cannot_be_used_says_why() {
        let file = openssh_file("aes256-ctr", ed25519);
        let unknown = openssh_file("none", |private| private.put_string("sk-ssh-ed25519@openssh.com"));
        let encrypted =
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----";
        for (text, fault) in [
            (pem("OPENSSH PRIVATE KEY", &file), KeyFault::Encrypted),
            (pem("ENCRYPTED PRIVATE KEY", &[1]), KeyFault::Encrypted),
            (encrypted.to_owned(), KeyFault::Encrypted),
            (pem("OPENSSH PRIVATE KEY", &unknown), KeyFault::UnknownKind),
            (pem("DSA PRIVATE KEY", &[1]), KeyFault::UnknownKind),
            (pem("PRIVATE KEY", &wrapped(&[6, 1, 1], &[], &[1])), KeyFault::UnknownKind),
            (pem("PRIVATE KEY", &[0x30, 0x84, 255, 255, 255, 255]), KeyFault::Unreadable),
            ("-----BEGIN PRIVATE KEY-----\nAAAA".to_owned(), KeyFault::Unreadable),
            (String::new(), KeyFault::Unreadable),
        ] {
            assert_eq!(PrivateKey::parse(&text), Err(fault), "{text}");
        }
    }

    #[test]
    fn a_file_that_is_cut_off_is_refused() {
        let file = openssh_file("none", ed25519);
        for length in 0..file.len() {
            assert!(PrivateKey::parse(&pem("OPENSSH PRIVATE KEY", &file[..length])).is_err(), "{length}");
        }
    }
}
