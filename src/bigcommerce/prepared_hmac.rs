//! HS256 and HS512 for jwt-compact, with the key schedule done once per key and not per token.

use std::borrow::Cow;
use std::num::NonZeroUsize;

use hmac::{Hmac, Mac};
use jwt_compact::{Algorithm, AlgorithmSignature};
use sha2::{Sha256, Sha512};

/// An HMAC with its key schedule done.
pub(super) fn hmac_of<M: Mac + hmac::digest::KeyInit>(key: &[u8]) -> M {
    <M as hmac::digest::KeyInit>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"))
}

/// jwt-compact's own HS256 and HS512 do the key schedule at every verification; these take it done.
macro_rules! prepared_hmac {
    ($algorithm:ident, $signature:ident, $hash:ty, $bytes:literal, $name:literal) => {
        #[doc = concat!($name, ", with the key schedule done beforehand.")]
        pub(super) struct $algorithm;

        /// Its signature.
        pub(super) struct $signature([u8; $bytes]);

        impl AlgorithmSignature for $signature {
            const LENGTH: Option<NonZeroUsize> = NonZeroUsize::new($bytes);

            fn try_from_slice(slice: &[u8]) -> anyhow::Result<Self> {
                Ok(Self(slice.try_into()?))
            }

            fn as_bytes(&self) -> Cow<'_, [u8]> {
                Cow::Borrowed(&self.0)
            }
        }

        impl Algorithm for $algorithm {
            type SigningKey = Hmac<$hash>;
            type VerifyingKey = Hmac<$hash>;
            type Signature = $signature;

            fn name(&self) -> Cow<'static, str> {
                Cow::Borrowed($name)
            }

            fn sign(&self, key: &Self::SigningKey, message: &[u8]) -> Self::Signature {
                $signature(key.clone().chain_update(message).finalize().into_bytes().into())
            }

            fn verify_signature(&self, signature: &Self::Signature, key: &Self::VerifyingKey, message: &[u8]) -> bool {
                key.clone().chain_update(message).verify_slice(&signature.0).is_ok()
            }
        }
    };
}

prepared_hmac!(Hs256, Hs256Signature, Sha256, 32, "HS256");
prepared_hmac!(Hs512, Hs512Signature, Sha512, 64, "HS512");
