//! Packets: framed, encrypted, authenticated (RFC 4253, section 6; RFC 5647 as OpenSSH does it).
//!
//! What is to be sent is collected and sealed in one go, so that the runtime is called once for many packets.

use std::collections::VecDeque;

use hmac::Hmac;
use js_sys::Uint8Array;
use sha2::{Sha256, Sha512};

use super::fault::Fault;
use super::negotiation::{Cipher, Mac};
use crate::platform::random;
use crate::platform::socket::{Broken, Socket};
use crate::platform::webcrypto::{AesKey, Refused};

/// Nobody sends longer packets: RFC 4253 asks for 35,000, and SFTP's 256 KiB come in pieces.
const LONGEST: usize = 300_000;
const TAG: usize = 16;
const BLOCK: usize = 16;

impl From<Broken> for Fault {
    fn from(_: Broken) -> Self {
        Self::Closed
    }
}

impl From<Refused> for Fault {
    fn from(_: Refused) -> Self {
        Self::Protocol("the runtime refused a key, a point or a tag".to_owned())
    }
}

/// The keys of one direction.
pub enum Keys {
    /// Before the first key exchange.
    None,
    /// AES-GCM; the nonce counts packets.
    Gcm { key: AesKey, nonce: [u8; 12] },
    /// AES-CTR and an HMAC; the counter counts blocks.
    Ctr { key: AesKey, counter: u128, mac: Mac, secret: Vec<u8> },
}

impl Keys {
    /// From what the key exchange gives: key, first counter, secret of the HMAC.
    pub async fn make(cipher: Cipher, key: &[u8], iv: &[u8], secret: Vec<u8>) -> Result<Self, Fault> {
        let malformed = |_| Fault::Internal("a derived key is too short".to_owned());
        Ok(match cipher {
            Cipher::Gcm { .. } => Self::Gcm {
                key: AesKey::gcm(key).await?,
                nonce: iv.get(..12).unwrap_or_default().try_into().map_err(malformed)?,
            },
            Cipher::Ctr { mac, .. } => Self::Ctr {
                key: AesKey::ctr(key).await?,
                counter: u128::from_be_bytes(iv.get(..16).unwrap_or_default().try_into().map_err(malformed)?),
                mac,
                secret,
            },
        })
    }
}

impl Mac {
    /// Bytes of its secret, and of what it gives.
    pub fn length(self) -> usize {
        if self.is_long { 64 } else { 32 }
    }

    fn of(self, secret: &[u8], sequence: u32, parts: [&[u8]; 2]) -> Vec<u8> {
        fn sum<M: hmac::Mac + hmac::digest::KeyInit>(secret: &[u8], sequence: u32, parts: [&[u8]; 2]) -> Vec<u8> {
            let Ok(mut mac) = <M as hmac::digest::KeyInit>::new_from_slice(secret) else { return Vec::new() };
            mac.update(&sequence.to_be_bytes());
            for part in parts {
                mac.update(part);
            }
            mac.finalize().into_bytes().to_vec()
        }
        if self.is_long {
            sum::<Hmac<Sha512>>(secret, sequence, parts)
        } else {
            sum::<Hmac<Sha256>>(secret, sequence, parts)
        }
    }
}

/// What goes out.
pub struct Outgoing {
    keys: Keys,
    sequence: u32,
    /// Packets in clear, one after the other.
    packets: Vec<u8>,
}

impl Outgoing {
    pub fn new() -> Self {
        Self { keys: Keys::None, sequence: 0, packets: Vec::new() }
    }

    /// Takes keys into use; all before was sealed.
    pub fn use_keys(&mut self, keys: Keys, counts_anew: bool) {
        self.keys = keys;
        if counts_anew {
            self.sequence = 0;
        }
    }

    /// Bytes that wait to be sealed.
    pub fn waiting(&self) -> usize {
        self.packets.len()
    }

    /// Frames a message, given in parts.
    pub fn queue(&mut self, parts: &[&[u8]]) -> Result<(), Fault> {
        let length: usize = parts.iter().map(|part| part.len()).sum();
        // With these the length does not count for the alignment.
        let is_apart = match &self.keys {
            Keys::None => false,
            Keys::Gcm { .. } => true,
            Keys::Ctr { mac, .. } => mac.is_outer,
        };
        let aligned = length + 1 + if is_apart { 0 } else { 4 };
        let padding = match BLOCK - aligned % BLOCK {
            short @ 0..4 => short + BLOCK,
            enough => enough,
        };
        let random = random::bytes::<{ BLOCK + 4 }>().map_err(|error| Fault::Internal(error.to_string()))?;
        let total = u32::try_from(length + 1 + padding).map_err(|_| Fault::Internal("a long packet".to_owned()))?;
        self.packets.extend(total.to_be_bytes());
        self.packets.push(u8::try_from(padding).unwrap_or_default());
        for part in parts {
            self.packets.extend_from_slice(part);
        }
        self.packets.extend(&random[..padding.min(random.len())]);
        Ok(())
    }

