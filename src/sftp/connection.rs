//! One SSH connection: who the server is, the keys, and what comes in between (RFC 4253).
//!
//! Everything runs in the task of the caller. A server that wants new keys gets them wherever a message is read.

use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::fault::Fault;
use super::host_key::{Fingerprint, Proof};
use super::negotiation::{self, Agreed, Cipher, Curve, MSG_KEXINIT};
use super::packets::{Incoming, Keys, Outgoing};
use super::wire::{Put as _, Reader};
use crate::platform::random;
use crate::platform::socket::Socket;
use crate::platform::webcrypto::{self, KeyPair};

const OUR_VERSION: &str = "SSH-2.0-OrdergrooveBigCommerce";
/// Lines a server may say before its version.
const MOST_LINES: usize = 50;

const MSG_DISCONNECT: u8 = 1;
const MSG_IGNORE: u8 = 2;
const MSG_UNIMPLEMENTED: u8 = 3;
const MSG_DEBUG: u8 = 4;
const MSG_EXT_INFO: u8 = 7;
const MSG_NEWKEYS: u8 = 21;
const MSG_KEX_ECDH_INIT: u8 = 30;
const MSG_KEX_ECDH_REPLY: u8 = 31;
const MSG_USERAUTH_BANNER: u8 = 53;
const MSG_GLOBAL_REQUEST: u8 = 80;
const MSG_REQUEST_FAILURE: u8 = 82;

/// An encrypted connection with a server that proved who it is.
pub struct Connection {
    socket: Socket,
    incoming: Incoming,
    outgoing: Outgoing,
    their_version: Vec<u8>,
    /// Of the first key exchange; names the connection.
    pub session_id: Vec<u8>,
    is_strict: bool,
    /// The key the server has.
    pub host_key: Option<Fingerprint>,
    /// The signatures the server takes from users, if it said so.
    pub signatures: Option<String>,
}

impl Connection {
    /// Greets the server; `rest` are bytes of its that came already.
    pub async fn greet(socket: Socket, rest: Vec<u8>) -> Result<Self, Fault> {
        socket.write(&js_sys::Uint8Array::from(format!("{OUR_VERSION}\r\n").as_bytes())).await?;
        let mut incoming = Incoming::new(rest);
        for _ in 0..MOST_LINES {
            let line = incoming.line(&socket).await?.ok_or(Fault::NotSsh)?;
            if line.starts_with(b"SSH-") {
                let speaks = line.starts_with(b"SSH-2.0-") || line.starts_with(b"SSH-1.99-");
                if !speaks {
                    return Err(Fault::NotSsh);
                }
                return Ok(Self {
                    socket,
                    incoming,
                    outgoing: Outgoing::new(),
                    their_version: line,
                    session_id: Vec::new(),
                    is_strict: false,
                    host_key: None,
                    signatures: None,
                });
            }
        }
        Err(Fault::NotSsh)
    }

    /// The first key exchange. A server with another key than `confirmed` gets no further.
    pub async fn begin(&mut self, confirmed: Option<Fingerprint>) -> Result<(), Fault> {
        let ours = self.offer()?;
        self.flush().await?;
        let (theirs, was_noisy) = self.kex_message(MSG_KEXINIT).await?;
        self.exchange(&ours, &theirs, was_noisy, |found| match confirmed {
            Some(confirmed) if confirmed == found => Ok(()),
            Some(_) => Err(Fault::HostKeyChanged { found }),
            None => Err(Fault::HostKeyUnknown(found)),
        })
        .await
    }

    fn offer(&mut self) -> Result<Vec<u8>, Fault> {
        let cookie = random::bytes().map_err(|error| Fault::Internal(error.to_string()))?;
        let ours = negotiation::offer(cookie);
        self.outgoing.queue(&[&ours])?;
        Ok(ours)
    }

    /// The next message of a key exchange, and whether there was anything before it.
    async fn kex_message(&mut self, expected: u8) -> Result<(Vec<u8>, bool), Fault> {
        let mut was_noisy = false;
        loop {
            let message = self.incoming.next(&self.socket).await?;
            match message[0] {
                kind if kind == expected => return Ok((message, was_noisy)),
                MSG_IGNORE | MSG_DEBUG | MSG_UNIMPLEMENTED => was_noisy = true,
                MSG_DISCONNECT => return Err(Fault::Closed),
                kind => return Err(Fault::Protocol(format!("message {kind} in a key exchange"))),
            }
        }
    }

    async fn exchange(
        &mut self,
        ours: &[u8],
        theirs: &[u8],
        mut was_noisy: bool,
        judge: impl FnOnce(Fingerprint) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let is_first = self.session_id.is_empty();
        let agreed = negotiation::agree(theirs)?;
        self.is_strict |= is_first && agreed.is_strict;
        let pair = KeyPair::make(agreed.curve.name()).await?;
        let mut init = vec![MSG_KEX_ECDH_INIT];
        init.put_string(&pair.public);
        self.outgoing.queue(&[&init])?;
        self.flush().await?;
        if agreed.skips_guess {
            self.incoming.next(&self.socket).await?;
        }
        let (reply, noise) = self.kex_message(MSG_KEX_ECDH_REPLY).await?;
        was_noisy |= noise;
        let mut reader = Reader::new(&reply[1..]);
        let (host_key, point, signature) = (reader.string()?, reader.string()?, reader.string()?);
        let our_point = pair.public.clone();
        let secret = pair.agree(point).await?;
        let mut hashed = Vec::new();
        for text in [OUR_VERSION.as_bytes(), &self.their_version, ours, theirs, host_key, &our_point, point] {
            hashed.put_string(text);
        }
        hashed.put_number(&secret);
        let hash = agreed.curve.hash(&hashed);
        let proof = Proof::read(agreed.host_key, host_key, signature)?;
        let is_proved = webcrypto::verify(proof.scheme, &proof.key, &proof.signature, &hash).await;
        if is_proved != Ok(true) {
            return Err(Fault::HostKeyUnproved);
        }
        let found = Fingerprint::of(host_key);
        self.host_key = Some(found);
        judge(found)?;
        if is_first {
            self.session_id.clone_from(&hash);
        }
        self.take_keys(&agreed, &secret, &hash, is_first, was_noisy).await
    }

