//! A TCP connection. The runtime refuses private addresses and its own in production.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};

#[wasm_bindgen(module = "/src/platform/socket.js")]
extern "C" {
    #[wasm_bindgen(js_name = Socket)]
    type JsSocket;
    #[wasm_bindgen(constructor, catch, js_class = Socket)]
    fn new(host: &str, port: u16, is_secure: bool) -> Result<JsSocket, JsValue>;
    #[wasm_bindgen(method, catch, js_class = Socket)]
    async fn opened(this: &JsSocket) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_class = Socket)]
    async fn read(this: &JsSocket) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_class = Socket)]
    async fn write(this: &JsSocket, bytes: &Uint8Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_class = Socket)]
    async fn flush(this: &JsSocket) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, js_class = Socket)]
    fn close(this: &JsSocket);
}

/// The connection broke, or never was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken;

/// A connection; dropping it closes it.
pub struct Socket(JsSocket);

impl Socket {
    /// Connects; with TLS if `is_secure`.
    pub async fn open(host: &str, port: u16, is_secure: bool) -> Result<Self, Broken> {
        let socket = Self(JsSocket::new(host, port, is_secure).map_err(|_| Broken)?);
        socket.0.opened().await.map_err(|_| Broken)?;
        Ok(socket)
    }

    /// The next bytes, or `None` at the end.
    pub async fn read(&self) -> Result<Option<Vec<u8>>, Broken> {
        let bytes = self.0.read().await.map_err(|_| Broken)?;
        Ok(bytes.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec))
    }

    /// Hands over `bytes`; returns when those before them have gone out.
    pub async fn write(&self, bytes: &Uint8Array) -> Result<(), Broken> {
        self.0.write(bytes).await.map(drop).map_err(|_| Broken)
    }

    /// Waits until all has gone out.
    pub async fn flush(&self) -> Result<(), Broken> {
        self.0.flush().await.map(drop).map_err(|_| Broken)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.0.close();
    }
}
