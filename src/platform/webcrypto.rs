//! The runtime's cryptography: native speed, constant time, and nothing of it in the module.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::sftp::Scheme;

#[wasm_bindgen(module = "/src/platform/webcrypto.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = makePair)]
    async fn js_make_pair(curve: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = agree)]
    async fn js_agree(curve: &str, own: &JsValue, theirs: &[u8]) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = verify)]
    async fn js_verify(
        name: &str,
        curve: &str,
        hash: &str,
        jwk: &str,
        signature: &[u8],
        data: &[u8],
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = importPrivate)]
    async fn js_import_private(
        name: &str,
        curve: &str,
        hash: &str,
        pkcs8: &[u8],
        jwk: &str,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = sign)]
    async fn js_sign(key: &JsValue, hash: &str, data: &[u8]) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = importAes)]
    async fn js_import_aes(name: &str, bytes: &[u8]) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = ctr)]
    async fn js_ctr(key: &JsValue, counter: &[u8], data: &[u8]) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = sealGcm)]
    async fn js_seal_gcm(key: &JsValue, nonce: &[u8], packets: &[u8]) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = openGcm)]
    async fn js_open_gcm(key: &JsValue, nonce: &[u8], packets: &[u8]) -> Result<JsValue, JsValue>;
}

/// The runtime refused: a key, a point or a tag is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

type Done<T> = Result<T, Refused>;

fn bytes(answer: Result<JsValue, JsValue>) -> Done<Uint8Array> {
    answer.ok().and_then(|bytes| bytes.dyn_into().ok()).ok_or(Refused)
}

fn pair(answer: Result<JsValue, JsValue>) -> Done<(JsValue, JsValue)> {
    let pair: Array = answer.ok().and_then(|pair| pair.dyn_into().ok()).ok_or(Refused)?;
    Ok((pair.get(0), pair.get(1)))
}

/// Our half of a key agreement, made for one use.
pub struct KeyPair {
    curve: &'static str,
    private: JsValue,
    /// What the other side gets.
    pub public: Vec<u8>,
}

impl KeyPair {
    /// On `X25519`, `P-256`, `P-384` or `P-521`.
    pub async fn make(curve: &'static str) -> Done<Self> {
        let (private, public) = pair(js_make_pair(curve).await)?;
        Ok(Self { curve, private, public: bytes(Ok(public))?.to_vec() })
    }

    /// What only both sides know.
    pub async fn agree(self, theirs: &[u8]) -> Done<Vec<u8>> {
        Ok(bytes(js_agree(self.curve, &self.private, theirs).await)?.to_vec())
    }
}

/// Whether `signature` over `data` was made by the owner of `key`, a JSON Web Key.
pub async fn verify(scheme: Scheme, key: &str, signature: &[u8], data: &[u8]) -> Done<bool> {
    let is_good = js_verify(scheme.name, scheme.curve, scheme.hash, key, signature, data).await;
    is_good.ok().and_then(|is_good| is_good.as_bool()).ok_or(Refused)
}

/// A private key that signs.
pub struct SigningKey {
    key: JsValue,
    hash: &'static str,
    /// Its public half, as a JSON Web Key.
    pub public: String,
}

impl SigningKey {
    /// From PKCS#8, or from a JSON Web Key if there is one.
    pub async fn import(scheme: Scheme, pkcs8: &[u8], jwk: &str) -> Done<Self> {
        let (key, public) = pair(js_import_private(scheme.name, scheme.curve, scheme.hash, pkcs8, jwk).await)?;
        Ok(Self { key, hash: scheme.hash, public: public.as_string().ok_or(Refused)? })
    }

    /// Signs.
    pub async fn sign(&self, data: &[u8]) -> Done<Vec<u8>> {
        Ok(bytes(js_sign(&self.key, self.hash, data).await)?.to_vec())
    }
}

/// An AES key, for one mode.
pub struct AesKey(JsValue);

impl AesKey {
    /// For AES-GCM.
    pub async fn gcm(bytes: &[u8]) -> Done<Self> {
        js_import_aes("AES-GCM", bytes).await.map(Self).map_err(|_| Refused)
    }

    /// For AES-CTR.
    pub async fn ctr(bytes: &[u8]) -> Done<Self> {
        js_import_aes("AES-CTR", bytes).await.map(Self).map_err(|_| Refused)
    }

    /// Encrypts or decrypts in counter mode.
    pub async fn apply_ctr(&self, counter: &[u8; 16], data: &[u8]) -> Done<Uint8Array> {
        bytes(js_ctr(&self.0, counter, data).await)
    }

    /// Seals packets, each with its length before it.
    pub async fn seal_gcm(&self, nonce: &[u8; 12], packets: &[u8]) -> Done<Uint8Array> {
        bytes(js_seal_gcm(&self.0, nonce, packets).await)
    }

    /// Opens what [`Self::seal_gcm`] made.
    pub async fn open_gcm(&self, nonce: &[u8; 12], packets: &[u8]) -> Done<Uint8Array> {
        bytes(js_open_gcm(&self.0, nonce, packets).await)
    }
}
