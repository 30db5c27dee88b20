//! The control panel of a store: its apps, installed, opened and removed.

mod products;
mod view;

use std::sync::Arc;

use axum::Form;
use axum::extract::{Extension, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::bigcommerce::callbacks::{self, Callback};
use crate::server::{ForStore, StoreHash};
use crate::state::{Refused, Shared};

type Here = State<Arc<Shared>>;

/// Who looks at the panel, and at what: the user of the query, else the owner.
#[derive(Debug, Deserialize)]
pub(crate) struct Viewer {
    user: Option<u64>,
    /// The page of the app to open.
    path: Option<String>,
}

impl Viewer {
    fn id(&self, shared: &Shared, hash: &str) -> Result<u64, Refused> {
        shared.read(|state| {
            let store = state.stores.get(hash).ok_or_else(|| format!("there is no store {hash}"))?;
            let id = self.user.unwrap_or(store.profile.owner.id);
            store.user(id).map(|user| user.id).ok_or_else(|| format!("the store has no user {id}"))
        })
    }
}

/// A request for something that is not there.
#[derive(Debug)]
pub(crate) struct NotFound(Refused);

impl From<Refused> for NotFound {
    fn from(reason: Refused) -> Self {
        Self(reason)
    }
}

impl IntoResponse for NotFound {
    fn into_response(self) -> Response {
        (StatusCode::NOT_FOUND, format!("Not found: {}.", self.0)).into_response()
    }
}

/// `/` leads to the apps.
pub(crate) async fn home() -> Redirect {
    Redirect::to("/manage")
}

/// `/manage`: the apps of the store.
pub(crate) async fn apps(
    State(shared): Here,
    Extension(StoreHash(hash)): ForStore,
    Query(viewer): Query<Viewer>,
) -> Result<Response, NotFound> {
    let user = viewer.id(&shared, &hash)?;
    Ok(shared.read(|state| view::apps(state, &hash, user)).into_response())
}

/// Where a page of products begins.
#[derive(Debug, Deserialize)]
pub(crate) struct After {
    after: Option<u64>,
}

/// `/manage/products`: the catalogue of the store, a page at a time.
pub(crate) async fn products(
    State(shared): Here,
    Extension(StoreHash(hash)): ForStore,
    Query(viewer): Query<Viewer>,
    Query(After { after }): Query<After>,
) -> Result<Response, NotFound> {
    let user = viewer.id(&shared, &hash)?;
    Ok(shared.read(|state| products::list(state, &hash, user, after.unwrap_or_default())).into_response())
}

/// The install page: its iframe calls the auth callback, as the browser of a merchant does.
pub(crate) async fn install(
    State(shared): Here,
    Extension(StoreHash(hash)): ForStore,
    Path(client_id): Path<String>,
    Query(viewer): Query<Viewer>,
) -> Result<Response, NotFound> {
    let user = viewer.id(&shared, &hash)?;
    let url = shared.change(|state| callbacks::auth_url(state, &hash, &client_id))?;
    Ok(shared.read(|state| view::frame(state, &hash, user, "Install the app", url.as_str())).into_response())
}

/// The app's page: its iframe calls the load callback.
pub(crate) async fn open(
    State(shared): Here,
    Extension(StoreHash(hash)): ForStore,
    Path(client_id): Path<String>,
    Query(viewer): Query<Viewer>,
) -> Result<Response, NotFound> {
    let user = viewer.id(&shared, &hash)?;
    let load = Callback::Load(viewer.path.as_deref().unwrap_or("/"));
    let url = shared.read(|state| callbacks::signed_url(state, &hash, &client_id, load, Some(user)))?;
    Ok(shared.read(|state| view::frame(state, &hash, user, "App", url.as_str())).into_response())
}

/// Takes the app off the store, then tells it.
pub(crate) async fn uninstall(
    State(shared): Here,
    Extension(StoreHash(hash)): ForStore,
    Path(client_id): Path<String>,
) -> Result<Redirect, NotFound> {
    let url = shared.read(|state| callbacks::signed_url(state, &hash, &client_id, Callback::Uninstall, None))?;
    shared.change(|state| state.uninstall(&hash, &client_id));
    tell(&shared, url).await;
    Ok(Redirect::to("/manage"))
}

/// The form of "Remove user".
#[derive(Debug, Deserialize)]
pub(crate) struct RemoveUser {
    user: u64,
}

/// Tells the app that a user lost access; the user stays in the list, to be removed again.
pub(crate) async fn remove_user(
    State(shared): Here,
    Extension(StoreHash(hash)): ForStore,
    Path(client_id): Path<String>,
    Form(form): Form<RemoveUser>,
) -> Result<Redirect, NotFound> {
    let url =
        shared.read(|state| callbacks::signed_url(state, &hash, &client_id, Callback::RemoveUser, Some(form.user)))?;
    tell(&shared, url).await;
    Ok(Redirect::to("/manage"))
}

/// The platform's own call. Nobody waits for what the app answers; a failure is only named.
async fn tell(shared: &Shared, url: url::Url) {
    let path = url.path().to_owned();
    match shared.client.get(url).send().await {
        Ok(answer) if answer.status().is_success() => {}
        Ok(answer) => eprintln!("sandbox: the callback {path} answered {}", answer.status()),
        Err(error) => eprintln!("sandbox: the callback {path} was not reached: {}", error.without_url()),
    }
}
