//! One listener for everything: connections here, hosts told apart here.
//!
//! | host | what answers |
//! |---|---|
//! | `127.0.0.1`, `localhost` | the platforms' APIs and `/sandbox` |
//! | `store-{hash}.localhost` | the control panel of the store |
//! | `{hash}.localhost` | the storefront |

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{any, get, post};
use axum::{Extension, Router};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::faults::DropConnection;
use crate::state::Shared;
use crate::{bigcommerce, control, ordergroove, pages, panel, storefront};

/// The store a panel or storefront request is for.
#[derive(Debug, Clone)]
pub(crate) struct StoreHash(pub(crate) String);

/// The one error of a connection: a fault said to drop it.
#[derive(Debug, thiserror::Error)]
#[error("the connection was dropped because a fault said so")]
struct Dropped;

/// Accepts until the task is aborted; the connections end with it.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let hosts = Hosts::new(&shared);
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, most likely: wait for some to come back.
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            continue;
        };
        let hosts = hosts.clone();
        connections.spawn(async move {
            let service = hyper::service::service_fn(move |request: Request<hyper::body::Incoming>| {
                let hosts = hosts.clone();
                async move {
                    let response = hosts.answer(request.map(Body::new)).await;
                    match response.extensions().get::<DropConnection>() {
                        Some(_) => Err(Dropped),
                        None => Ok(response),
                    }
                }
            });
            // An error is a client that went away or a connection dropped on purpose.
            let _ended =
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

/// A router per kind of host.
#[derive(Clone)]
struct Hosts {
    platforms: Router,
    panel: Router,
    storefront: Router,
}

impl Hosts {
    fn new(shared: &Arc<Shared>) -> Self {
        let platforms = Router::new()
            .route("/", get(pages::index))
            .route("/assets/{name}", get(pages::asset))
            .route("/bigcommerce/login/oauth2/token", any(bigcommerce::token))
            .route("/bigcommerce/api/{*rest}", any(bigcommerce::api))
            .route("/ordergroove/{*rest}", any(ordergroove::answer))
            .nest("/sandbox", control::router())
            .with_state(shared.clone());
        let panel = Router::new()
            .route("/", get(panel::home))
            .route("/manage", get(panel::apps))
            .route("/manage/products", get(panel::products))
            .route("/manage/app/{client_id}", get(panel::open))
            .route("/manage/app/{client_id}/install", get(panel::install))
            .route("/manage/app/{client_id}/uninstall", post(panel::uninstall))
            .route("/manage/app/{client_id}/remove-user", post(panel::remove_user))
            .route("/assets/{name}", get(pages::asset))
            .with_state(shared.clone());
        Self { platforms, panel, storefront: storefront::router(shared) }
    }

    async fn answer(&self, mut request: Request<Body>) -> Response<Body> {
        let host = request
            .headers()
            .get(header::HOST)
            .and_then(|value| value.to_str().ok())
            .map(|host| host.rsplit_once(':').map_or(host, |(name, _)| name).to_ascii_lowercase());
        let router = match host.as_deref() {
            None => {
                return (StatusCode::BAD_REQUEST, "A request needs a Host header.").into_response();
            }
            Some("127.0.0.1" | "localhost") => &self.platforms,
            Some(name) => {
                let Some(name) = name.strip_suffix(".localhost") else {
                    return (StatusCode::MISDIRECTED_REQUEST, "No stand-in has this host name.").into_response();
                };
                let (router, hash) =
                    name.strip_prefix("store-").map_or((&self.storefront, name), |hash| (&self.panel, hash));
                request.extensions_mut().insert(StoreHash(hash.to_owned()));
                router
            }
        };
        // A router cannot fail: its error type has no values.
        router.clone().oneshot(request).await.unwrap_or_else(|never| match never {})
    }
}

/// What a handler of a store's host takes.
pub(crate) type ForStore = Extension<StoreHash>;
