//! The console's API: what the merchant's page asks, for the holder of a session.
//!
//! No cookies: the session's token comes with every call as a bearer token.

mod changes;
mod exports;
mod feeds;
mod products;

pub use changes::{apply, change, changes, difference, faults, import, undo};
pub use exports::{export, export_file, exports};
pub use feeds::{begin_run, decide, feed_difference, feed_file, feeds, left_out, run, schedule};
pub use products::{discontinued, products, sync};

use serde_json::json;
use worker::Env;

use crate::bigcommerce::ids::{ClientId, PanelUser};
use crate::error::{Error, Party, Result};
use crate::platform::inbound::{Inbound, Reply};
use crate::secret::Secret;
use crate::store::audit::LONGEST_PAGE;
use crate::store::calls::{
    Call, CheckCatalog, EndSession, PatchSettings, ReadAudit, ReadOverview, ReadSession, ReadSettings, StoreCall,
    TestConnection,
};
use crate::store::sessions::app_of_session;

/// Bytes of a settings patch; a private key is its largest part.
const LONGEST_PATCH: usize = 64 * 1024;

/// Entries of a page of the audit log, unless asked for otherwise.
const AUDIT_PAGE: u32 = 50;

/// `GET /console/api/overview`.
pub async fn overview(inbound: &Inbound, env: &Env) -> Result<Reply> {
    let client_id = inbound.bearer().and_then(|token| app_of_session(&token)).ok_or(Error::SessionEnded)?;
    let mut overview = ask(inbound, env, |session_token| ReadOverview { session_token }).await?;
    overview.add(crate::store::call(env, client_id.as_str(), &inbound.id, CheckCatalog {}).await?);
    Ok(Reply::json(200, &json!(overview)))
}

/// `GET` and `PATCH /console/api/settings`. The version is the entity tag.
pub async fn settings(mut inbound: Inbound, env: &Env) -> Result<Reply> {
    let answer = if inbound.method == "PATCH" {
        refuse_other_than_json(&inbound)?;
        let patch = Secret::new(inbound.text(LONGEST_PATCH).await?);
        let if_match = inbound.header("if-match");
        ask(&inbound, env, |session_token| PatchSettings { session_token, patch, if_match }).await?
    } else {
        ask(&inbound, env, |session_token| ReadSettings { session_token }).await?
    };
    Ok(Reply::json(200, &answer.settings).header("etag", format!("\"{}\"", answer.version)))
}

/// `POST /console/api/connections/{party}/test`.
pub async fn test_connection(inbound: &Inbound, env: &Env, party: &str) -> Result<Reply> {
    let party = match party {
        "bigcommerce" => Party::BigCommerce,
        "ordergroove" => Party::Ordergroove,
        "sftp" => Party::Sftp,
        _ => return Err(Error::NotFound),
    };
    let test = ask(inbound, env, |session_token| TestConnection { session_token, party }).await?;
    Ok(Reply::json(200, &json!(test)))
}

/// `GET /console/api/audit?before=…&limit=…`.
pub async fn audit(inbound: &Inbound, env: &Env) -> Result<Reply> {
    let before = number(inbound, "before")?;
    let limit = number(inbound, "limit")?.map_or(Ok(AUDIT_PAGE), u32::try_from);
    let limit = limit.ok().filter(|limit| (1..=LONGEST_PAGE).contains(limit));
    let limit = limit.ok_or_else(|| Error::bad_request(format!("limit must be from 1 to {LONGEST_PAGE}.")))?;
    let page = ask(inbound, env, |session_token| ReadAudit { session_token, before, limit }).await?;
    Ok(Reply::json(200, &json!(page)))
}

/// `GET` and `DELETE /console/api/session`.
pub async fn session(inbound: &Inbound, env: &Env) -> Result<Reply> {
    if inbound.method == "DELETE" {
        ask(inbound, env, |session_token| EndSession { session_token }).await?;
        return Ok(Reply::empty(204));
    }
    let session = ask(inbound, env, |session_token| ReadSession { session_token }).await?;
    Ok(Reply::json(200, &json!(session)))
}

/// The app and the user of the session that the caller holds.
async fn signed_in(inbound: &Inbound, env: &Env) -> Result<(ClientId, PanelUser)> {
    let client_id = inbound.bearer().and_then(|token| app_of_session(&token)).ok_or(Error::SessionEnded)?;
    let session = ask(inbound, env, |session_token| ReadSession { session_token }).await?;
    Ok((client_id, session.user))
}

/// Asks the object of the app whose session the caller holds.
async fn ask<C>(inbound: &Inbound, env: &Env, call: impl FnOnce(Secret) -> C) -> Result<C::Answer>
where
    C: Call<Object = StoreCall>,
{
    let token = inbound.bearer().ok_or(Error::SessionEnded)?;
    let client_id = app_of_session(&token).ok_or(Error::SessionEnded)?;
    let answer = crate::store::call(env, client_id.as_str(), &inbound.id, call(Secret::new(token))).await;
    // A session of an app that is not there is no session; which apps are, is nobody's business here.
    answer.map_err(|error| if error == Error::UnknownApp { Error::SessionEnded } else { error })
}

/// A query parameter that counts something.
fn number(inbound: &Inbound, name: &str) -> Result<Option<i64>> {
    let Some(text) = inbound.query(name) else { return Ok(None) };
    let number = text.parse().ok().filter(|number| (1..1 << 53).contains(number));
    number.map(Some).ok_or_else(|| Error::bad_request(format!("{name} must be a positive whole number.")))
}

/// A caller that names no media type is taken at its word: the body is read as JSON anyway.
fn refuse_other_than_json(inbound: &Inbound) -> Result<()> {
    let Some(kind) = inbound.header("content-type") else { return Ok(()) };
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_json = kind.is_empty() || kind == "application/json" || kind == "application/merge-patch+json";
    if is_json { Ok(()) } else { Err(Error::UnsupportedMediaType) }
}

/// The number of a thing in its address; a thing with another name is not there.
fn id_of(text: &str) -> Result<i64> {
    text.parse().ok().filter(|id| (1..1 << 53).contains(id)).ok_or(Error::NotFound)
}

/// A query parameter that says how much came before.
fn count(inbound: &Inbound, name: &str) -> Result<u64> {
    let Some(text) = inbound.query(name) else { return Ok(0) };
    let count = text.parse().ok().filter(|count| *count < 1 << 53);
    count.ok_or_else(|| Error::bad_request(format!("{name} must be a whole number.")))
}
