//! Products that are not sold any more: only the merchant says so, for Ordergroove then ends their subscriptions.

use serde::Deserialize;

use super::catalog_do::Catalog;
use super::product_rows::sql_id;
use crate::error::{Error, Result};
use crate::platform::clock;
use crate::platform::log::RequestId;
use crate::store::audit::Action;
use crate::store::calls::{MarkDiscontinued, NoteDone};

impl Catalog {
    /// Says whether a product is discontinued.
    pub(super) async fn mark_discontinued(&self, call: &MarkDiscontinued, request_id: &RequestId) -> Result<()> {
        #[derive(Deserialize)]
        struct Row {
            name: String,
            discontinued: i64,
        }
        let id = call.product_id;
        let row: Option<Row> = self.database.row(
            "SELECT name, EXISTS (SELECT 1 FROM discontinued d WHERE d.product_id = p.id) AS discontinued
             FROM products p WHERE p.gone_at IS NULL AND p.id = ?",
            vec![id.into()],
        )?;
        let product = row.ok_or(Error::NotFound)?;
        if (product.discontinued != 0) == call.discontinued {
            return Ok(());
        }
        let action = if call.discontinued { Action::ProductDiscontinued } else { Action::ProductContinued };
        let done = NoteDone { user: call.user.clone(), action, about: Some((id, product.name)) };
        self.note_first(done, request_id).await?;
        if !call.discontinued {
            return self.database.run("DELETE FROM discontinued WHERE product_id = ?", vec![id.into()]);
        }
        self.database.run(
            "INSERT INTO discontinued (product_id, at, user_id, email) VALUES (?, ?, ?, ?) ON CONFLICT (product_id) DO NOTHING",
            vec![id.into(), clock::now().into(), sql_id(call.user.id).into(), call.user.email.as_str().into()],
        )
    }
}
