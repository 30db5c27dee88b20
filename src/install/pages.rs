//! The pages a merchant's browser gets: the console's frame, and errors in plain words.

use maud::{DOCTYPE, Markup, html};

use crate::bigcommerce::store_info;
use crate::bindings::Bindings;
use crate::error::{Error, Result};
use crate::platform::inbound::Reply;
use crate::platform::log::RequestId;
use crate::platform::random;
use crate::store::calls::Opened;

/// What a page loads that is text alone.
const WITHOUT_SCRIPT: &str = "style-src 'self'";

/// The page the console's script makes itself at home in, with its session's token to pick up.
pub fn console(opened: &Opened, bindings: &Bindings) -> Result<Reply> {
    let sdk = &bindings.bigcommerce_sdk_url;
    let nonce = random::token()?;
    let markup = document(
        "Ordergroove",
        &html! {
            meta name="session-token" content=(opened.session_token.expose());
            meta name="console-path" content=(opened.page.path);
            script type="module" src="/console/console.js" nonce=(nonce) {}
            script src=(sdk) async {}
        },
        &html! {
            // Seen until the script runs, which takes this place over.
            div #console data-state="loading" {
                header.skeleton-bar { div.skeleton { h1.skeleton-name { "Ordergroove" } } }
                main.skeleton {
                    p role="status" { "Loading…" }
                    div.skeleton-panel {}
                }
            }
            noscript { main.message { p { "This page needs JavaScript." } } }
        },
    );
    let sources = format!(
        "script-src 'self' {}; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'",
        sdk.origin().ascii_serialization()
    );
    Ok(with_headers(200, markup, &sources, bindings, &opened.page.control_panel))
}

/// Who opens a page of the console by its address, without BigCommerce, has no session.
pub fn opened_by_itself(bindings: &Bindings) -> Reply {
    let title = "Open the app from BigCommerce";
    let markup = document(
        title,
        &html! {},
        &html! {
            main.message {
                h1 { (title) }
                p {
                    "In your store's control panel choose Apps, then Ordergroove. For safety this page cannot be opened by itself."
                }
            }
        },
    );
    with_headers(200, markup, WITHOUT_SCRIPT, bindings, "")
}

/// An error, as a person can use it.
pub fn error(error: &Error, request_id: &RequestId, bindings: &Bindings) -> Reply {
    let (title, text) = words(error);
    let markup = document(
        title,
        &html! {},
        &html! {
            main.message data-error=(error.code()) {
                h1 { (title) }
                p { (text) }
                p.small { "Request id: " code { (request_id.as_str()) } }
            }
        },
    );
    let reply = with_headers(error.status(), markup, WITHOUT_SCRIPT, bindings, "");
    match error {
        Error::MethodNotAllowed { allow } => reply.header("allow", allow.clone()),
        _ => reply,
    }
}

/// What happened and what to do, for somebody in the control panel.
fn words(error: &Error) -> (&'static str, String) {
    let (title, text) = match error {
        Error::UnknownApp => (
            "This app is not registered yet",
            "Whoever runs the Ordergroove service has to register the app's client id before it can be installed. Ask them, then start again.",
        ),
        Error::NotInstalled => {
            ("This app is not installed", "Install it from Apps in the control panel, then open it again.")
        }
        Error::InvalidToken { .. } => {
            ("This link is no longer valid", "Open the app again from Apps in the control panel.")
        }
        Error::SessionEnded => {
            ("You no longer have access", "Ask the owner of the store to give you access to the app again.")
        }
        Error::AnotherStore => (
            "This app belongs to another store",
            "Each store needs an app of its own in BigCommerce's developer tools. Create one for this store and have it registered.",
        ),
        Error::CodeRefused { .. } => (
            "BigCommerce did not confirm the installation",
            "An installation link works once and for a short time. Start again from Apps in the control panel. If it keeps failing, the client secret may have been registered wrongly.",
        ),
        Error::UpstreamUnavailable { .. } => {
            ("BigCommerce is not answering", "Nothing was changed. Wait a minute and try again.")
        }
        Error::Internal { .. } => (
            "Something went wrong on our side",
            "Nothing was lost. Try again; if it stays, give the request id below to whoever runs the Ordergroove service.",
        ),
        other => return ("That did not work", other.message()),
    };
    (title, text.to_owned())
}

fn document(title: &str, head: &Markup, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="stylesheet" href="/console/pages.css";
                (head)
            }
            body { (body) }
        }
    }
}

fn with_headers(status: u16, markup: Markup, sources: &str, bindings: &Bindings, control_panel: &str) -> Reply {
    let ancestors = ancestors(bindings.is_local(), control_panel);
    Reply::empty(status)
        .header("content-type", "text/html; charset=utf-8")
        .header(
            "content-security-policy",
            format!("default-src 'none'; {sources}; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"),
        )
        .header("referrer-policy", "no-referrer")
        .header("x-content-type-options", "nosniff")
        .body(markup.into_string())
}

/// Only BigCommerce's control panel may frame a page.
fn ancestors(is_local: bool, control_panel: &str) -> String {
    let mut ancestors = "https://*.mybigcommerce.com https://*.bigcommerce.com".to_owned();
    if let Some(origin) = store_info::origin(control_panel).filter(|origin| origin.starts_with("https:") || is_local) {
        ancestors = format!("{ancestors} {origin}");
    }
    if is_local {
        ancestors.push_str(" http://localhost:* http://*.localhost:* http://127.0.0.1:*");
    }
    ancestors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_control_panel_may_frame_a_page() {
        let default = ancestors(false, "");
        assert_eq!(
            ancestors(false, "https://panel.example:8443/manage?x=1"),
            format!("{default} https://panel.example:8443")
        );
        assert!(ancestors(true, "http://panel.example").contains(" http://panel.example "));
    }

    #[test]
    fn nothing_gets_into_the_policy_with_the_control_panels_address() {
        let default = ancestors(false, "");
        for address in [
            "https://*",
            "https://*.example",
            "https://a;script-src.example",
            "https://a,b.example",
            "https://a'b.example",
            "http://panel.example",
            "data:text/html,x",
            "not an address",
        ] {
            assert_eq!(ancestors(false, address), default, "{address}");
        }
    }
}
