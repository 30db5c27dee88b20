//! Changes of many products at once: imports and rules.

use serde_json::json;
use worker::Env;

use super::products::search;
use super::{count, id_of, number, refuse_other_than_json, signed_in};
use crate::error::{Error, Result};
use crate::platform::inbound::{Inbound, Reply};
use crate::store::calls::{
    ApplyChange, BeginChange, BeginImport, DiscardChange, ListChanges, ReadChange, ReadDifference, ReadFaults, Shown,
    UndoChange,
};
use crate::store::catalog::{ChangeState, ChangeView, LONGEST_FILE, Wanted};
use crate::store::{call, upload};

/// Bytes of a rule: a thousand ids.
const LONGEST_RULE: usize = 32 * 1024;

/// Characters of a file's name.
const LONGEST_NAME: usize = 200;

/// `POST /console/api/imports?name=…`. The file goes through as a stream.
pub async fn import(inbound: &Inbound, env: &Env) -> Result<Reply> {
    let (client_id, user) = signed_in(inbound, env).await?;
    let (name, id) = (client_id.as_str(), &inbound.id);
    refuse_other_than_csv(inbound)?;
    let file_name = inbound.query("name").unwrap_or_else(|| "products.csv".to_owned());
    if file_name.chars().count() > LONGEST_NAME {
        return Err(Error::bad_request(format!("name must be at most {LONGEST_NAME} characters.")));
    }
    let file_bytes = inbound.header("content-length").and_then(|length| length.parse().ok());
    if file_bytes.is_some_and(|bytes: u64| bytes > LONGEST_FILE) {
        return Err(Error::BodyTooLarge);
    }
    let body = inbound.body().ok_or_else(|| Error::bad_request("The file is missing."))?;
    let change = call(env, name, id, BeginImport { user, file_name, file_bytes }).await?;
    let change: Shown<ChangeView> = upload(env, name, change, body).await?;
    Ok(Reply::json(202, &json!(change)))
}

/// `GET` and `POST /console/api/changes`.
pub async fn changes(mut inbound: Inbound, env: &Env) -> Result<Reply> {
    let (client_id, user) = signed_in(&inbound, env).await?;
    if inbound.method == "POST" {
        refuse_other_than_json(&inbound)?;
        let wanted = Wanted::parse(&inbound.text(LONGEST_RULE).await?)?;
        search(Some(wanted.search.clone()))?;
        let change = call(env, client_id.as_str(), &inbound.id, BeginChange { user, wanted }).await?;
        return Ok(Reply::json(202, &json!(change)));
    }
    let before = number(&inbound, "before")?;
    let page = call(env, client_id.as_str(), &inbound.id, ListChanges { before }).await?;
    Ok(Reply::json(200, &json!(page)))
}

/// `GET` and `DELETE /console/api/changes/{id}`.
pub async fn change(inbound: &Inbound, env: &Env, id: &str) -> Result<Reply> {
    let (client_id, _) = signed_in(inbound, env).await?;
    let id = id_of(id)?;
    if inbound.method == "DELETE" {
        call(env, client_id.as_str(), &inbound.id, DiscardChange { id }).await?;
        return Ok(Reply::empty(204));
    }
    let change = call(env, client_id.as_str(), &inbound.id, ReadChange { id }).await?;
    Ok(Reply::json(200, &json!(change)))
}

/// `GET /console/api/changes/{id}/faults`.
pub async fn faults(inbound: &Inbound, env: &Env, id: &str) -> Result<Reply> {
    let (client_id, _) = signed_in(inbound, env).await?;
    let call_for = ReadFaults { id: id_of(id)?, after: count(inbound, "after")? };
    let page = call(env, client_id.as_str(), &inbound.id, call_for).await?;
    Ok(Reply::json(200, &json!(page)))
}

/// `GET /console/api/changes/{id}/difference`.
pub async fn difference(inbound: &Inbound, env: &Env, id: &str) -> Result<Reply> {
    let (client_id, _) = signed_in(inbound, env).await?;
    let after = i64::try_from(count(inbound, "after")?).map_err(Error::internal)?;
    let page = call(env, client_id.as_str(), &inbound.id, ReadDifference { id: id_of(id)?, after }).await?;
    Ok(Reply::json(200, &json!(page)))
}

/// `POST /console/api/changes/{id}/apply`. 202: products changed meanwhile, so it is checked again.
pub async fn apply(inbound: &Inbound, env: &Env, id: &str) -> Result<Reply> {
    let (client_id, _) = signed_in(inbound, env).await?;
    let change = call(env, client_id.as_str(), &inbound.id, ApplyChange { id: id_of(id)? }).await?;
    let status = if change.state == ChangeState::Applied { 200 } else { 202 };
    Ok(Reply::json(status, &json!(change)))
}

/// `POST /console/api/changes/{id}/undo`.
pub async fn undo(inbound: &Inbound, env: &Env, id: &str) -> Result<Reply> {
    let (client_id, _) = signed_in(inbound, env).await?;
    let change = call(env, client_id.as_str(), &inbound.id, UndoChange { id: id_of(id)? }).await?;
    Ok(Reply::json(200, &json!(change)))
}

/// Browsers name a CSV file in many ways; what is surely another thing is refused.
fn refuse_other_than_csv(inbound: &Inbound) -> Result<()> {
    let kind = inbound.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        ""
        | "text/csv"
        | "text/plain"
        | "application/csv"
        | "application/vnd.ms-excel"
        | "application/octet-stream" => Ok(()),
        _ => Err(Error::bad_request("Send the file itself, as text/csv or application/octet-stream.")),
    }
}
