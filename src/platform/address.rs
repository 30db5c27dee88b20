//! Addresses with letters beyond ASCII: spelled by the runtime, so that no tables of every script lie in the wasm.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    type URL;

    #[wasm_bindgen(constructor, catch)]
    fn new(address: &str) -> Result<URL, JsValue>;

    #[wasm_bindgen(method, getter)]
    fn href(this: &URL) -> String;
}

/// Spells an address as browsers do where they send it; one that is ASCII, or none at all, stays as it is.
pub fn spell(address: &mut String) {
    if !address.is_ascii()
        && let Ok(url) = URL::new(address)
    {
        *address = url.href();
    }
}
