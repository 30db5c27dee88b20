//! Every address this Worker answers: one table.
//!
//! What is not in it is a static file (`static/`) or nothing.

use std::future::ready;

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use worker::Env;

use crate::bigcommerce::ids::ClientId;
use crate::bindings::Bindings;
use crate::error::{Error, Result};
use crate::platform::inbound::{Inbound, Reply};
use crate::platform::log;
use crate::store::calls::Decision;
use crate::storefront::Endpoint;
use crate::{console, install, operator, storefront, webhooks};

/// Who may call an address, and so who reads its errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Anyone.
    Anyone,
    /// The operator's token.
    Operator,
    /// A merchant's browser, sent by BigCommerce: errors are pages.
    Browser,
    /// BigCommerce's servers, with a signed token or the secret of a webhook.
    BigCommerce,
    /// A console session.
    Session,
    /// A shopper's browser, with a shopper token. These answer every method themselves, with CORS.
    Shopper,
}

/// What answers an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Handler {
    Health,
    Apps,
    App,
    Auth,
    Load,
    Uninstall,
    RemoveUser,
    Webhooks,
    Overview,
    Settings,
    TestConnection,
    Audit,
    Session,
    Products,
    Discontinued,
    Sync,
    Import,
    Changes,
    Change,
    Faults,
    Difference,
    Apply,
    Undo,
    Feeds,
    FeedSchedule,
    FeedRuns,
    FeedRun,
    Decide(Decision),
    LeftOut,
    FeedDifference,
    FeedFile,
    Exports,
    Export,
    ExportFile,
    Storefront(Endpoint),
}

struct Route {
    methods: &'static str,
    path: &'static str,
    who: Who,
    handler: Handler,
}

const fn route(methods: &'static str, path: &'static str, who: Who, handler: Handler) -> Route {
    Route { methods, path, who, handler }
}

/// What storefront pages call: `status` means a subscriber's status to them, so no error below has another.
const STOREFRONT: &str = "/api/v1/";

const ROUTES: &[Route] = &[
    route("GET", "/healthz", Who::Anyone, Handler::Health),
    route("GET", "/operator/apps", Who::Operator, Handler::Apps),
    route("GET, PUT, DELETE", "/operator/apps/{client_id}", Who::Operator, Handler::App),
    route("GET", "/bigcommerce/{client_id}/auth", Who::Browser, Handler::Auth),
    route("GET", "/bigcommerce/{client_id}/load", Who::Browser, Handler::Load),
    route("GET", "/bigcommerce/{client_id}/uninstall", Who::BigCommerce, Handler::Uninstall),
    route("GET", "/bigcommerce/{client_id}/remove-user", Who::BigCommerce, Handler::RemoveUser),
    route("POST", "/bigcommerce/{client_id}/webhooks", Who::BigCommerce, Handler::Webhooks),
    route("POST", "/bigcommerce/{client_id}/webhooks/exceptions", Who::BigCommerce, Handler::Webhooks),
    route("GET", "/console/api/overview", Who::Session, Handler::Overview),
    route("GET, PATCH", "/console/api/settings", Who::Session, Handler::Settings),
    route("POST", "/console/api/connections/{party}/test", Who::Session, Handler::TestConnection),
    route("GET", "/console/api/audit", Who::Session, Handler::Audit),
    route("GET, DELETE", "/console/api/session", Who::Session, Handler::Session),
    route("GET, PATCH", "/console/api/products", Who::Session, Handler::Products),
    route("PUT, DELETE", "/console/api/products/{id}/discontinued", Who::Session, Handler::Discontinued),
    route("GET, POST, DELETE", "/console/api/sync", Who::Session, Handler::Sync),
    route("POST", "/console/api/imports", Who::Session, Handler::Import),
    route("GET, POST", "/console/api/changes", Who::Session, Handler::Changes),
    route("GET, DELETE", "/console/api/changes/{id}", Who::Session, Handler::Change),
    route("GET", "/console/api/changes/{id}/faults", Who::Session, Handler::Faults),
    route("GET", "/console/api/changes/{id}/difference", Who::Session, Handler::Difference),
    route("POST", "/console/api/changes/{id}/apply", Who::Session, Handler::Apply),
    route("POST", "/console/api/changes/{id}/undo", Who::Session, Handler::Undo),
    route("GET", "/console/api/feeds", Who::Session, Handler::Feeds),
    route("POST", "/console/api/feeds/schedule", Who::Session, Handler::FeedSchedule),
    route("POST", "/console/api/feeds/runs", Who::Session, Handler::FeedRuns),
    route("GET, DELETE", "/console/api/feeds/runs/{id}", Who::Session, Handler::FeedRun),
    route("POST", "/console/api/feeds/runs/{id}/confirm", Who::Session, Handler::Decide(Decision::Confirm)),
    route("POST", "/console/api/feeds/runs/{id}/retry", Who::Session, Handler::Decide(Decision::Retry)),
    route("GET", "/console/api/feeds/runs/{id}/left-out", Who::Session, Handler::LeftOut),
    route("GET", "/console/api/feeds/runs/{id}/difference", Who::Session, Handler::FeedDifference),
    route("GET", "/console/api/feeds/runs/{id}/file", Who::Session, Handler::FeedFile),
    route("GET, POST", "/console/api/exports", Who::Session, Handler::Exports),
    route("GET, DELETE", "/console/api/exports/{id}", Who::Session, Handler::Export),
    route("GET", "/console/api/exports/{id}/file", Who::Session, Handler::ExportFile),
    route("GET", storefront::SIGNATURE_PATH, Who::Shopper, Handler::Storefront(Endpoint::Signature)),
    route("GET", storefront::STATUS_PATH, Who::Shopper, Handler::Storefront(Endpoint::HasSubscriptions)),
];

