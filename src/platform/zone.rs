//! Time zones: the runtime's, by `zone.js`.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::feeds::schedule::Zone;

#[wasm_bindgen(module = "/src/platform/zone.js")]
extern "C" {
    fn zone(name: &str) -> JsValue;
    fn offset(formatter: &JsValue, seconds: f64) -> i32;
}

/// An IANA zone that the runtime knows.
#[derive(Debug)]
pub struct RuntimeZone(JsValue);

impl RuntimeZone {
    /// The zone of this name (`America/Chicago`), if there is one.
    pub fn named(name: &str) -> Option<Self> {
        let formatter = zone(name);
        (!formatter.is_undefined()).then_some(Self(formatter))
    }
}

impl Zone for RuntimeZone {
    #[expect(clippy::cast_precision_loss, reason = "a time in seconds is far below 2^53")]
    fn offset_at(&self, unix_seconds: i64) -> i32 {
        offset(&self.0, unix_seconds as f64)
    }
}
