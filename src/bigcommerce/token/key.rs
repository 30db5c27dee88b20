//! A client secret, ready to verify, and what tokens' headers ask for.

use std::cell::RefCell;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Hmac;
use jwt_compact::{Algorithm, AlgorithmSignature, UntrustedToken};
use sha2::{Sha256, Sha512};

use super::TokenFault;
use crate::bigcommerce::prepared_hmac::{Hs256, Hs512, hmac_of};

/// Bytes of the longest signature, and room for what its text would be cut off by.
const SIGNATURE_ROOM: usize = 72;

/// A client secret: the key schedule of both hashes is done once.
pub struct TokenKey {
    hs256: Hmac<Sha256>,
    hs512: Hmac<Sha512>,
}

impl TokenKey {
    /// Prepares `client_secret`, whose bytes are the key as they are.
    pub fn new(client_secret: &str) -> Self {
        Self { hs256: hmac_of(client_secret.as_bytes()), hs512: hmac_of(client_secret.as_bytes()) }
    }

    /// Verifies the signature of `token` and gives its claims, as the JSON they are.
    pub(super) fn open(&self, token: &str) -> Result<String, TokenFault> {
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenFault::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(TokenFault::Malformed)?;
        let allowed = match remembered(header) {
            Some(allowed) => allowed,
            None => Allowed::of(token)?,
        };
        let mut room = [0; SIGNATURE_ROOM];
        let length = URL_SAFE_NO_PAD.decode_slice(signature, &mut room).map_err(|_| TokenFault::Malformed)?;
        let verified = match allowed {
            Allowed::Hs256 => verifies(&Hs256, &self.hs256, &room[..length], signed),
            Allowed::Hs512 => verifies(&Hs512, &self.hs512, &room[..length], signed),
        };
        if !verified {
            return Err(TokenFault::Signature);
        }
        remember(header, allowed);
        let claims = URL_SAFE_NO_PAD.decode(claims).map_err(|_| TokenFault::Malformed)?;
        String::from_utf8(claims).map_err(|_| TokenFault::Malformed)
    }
}

fn verifies<A: Algorithm>(algorithm: &A, key: &A::VerifyingKey, signature: &[u8], signed: &str) -> bool {
    let signature = A::Signature::try_from_slice(signature);
    signature.is_ok_and(|signature| algorithm.verify_signature(&signature, key, signed.as_bytes()))
}

/// The algorithms a token may be signed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Allowed {
    Hs256,
    Hs512,
}

impl Allowed {
    fn of(token: &str) -> Result<Self, TokenFault> {
        match UntrustedToken::new(token).map_err(|_| TokenFault::Malformed)?.algorithm() {
            "HS256" => Ok(Self::Hs256),
            "HS512" => Ok(Self::Hs512),
            _ => Err(TokenFault::Algorithm),
        }
    }
}

/// Headers that are remembered at a time; BigCommerce writes the same one or two into all tokens.
const MOST_HEADERS: usize = 8;

thread_local! {
    // By their text, of tokens that were genuine only: nobody else can fill it up.
    static HEADERS: RefCell<Vec<(String, Allowed)>> = const { RefCell::new(Vec::new()) };
}

fn remembered(header: &str) -> Option<Allowed> {
    HEADERS.with_borrow(|headers| headers.iter().find(|(known, _)| known == header).map(|(_, allowed)| *allowed))
}

fn remember(header: &str, allowed: Allowed) {
    HEADERS.with_borrow_mut(|headers| {
        if headers.len() < MOST_HEADERS && !headers.iter().any(|(known, _)| known == header) {
            headers.push((header.to_owned(), allowed));
        }
    });
}