    async fn take_keys(
        &mut self,
        agreed: &Agreed,
        secret: &[u8],
        hash: &[u8],
        is_first: bool,
        was_noisy: bool,
    ) -> Result<(), Fault> {
        let mut known = Vec::new();
        known.put_number(secret);
        known.extend(hash);
        let derive = |letter: u8, length: usize| {
            let mut bytes = agreed.curve.hash(&[&known, &[letter][..], &self.session_id].concat());
            while bytes.len() < length {
                bytes.extend(agreed.curve.hash(&[&known, &bytes[..]].concat()));
            }
            bytes.truncate(length);
            bytes
        };
        let keys = |cipher: Cipher, [iv, key, mac]: [u8; 3]| {
            let (key_length, mac_length) = match cipher {
                Cipher::Gcm { key } => (key, 0),
                Cipher::Ctr { key, mac } => (key, mac.length()),
            };
            (derive(key, key_length), derive(iv, 16), derive(mac, mac_length))
        };
        let (sending, receiving) = (keys(agreed.sending, *b"ACE"), keys(agreed.receiving, *b"BDF"));
        let sending = Keys::make(agreed.sending, &sending.0, &sending.1, sending.2).await?;
        let receiving = Keys::make(agreed.receiving, &receiving.0, &receiving.1, receiving.2).await?;
        self.outgoing.queue(&[&[MSG_NEWKEYS]])?;
        self.flush().await?;
        self.outgoing.use_keys(sending, self.is_strict);
        let (_, noise) = self.kex_message(MSG_NEWKEYS).await?;
        if is_first && self.is_strict && (was_noisy || noise) {
            return Err(Fault::Protocol("more than a key exchange in the first one".to_owned()));
        }
        self.incoming.use_keys(receiving, self.is_strict);
        self.incoming.one_by_one = false;
        Ok(())
    }

    /// Collects a message for the next [`Self::flush`].
    pub fn queue(&mut self, parts: &[&[u8]]) -> Result<(), Fault> {
        self.outgoing.queue(parts)
    }

    /// Bytes that wait for the next [`Self::flush`].
    pub fn waiting(&self) -> usize {
        self.outgoing.waiting()
    }

    /// Sends what was collected.
    pub async fn flush(&mut self) -> Result<(), Fault> {
        if self.outgoing.waiting() > 0 {
            let sealed = self.outgoing.seal().await?;
            self.socket.write(&sealed).await?;
        }
        Ok(())
    }

    /// Waits until all that was flushed has gone out.
    pub async fn drain(&mut self) -> Result<(), Fault> {
        self.flush().await?;
        Ok(self.socket.flush().await?)
    }

    /// The next message that is about more than the connection itself.
    pub async fn next(&mut self) -> Result<Vec<u8>, Fault> {
        loop {
            self.flush().await?;
            let message = self.incoming.next(&self.socket).await?;
            if let Some(message) = self.attend(message).await? {
                return Ok(message);
            }
        }
    }

    /// The same, if one has come already.
    pub async fn next_if_here(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        while let Some(message) = self.incoming.next_if_here().await? {
            if let Some(message) = self.attend(message).await? {
                return Ok(Some(message));
            }
        }
        Ok(None)
    }

    /// Sees to what is about the connection; gives back everything else.
    async fn attend(&mut self, message: Vec<u8>) -> Result<Option<Vec<u8>>, Fault> {
        let mut reader = Reader::new(&message[1..]);
        match message[0] {
            MSG_IGNORE | MSG_DEBUG | MSG_UNIMPLEMENTED | MSG_USERAUTH_BANNER => {}
            MSG_EXT_INFO => {
                for _ in 0..reader.u32()?.min(64) {
                    let (name, value) = (reader.string()?, reader.string()?);
                    if name == b"server-sig-algs" {
                        self.signatures = std::str::from_utf8(value).ok().map(str::to_owned);
                    }
                }
            }
            MSG_GLOBAL_REQUEST => {
                reader.string()?;
                if reader.bool()? {
                    self.outgoing.queue(&[&[MSG_REQUEST_FAILURE]])?;
                    self.flush().await?;
                }
            }
            MSG_KEXINIT => {
                self.incoming.one_by_one = true;
                self.flush().await?;
                let known = self.host_key;
                let ours = self.offer()?;
                let judge = |found| if known == Some(found) { Ok(()) } else { Err(Fault::HostKeyChanged { found }) };
                Box::pin(self.exchange(&ours, &message, false, judge)).await?;
            }
            _ => return Ok(Some(message)),
        }
        Ok(None)
    }
}

/// Whether the server ended the connection with a word, and why (RFC 4253, section 11.1).
pub fn farewell(message: &[u8]) -> Option<u32> {
    let (kind, rest) = message.split_first()?;
    (*kind == MSG_DISCONNECT).then(|| Reader::new(rest).u32().unwrap_or(0))
}

impl Curve {
    /// In WebCrypto's words.
    fn name(self) -> &'static str {
        match self {
            Self::X25519 => "X25519",
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }

    fn hash(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::X25519 | Self::P256 => Sha256::digest(bytes).to_vec(),
            Self::P384 => Sha384::digest(bytes).to_vec(),
            Self::P521 => Sha512::digest(bytes).to_vec(),
        }
    }
}
