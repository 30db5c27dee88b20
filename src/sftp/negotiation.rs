//! Which algorithms are used (RFC 4253, section 7.1). The first of ours that the server has is taken.
//!
//! All cryptography is the runtime's, so this list holds what it has, and nothing that is outdated.

use super::fault::Fault;
use super::wire::{Put as _, Reader};

pub(super) const MSG_KEXINIT: u8 = 20;

/// An elliptic curve for the key exchange, and the hash that goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    X25519,
    P256,
    P384,
    P521,
}

/// How packets are encrypted and authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cipher {
    /// AES-GCM, with a key of so many bytes.
    Gcm { key: usize },
    /// AES-CTR with an HMAC.
    Ctr { key: usize, mac: Mac },
}

/// An HMAC of SHA-2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mac {
    /// SHA-512 in place of SHA-256.
    pub is_long: bool,
    /// Over what is sent, not over what it says.
    pub is_outer: bool,
}

/// What both sides do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    pub curve: Curve,
    pub host_key: &'static str,
    pub sending: Cipher,
    pub receiving: Cipher,
    /// The server counts packets anew with new keys, and takes nothing else in between.
    pub is_strict: bool,
    /// The server sent a packet on a guess that was wrong.
    pub skips_guess: bool,
}

const CURVES: [(&str, Curve); 5] = [
    ("curve25519-sha256", Curve::X25519),
    ("curve25519-sha256@libssh.org", Curve::X25519),
    ("ecdh-sha2-nistp256", Curve::P256),
    ("ecdh-sha2-nistp384", Curve::P384),
    ("ecdh-sha2-nistp521", Curve::P521),
];
const HOST_KEYS: [&str; 6] = [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
];
const CIPHERS: [&str; 4] = ["aes256-gcm@openssh.com", "aes128-gcm@openssh.com", "aes256-ctr", "aes128-ctr"];
const MACS: [(&str, Mac); 4] = [
    ("hmac-sha2-256-etm@openssh.com", Mac { is_long: false, is_outer: true }),
    ("hmac-sha2-512-etm@openssh.com", Mac { is_long: true, is_outer: true }),
    ("hmac-sha2-256", Mac { is_long: false, is_outer: false }),
    ("hmac-sha2-512", Mac { is_long: true, is_outer: false }),
];
/// Not algorithms: what we understand. They count in the first exchange of a connection only.
const EXTENSIONS: [&str; 2] = ["ext-info-c", "kex-strict-c-v00@openssh.com"];
const STRICT: &str = "kex-strict-s-v00@openssh.com";

/// Our side's message.
pub fn offer(cookie: [u8; 16]) -> Vec<u8> {
    let curves: Vec<&str> = CURVES.iter().map(|(name, _)| *name).chain(EXTENSIONS).collect();
    let macs: Vec<&str> = MACS.iter().map(|(name, _)| *name).collect();
    let (ciphers, macs) = (CIPHERS.join(","), macs.join(","));
    let mut message = vec![MSG_KEXINIT];
    message.extend(cookie);
    let lists = [&curves.join(","), &HOST_KEYS.join(","), &ciphers, &ciphers, &macs, &macs, "none", "none", "", ""];
    for list in lists {
        message.put_string(list);
    }
    message.push(0);
    message.put_u32(0);
    message
}

/// Reads the server's message.
pub fn agree(theirs: &[u8]) -> Result<Agreed, Fault> {
    let mut reader = Reader::new(theirs);
    reader.bytes(17)?;
    let curves = List(reader.text()?);
    let (name, curve) = curves.first_of(CURVES.iter().copied(), |(name, _)| name, "key exchange")?;
    let host_keys = List(reader.text()?);
    let host_key = host_keys.first_of(HOST_KEYS.into_iter(), |name| name, "host key")?;
    let ciphers = [List(reader.text()?), List(reader.text()?)];
    let macs = [List(reader.text()?), List(reader.text()?)];
    for _ in 0..2 {
        List(reader.text()?).first_of(["none"].into_iter(), |name| name, "compression")?;
    }
    for _ in 0..2 {
        reader.string()?; // languages
    }
    let has_guessed = reader.bool()?;
    let has_guessed_right = curves.first() == name && host_keys.first() == host_key;
    Ok(Agreed {
        curve,
        host_key,
        sending: cipher(ciphers[0], macs[0])?,
        receiving: cipher(ciphers[1], macs[1])?,
        is_strict: curves.has(STRICT),
        skips_guess: has_guessed && !has_guessed_right,
    })
}

