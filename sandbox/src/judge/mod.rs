//! The judge: requests held against `BigCommerce`'s own `OpenAPI` files.
//!
//! It finds the operation by server path and path template, then checks the
//! parameters and the body. The files have mistakes of their own: a file that
//! cannot be read or a schema that does not compile is named once on stderr and
//! judges nothing.

mod document;
mod schema;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::Method;
use serde_json::Value;

use document::{Operation, Place};

/// All operations of a directory of `OpenAPI` files.
#[derive(Debug)]
pub(crate) struct Judge {
    operations: Vec<Operation>,
}

impl Judge {
    /// Reads every `.yml` and `.yaml` below the directory, once per process.
    pub(crate) fn load(directory: &Path) -> std::io::Result<Arc<Self>> {
        static LOADED: Mutex<Option<HashMap<PathBuf, Arc<Judge>>>> = Mutex::new(None);
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        let known = loaded.get_or_insert_default();
        if let Some(judge) = known.get(directory) {
            return Ok(judge.clone());
        }
        let mut operations = Vec::new();
        let mut directories = vec![directory.to_owned()];
        while let Some(next) = directories.pop() {
            for entry in std::fs::read_dir(&next)? {
                let path = entry?.path();
                if path.is_dir() {
                    directories.push(path);
                } else if path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml") {
                    match document::read(&std::fs::read_to_string(&path)?) {
                        Ok(found) => operations.extend(found),
                        Err(reason) => {
                            eprintln!("sandbox: {} judges nothing: {reason}", path.display());
                        }
                    }
                }
            }
        }
        let judge = Arc::new(Self { operations });
        known.insert(directory.to_owned(), judge.clone());
        Ok(judge)
    }

    /// One document, for tests.
    #[cfg(test)]
    fn of(yaml: &str) -> Result<Self, String> {
        Ok(Self { operations: document::read(yaml)? })
    }

    /// How many operations are known.
    pub(crate) fn operations(&self) -> usize {
        self.operations.len()
    }

    /// Whether the request is one the files allow; if not, why.
    ///
    /// `path` starts at `/stores`, as in the files' servers.
    pub(crate) fn check(
        &self,
        method: &Method,
        path: &str,
        query: &[(String, String)],
        body: Option<&Value>,
    ) -> Result<(), String> {
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let on_path = self.operations.iter().filter(|operation| operation.fits(&segments));
        // A template with more fixed parts is the more exact one: /hooks/admin before /hooks/{id}.
        let most = on_path.clone().map(Operation::fixed_segments).max();
        let most = most.ok_or_else(|| format!("no file has the path {path}"))?;
        let operation = on_path
            .filter(|operation| operation.fixed_segments() == most)
            .find(|operation| operation.method == method.as_str())
            .ok_or_else(|| format!("the path {path} has no {method}"))?;
        for (name, value) in operation.path_values(&segments) {
            if let Some(parameter) = operation.parameter(Place::Path, name) {
                parameter.check(value).map_err(|reason| format!("path parameter {name}: {reason}"))?;
            }
        }
        for (name, value) in query {
            // An array may come as `name[]`, and is then given once per item.
            let bare = name.strip_suffix("[]").unwrap_or(name);
            operation
                .parameter(Place::Query, bare)
                .ok_or_else(|| format!("there is no query parameter {name}"))?
                .check(value)
                .map_err(|reason| format!("query parameter {name}: {reason}"))?;
        }
        for parameter in operation.required(Place::Query) {
            if !query.iter().any(|(name, _)| name == parameter) {
                return Err(format!("query parameter {parameter} is required"));
            }
        }
        operation.check_body(body)
    }
}

#[cfg(test)]
mod tests;
