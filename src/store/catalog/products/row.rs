//! A product with the plan in force, as the tables have them.

use serde::Deserialize;

use super::super::plans::{PlanOption, PlanOptions};
use crate::catalog::rules::Modifier;

/// The plan in force of each product: its row in the highest layer.
pub(in crate::store::catalog) const IN_FORCE: &str =
    "products p LEFT JOIN plans c ON c.product_id = p.id AND c.version =
    (SELECT q.version FROM plans q JOIN versions w ON w.id = q.version
     WHERE q.product_id = p.id AND w.layer IS NOT NULL ORDER BY w.layer DESC LIMIT 1)";

/// A product with the plan in force, as the tables have them.
#[derive(Debug, Deserialize)]
pub(in crate::store::catalog) struct ProductRow {
    pub(in crate::store::catalog) id: u64,
    pub(in crate::store::catalog) name: String,
    pub(in crate::store::catalog) sku: String,
    pub(super) digital: i64,
    pub(super) is_visible: i64,
    pub(super) variants: u32,
    pub(in crate::store::catalog) options_read: i64,
    modifier: Option<String>,
    pub(super) ambiguous: i64,
    revision: i64,
    pub(in crate::store::catalog) eligible: Option<i64>,
    pub(in crate::store::catalog) plan: Option<PlanOptions>,
    plan_revision: Option<i64>,
    discontinued: i64,
}

pub(in crate::store::catalog) const ROW: &str =
    "p.id, p.name, p.sku, p.digital, p.is_visible, p.variants, p.options_read, p.modifier, p.ambiguous,
    p.revision, c.eligible, c.options AS plan, EXISTS (SELECT 1 FROM discontinued d WHERE d.product_id = p.id) AS discontinued,
    max(c.revision, (SELECT layer FROM versions WHERE id = c.version)) AS plan_revision";

impl ProductRow {
    pub(in crate::store::catalog) fn modifier(&self) -> Option<Modifier> {
        serde_json::from_str(self.modifier.as_deref()?).ok()
    }

    pub(in crate::store::catalog) fn is_eligible(&self) -> bool {
        self.eligible.is_some_and(|eligible| eligible != 0)
    }

    /// Whether the merchant said that it is not sold any more, ever.
    pub(in crate::store::catalog) fn is_discontinued(&self) -> bool {
        self.discontinued != 0
    }

    /// Another number whenever the options or the plan in force are others: both parts count changes.
    pub(in crate::store::catalog) fn revision(&self) -> i64 {
        self.revision * (1 << 26) + self.plan_revision.unwrap_or(0)
    }

    /// The options of the modifier with what the plan says of each; what it says of others is left out.
    pub(in crate::store::catalog) fn options(&self, modifier: Option<&Modifier>) -> Vec<PlanOption> {
        let planned = |id: u64| self.plan.as_ref()?.0.iter().find(|option| option.0 == id).copied();
        let options = modifier.map(|modifier| &modifier.options).into_iter().flatten();
        options.map(|(id, _)| planned(*id).unwrap_or(PlanOption(*id, 0, 0, false))).collect()
    }
}
