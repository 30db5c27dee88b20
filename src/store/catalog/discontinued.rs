//! Products that are not sold any more: only the merchant says so, for Ordergroove then ends their subscriptions.

use super::catalog_do::Catalog;
use super::product_rows::sql_id;
use crate::error::{Error, Result};
use crate::platform::clock;
use crate::store::calls::MarkDiscontinued;

impl Catalog {
    /// Says whether a product is discontinued.
    pub(super) fn mark_discontinued(&self, call: &MarkDiscontinued) -> Result<()> {
        let id = call.product_id;
        if self.count("p.gone_at IS NULL AND p.id = ?", vec![id.into()])? == 0 {
            return Err(Error::NotFound);
        }
        if !call.discontinued {
            return self.database.run("DELETE FROM discontinued WHERE product_id = ?", vec![id.into()]);
        }
        self.database.run(
            "INSERT INTO discontinued (product_id, at, user_id, email) VALUES (?, ?, ?, ?) ON CONFLICT (product_id) DO NOTHING",
            vec![id.into(), clock::now().into(), sql_id(call.user.id).into(), call.user.email.as_str().into()],
        )
    }
}