    /// Seals all that waits.
    pub async fn seal(&mut self) -> Result<Uint8Array, Fault> {
        let packets = std::mem::take(&mut self.packets);
        let lengths = lengths(&packets);
        let count = u32::try_from(lengths.len()).unwrap_or(u32::MAX);
        let sealed = match &mut self.keys {
            Keys::None => Uint8Array::from(packets.as_slice()),
            Keys::Gcm { key, nonce } => {
                let sealed = key.seal_gcm(nonce, &packets).await?;
                advance(nonce, count);
                sealed
            }
            Keys::Ctr { key, counter, mac, secret } => {
                let mut sealed = Vec::with_capacity(packets.len() + lengths.len() * mac.length());
                let encrypted = if mac.is_outer { without_lengths(&packets, &lengths) } else { packets.clone() };
                let encrypted = key.apply_ctr(&counter.to_be_bytes(), &encrypted).await?.to_vec();
                *counter = counter.wrapping_add((encrypted.len() / BLOCK) as u128);
                let (mut clear, mut secretly) = (packets.as_slice(), encrypted.as_slice());
                for (sequence, length) in (self.sequence..).zip(lengths) {
                    let (packet, rest) = clear.split_at(length + 4);
                    let (body, left) = secretly.split_at(if mac.is_outer { length } else { length + 4 });
                    let sum = if mac.is_outer {
                        sealed.extend_from_slice(&packet[..4]);
                        mac.of(secret, sequence, [&packet[..4], body])
                    } else {
                        mac.of(secret, sequence, [packet, &[]])
                    };
                    sealed.extend_from_slice(body);
                    sealed.extend(sum);
                    (clear, secretly) = (rest, left);
                }
                Uint8Array::from(sealed.as_slice())
            }
        };
        self.sequence = self.sequence.wrapping_add(count);
        Ok(sealed)
    }
}

/// What comes in.
pub struct Incoming {
    keys: Keys,
    sequence: u32,
    bytes: Vec<u8>,
    messages: VecDeque<Vec<u8>>,
    /// Keys are about to change: a packet behind the next one may need the new ones.
    pub one_by_one: bool,
}

impl Incoming {
    /// `bytes` came before.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { keys: Keys::None, sequence: 0, bytes, messages: VecDeque::new(), one_by_one: true }
    }

    /// Takes keys into use.
    pub fn use_keys(&mut self, keys: Keys, counts_anew: bool) {
        self.keys = keys;
        if counts_anew {
            self.sequence = 0;
        }
    }

    /// A line in clear, as at the very beginning; `None` if it is too long.
    pub async fn line(&mut self, socket: &Socket) -> Result<Option<Vec<u8>>, Fault> {
        const LONGEST_LINE: usize = 8192;
        loop {
            if let Some(end) = self.bytes.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.bytes.drain(..=end).collect();
                line.truncate(line.trim_ascii_end().len());
                return Ok(Some(line));
            }
            if self.bytes.len() > LONGEST_LINE {
                return Ok(None);
            }
            self.read(socket).await?;
        }
    }

    /// The bytes that came and nobody took.
    pub fn into_rest(self) -> Vec<u8> {
        self.bytes
    }

    async fn read(&mut self, socket: &Socket) -> Result<(), Fault> {
        let bytes = socket.read().await?.ok_or(Fault::Closed)?;
        if self.bytes.is_empty() {
            self.bytes = bytes;
        } else {
            self.bytes.extend(bytes);
        }
        Ok(())
    }

    /// The next message.
    pub async fn next(&mut self, socket: &Socket) -> Result<Vec<u8>, Fault> {
        loop {
            if let Some(message) = self.messages.pop_front() {
                return Ok(message);
            }
            if !self.open().await? {
                self.read(socket).await?;
            }
        }
    }

    /// A message that has come already.
    pub async fn next_if_here(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        if self.messages.is_empty() {
            self.open().await?;
        }
        Ok(self.messages.pop_front())
    }

    /// Opens what is there; says whether there was a whole packet.
    async fn open(&mut self) -> Result<bool, Fault> {
        let (used, clear) = match &mut self.keys {
            Keys::None => {
                let Some(length) = whole(&self.bytes, 0)? else { return Ok(false) };
                (length + 4, self.bytes[..length + 4].to_vec())
            }
            Keys::Gcm { key, nonce } => {
                let (mut used, mut count) = (0, 0);
                while let Some(length) = whole(&self.bytes[used..], TAG)? {
                    used += 4 + length + TAG;
                    count += 1;
                    if self.one_by_one {
                        break;
                    }
                }
                if count == 0 {
                    return Ok(false);
                }
                let opened = key.open_gcm(nonce, &self.bytes[..used]).await?;
                advance(nonce, count);
                (used, opened.to_vec())
            }
            Keys::Ctr { key, counter, mac, secret } => {
                let Some(clear) = open_ctr(key, *counter, *mac, secret, self.sequence, &self.bytes).await? else {
                    return Ok(false);
                };
                let encrypted = if mac.is_outer { clear.len() - 4 } else { clear.len() };
                *counter = counter.wrapping_add((encrypted / BLOCK) as u128);
                (clear.len() + mac.length(), clear)
            }
        };
        self.bytes.drain(..used);
        let mut rest = clear.as_slice();
        while let Some(length) = whole(rest, 0)? {
            let (packet, left) = rest.split_at(4 + length);
            let padding = usize::from(packet[4]);
            let message = packet.get(5..packet.len().saturating_sub(padding)).filter(|message| !message.is_empty());
            self.messages.push_back(message.ok_or_else(|| broken("a packet is empty"))?.to_vec());
            self.sequence = self.sequence.wrapping_add(1);
            rest = left;
        }
        Ok(true)
    }
}

