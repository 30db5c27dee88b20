//! The part of `/sandbox` about catalogues and webhooks.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{delete, get, post, put};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Here, done};
use crate::catalog::{Catalog, CatalogChange, Category, Generated, Product, demo_catalog};
use crate::sandbox;
use crate::state::Shared;
use crate::webhooks::Event;

pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/stores/{hash}/catalog", get(products).put(put_catalog))
        .route("/stores/{hash}/categories", put(put_category))
        .route("/stores/{hash}/categories/{id}", delete(delete_category))
        .route("/stores/{hash}/products", put(put_product))
        .route("/stores/{hash}/products/{id}", get(product).delete(delete_product))
        .route("/stores/{hash}/events", post(emit))
        .route("/stores/{hash}/hooks/{id}", put(put_hook))
        .route("/deliveries", get(deliveries))
}

async fn products(State(shared): Here, Path(hash): Path<String>) -> Answer {
    let names: Result<Vec<Value>, _> = shared.read(|state| {
        let catalog = &state.stores.get(&hash).ok_or_else(|| format!("there is no store {hash}"))?.catalog;
        let products = catalog.ids_above(0).filter_map(|id| catalog.get(id));
        Ok::<_, String>(products.map(|product| json!({ "id": product.id, "name": product.name })).collect())
    });
    Ok(Json(names?.into()))
}

/// What a catalogue is made of.
#[derive(Deserialize)]
#[serde(untagged)]
enum Wanted {
    Known(Known),
    Generated(Generated),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Known {
    Demo,
    Empty,
}

async fn put_catalog(State(shared): Here, Path(hash): Path<String>, Json(wanted): Json<Wanted>) -> Answer {
    let catalog = match wanted {
        Wanted::Known(Known::Demo) => Catalog::of(demo_catalog())?,
        Wanted::Known(Known::Empty) => Catalog::default(),
        Wanted::Generated(generated) => Catalog::generated(generated),
    };
    shared.change(|state| state.store_mut(&hash).map(|store| store.catalog = catalog))?;
    Ok(done())
}

async fn put_category(State(shared): Here, Path(hash): Path<String>, Json(category): Json<Category>) -> Answer {
    let id = shared.change(|state| state.store_mut(&hash)?.categories.put(category))?;
    Ok(Json(json!({ "id": id })))
}

async fn delete_category(State(shared): Here, Path((hash, id)): Path<(String, u64)>) -> Answer {
    shared.change(|state| state.store_mut(&hash)?.categories.delete(id))?;
    Ok(done())
}

async fn put_product(State(shared): Here, Path(hash): Path<String>, Json(product): Json<Product>) -> Answer {
    let id = shared.change_catalog(&hash, CatalogChange::Put(Box::new(product)))?;
    Ok(Json(json!({ "id": id })))
}

async fn product(State(shared): Here, Path((hash, id)): Path<(String, u64)>) -> Answer {
    let product = shared.read(|state| Some(json!(state.stores.get(&hash)?.catalog.get(id)?)));
    Ok(Json(product.ok_or_else(|| format!("there is no product {id}"))?))
}

async fn delete_product(State(shared): Here, Path((hash, id)): Path<(String, u64)>) -> Answer {
    shared.change_catalog(&hash, CatalogChange::Delete(id))?;
    Ok(done())
}

async fn emit(State(shared): Here, Path(hash): Path<String>, Json(event): Json<Event>) -> Json<Value> {
    shared.emit(&hash, &event);
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PutHook {
    is_active: bool,
}

async fn put_hook(State(shared): Here, Path((hash, id)): Path<(String, u64)>, Json(put): Json<PutHook>) -> Answer {
    shared.change(|state| sandbox::set_hook_active(state, &hash, id, put.is_active))?;
    Ok(done())
}

async fn deliveries(State(shared): Here) -> Json<Value> {
    Json(shared.read(|state| json!(state.deliveries)))
}
