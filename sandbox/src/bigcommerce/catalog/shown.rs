//! What of a record a request wants to see.

use serde_json::{Map, Value};

use super::products;
use crate::bigcommerce::api::Passed;
use crate::bigcommerce::problem::Problem;
use crate::catalog::Product;

/// `include`, `include_fields` and `exclude_fields`.
#[derive(Debug)]
pub(super) struct Shown<'a> {
    include: Vec<&'a str>,
    only: Option<Vec<&'a str>>,
    without: Vec<&'a str>,
}

impl<'a> Shown<'a> {
    pub(super) fn of(passed: &'a Passed<'_>) -> Self {
        let words = |name| passed.parameter(name).map(|list| list.split(',').collect());
        Self {
            include: words("include").unwrap_or_default(),
            only: words("include_fields"),
            without: words("exclude_fields").unwrap_or_default(),
        }
    }

    pub(super) fn includes(&self, part: &str) -> bool {
        self.include.contains(&part)
    }

    /// Refuses names of fields that a record of this name does not have.
    pub(super) fn check(&self, record: &str, known: &Map<String, Value>) -> Result<(), Problem> {
        let lists = [("include_fields", self.only.as_ref()), ("exclude_fields", Some(&self.without))];
        for (name, fields) in lists {
            if let Some(field) = fields.into_iter().flatten().find(|field| !known.contains_key(**field)) {
                return Err(Problem::field(name, format!("a {record} has no field {field:?}")));
            }
        }
        Ok(())
    }

    /// A product with the fields and the parts that are wanted.
    pub(super) fn product(&self, product: &Product) -> Value {
        let mut fields = self.kept(products::fields(product));
        fields.extend(self.include.iter().map(|part| ((*part).to_owned(), products::part(product, part))));
        Value::Object(fields)
    }

    /// A record with the fields that are wanted.
    pub(super) fn cut(&self, record: Value) -> Value {
        match record {
            Value::Object(fields) => Value::Object(self.kept(fields)),
            other => other,
        }
    }

    /// The id is there whatever is asked for.
    fn kept(&self, mut fields: Map<String, Value>) -> Map<String, Value> {
        fields.retain(|name, _| {
            let wanted = self.only.as_ref().is_none_or(|only| only.contains(&name.as_str()));
            matches!(name.as_str(), "id" | "category_id") || (wanted && !self.without.contains(&name.as_str()))
        });
        fields
    }
}
