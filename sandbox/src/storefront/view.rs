//! The shop's HTML.

use maud::{DOCTYPE, Markup, html};

use crate::model::{Customer, Store};

/// What the shop sells: name, price, a line about it.
const PRODUCTS: [(&str, &str, &str); 4] = [
    ("Smoked Lapsang, 100 g", "$14.00", "Pine smoke and dark fruit, picked in spring."),
    ("Boston fern, 12 cm pot", "$22.00", "Likes shade, a damp room and being left alone."),
    ("Cast-iron kettle, 0.8 l", "$89.00", "Enamelled inside, so it does not rust."),
    ("Mint and nettle, 60 g", "$9.50", "Grown on the roof, dried in the shop."),
];

/// A page of the shop.
#[derive(Debug, Clone, Copy)]
pub(super) enum View {
    Home,
    Login { failed: bool },
    Account,
    Subscriptions,
    AuthPage,
    Guide,
}

impl View {
    pub(super) fn needs_customer(self) -> bool {
        matches!(self, Self::Account | Self::Subscriptions)
    }

    pub(super) fn page(self, store: &Store, customer: Option<&Customer>) -> Markup {
        let (title, content) = match self {
            // Loaded in a hidden iframe for the cookie it sets: the theme's scripts and nothing to see.
            Self::AuthPage => return blank(store),
            Self::Home => ("Home", home()),
            Self::Login { failed } => ("Sign in", login(store, failed)),
            Self::Account => ("Your account", account(store, customer)),
            Self::Subscriptions => {
                ("Your subscriptions", html! { div #og-msi {} p { "Your subscriptions appear here." } })
            }
            Self::Guide => ("Integration guide", guide(store)),
        };
        page(store, customer, title, &content)
    }
}

/// What the theme puts into every head: our script, when an app is attached.
fn scripts(store: &Store) -> Markup {
    html! {
        @if let Some(theme) = &store.theme {
            script src=(format!("{}/storefront/v1/og-auth.js", theme.worker_url)) data-client-id=(theme.client_id) defer {}
        }
    }
}

fn blank(store: &Store) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" { head { meta charset="utf-8"; title { "Sign-in check" } (scripts(store)) } body {} }
    }
}

fn page(store: &Store, customer: Option<&Customer>, title: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " - " (store.profile.name) }
                link rel="stylesheet" href="/assets/shop.css";
                (scripts(store))
            }
            body {
                header {
                    a.brand href="/" { (store.profile.name) }
                    nav aria-label="Account" {
                        @if let Some(customer) = customer {
                            a data-test="account" href="/account.php" { (customer.name) }
                            a href="/manage-subscriptions/" { "Subscriptions" }
                            a data-test="sign-out" href="/login.php?action=logout" { "Sign out" }
                        } @else {
                            a data-test="sign-in" href="/login.php" { "Sign in" }
                        }
                    }
                }
                main { h1 { (title) } (content) }
                footer { "A demo store on this machine. Nothing is sold." }
            }
        }
    }
}

fn home() -> Markup {
    html! {
        div.products {
            @for (name, price, about) in PRODUCTS {
                article { h2 { (name) } p { (about) } p.price { (price) } }
            }
        }
    }
}

fn login(store: &Store, failed: bool) -> Markup {
    html! {
        @if failed { p.error role="alert" data-test="login-error" { "No customer has this e-mail address." } }
        form method="post" action="/login.php" {
            label for="email" { "E-mail" }
            input #email name="email" type="email" list="customers" autocomplete="email" required;
            datalist #customers {
                @for customer in &store.profile.customers { option value=(customer.email) { (customer.name) } }
            }
            button type="submit" data-test="submit" { "Sign in" }
        }
        p.note { "Demo customers, without passwords:" }
        div.choices {
            @for customer in &store.profile.customers {
                form method="post" action="/login.php" {
                    input type="hidden" name="email" value=(customer.email);
                    button.quiet type="submit" data-test=(format!("customer-{}", customer.id)) { (customer.name) }
                }
            }
        }
    }
}

fn account(store: &Store, customer: Option<&Customer>) -> Markup {
    html! {
        @if let Some(customer) = customer {
            p { "Signed in as " strong { (customer.email) } ", customer " span data-test="customer-id" { (customer.id) } "." }
        }
        @match &store.theme {
            None => { div #og-status data-state="none" { "No app is attached to this theme." } }
            Some(theme) => {
                div #og-status role="status" data-state="waiting" data-merchant-id=(theme.merchant_id) data-rest-url=(theme.rest_url) {
                    "Asking Ordergroove who you are..."
                }
                script type="module" src="/assets/account.js" {}
            }
        }
    }
}

fn guide(store: &Store) -> Markup {
    html! {
        p { "Makes the calls of the integration guide, one after the other." }
        @match &store.theme {
            None => { p #guide data-state="none" { "No app is attached to this theme." } }
            Some(theme) => {
                dl #guide data-worker=(theme.worker_url) data-client-id=(theme.client_id) {
                    dt { "Signature" } dd data-test="guide-signature" data-state="waiting" { "waiting" }
                    dt { "Subscriber" } dd data-test="guide-status" data-state="waiting" { "waiting" }
                }
                script src="/assets/guide.js" defer {}
            }
        }
    }
}
