//! How callers reach an object, and how an object answers: JSON over the stub, contained.

use std::future::Future;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use worker::web_sys::ReadableStream;
use worker::{ByteStream, Env, Method, Request, RequestInit, Response, ResponseBody};

use super::calls::Call;
use crate::error::{Error, Result};
use crate::platform::contain::contain;
use crate::platform::log::RequestId;

/// Stubs want a URL; an object does not look at it.
const ADDRESS: &str = "https://object/";

/// A call on its way, with the id of the request that caused it.
#[derive(Serialize, Deserialize)]
pub(super) struct Envelope<T> {
    pub(super) request_id: RequestId,
    pub(super) call: T,
}

/// Calls the object called `name`: the client id for an app's objects.
pub async fn call<C: Call>(env: &Env, name: &str, request_id: &RequestId, call: C) -> Result<C::Answer> {
    let envelope = Envelope { request_id: request_id.clone(), call: call.into() };
    let body = serde_json::to_string(&envelope).map_err(Error::internal)?;
    let reply = send(env, C::BINDING, name, body).await?;
    serde_json::from_str::<Result<C::Answer>>(&reply).map_err(|error| no_call(C::BINDING, &error))?
}

async fn send(env: &Env, binding: &'static str, name: &str, body: String) -> Result<String> {
    let sent = async {
        let mut init = RequestInit::new();
        init.with_method(Method::Post).with_body(Some(JsValue::from_str(&body)));
        let request = Request::new_with_init(ADDRESS, &init)?;
        let stub = env.durable_object(binding)?.get_by_name(name)?;
        stub.fetch_with_request(request).await?.text().await
    };
    sent.await.map_err(|error: worker::Error| no_call(binding, &error))
}

fn no_call(binding: &str, error: &dyn std::fmt::Display) -> Error {
    Error::internal(format!("object {binding}: {error}"))
}

/// Answers one call inside an object. `handle` runs contained: a panic in it is this call's alone.
pub(super) async fn answer<T, F, W>(mut request: Request, handle: F) -> worker::Result<Response>
where
    T: DeserializeOwned + 'static,
    F: FnOnce(Envelope<T>) -> W + 'static,
    W: Future<Output = Result<serde_json::Value>> + 'static,
{
    let work = async move {
        let body = request.text().await.map_err(Error::internal)?;
        let envelope = serde_json::from_str(&body).map_err(|error| Error::internal(format!("envelope: {error}")))?;
        handle(envelope).await
    };
    let outcome = contain(work).await.unwrap_or_else(|| Err(Error::internal("panicked in an object")));
    Response::from_json(&outcome)
}

/// Bytes too many for a call, on their way into an object or out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// The file of the change with this number.
    Upload(i64),
    /// The file of the export with this number.
    Download(i64),
    /// The file of the feed's run with this number.
    Feed(i64),
}

impl Stream {
    fn address(self) -> String {
        match self {
            Self::Upload(id) => format!("{ADDRESS}upload/{id}"),
            Self::Download(id) => format!("{ADDRESS}download/{id}"),
            Self::Feed(id) => format!("{ADDRESS}feed/{id}"),
        }
    }

    /// What a request to an object carries besides a call.
    pub(super) fn of(request: &Request) -> Option<Self> {
        let path = request.path();
        let (kind, id) = path.strip_prefix('/')?.split_once('/')?;
        match (kind, id.parse().ok()?) {
            ("upload", id) => Some(Self::Upload(id)),
            ("download", id) => Some(Self::Download(id)),
            ("feed", id) => Some(Self::Feed(id)),
            _ => None,
        }
    }
}

/// Sends a stream into the catalogue of the app `name`, without holding it.
pub async fn upload<A: DeserializeOwned>(env: &Env, name: &str, id: i64, body: ReadableStream) -> Result<A> {
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(body.into()));
    let mut response = stream(env, name, Stream::Upload(id), &init).await?;
    let reply = response.text().await.map_err(Error::internal)?;
    serde_json::from_str::<Result<A>>(&reply).map_err(Error::internal)?
}

/// Opens a stream out of the catalogue of the app `name`.
pub async fn download(env: &Env, name: &str, file: Stream) -> Result<ReadableStream> {
    let response = stream(env, name, file, &RequestInit::new()).await?;
    match response.body() {
        ResponseBody::Stream(body) if response.status_code() == 200 => Ok(body.clone()),
        _ => Err(Error::NotFound),
    }
}

async fn stream(env: &Env, name: &str, stream: Stream, init: &RequestInit) -> Result<Response> {
    let send = async {
        let request = Request::new_with_init(&stream.address(), init)?;
        env.durable_object(crate::bindings::CATALOG)?.get_by_name(name)?.fetch_with_request(request).await
    };
    send.await.map_err(|error| Error::internal(format!("stream of the catalogue: {error}")))
}

/// Takes a stream inside an object. `handle` runs contained.
pub(super) async fn receive<F, W>(mut request: Request, handle: F) -> worker::Result<Response>
where
    F: FnOnce(ByteStream) -> W + 'static,
    W: Future<Output = Result<serde_json::Value>> + 'static,
{
    let work = async move { handle(request.stream().map_err(Error::internal)?).await };
    let outcome = contain(work).await.unwrap_or_else(|| Err(Error::internal("panicked in an object")));
    Response::from_json(&outcome)
}

/// An answer as the JSON it travels as.
pub(super) fn reply<T: Serialize>(answer: T) -> Result<serde_json::Value> {
    serde_json::to_value(answer).map_err(Error::internal)
}
