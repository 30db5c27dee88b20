//! What the HTML pages share: the style sheets and scripts, and the index.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use crate::state::Shared;

/// The file that `make` bundles from npm's `@ordergroove/auth`.
const ORDERGROOVE_AUTH: &str = "ordergroove-auth.js";

/// A file of the pages. The library is read anew each time, so that it can be built later.
pub(crate) async fn asset(State(shared): State<Arc<Shared>>, Path(name): Path<String>) -> Response {
    let (kind, text) = match name.as_str() {
        "panel.css" => ("text/css", include_str!("assets/panel.css").to_owned()),
        "shop.css" => ("text/css", include_str!("assets/shop.css").to_owned()),
        "account.js" => ("text/javascript", include_str!("assets/account.js").to_owned()),
        "panel.js" => ("text/javascript", include_str!("assets/panel.js").to_owned()),
        "bc-sdk.js" => ("text/javascript", include_str!("assets/bc-sdk.js").to_owned()),
        "guide.js" => ("text/javascript", include_str!("assets/guide.js").to_owned()),
        ORDERGROOVE_AUTH => {
            let file = shared.browser_libraries.as_ref().map(|directory| directory.join(ORDERGROOVE_AUTH));
            match file.map(std::fs::read_to_string) {
                Some(Ok(text)) => ("text/javascript", text),
                Some(Err(_)) | None => {
                    return (StatusCode::NOT_FOUND, "BROWSER_LIBRARIES has no ordergroove-auth.js.").into_response();
                }
            }
        }
        _ => return (StatusCode::NOT_FOUND, "There is no such file.").into_response(),
    };
    ([(header::CONTENT_TYPE, format!("{kind}; charset=utf-8")), (header::CACHE_CONTROL, "no-cache".to_owned())], text)
        .into_response()
}

/// `GET /` of the platforms' host.
pub(crate) async fn index(State(shared): State<Arc<Shared>>) -> Markup {
    let stores: Vec<_> = shared.read(|state| {
        state.stores.values().map(|store| (store.profile.hash.clone(), store.profile.name.clone())).collect()
    });
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Sandbox" }
                link rel="stylesheet" href="/assets/panel.css";
            }
            body {
                main.plain {
                    h1 { "Sandbox" }
                    p { "Stand-ins for BigCommerce and Ordergroove on this machine." }
                    h2 { "Stores" }
                    @if stores.is_empty() { p { "There is none yet." } }
                    ul {
                        @for (hash, name) in &stores {
                            li {
                                strong { (name) } " (" (hash) "): "
                                a href=(shared.storefront_origin(hash)) { "storefront" } ", "
                                a href=(format!("{}/manage", shared.control_panel_origin(hash))) { "control panel" }
                            }
                        }
                    }
                    h2 { "What the stand-ins know" }
                    ul {
                        @for name in ["stores", "apps", "merchants", "faults", "requests", "refusals"] {
                            li { a href=(format!("/sandbox/{name}")) { (name) } }
                        }
                    }
                }
            }
        }
    }
}
