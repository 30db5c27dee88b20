//! Structured logs: one JSON object a line, with a request id and never a secret.

use serde::Serialize;

use crate::error::Error;

/// Names one request in logs, answers and pages. Cloudflare's ray id where there is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct RequestId(String);

impl RequestId {
    /// Takes Cloudflare's `cf-ray` if it looks like one, else makes an id.
    pub fn from_ray(ray: Option<&str>) -> Self {
        let plain = |ray: &&str| {
            (8..=64).contains(&ray.len()) && ray.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        ray.filter(plain).map_or_else(Self::random, |ray| Self(ray.to_owned()))
    }

    /// An id for work that no request started.
    pub fn random() -> Self {
        let bytes = super::random::bytes::<8>().unwrap_or_default();
        Self(format!("{:016x}", u64::from_be_bytes(bytes)))
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A line of the log. `fields` are named values; texts from outside stay one JSON string, so no
/// newline of theirs can start a line.
#[derive(Serialize)]
struct Line<'a> {
    level: &'a str,
    event: &'a str,
    request_id: &'a str,
    #[serde(flatten)]
    fields: &'a serde_json::Map<String, serde_json::Value>,
}

/// Writes one line: something that happened as it should.
pub fn info(event: &str, request_id: &RequestId, fields: serde_json::Value) {
    write("info", event, request_id, fields);
}

/// Writes one line: something a person may want to look into.
pub fn warn(event: &str, request_id: &RequestId, fields: serde_json::Value) {
    write("warn", event, request_id, fields);
}

/// Writes an error's cause, once, where it leaves the Worker.
pub fn error(event: &str, request_id: &RequestId, error: &Error, mut fields: serde_json::Value) {
    fields["code"] = error.code().into();
    fields["cause"] = error.to_string().into();
    write(if error.is_ours() { "error" } else { "warn" }, event, request_id, fields);
}

fn write(level: &str, event: &str, request_id: &RequestId, fields: serde_json::Value) {
    let fields = match fields {
        serde_json::Value::Object(fields) => fields,
        _ => serde_json::Map::new(),
    };
    let line = Line { level, event, request_id: request_id.as_str(), fields: &fields };
    let line = serde_json::to_string(&line).unwrap_or_default();
    #[cfg(target_arch = "wasm32")]
    worker::console_log!("{line}");
    #[cfg(not(target_arch = "wasm32"))]
    eprintln!("{line}");
}
