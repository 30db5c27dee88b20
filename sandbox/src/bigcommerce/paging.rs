//! Lists of v3: `data` and the pagination of all there is.

use serde_json::{Value, json};

use super::api::Passed;
use super::endpoints::MAX_LIMIT;

/// How many items a page has unless the request says.
const DEFAULT_LIMIT: usize = 50;

/// Which part of a list a request asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    pub(super) limit: usize,
    current: usize,
}

impl Page {
    /// What the request asks for; with more than `most` it gets `most`.
    pub(super) fn of(passed: &Passed<'_>, most: usize) -> Self {
        let number = |name: &str, default| passed.parameter(name).and_then(|text| text.parse().ok()).unwrap_or(default);
        Self { limit: number("limit", DEFAULT_LIMIT).min(most), current: number("page", 1) }
    }

    /// How many items come before it.
    pub(super) fn offset(self) -> usize {
        (self.current - 1).saturating_mul(self.limit)
    }

    /// The answer: a page of `total` items.
    pub(super) fn answer(self, passed: &Passed<'_>, total: usize, data: &[Value]) -> Value {
        let pages = total.div_ceil(self.limit).max(1);
        let link = |page: usize| {
            let mut query = url::form_urlencoded::Serializer::new(String::from("?"));
            query.append_pair("page", &page.to_string()).append_pair("limit", &self.limit.to_string());
            query.extend_pairs(passed.query.iter().filter(|(name, _)| name != "page" && name != "limit"));
            query.finish()
        };
        let mut links = json!({ "current": link(self.current) });
        if self.current > 1 {
            links["previous"] = json!(link(self.current - 1));
        }
        if self.current < pages {
            links["next"] = json!(link(self.current + 1));
        }
        json!({
            "meta": { "pagination": {
                "total": total,
                "count": data.len(),
                "per_page": self.limit,
                "current_page": self.current,
                "total_pages": pages,
                "links": links,
            } },
            "data": data,
        })
    }
}

/// A page of a list that is there as a whole.
pub(super) fn page(passed: &Passed<'_>, items: Vec<Value>) -> Value {
    let page = Page::of(passed, MAX_LIMIT);
    let total = items.len();
    let data: Vec<Value> = items.into_iter().skip(page.offset()).take(page.limit).collect();
    page.answer(passed, total, &data)
}
