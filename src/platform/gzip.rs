//! Compresses what is kept, by the runtime's own means.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::error::{Error, Result};

#[wasm_bindgen(module = "/src/platform/gzip.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = pack)]
    async fn pack_in_js(bytes: Uint8Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = unpack)]
    async fn unpack_in_js(bytes: Uint8Array) -> Result<JsValue, JsValue>;
}

/// As gzip.
pub async fn pack(bytes: &[u8]) -> Result<Vec<u8>> {
    read(pack_in_js(bytes.into()).await)
}

/// From gzip.
pub async fn unpack(bytes: &[u8]) -> Result<Vec<u8>> {
    read(unpack_in_js(bytes.into()).await)
}

fn read(bytes: Result<JsValue, JsValue>) -> Result<Vec<u8>> {
    let bytes = bytes.map_err(|error| Error::internal(format!("gzip: {error:?}")))?;
    bytes.dyn_ref().map(Uint8Array::to_vec).ok_or_else(|| Error::internal("gzip gave no bytes"))
}
