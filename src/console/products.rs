//! The products, and the reading of the catalogue.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use worker::Env;

use super::{id_of, number, refuse_other_than_json, signed_in};
use crate::error::{Error, Result};
use crate::platform::inbound::{Inbound, Reply};
use crate::store::call;
use crate::store::calls::{CancelSync, MarkDiscontinued, PatchProducts, ReadProducts, ReadSync, StartSync};
use crate::store::catalog::{MOST_A_PAGE, ProductsPatch, ProductsQuery, Show, Sort};

/// Bytes of a patch: 250 products with many options each.
const LONGEST_PATCH: usize = 2 * 1024 * 1024;

/// Products of a page, unless asked for otherwise.
const PAGE: u32 = 50;

/// Characters of a search.
const LONGEST_SEARCH: usize = 200;

/// `PUT` and `DELETE /console/api/products/{id}/discontinued`: its subscriptions end, or go on, with the next feed.
pub async fn discontinued(inbound: &Inbound, env: &Env, id: &str) -> Result<Reply> {
    let (client_id, user) = signed_in(inbound, env).await?;
    let mark = MarkDiscontinued { user, product_id: id_of(id)?, discontinued: inbound.method == "PUT" };
    call(env, client_id.as_str(), &inbound.id, mark).await?;
    Ok(Reply::empty(204))
}

/// `GET` and `PATCH /console/api/products`.
pub async fn products(mut inbound: Inbound, env: &Env) -> Result<Reply> {
    let (client_id, user) = signed_in(&inbound, env).await?;
    if inbound.method == "PATCH" {
        refuse_other_than_json(&inbound)?;
        let patch = ProductsPatch::parse(&inbound.text(LONGEST_PATCH).await?)?;
        let products = call(env, client_id.as_str(), &inbound.id, PatchProducts { user, patch }).await?;
        return Ok(Reply::json(200, &json!({"products": products})));
    }
    let query = query(&inbound)?;
    let page = call(env, client_id.as_str(), &inbound.id, ReadProducts { query }).await?;
    Ok(Reply::json(200, &json!(page)))
}

/// `GET`, `POST` and `DELETE /console/api/sync`.
pub async fn sync(inbound: &Inbound, env: &Env) -> Result<Reply> {
    let (client_id, _) = signed_in(inbound, env).await?;
    let (name, id) = (client_id.as_str(), &inbound.id);
    let (status, sync) = match inbound.method.as_str() {
        "POST" => (202, call(env, name, id, StartSync { client_id: client_id.clone() }).await?),
        "DELETE" => (200, call(env, name, id, CancelSync {}).await?),
        _ => (200, call(env, name, id, ReadSync {}).await?),
    };
    Ok(Reply::json(status, &json!(sync)))
}

fn query(inbound: &Inbound) -> Result<ProductsQuery> {
    let count = |name: &str, most: u32, usual: u32| -> Result<u32> {
        let told = number(inbound, name)?.map_or(Ok(usual), u32::try_from);
        let told = told.ok().filter(|told| (1..=most).contains(told));
        told.ok_or_else(|| Error::bad_request(format!("{name} must be from 1 to {most}.")))
    };
    Ok(ProductsQuery {
        search: search(inbound.query("search"))?,
        show: word::<Show>(inbound, "show", "all, eligible, not_eligible, attention or no_options")?,
        sort: word::<Sort>(inbound, "sort", "name, -name, id or -id")?,
        page: count("page", 1_000_000, 1)?,
        limit: count("limit", MOST_A_PAGE, PAGE)?,
    })
}

/// What is searched for, if it is not too long.
pub(super) fn search(text: Option<String>) -> Result<String> {
    let text = text.unwrap_or_default();
    if text.chars().count() > LONGEST_SEARCH {
        return Err(Error::bad_request(format!("search must be at most {LONGEST_SEARCH} characters.")));
    }
    Ok(text)
}

fn word<T: DeserializeOwned + Default>(inbound: &Inbound, name: &str, known: &str) -> Result<T> {
    let Some(word) = inbound.query(name) else { return Ok(T::default()) };
    serde_json::from_value(Value::String(word)).map_err(|_| Error::bad_request(format!("{name} must be {known}.")))
}
