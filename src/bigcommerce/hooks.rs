//! The hooks of this app at a store: which it wants, how they are read and changed, what there is to repair.
//!
//! BigCommerce shows a hook to the app that made it only, so every hook that is listed is ours. It switches
//! one off after 48 hours of failed deliveries or 90 days without an event, and says so only to whoever looks
//! (or listens to `store/hook/deliveryException`). An uninstall deletes them all.
//!
//! Source: BigCommerce, "Webhooks" (REST Management, v3) and "Webhooks overview".

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::ids::StoreHash;
use super::page::Page;
use super::webhook::SECRET_HEADER;
use crate::error::{Error, Party};
use crate::outbound::{Method, OutboundAnswer, OutboundRequest, join};
use crate::secret::Secret;

const TIMEOUT: Duration = Duration::from_secs(8);

/// One event that the app is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HookScope {
    /// BigCommerce's name of it.
    pub name: &'static str,
    /// What the app does when it is told.
    pub purpose: &'static str,
    /// Which of the app's addresses is told.
    pub address: HookAddress,
}

/// The addresses that hooks call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HookAddress {
    /// For all events but one.
    Events,
    /// For failed deliveries: BigCommerce wants another destination than any other hook has.
    Exceptions,
}

impl HookAddress {
    /// What comes after `/bigcommerce/{client_id}/`.
    pub fn path(self) -> &'static str {
        match self {
            Self::Events => "webhooks",
            Self::Exceptions => "webhooks/exceptions",
        }
    }
}

const fn told(name: &'static str, purpose: &'static str) -> HookScope {
    HookScope { name, purpose, address: HookAddress::Events }
}

/// The events of products, which the catalogue works off.
pub const PRODUCTS: &str = "store/product/";
/// Name, currency, time zone or addresses changed.
pub const STORE_INFORMATION: &str = "store/information/updated";
/// The store was closed on the platform.
pub const APP_UNINSTALLED: &str = "store/app/uninstalled";
/// A delivery failed, or a hook was switched off because of it.
pub const DELIVERY_EXCEPTION: &str = "store/hook/deliveryException";

/// Every event that the app wants to be told of.
pub const WANTED: &[HookScope] = &[
    told("store/product/created", "reads the new product's subscription options"),
    told("store/product/updated", "reads its subscription options anew"),
    told("store/product/deleted", "takes it out of the catalogue"),
    told(STORE_INFORMATION, "reads the store's name and addresses anew"),
    told(APP_UNINSTALLED, "asks whether the app is still installed"),
    HookScope { name: DELIVERY_EXCEPTION, purpose: "looks after the hooks", address: HookAddress::Exceptions },
];

/// Whether the app wants to be told of `scope`.
pub fn is_wanted(scope: &str) -> bool {
    WANTED.iter().any(|wanted| wanted.name == scope)
}

/// A hook as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedHook {
    scope: &'static str,
    destination: String,
    secret: Secret,
}

/// All hooks as they should be; `address` gives the destinations.
pub fn wanted(address: impl Fn(HookAddress) -> String, secret: &Secret) -> Vec<WantedHook> {
    let hook = |scope: &HookScope| WantedHook {
        scope: scope.name,
        destination: address(scope.address),
        secret: secret.clone(),
    };
    WANTED.iter().map(hook).collect()
}

impl WantedHook {
    fn body(&self) -> Value {
        json!({"scope": self.scope, "destination": self.destination, "is_active": true,
            "headers": {SECRET_HEADER: self.secret.expose()}})
    }

    fn is(&self, hook: &Hook) -> bool {
        hook.is_active && hook.scope == self.scope && hook.destination == self.destination && self.has_header(hook)
    }

    fn has_header(&self, hook: &Hook) -> bool {
        let headers: Vec<_> = hook.headers.iter().flatten().collect();
        let [(name, value)] = headers[..] else { return false };
        name.eq_ignore_ascii_case(SECRET_HEADER) && value.as_str().map(Secret::new).as_ref() == Some(&self.secret)
    }
}