/// Every method and path, for whoever describes them.
pub fn table() -> impl Iterator<Item = (&'static str, &'static str)> {
    ROUTES.iter().flat_map(|route| route.methods.split(", ").map(|method| (method, route.path)))
}

/// The storefront endpoint at `path`, if there is one.
pub fn storefront_endpoint(path: &str) -> Option<Endpoint> {
    ROUTES.iter().find_map(|route| match route.handler {
        Handler::Storefront(endpoint) if route.path == path => Some(endpoint),
        _ => None,
    })
}

/// The route of a path, with the text that stands for the braces in it.
fn find(path: &str) -> Option<(&'static Route, &str)> {
    ROUTES.iter().find_map(|route| Some((route, captured(route.path, path)?)))
}

/// The console's pages live in the browser; here they are addresses without a session.
fn is_console_page(path: &str) -> bool {
    let Some(page) = path.strip_prefix("/console") else { return false };
    let is_plain = page.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"/-".contains(&byte));
    is_plain && (page.is_empty() || page.starts_with('/')) && !page.starts_with("/api") && !page.contains("//")
}

fn captured<'p>(pattern: &str, path: &'p str) -> Option<&'p str> {
    let braces = pattern.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?.1)));
    let Some((before, after)) = braces else { return (pattern == path).then_some("") };
    let text = path.strip_prefix(before)?.strip_suffix(after)?;
    (!text.is_empty() && !text.contains('/')).then_some(text)
}

/// Answers a request. Errors are logged here, once.
pub async fn answer(inbound: Inbound, env: &Env) -> Reply {
    let request_id = inbound.id.clone();
    let path = inbound.path().to_owned();
    let found = find(&path);
    if let Some((Route { handler: Handler::Storefront(endpoint), .. }, _)) = found {
        return storefront::serve(*endpoint, &inbound, env).await;
    }
    let who = found.as_ref().map_or(Who::Anyone, |(route, _)| route.who);
    match dispatch(inbound, env, found).await {
        Ok(reply) => reply,
        Err(error) => {
            let fields = serde_json::json!({"path": path.chars().take(200).collect::<String>()});
            log::error("request_refused", &request_id, &error, fields);
            match (who, Bindings::of(env)) {
                (Who::Browser, Ok(bindings)) => install::pages::error(&error, &request_id, &bindings),
                _ if path.starts_with(STOREFRONT) => Reply::error(&error, &request_id),
                _ => Reply::problem(&error, &request_id),
            }
        }
    }
}