async fn open_ctr(
    key: &AesKey,
    counter: u128,
    mac: Mac,
    secret: &[u8],
    sequence: u32,
    bytes: &[u8],
) -> Result<Option<Vec<u8>>, Fault> {
    let counter = counter.to_be_bytes();
    let length = if mac.is_outer {
        whole(bytes, mac.length())?
    } else {
        let Some(first) = bytes.get(..BLOCK) else { return Ok(None) };
        let first = key.apply_ctr(&counter, first).await?.to_vec();
        let length = length(&first)?;
        (bytes.len() >= 4 + length + mac.length()).then_some(length)
    };
    let Some(length) = length else { return Ok(None) };
    let (packet, sum) = bytes[..4 + length + mac.length()].split_at(4 + length);
    let clear = if mac.is_outer {
        [&packet[..4], &key.apply_ctr(&counter, &packet[4..]).await?.to_vec()].concat()
    } else {
        key.apply_ctr(&counter, packet).await?.to_vec()
    };
    let authenticated = if mac.is_outer { packet } else { &clear };
    let expected = mac.of(secret, sequence, [authenticated, &[]]);
    if bool::from(subtle::ConstantTimeEq::ct_eq(expected.as_slice(), sum)) {
        Ok(Some(clear))
    } else {
        Err(broken("a packet's MAC is wrong"))
    }
}

/// The length at the beginning of `bytes`, if the whole packet with `behind` bytes more is there.
fn whole(bytes: &[u8], behind: usize) -> Result<Option<usize>, Fault> {
    if bytes.len() < 4 {
        return Ok(None);
    }
    let length = length(bytes)?;
    Ok((bytes.len() >= 4 + length + behind).then_some(length))
}

fn length(bytes: &[u8]) -> Result<usize, Fault> {
    let length = bytes.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes) as usize);
    if (2..=LONGEST).contains(&length) { Ok(length) } else { Err(broken("a packet's length is out of range")) }
}

fn broken(what: &str) -> Fault {
    Fault::Protocol(what.to_owned())
}

/// The lengths of our own packets.
fn lengths(mut packets: &[u8]) -> Vec<usize> {
    let mut lengths = Vec::new();
    while let Some((head, rest)) = packets.split_first_chunk() {
        let length = u32::from_be_bytes(*head) as usize;
        lengths.push(length);
        packets = rest.get(length..).unwrap_or_default();
    }
    lengths
}

fn without_lengths(packets: &[u8], lengths: &[usize]) -> Vec<u8> {
    let mut bodies = Vec::with_capacity(packets.len());
    let mut at = 0;
    for length in lengths {
        bodies.extend_from_slice(&packets[at + 4..at + 4 + length]);
        at += 4 + length;
    }
    bodies
}

/// The last eight bytes of a nonce count packets.
fn advance(nonce: &mut [u8; 12], packets: u32) {
    if let Some(counter) = nonce.last_chunk_mut::<8>() {
        *counter = u64::from_be_bytes(*counter).wrapping_add(u64::from(packets)).to_be_bytes();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_are_padded_to_whole_blocks() {
        let mut outgoing = Outgoing::new();
        for length in 1..40 {
            outgoing.queue(&[&vec![7; length - 1], &[8]]).unwrap();
        }
        let lengths = lengths(&outgoing.packets);
        assert_eq!(lengths.len(), 39);
        assert!(lengths.iter().all(|length| (length + 4) % BLOCK == 0));
        let padding = usize::from(outgoing.packets[4]);
        assert!((4..=20).contains(&padding) && lengths[0] == 1 + 1 + padding);
    }

    #[test]
    fn a_nonce_counts_packets() {
        let mut nonce = [9, 9, 9, 9, 0, 0, 0, 0, 0, 0, 0, 255];
        advance(&mut nonce, 2);
        assert_eq!(nonce, [9, 9, 9, 9, 0, 0, 0, 0, 0, 0, 1, 1]);
        nonce = [1, 2, 3, 4, 255, 255, 255, 255, 255, 255, 255, 255];
        advance(&mut nonce, 1);
        assert_eq!(nonce, [1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn a_length_out_of_range_is_refused_before_it_is_waited_for() {
        for bad in [[0, 0, 0, 0], [255, 255, 255, 255], [0, 16, 0, 0]] {
            assert!(whole(&bad, 0).is_err());
        }
        assert_eq!(whole(&[0, 0, 0, 5, 1], 0), Ok(None));
        assert_eq!(whole(&[0, 0], 0), Ok(None));
    }
}