/// A hook as BigCommerce lists it.
#[derive(Clone, Deserialize)]
pub struct Hook {
    id: u64,
    scope: String,
    destination: String,
    headers: Option<BTreeMap<String, Value>>,
    is_active: bool,
}

/// What there is to do, in an order that keeps within BigCommerce's limits (one hook for failed deliveries, ten
/// for a scope): first what goes, then what changes, then what is new.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Nobody wants it any more.
    Delete(u64),
    /// It is switched off, or has another address or secret.
    Repair(u64, WantedHook),
    /// It is not there.
    Create(WantedHook),
}

/// What has to be done so that `found` becomes `wanted`.
pub fn steps(found: &[Hook], wanted: Vec<WantedHook>) -> Vec<Step> {
    let mut kept = Vec::new();
    let (mut repairs, mut creations) = (Vec::new(), Vec::new());
    for wanted in wanted {
        let of_scope = || found.iter().filter(|hook| hook.scope == wanted.scope);
        // One with the right address first: another hook cannot be given that address.
        let hook = of_scope().find(|hook| hook.destination == wanted.destination).or_else(|| of_scope().next());
        match hook {
            Some(hook) => {
                kept.push(hook.id);
                if !wanted.is(hook) {
                    repairs.push(Step::Repair(hook.id, wanted));
                }
            }
            None => creations.push(Step::Create(wanted)),
        }
    }
    let gone = found.iter().filter(|hook| !kept.contains(&hook.id)).map(|hook| Step::Delete(hook.id));
    gone.chain(repairs).chain(creations).collect()
}

/// How many hooks that the app wants were switched off.
pub fn switched_off(found: &[Hook]) -> usize {
    found.iter().filter(|hook| !hook.is_active && is_wanted(&hook.scope)).count()
}

/// How the app reaches a store's hooks.
pub struct HooksApi<'a> {
    /// Without `/stores`.
    pub api_url: &'a Url,
    /// The store.
    pub store: &'a StoreHash,
    /// Never logged.
    pub access_token: &'a Secret,
}

impl HooksApi<'_> {
    /// Asks for a page of the list.
    pub fn list(&self, page: u32) -> OutboundRequest {
        let mut request = self.request(Method::Get, "/v3/hooks", None);
        request.url.query_pairs_mut().append_pair("page", &page.to_string()).append_pair("limit", "250");
        request
    }

    /// Does a step.
    pub fn change(&self, step: &Step) -> OutboundRequest {
        match step {
            Step::Delete(id) => self.request(Method::Delete, &format!("/v3/hooks/{id}"), None),
            Step::Repair(id, hook) => self.request(Method::Put, &format!("/v3/hooks/{id}"), Some(hook.body())),
            Step::Create(hook) => self.request(Method::Post, "/v3/hooks", Some(hook.body())),
        }
    }

    fn request(&self, method: Method, path: &str, body: Option<Value>) -> OutboundRequest {
        let url = join(self.api_url, &format!("/stores/{}{path}", self.store));
        let request = OutboundRequest { method, body, ..OutboundRequest::get(Party::BigCommerce, url, TIMEOUT) };
        request.header("x-auth-token", self.access_token.expose())
    }
}

/// Reads a page of the list. A store without hooks may answer 204 and nothing.
pub fn listed(answer: &OutboundAnswer) -> Result<Page<Hook>, Error> {
    if answer.status == 204 {
        return Ok(Page::empty());
    }
    super::store_info::parse(answer)
}

