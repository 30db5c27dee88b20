//! Feeds: the schedule, the runs, and what becomes of them.

use serde::Deserialize;
use serde_json::json;
use worker::Env;

use super::{count, id_of, refuse_other_than_json, signed_in};
use crate::error::{Error, Result};
use crate::platform::inbound::{Inbound, Reply};
use crate::store::calls::{DecideFeed, Decision, ReadFeed, ReadFeedDifference, ReadFeeds, ReadLeftOut, StartFeed};
use crate::store::catalog::SchedulePreview;
use crate::store::{Stream, call, download};

/// Bytes of a body here.
const LONGEST_BODY: usize = 4 * 1024;

/// `GET /console/api/feeds`.
pub async fn feeds(inbound: &Inbound, env: &Env) -> Result<Reply> {
    let (client_id, _) = signed_in(inbound, env).await?;
    let feeds = call(env, client_id.as_str(), &inbound.id, ReadFeeds {}).await?;
    Ok(Reply::json(200, &json!(feeds)))
}

/// `POST /console/api/feeds/schedule`. Says what a schedule means; saves nothing.
pub async fn schedule(mut inbound: Inbound, env: &Env) -> Result<Reply> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        expression: String,
        time_zone: String,
    }
    signed_in(&inbound, env).await?;
    let body: Body = read(&mut inbound).await?;
    Ok(Reply::json(200, &json!(SchedulePreview::of(&body.expression, &body.time_zone)?)))
}

/// `POST /console/api/feeds/runs`.
pub async fn begin_run(mut inbound: Inbound, env: &Env) -> Result<Reply> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        send_unchanged: bool,
    }
    let (client_id, user) = signed_in(&inbound, env).await?;
    let Body { send_unchanged } = read(&mut inbound).await?;
    let run = call(env, client_id.as_str(), &inbound.id, StartFeed { user, send_unchanged }).await?;
    Ok(Reply::json(202, &json!(run)))
}

/// `GET` and `DELETE /console/api/feeds/runs/{id}`.
pub async fn run(inbound: &Inbound, env: &Env, id: &str) -> Result<Reply> {
    if inbound.method == "DELETE" {
        decide(inbound, env, id, Decision::Cancel).await?;
        return Ok(Reply::empty(204));
    }
    let (client_id, _) = signed_in(inbound, env).await?;
    let run = call(env, client_id.as_str(), &inbound.id, ReadFeed { id: id_of(id)? }).await?;
    Ok(Reply::json(200, &json!(run)))
}

/// `POST /console/api/feeds/runs/{id}/confirm` and `/retry`; also cancels.
pub async fn decide(inbound: &Inbound, env: &Env, id: &str, decision: Decision) -> Result<Reply> {
    let (client_id, user) = signed_in(inbound, env).await?;
    let id = id_of(id)?;
    let run = call(env, client_id.as_str(), &inbound.id, DecideFeed { id, user, decision }).await?;
    Ok(Reply::json(202, &json!(run)))
}

/// `GET /console/api/feeds/runs/{id}/left-out`.
pub async fn left_out(inbound: &Inbound, env: &Env, id: &str) -> Result<Reply> {
    let (client_id, _) = signed_in(inbound, env).await?;
    let after = i64::try_from(count(inbound, "after")?).map_err(Error::internal)?;
    let page = call(env, client_id.as_str(), &inbound.id, ReadLeftOut { id: id_of(id)?, after }).await?;
    Ok(Reply::json(200, &json!(page)))
}

/// `GET /console/api/feeds/runs/{id}/difference`.
pub async fn feed_difference(inbound: &Inbound, env: &Env, id: &str) -> Result<Reply> {
    let (client_id, _) = signed_in(inbound, env).await?;
    let after = i64::try_from(count(inbound, "after")?).map_err(Error::internal)?;
    let page = call(env, client_id.as_str(), &inbound.id, ReadFeedDifference { id: id_of(id)?, after }).await?;
    Ok(Reply::json(200, &json!(page)))
}

/// `GET /console/api/feeds/runs/{id}/file`. The file goes through as a stream.
pub async fn feed_file(inbound: &Inbound, env: &Env, id: &str) -> Result<Reply> {
    let (client_id, _) = signed_in(inbound, env).await?;
    let id = id_of(id)?;
    let run = call(env, client_id.as_str(), &inbound.id, ReadFeed { id }).await?;
    let no_file = || Error::Conflict { message: "There is no file of this run.".to_owned() };
    let name = run.file().ok_or_else(no_file)?;
    let file = download(env, client_id.as_str(), Stream::Feed(id)).await?;
    Ok(Reply::stream(200, file)
        .header("content-type", "application/xml; charset=utf-8")
        .header("x-content-type-options", "nosniff")
        .header("content-disposition", format!("attachment; filename=\"{name}\"")))
}

async fn read<T: serde::de::DeserializeOwned>(inbound: &mut Inbound) -> Result<T> {
    refuse_other_than_json(inbound)?;
    let body = inbound.text(LONGEST_BODY).await?;
    // serde takes a list for a struct, by the order of its fields; what comes in has names.
    let body: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&body).map_err(not_understood)?;
    serde_json::from_value(body.into()).map_err(not_understood)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn not_understood(error: serde_json::Error) -> Error {
    Error::bad_request(format!("The body is not understood: {error}"))
}
