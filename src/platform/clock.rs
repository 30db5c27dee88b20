//! The one clock. Nothing else may ask for the time (`clippy.toml` forbids it).

/// Unix seconds now. Workers freeze the clock between I/O, which is fine for every use here.
#[cfg(target_arch = "wasm32")]
pub fn now() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit an i64")]
    let seconds = (js_sys::Date::now() / 1000.0) as i64;
    seconds + skew::seconds()
}

/// Unix seconds now, on the host.
#[cfg(not(target_arch = "wasm32"))]
#[expect(clippy::disallowed_methods, reason = "the one place")]
pub fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// Unix milliseconds now, for measuring how long something took.
pub fn millis() -> i64 {
    #[cfg(target_arch = "wasm32")]
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit an i64")]
    return js_sys::Date::now() as i64 + skew::seconds() * 1000;
    #[cfg(not(target_arch = "wasm32"))]
    return now() * 1000;
}

/// A moment in Unix seconds as ISO 8601 in UTC: `2026-11-22T08:00:00Z`.
#[expect(clippy::cast_precision_loss, reason = "a time in milliseconds is far below 2^53")]
pub fn iso(at: i64) -> String {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at as f64 * 1000.0));
    let text = String::from(date.to_iso_string());
    text.split_once('.').map_or(text.clone(), |(seconds, _)| format!("{seconds}Z"))
}

/// A moment of [`now`]'s clock as milliseconds of the runtime's, for alarms.
#[expect(clippy::cast_precision_loss, reason = "a time in milliseconds is far below 2^53")]
pub fn runtime_millis(at: i64) -> f64 {
    (at - skew::seconds()).max(0) as f64 * 1000.0
}

/// In test builds the clock can be set forward, so that days pass in a test without anyone waiting.
#[cfg(feature = "test-hooks")]
pub mod skew {
    use std::cell::Cell;

    thread_local! {
        static SECONDS: Cell<i64> = const { Cell::new(0) };
    }

    /// How far the clock is ahead.
    pub fn seconds() -> i64 {
        SECONDS.get()
    }

    /// Sets it ahead.
    pub fn set(seconds: i64) {
        SECONDS.set(seconds);
    }
}

#[cfg(not(feature = "test-hooks"))]
mod skew {
    pub(super) const fn seconds() -> i64 {
        0
    }
}