async fn dispatch(inbound: Inbound, env: &Env, found: Option<(&'static Route, &str)>) -> Result<Reply> {
    let bindings = Bindings::of(env)?;
    let Some((route, id)) = found else {
        return match inbound.path() {
            path if is_console_page(path) && inbound.method == "GET" => Ok(install::pages::opened_by_itself(&bindings)),
            _ => Err(Error::NotFound),
        };
    };
    if route.who == Who::Operator && !inbound.bearer().is_some_and(|token| bindings.is_operator(&token)) {
        return Err(Error::OperatorOnly);
    }
    if !route.methods.split(", ").any(|method| method == inbound.method) {
        return Err(Error::MethodNotAllowed { allow: route.methods.to_owned() });
    }
    let client_id = || match route.who {
        // BigCommerce and browsers learn nothing from the form of an id.
        Who::Operator => ClientId::parse(id).map_err(|error| Error::bad_request(error.to_string())),
        _ => ClientId::parse(id).map_err(|_| Error::UnknownApp),
    };
    // Boxed, or one state machine would hold all handlers' states: the engine compiles it whole at the first request.
    let answer: LocalBoxFuture<'_, Result<Reply>> = match route.handler {
        Handler::Health => ready(Ok(Reply::json(200, &serde_json::json!({"status": "ok"})))).boxed_local(),
        Handler::Apps => operator::list(&inbound, env).boxed_local(),
        Handler::App => operator::app(inbound, env, client_id()?).boxed_local(),
        Handler::Auth => install::auth(&inbound, env, client_id()?).boxed_local(),
        Handler::Load => install::load(&inbound, env, client_id()?).boxed_local(),
        Handler::Uninstall => install::uninstall(&inbound, env, client_id()?).boxed_local(),
        Handler::RemoveUser => install::remove_user(&inbound, env, client_id()?).boxed_local(),
        Handler::Webhooks => webhooks::take(inbound, env, client_id()?).boxed_local(),
        Handler::Overview => console::overview(&inbound, env).boxed_local(),
        Handler::Settings => console::settings(inbound, env).boxed_local(),
        Handler::TestConnection => console::test_connection(&inbound, env, id).boxed_local(),
        Handler::Audit => console::audit(&inbound, env).boxed_local(),
        Handler::Session => console::session(&inbound, env).boxed_local(),
        Handler::Products => console::products(inbound, env).boxed_local(),
        Handler::Discontinued => console::discontinued(&inbound, env, id).boxed_local(),
        Handler::Sync => console::sync(&inbound, env).boxed_local(),
        Handler::Import => console::import(&inbound, env).boxed_local(),
        Handler::Changes => console::changes(inbound, env).boxed_local(),
        Handler::Change => console::change(&inbound, env, id).boxed_local(),
        Handler::Faults => console::faults(&inbound, env, id).boxed_local(),
        Handler::Difference => console::difference(&inbound, env, id).boxed_local(),
        Handler::Apply => console::apply(&inbound, env, id).boxed_local(),
        Handler::Undo => console::undo(&inbound, env, id).boxed_local(),
        Handler::Feeds => console::feeds(&inbound, env).boxed_local(),
        Handler::FeedSchedule => console::schedule(inbound, env).boxed_local(),
        Handler::FeedRuns => console::begin_run(inbound, env).boxed_local(),
        Handler::FeedRun => console::run(&inbound, env, id).boxed_local(),
        Handler::Decide(decision) => console::decide(&inbound, env, id, decision).boxed_local(),
        Handler::LeftOut => console::left_out(&inbound, env, id).boxed_local(),
        Handler::FeedDifference => console::feed_difference(&inbound, env, id).boxed_local(),
        Handler::FeedFile => console::feed_file(&inbound, env, id).boxed_local(),
        Handler::Exports => console::exports(&inbound, env).boxed_local(),
        Handler::Export => console::export(&inbound, env, id).boxed_local(),
        Handler::ExportFile => console::export_file(&inbound, env, id).boxed_local(),
        Handler::Storefront(_) => ready(Err(Error::NotFound)).boxed_local(),
    };
    answer.await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_matched_whole() {
        let id_of = |path| find(path).map(|(route, id)| (route.handler, id.to_owned()));
        assert_eq!(id_of("/operator/apps/abc"), Some((Handler::App, "abc".to_owned())));
        assert_eq!(id_of("/bigcommerce/abc/remove-user"), Some((Handler::RemoveUser, "abc".to_owned())));
        assert_eq!(id_of("/healthz"), Some((Handler::Health, String::new())));
        for path in [
            "/",
            "/operator/apps/",
            "/operator/apps/a/b",
            "/bigcommerce//auth",
            "/bigcommerce/a/b/auth",
            "/healthz/",
            "/HEALTHZ",
            "/console/api/settings/x",
            "/bigcommerce/auth",
        ] {
            assert!(find(path).is_none(), "{path}");
        }
    }

    #[test]
    fn any_page_of_the_console_is_one_and_its_api_is_not() {
        for page in ["/console", "/console/", "/console/settings", "/console/a/b"] {
            assert!(is_console_page(page), "{page}");
        }
        for other in [
            "/console/api/settings",
            "/console/api",
            "/consoles",
            "/",
            "/x/console/",
            "/console/x.js",
            "/console/%2e",
            "/console//api",
        ] {
            assert!(!is_console_page(other), "{other}");
        }
    }

    #[test]
    fn the_addresses_are_these() {
        let table: Vec<String> =
            ROUTES.iter().map(|route| format!("{} {} {:?}", route.methods, route.path, route.who)).collect();
        assert_eq!(
            table,
            [
                "GET /healthz Anyone",
                "GET /operator/apps Operator",
                "GET, PUT, DELETE /operator/apps/{client_id} Operator",
                "GET /bigcommerce/{client_id}/auth Browser",
                "GET /bigcommerce/{client_id}/load Browser",
                "GET /bigcommerce/{client_id}/uninstall BigCommerce",
                "GET /bigcommerce/{client_id}/remove-user BigCommerce",
                "POST /bigcommerce/{client_id}/webhooks BigCommerce",
                "POST /bigcommerce/{client_id}/webhooks/exceptions BigCommerce",
                "GET /console/api/overview Session",
                "GET, PATCH /console/api/settings Session",
                "POST /console/api/connections/{party}/test Session",
                "GET /console/api/audit Session",
                "GET, DELETE /console/api/session Session",
                "GET, PATCH /console/api/products Session",
                "PUT, DELETE /console/api/products/{id}/discontinued Session",
                "GET, POST, DELETE /console/api/sync Session",
                "POST /console/api/imports Session",
                "GET, POST /console/api/changes Session",
                "GET, DELETE /console/api/changes/{id} Session",
                "GET /console/api/changes/{id}/faults Session",
                "GET /console/api/changes/{id}/difference Session",
                "POST /console/api/changes/{id}/apply Session",
                "POST /console/api/changes/{id}/undo Session",
                "GET /console/api/feeds Session",
                "POST /console/api/feeds/schedule Session",
                "POST /console/api/feeds/runs Session",
                "GET, DELETE /console/api/feeds/runs/{id} Session",
                "POST /console/api/feeds/runs/{id}/confirm Session",
                "POST /console/api/feeds/runs/{id}/retry Session",
                "GET /console/api/feeds/runs/{id}/left-out Session",
                "GET /console/api/feeds/runs/{id}/difference Session",
                "GET /console/api/feeds/runs/{id}/file Session",
                "GET, POST /console/api/exports Session",
                "GET, DELETE /console/api/exports/{id} Session",
                "GET /console/api/exports/{id}/file Session",
                "GET /api/v1/merchant/ordergroove/signature Shopper",
                "GET /api/v1/ordergroove/customer/has_subscriptions Shopper",
            ]
        );
    }
}