/// Whether a step was done. BigCommerce answers with the hook, bare or in `data`; a page of somebody between us
/// and it has no hook.
pub fn changed(answer: &OutboundAnswer) -> Result<(), Error> {
    let body: Value = super::store_info::parse(answer)?;
    let hook = body.get("data").unwrap_or(&body);
    match hook.get("id") {
        Some(Value::Number(_)) => Ok(()),
        _ => Err(Error::upstream(Party::BigCommerce, "answered without a hook")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text)
    }

    fn wanted_hooks() -> Vec<WantedHook> {
        wanted(|address| format!("https://app.example/{}", address.path()), &secret("s"))
    }

    /// The list after everything was created.
    fn right() -> Vec<Hook> {
        (1..).zip(wanted_hooks()).map(|(id, hook)| found(id, &hook.body())).collect()
    }

    fn found(id: u64, body: &Value) -> Hook {
        let mut hook = body.clone();
        hook["id"] = id.into();
        serde_json::from_value(hook).unwrap()
    }

    #[test]
    fn nothing_is_done_where_all_is_right_and_everything_where_nothing_is() {
        assert_eq!(steps(&right(), wanted_hooks()), []);
        let all: Vec<Step> = wanted_hooks().into_iter().map(Step::Create).collect();
        assert_eq!(steps(&[], wanted_hooks()), all);
        let mut names = right();
        names[0].headers = serde_json::from_value(json!({"x-hook-secret": "s"})).unwrap();
        assert_eq!(steps(&names, wanted_hooks()), [], "names of headers have no case");
    }

    #[test]
    fn one_wrong_thing_is_repaired_where_it_is() {
        let spoils: [fn(&mut Hook); 6] = [
            |hook| hook.is_active = false,
            |hook| hook.destination = "https://old.example/webhooks".to_owned(),
            |hook| hook.headers = None,
            |hook| hook.headers = serde_json::from_value(json!({SECRET_HEADER: "t"})).unwrap(),
            |hook| hook.headers = serde_json::from_value(json!({SECRET_HEADER: 1})).unwrap(),
            |hook| hook.headers = serde_json::from_value(json!({SECRET_HEADER: "s", "X-Other": "1"})).unwrap(),
        ];
        for spoil in spoils {
            let mut hooks = right();
            spoil(&mut hooks[2]);
            assert_eq!(steps(&hooks, wanted_hooks()), [Step::Repair(3, wanted_hooks().remove(2))]);
            assert_eq!(switched_off(&hooks), usize::from(!hooks[2].is_active));
        }
    }

    #[test]
    fn what_nobody_wants_goes_first() {
        let mut hooks = right();
        hooks.push(found(
            50,
            &json!({"scope": "store/cart/*", "destination": "https://app.example/webhooks",
            "is_active": false, "headers": null}),
        ));
        // Listed before the right one, with which it would collide if it were given its address.
        let elsewhere = json!({"scope": WANTED[0].name, "destination": "https://old.example/webhooks",
            "is_active": true, "headers": null});
        hooks.insert(0, found(51, &elsewhere));
        hooks.remove(3);
        let expected = [Step::Delete(51), Step::Delete(50), Step::Create(wanted_hooks().remove(2))];
        assert_eq!(steps(&hooks, wanted_hooks()), expected);
        assert_eq!(switched_off(&hooks), 0, "what is not wanted may be off");
    }

    #[test]
    fn the_hook_for_failed_deliveries_has_an_address_of_its_own() {
        let hooks = right();
        let (others, exceptions): (Vec<_>, Vec<_>) = hooks.iter().partition(|hook| hook.scope != DELIVERY_EXCEPTION);
        assert_eq!(exceptions.len(), 1);
        assert!(others.iter().all(|hook| hook.destination != exceptions[0].destination));
    }

    #[test]
    fn answers_are_read_bare_and_wrapped() {
        let answer = |status, body: &str| OutboundAnswer::new(status, body);
        for body in [r#"{"id":1,"scope":"x"}"#, r#"{"data":{"id":1,"scope":"x"},"meta":{}}"#] {
            assert!(changed(&answer(200, body)).is_ok(), "{body}");
            assert!(changed(&answer(422, body)).is_err(), "{body}");
        }
        for body in ["", "{}", "[]", "<html>", r#"{"data":{}}"#] {
            assert!(changed(&answer(200, body)).is_err(), "{body}");
        }
        assert!(listed(&answer(204, "")).unwrap().data.is_empty());
        assert!(listed(&answer(200, "")).is_err());
        let page = r#"{"data":[{"id":1,"scope":"x","destination":"y","headers":null,"is_active":true,"new":1}],
            "meta":{"pagination":{"current_page":1,"total_pages":2}}}"#;
        let page = listed(&answer(200, page)).unwrap();
        assert_eq!((page.data.len(), page.next_page()), (1, Some(2)));
    }
}
