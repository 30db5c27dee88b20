//! A KV namespace for our Worker, as much of workerd's KV protocol as it uses. It is no Worker beside ours: on the edge,
//! too, KV costs neither CPU time nor start-up time of the one who asks it.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

use crate::Outcome;

const METADATA: &str = "cf-kv-metadata";

struct Entry {
    body: Bytes,
    metadata: Option<HeaderValue>,
}

/// By key as it stands in the address, percent-encoded.
type Entries = Arc<Mutex<HashMap<String, Entry>>>;

/// Starts an empty namespace; gives its port. It ends with the process.
pub(crate) async fn start() -> Outcome<u16> {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
    let port = listener.local_addr()?.port();
    let app = Router::new().fallback(answer).with_state(Entries::default());
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok(port)
}

async fn answer(State(entries): State<Entries>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let mut entries = entries.lock().unwrap_or_else(PoisonError::into_inner);
    let key = uri.path().to_owned();
    match method {
        Method::GET => match entries.get(&key) {
            None => StatusCode::NOT_FOUND.into_response(),
            Some(Entry { body, metadata: None }) => body.clone().into_response(),
            Some(Entry { body, metadata: Some(metadata) }) => {
                ([(METADATA, metadata.clone())], body.clone()).into_response()
            }
        },
        Method::PUT => {
            let metadata = headers.get(METADATA).cloned();
            entries.insert(key, Entry { body, metadata });
            StatusCode::NO_CONTENT.into_response()
        }
        Method::DELETE => {
            entries.remove(&key);
            StatusCode::NO_CONTENT.into_response()
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}
