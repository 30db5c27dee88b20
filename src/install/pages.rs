//! The pages a merchant's browser gets: the console's frame, and errors in plain words.

use maud::{DOCTYPE, Markup, html};
use url::Url;

use crate::bindings::Bindings;
use crate::error::Error;
use crate::ordergroove::hosts::Environment;
use crate::platform::inbound::Reply;
use crate::platform::log::RequestId;
use crate::store::calls::{ConsolePage, Opened};

/// The console, with its session's token for the script to pick up.
pub fn console(opened: &Opened, bindings: &Bindings) -> Reply {
    let page = &opened.page;
    let markup = document(
        "Ordergroove",
        &html! {
            meta name="session-token" content=(opened.session_token.expose());
            script src="/console/settings.js" defer {}
        },
        &html! {
            header.bar {
                h1 { "Ordergroove" }
                p.store {
                    @if page.store_name.is_empty() { (page.store_hash) } @else { (page.store_name) }
                    span.environment data-environment=(environment(page)) { (environment(page)) }
                }
            }
            main {
                @if !page.active {
                    p.notice role="status" data-notice="passive" {
                        "Another Ordergroove app is the active one on this store, so this one stays passive. To switch over, uninstall the other app and open this one again."
                    }
                }
                @if !page.missing_scopes.is_empty() {
                    (missing_scopes(page))
                }
                noscript { p.notice { "This page needs JavaScript." } }
                div #settings data-state="loading" aria-live="polite" { p { "Loading your settings…" } }
            }
        },
    );
    with_headers(200, markup, bindings, &page.control_panel)
}

fn environment(page: &ConsolePage) -> &'static str {
    match page.environment {
        Environment::Staging => "Staging",
        Environment::Production => "Production",
    }
}

fn missing_scopes(page: &ConsolePage) -> Markup {
    use crate::bigcommerce::scopes::NEEDED;
    let missing = NEEDED.iter().filter(|scope| page.missing_scopes.iter().any(|name| name == scope.name));
    html! {
        div.notice role="status" data-notice="scopes" {
            p { "BigCommerce did not grant everything the app asked for. Until it does, this will not work:" }
            ul { @for scope in missing { li { (scope.purpose) " (" code { (scope.name) } ")" } } }
            p { "Add the scopes to the app in BigCommerce's developer tools, then open the app again." }
        }
    }
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
    let reply = with_headers(error.status(), markup, bindings, "");
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
                link rel="stylesheet" href="/console/console.css";
                (head)
            }
            body { (body) }
        }
    }
}

fn with_headers(status: u16, markup: Markup, bindings: &Bindings, control_panel: &str) -> Reply {
    Reply::empty(status)
        .header("content-type", "text/html; charset=utf-8")
        .header("content-security-policy", policy(bindings, control_panel))
        .header("referrer-policy", "no-referrer")
        .header("x-content-type-options", "nosniff")
        .body(markup.into_string())
}

/// Only BigCommerce's control panel may frame a page, and a page loads nothing from elsewhere.
fn policy(bindings: &Bindings, control_panel: &str) -> String {
    let mut ancestors = "https://*.mybigcommerce.com https://*.bigcommerce.com".to_owned();
    if let Some(origin) = Url::parse(control_panel).ok().filter(|url| url.scheme() == "https" || bindings.is_local()) {
        ancestors = format!("{ancestors} {}", origin.origin().ascii_serialization());
    }
    if bindings.is_local() {
        ancestors.push_str(" http://localhost:* http://*.localhost:* http://127.0.0.1:*");
    }
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
    )
}
