//! A page of a list, as v3 of the Management API answers it.

use serde::Deserialize;

/// One page.
#[derive(Debug, Clone, Deserialize)]
pub struct Page<T> {
    /// What is on it.
    pub data: Vec<T>,
    meta: Option<Meta>,
}

#[derive(Debug, Clone, Deserialize)]
struct Meta {
    pagination: Option<Pagination>,
}

#[derive(Debug, Clone, Deserialize)]
struct Pagination {
    total: Option<u64>,
    current_page: Option<u32>,
    total_pages: Option<u32>,
}

impl<T> Page<T> {
    /// Of an empty list.
    pub fn empty() -> Self {
        Self { data: Vec::new(), meta: None }
    }

    /// How many there are on all pages, if BigCommerce says so.
    pub fn total(&self) -> Option<u64> {
        self.meta.as_ref()?.pagination.as_ref()?.total
    }

    /// The page after this one, if BigCommerce says there is one.
    pub fn next_page(&self) -> Option<u32> {
        let pagination = self.meta.as_ref()?.pagination.as_ref()?;
        let (current, total) = (pagination.current_page?, pagination.total_pages?);
        (current < total).then_some(current + 1)
    }
}
