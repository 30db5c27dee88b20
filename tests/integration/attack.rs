//! Attacks on the whole Worker: what an outsider, a shopper, a merchant or another party may try.
//!
//! The routes come from the Worker's own table, so a new one is attacked without being named here.

mod bodies;
mod headers;
mod methods;
mod paths;
mod raw;
mod ssrf;
mod strangers;
mod timing;
mod tokens;

use ordergroove_bigcommerce::routes;

/// Every path, filled in for an app, with the methods it takes.
pub fn paths(client_id: &str) -> Vec<(String, Vec<&'static str>)> {
    let mut paths: Vec<(String, Vec<&'static str>)> = Vec::new();
    for (method, path) in routes::table() {
        let path = path.replace("{client_id}", client_id).replace("{party}", "ordergroove").replace("{id}", "1");
        assert!(!path.contains('{'), "a new parameter: {path}");
        match paths.iter_mut().find(|(known, _)| *known == path) {
            Some((_, methods)) => methods.push(method),
            None => paths.push((path, vec![method])),
        }
    }
    paths
}

fn is_storefront(path: &str) -> bool {
    path.starts_with("/api/v1/")
}

fn is_console(path: &str) -> bool {
    path.starts_with("/console/api/")
}
