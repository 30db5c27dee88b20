//! `/v3/hooks`: webhooks of the calling app, and the rules for making them.

use std::collections::BTreeMap;

use axum::http::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use url::{Host, Url};

use super::api::Passed;
use super::paging::page;
use super::problem::Problem;
use crate::model::{Hook, Store};
use crate::state::{Shared, now};

/// Hooks per store, app and event.
const MAX_PER_SCOPE: usize = 10;

/// What a hook is made or changed with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    scope: Option<String>,
    destination: Option<String>,
    is_active: Option<bool>,
    headers: Option<BTreeMap<String, String>>,
    #[serde(rename = "events_history_enabled")]
    _events_history_enabled: Option<bool>,
}

pub(super) fn answer(shared: &Shared, passed: &Passed<'_>) -> Result<Value, Problem> {
    match (passed.method, passed.ids.first().copied()) {
        (&Method::POST, _) => create(shared, passed),
        (&Method::PUT, Some(id)) => update(shared, passed, id),
        (&Method::DELETE, Some(id)) => delete(shared, passed, id),
        (_, Some(id)) => {
            let hook = shared
                .read(|state| state.stores.get(passed.store_hash).and_then(|store| find(store, passed, id)).cloned());
            Ok(json!({ "data": hook.ok_or_else(|| Problem::no_such("webhook"))?, "meta": {} }))
        }
        (_, None) => Ok(list(shared, passed)),
    }
}

fn find<'a>(store: &'a Store, passed: &Passed<'_>, id: u64) -> Option<&'a Hook> {
    store.hooks.iter().find(|hook| hook.id == id && hook.client_id == passed.client_id)
}

fn list(shared: &Shared, passed: &Passed<'_>) -> Value {
    let hooks = shared.read(|state| {
        let hooks = state.stores.get(passed.store_hash).map(|store| store.hooks.as_slice()).unwrap_or_default();
        hooks
            .iter()
            .filter(|hook| hook.client_id == passed.client_id)
            .filter(|hook| passed.parameter("scope").is_none_or(|scope| hook.scope == scope))
            .filter(|hook| passed.parameter("destination").is_none_or(|to| hook.destination == to))
            .filter(|hook| passed.parameter("is_active").is_none_or(|is| is == hook.is_active.to_string()))
            .map(|hook| json!(hook))
            .collect()
    });
    page(passed, hooks)
}

fn wanted(passed: &Passed<'_>) -> Result<Wanted, Problem> {
    let body = passed.body.clone().unwrap_or_default();
    let wanted: Wanted = serde_json::from_value(body).map_err(|error| Problem::field("body", error.to_string()))?;
    if let Some(destination) = &wanted.destination {
        check_destination(destination)?;
    }
    if let Some(scope) = &wanted.scope
        && !(scope.starts_with("store/") && !scope.ends_with('/') && !scope.contains("//"))
    {
        return Err(Problem::field("scope", format!("{scope:?} is not the name of an event")));
    }
    Ok(wanted)
}

/// HTTPS on port 443; of this machine, plain HTTP on any port, which the real platform never takes.
fn check_destination(destination: &str) -> Result<(), Problem> {
    let wrong = |why: &str| Problem::field("destination", format!("{destination:?} {why}"));
    let url = Url::parse(destination).map_err(|_| wrong("is not an address"))?;
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return Err(wrong("has no host")),
    };
    match url.scheme() {
        "http" if loopback => Ok(()),
        "https" if url.port_or_known_default() == Some(443) => Ok(()),
        "https" => Err(wrong("is not on port 443")),
        _ => Err(wrong("is not HTTPS")),
    }
}

/// The event of failed deliveries: one hook for it, with a destination no other hook has.
const EXCEPTION: &str = "store/hook/deliveryException";

/// One hook per event and destination, ten per event; `except` is the hook being changed.
fn check_room(
    store: &Store,
    client_id: &str,
    scope: &str,
    destination: &str,
    except: Option<u64>,
) -> Result<(), Problem> {
    let mut same_scope = 0;
    for hook in store.hooks.iter().filter(|hook| hook.client_id == client_id && Some(hook.id) != except) {
        let exceptions = [hook.scope.as_str(), scope].iter().filter(|scope| **scope == EXCEPTION).count();
        if exceptions == 2 {
            return Err(Problem::field("scope", "there is a hook for failed deliveries already"));
        }
        if exceptions == 1 && hook.destination == destination {
            return Err(Problem::field("destination", "a hook for failed deliveries needs one of its own"));
        }
        if hook.scope != scope {
            continue;
        }
        same_scope += 1;
        if hook.destination == destination {
            return Err(Problem::field("destination", "a hook for this scope and destination exists"));
        }
    }
    if same_scope >= MAX_PER_SCOPE {
        return Err(Problem::field("scope", format!("there are {MAX_PER_SCOPE} hooks for this scope already")));
    }
    Ok(())
}

fn create(shared: &Shared, passed: &Passed<'_>) -> Result<Value, Problem> {
    let wanted = wanted(passed)?;
    let scope = wanted.scope.ok_or_else(|| Problem::field("scope", "is required"))?;
    let destination = wanted.destination.ok_or_else(|| Problem::field("destination", "is required"))?;
    shared.change(|state| {
        let id = state.next_id();
        let store = state.stores.get_mut(passed.store_hash).ok_or_else(|| Problem::no_such("store"))?;
        check_room(store, &passed.client_id, &scope, &destination, None)?;
        let hook = Hook {
            id,
            client_id: passed.client_id.clone(),
            store_hash: passed.store_hash.to_owned(),
            scope,
            destination,
            headers: wanted.headers,
            is_active: wanted.is_active.unwrap_or(true),
            created_at: now(),
            updated_at: now(),
        };
        store.hooks.push(hook.clone());
        Ok(json!({ "data": hook, "meta": {} }))
    })
}

fn update(shared: &Shared, passed: &Passed<'_>, id: u64) -> Result<Value, Problem> {
    if passed.body.as_ref().is_none_or(|body| body.as_object().is_none_or(serde_json::Map::is_empty)) {
        return Err(Problem::field("body", "at least one field is required"));
    }
    let wanted = wanted(passed)?;
    shared.change(|state| {
        let store = state.stores.get_mut(passed.store_hash).ok_or_else(|| Problem::no_such("store"))?;
        let mut hook = find(store, passed, id).cloned().ok_or_else(|| Problem::no_such("webhook"))?;
        hook.scope = wanted.scope.unwrap_or(hook.scope);
        hook.destination = wanted.destination.unwrap_or(hook.destination);
        hook.headers = wanted.headers.or(hook.headers);
        hook.is_active = wanted.is_active.unwrap_or(hook.is_active);
        hook.updated_at = now();
        check_room(store, &passed.client_id, &hook.scope, &hook.destination, Some(id))?;
        for kept in store.hooks.iter_mut().filter(|kept| kept.id == id) {
            *kept = hook.clone();
        }
        Ok(json!({ "data": hook, "meta": {} }))
    })
}

fn delete(shared: &Shared, passed: &Passed<'_>, id: u64) -> Result<Value, Problem> {
    shared.change(|state| {
        let store = state.stores.get_mut(passed.store_hash).ok_or_else(|| Problem::no_such("store"))?;
        let hook = find(store, passed, id).cloned().ok_or_else(|| Problem::no_such("webhook"))?;
        store.hooks.retain(|kept| kept.id != id);
        Ok(json!({ "data": hook, "meta": {} }))
    })
}
