//! Exports of the products.

use serde_json::json;
use wasm_bindgen::JsValue;
use worker::Env;

use super::{id_of, signed_in};
use crate::error::{Error, Result};
use crate::platform::inbound::{Inbound, Reply};
use crate::store::calls::{BeginExport, DeleteExport, ListExports, ReadExport};
use crate::store::catalog::ExportProgress;
use crate::store::{Stream, call, download};

/// `GET` and `POST /console/api/exports`.
pub async fn exports(inbound: &Inbound, env: &Env) -> Result<Reply> {
    let (client_id, user) = signed_in(inbound, env).await?;
    if inbound.method == "POST" {
        let export = call(env, client_id.as_str(), &inbound.id, BeginExport { user }).await?;
        return Ok(Reply::json(202, &json!(export)));
    }
    let exports = call(env, client_id.as_str(), &inbound.id, ListExports {}).await?;
    Ok(Reply::json(200, &json!({"exports": exports})))
}

/// `GET` and `DELETE /console/api/exports/{id}`.
pub async fn export(inbound: &Inbound, env: &Env, id: &str) -> Result<Reply> {
    let (client_id, _) = signed_in(inbound, env).await?;
    let id = id_of(id)?;
    if inbound.method == "DELETE" {
        call(env, client_id.as_str(), &inbound.id, DeleteExport { id }).await?;
        return Ok(Reply::empty(204));
    }
    let export = call(env, client_id.as_str(), &inbound.id, ReadExport { id }).await?;
    Ok(Reply::json(200, &json!(export)))
}

/// `GET /console/api/exports/{id}/file`. The file goes through as a stream.
pub async fn export_file(inbound: &Inbound, env: &Env, id: &str) -> Result<Reply> {
    let (client_id, _) = signed_in(inbound, env).await?;
    let id = id_of(id)?;
    let export = call(env, client_id.as_str(), &inbound.id, ReadExport { id }).await?;
    let conflict = |message: &str| Error::Conflict { message: message.to_owned() };
    match export.state {
        ExportProgress::Ready => {}
        ExportProgress::Writing => return Err(conflict("This export is still being written.")),
        ExportProgress::Failed => return Err(conflict("This export broke off. Make a new one.")),
    }
    let file = download(env, client_id.as_str(), Stream::Download(id)).await?;
    let name = format!("attachment; filename=\"products-{}.csv\"", day(export.created_at));
    Ok(Reply::stream(200, file)
        .header("content-type", "text/csv; charset=utf-8")
        .header("x-content-type-options", "nosniff")
        .header("content-disposition", name))
}

/// The day of a moment, in UTC.
fn day(at: i64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a time is far below 2^53")]
    let date = js_sys::Date::new(&JsValue::from_f64(at as f64 * 1000.0));
    String::from(date.to_iso_string()).chars().take(10).collect()
}
