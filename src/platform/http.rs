//! Sends what `outbound` describes: never a redirect followed, never longer than its timeout,
//! never more read than it says.

use js_sys::{Array, Error as JsError, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::error::{Error, Result};
use crate::outbound::{Method, OutboundAnswer, OutboundRequest};

#[wasm_bindgen(module = "/src/platform/outbound.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = send)]
    async fn send_in_js(
        method: &str,
        url: &str,
        headers: &str,
        body: Option<String>,
        patience: f64,
        longest: f64,
        wanted: &str,
    ) -> Result<JsValue, JsValue>;
}

/// Sends `request`; whatever goes wrong is the other party's unavailability.
pub async fn send(request: OutboundRequest) -> Result<OutboundAnswer> {
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Patch => "PATCH",
        Method::Delete => "DELETE",
    };
    let mut headers = vec![("accept", "application/json"), ("user-agent", "ordergroove-bigcommerce-edge")];
    headers.extend(request.headers.iter().map(|(name, value)| (*name, value.as_str())));
    if request.body.is_some() {
        headers.push(("content-type", "application/json"));
    }
    let headers = serde_json::to_string(&headers).map_err(Error::internal)?;
    let body = request.body.as_ref().map(ToString::to_string);
    let patience = request.timeout.as_secs_f64() * 1000.0;
    #[expect(clippy::cast_precision_loss, reason = "a few megabytes")]
    let longest = request.longest as f64;
    let wanted = request.wanted.join(",");
    let sent = send_in_js(method, request.url.as_str(), &headers, body, patience.ceil(), longest, &wanted).await;
    let answer = sent.map_err(|error| reason(&error)).and_then(|answer| read(&answer, request.wanted));
    answer.map_err(|cause| Error::upstream(request.party, cause))
}

fn read(answer: &JsValue, wanted: &[&'static str]) -> Result<OutboundAnswer, String> {
    let answer: &Array = answer.dyn_ref().ok_or("no answer")?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an HTTP status")]
    let status = answer.get(0).as_f64().unwrap_or_default() as u16;
    let body = answer.get(1).dyn_ref::<Uint8Array>().map(|bytes| text(bytes.to_vec()));
    let headers = (2..).zip(wanted).filter_map(|(at, name)| Some((*name, answer.get(at).as_string()?))).collect();
    Ok(OutboundAnswer { status, is_too_long: body.is_none(), body: body.unwrap_or_default(), headers })
}

/// What is not UTF-8 is replaced, and a byte order mark left out, as JavaScript does.
fn text(bytes: Vec<u8>) -> String {
    let text = String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)
}

/// Why a call failed, in the runtime's words; they name no header and no body.
fn reason(error: &JsValue) -> String {
    match error.dyn_ref::<JsError>() {
        Some(error) if error.name() == "TimeoutError" => "no answer in time".to_owned(),
        Some(error) => format!("unreachable: {}", error.message()),
        None => "no answer in time, or unreachable".to_owned(),
    }
}