fn cipher(ciphers: List<'_>, macs: List<'_>) -> Result<Cipher, Fault> {
    let name = ciphers.first_of(CIPHERS.into_iter(), |name| name, "cipher")?;
    let key = if name.starts_with("aes256") { 32 } else { 16 };
    if name.ends_with("gcm@openssh.com") {
        return Ok(Cipher::Gcm { key });
    }
    let (_, mac) = macs.first_of(MACS.iter().copied(), |(name, _)| name, "MAC")?;
    Ok(Cipher::Ctr { key, mac })
}

#[derive(Clone, Copy)]
struct List<'a>(&'a str);

impl List<'_> {
    fn has(&self, name: &str) -> bool {
        self.0.split(',').any(|theirs| theirs == name)
    }

    fn first(&self) -> &str {
        self.0.split(',').next().unwrap_or_default()
    }

    fn first_of<T: Copy>(
        &self,
        mut ours: impl Iterator<Item = T>,
        name: impl Fn(T) -> &'static str,
        kind: &'static str,
    ) -> Result<T, Fault> {
        ours.find(|one| self.has(name(*one))).ok_or(Fault::NoCommonAlgorithm(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theirs(lists: [&str; 8], has_guessed: bool) -> Vec<u8> {
        let mut message = vec![MSG_KEXINIT];
        message.extend([7; 16]);
        for list in lists.into_iter().chain(["", ""]) {
            message.put_string(list);
        }
        message.push(u8::from(has_guessed));
        message.put_u32(0);
        message
    }

    const MODERN: [&str; 8] = [
        "sntrup761x25519-sha512,curve25519-sha256,kex-strict-s-v00@openssh.com",
        "rsa-sha2-512,ssh-ed25519",
        "chacha20-poly1305@openssh.com,aes128-gcm@openssh.com,aes256-gcm@openssh.com",
        "aes128-ctr",
        "umac-64@openssh.com",
        "hmac-sha1,hmac-sha2-512,hmac-sha2-256",
        "none,zlib@openssh.com",
        "none",
    ];

    #[test]
    fn our_order_decides() {
        let agreed = agree(&theirs(MODERN, true)).unwrap();
        assert_eq!((agreed.curve, agreed.host_key), (Curve::X25519, "ssh-ed25519"));
        assert_eq!(agreed.sending, Cipher::Gcm { key: 32 });
        let mac = Mac { is_long: false, is_outer: false };
        assert_eq!(agreed.receiving, Cipher::Ctr { key: 16, mac });
        assert!(agreed.is_strict && agreed.skips_guess);
        let agreed = agree(&offer([0; 16])).unwrap();
        assert!(!agreed.is_strict && !agreed.skips_guess, "what a client understands is not what a server does");
    }

    #[test]
    fn an_outdated_server_is_told_what_it_lacks() {
        for (place, outdated, kind) in [
            (0, "diffie-hellman-group1-sha1", "key exchange"),
            (1, "ssh-rsa,ssh-dss", "host key"),
            (2, "3des-cbc", "cipher"),
            (5, "hmac-md5", "MAC"),
            (6, "zlib", "compression"),
        ] {
            let mut lists = MODERN;
            lists[place] = outdated;
            assert_eq!(agree(&theirs(lists, false)), Err(Fault::NoCommonAlgorithm(kind)), "{outdated}");
        }
    }

    #[test]
    fn a_message_that_is_cut_off_is_refused() {
        let message = theirs(MODERN, false);
        for length in 0..message.len() - 4 {
            assert!(agree(&message[..length]).is_err(), "{length}");
        }
    }
}
