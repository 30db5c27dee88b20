//! CatalogObject, one per app: catalogue, product configuration and feeds.
//!
//! Apart from StoreObject because one alarm runs at a time in an object: a long delivery must not
//! hold up money. Its tables come with the first of them; what it promises from the start is that
//! nothing of an app that left stays behind.

#![expect(missing_docs, reason = "of what #[durable_object] makes")]

use std::rc::Rc;

use worker::{DurableObject, Env, Request, Response, State, durable_object};

use super::calls::{CatalogCall, EraseCatalog};
use super::object::{answer, reply};
use crate::error::Error;
use crate::platform::sql::Database;

/// See the module.
#[durable_object]
pub struct CatalogObject {
    database: Rc<Database>,
}

impl DurableObject for CatalogObject {
    fn new(state: State, _env: Env) -> Self {
        Self { database: Rc::new(Database::new(state.storage())) }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        let database = self.database.clone();
        answer(request, move |envelope| async move {
            match envelope.call {
                CatalogCall::EraseCatalog(EraseCatalog {}) => {
                    database.storage().delete_all().await.map_err(Error::internal)?;
                    reply(())
                }
            }
        })
        .await
    }

    async fn alarm(&self) -> worker::Result<Response> {
        Response::empty()
    }
}
