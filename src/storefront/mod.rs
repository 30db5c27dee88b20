//! The two endpoints a shopper's page calls: a signature, and whether there is a subscription.
//!
//! Promises (Ordergroove's integration guide, and what it leaves open):
//! - the customer id comes from the verified token and from nowhere else;
//! - nobody is told "no subscription" because something failed: every error answer of an installed
//!   app carries `"status": 1`, since pages written for the guide delete the card otherwise;
//! - an answer can be read by the store's own pages only.

mod cors;
pub mod desk;
pub mod edge;
mod pace;
mod signature;
mod status;

use std::rc::Rc;

use serde_json::json;
use worker::Env;

pub use signature::sign_from_memory;
pub use status::{FromMemory, status_from_memory};

use crate::bigcommerce::ids::ClientId;
use crate::bigcommerce::token::TokenFault;
use crate::error::{Error, Result};
use crate::platform::clock;
use crate::platform::contain::contain;
use crate::platform::inbound::{Inbound, Reply, error_body};
use crate::platform::log::{self, RequestId};
use edge::EdgeApp;

/// E1 of the requirements; the guide's path.
pub const SIGNATURE_PATH: &str = "/api/v1/merchant/ordergroove/signature";

/// E2 of the requirements; the guide's path.
pub const STATUS_PATH: &str = "/api/v1/ordergroove/customer/has_subscriptions";

/// Bytes of a header that is read.
const LONGEST_HEADER: usize = 8 * 1024;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// Signs the shopper in to Ordergroove.
    Signature,
    /// Tells whether the shopper has an active subscription.
    HasSubscriptions,
}

impl Endpoint {
    fn name(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::HasSubscriptions => "has_subscriptions",
        }
    }
}

/// Holds an app for [`sign_from_memory`] and [`status_from_memory`]: a call's app and origin are settled by it.
pub fn hold_page(client: &str, origin: &str) -> u32 {
    edge::hold(client, origin, clock::now())
}

/// The headers and the parameter of a storefront call, as sent.
pub struct ShopperCall<'a> {
    /// `authorization-client`.
    pub client: &'a str,
    /// `Authorization`.
    pub authorization: &'a str,
    /// `signed-payload`.
    pub token: &'a str,
    /// `Origin`; a browser always sends it across sites.
    pub origin: Option<&'a str>,
    /// `ts`.
    pub ts: Option<&'a str>,
}

impl ShopperCall<'_> {
    fn check_sizes(&self) -> Result<()> {
        let longest = [self.client, self.authorization, self.token, self.origin.unwrap_or("")]
            .iter()
            .map(|value| value.len())
            .max();
        if longest.is_some_and(|longest| longest > LONGEST_HEADER) { Err(Error::HeaderTooLarge) } else { Ok(()) }
    }

    fn check_scheme(&self) -> Result<()> {
        if self.authorization == "BigCommerce" { Ok(()) } else { Err(TokenFault::Scheme.into()) }
    }

    fn check_origin(&self, app: &EdgeApp) -> Result<()> {
        match self.origin {
            Some(origin) if !app.allows(origin) => Err(Error::OriginNotAllowed),
            _ => Ok(()),
        }
    }
}

/// What the answer to a call depends on besides the call itself, also when its work panicked.
pub struct Asker {
    endpoint: Endpoint,
    id: RequestId,
    client: String,
    origin: Option<String>,
}

impl Asker {
    /// Who calls `endpoint`.
    pub fn of(endpoint: Endpoint, inbound: &Inbound) -> Self {
        let client = inbound.header("authorization-client").unwrap_or_default();
        Self { endpoint, id: inbound.id.clone(), client, origin: inbound.header("origin") }
    }
}

/// Answers one of the endpoints, errors and preflights included.
pub async fn serve(endpoint: Endpoint, inbound: &Inbound, env: &Env) -> Reply {
    if inbound.method == "OPTIONS" {
        return cors::preflight(inbound, env);
    }
    let begun = clock::millis();
    let asker = Asker::of(endpoint, inbound);
    let header = |name| inbound.header(name).unwrap_or_default();
    let (authorization, token, ts) = (header("authorization"), header("signed-payload"), inbound.query("ts"));
    let call = ShopperCall {
        client: &asker.client,
        authorization: &authorization,
        token: &token,
        origin: asker.origin.as_deref(),
        ts: ts.as_deref(),
    };
    #[cfg(feature = "test-hooks")]
    crate::test_hooks::panic_if_asked(inbound);
    let app = find_app(&call, inbound, env).await;
    let outcome = match &app {
        _ if inbound.method != "GET" => Err(Error::MethodNotAllowed { allow: "GET, OPTIONS".to_owned() }),
        Ok(app) => decide(endpoint, &call, app, begun).await,
        Err(error) => Err(error.clone()),
    };
    render(&asker, app.as_deref(), outcome)
}

/// Answers a call whose work panicked. The app is looked up anew, so that the page can read the answer.
pub async fn panicked(asker: Asker, env: Env) -> Reply {
    let (client, id) = (asker.client.clone(), asker.id.clone());
    let find = async move {
        let client_id = ClientId::parse(&client).map_err(|_| Error::UnknownApp)?;
        edge::find(&client_id, &id, &env).await
    };
    let error = Error::internal("panicked; the line before has the place");
    let app = contain(find).await.unwrap_or_else(|| Err(error.clone()));
    render(&asker, app.as_deref(), Err(error))
}

async fn find_app(call: &ShopperCall<'_>, inbound: &Inbound, env: &Env) -> Result<Rc<EdgeApp>> {
    let client_id = ClientId::parse(call.client)
        .map_err(|_| if call.client.len() > LONGEST_HEADER { Error::HeaderTooLarge } else { Error::UnknownApp })?;
    edge::find(&client_id, &inbound.id, env).await
}

async fn decide(endpoint: Endpoint, call: &ShopperCall<'_>, app: &EdgeApp, begun: i64) -> Result<serde_json::Value> {
    let now = clock::now();
    match endpoint {
        Endpoint::Signature => Ok(signature::sign(app, call, now)?.json()),
        Endpoint::HasSubscriptions => {
            let status = status::ask(app, status::customer(app, call, now)?, now, begun).await?;
            Ok(json!({"status": status.number()}))
        }
    }
}

fn render(asker: &Asker, app: Result<&EdgeApp, &Error>, outcome: Result<serde_json::Value>) -> Reply {
    let reply = match outcome {
        Ok(body) => Reply::json(200, &body),
        Err(error) => refuse(asker, app, &error),
    };
    match &asker.origin {
        Some(origin) if app.is_ok_and(|app| app.allows(origin)) => {
            reply.header("vary", "origin").header("access-control-allow-origin", origin.as_str())
        }
        _ => reply.header("vary", "origin"),
    }
}

fn refuse(asker: &Asker, app: Result<&EdgeApp, &Error>, error: &Error) -> Reply {
    let fields = json!({"endpoint": asker.endpoint.name(), "client_id": app.ok().map(EdgeApp::client_id)});
    log::error("storefront_refused", &asker.id, error, fields);
    let mut reply = Reply::error(error, &asker.id);
    // An app that could not be looked up may be an installed one.
    let maybe_installed = app.map_or_else(Error::is_ours, EdgeApp::is_installed);
    if asker.endpoint == Endpoint::HasSubscriptions && maybe_installed {
        let mut body = error_body(error, &asker.id);
        body["status"] = 1.into();
        reply.body = body.to_string();
    }
    reply
}
