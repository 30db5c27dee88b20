//! The panel's HTML: one frame around every page, the list of apps, the app's iframe.

use maud::{DOCTYPE, Markup, html};

use crate::model::{App, Install};
use crate::state::State;

/// `/manage`.
pub(super) fn apps(state: &State, hash: &str, user: u64) -> Markup {
    let store = state.stores.get(hash);
    let users = store.into_iter().flat_map(|store| store.profile.users.iter());
    let apps = state.apps.values().filter(|app| app.stores.contains(hash));
    let apps: Vec<(&App, Option<&Install>)> =
        apps.map(|app| (app, store.and_then(|store| store.installs.get(&app.client_id)))).collect();
    let users: Vec<_> = users.collect();
    page(
        state,
        hash,
        user,
        "Apps",
        &html! {
            p.note { "Draft apps that were registered with this store's owner in the developer portal." }
            @if apps.is_empty() { p data-test="no-apps" { "No app is registered for this store yet." } }
            @for (app, install) in &apps {
                @let base = format!("/manage/app/{}", app.client_id);
                section.card data-test="app" data-client-id=(app.client_id) data-installed=(install.is_some()) {
                    h2 { "Ordergroove app" }
                    p { code { (app.client_id) } }
                    p data-test="state" {
                        @match install {
                            None => "Not installed.",
                            Some(install) if install.token.is_none() => "Installed; its token is no longer good.",
                            Some(_) => "Installed.",
                        }
                    }
                    div.actions {
                        @if install.is_some() {
                            a.button data-test="open" href=(format!("{base}?user={user}")) { "Open" }
                            a.button.quiet data-test="reinstall" href=(format!("{base}/install")) { "Install again" }
                            form method="post" action=(format!("{base}/uninstall")) {
                                button.quiet type="submit" data-test="uninstall" { "Uninstall" }
                            }
                            @for user in &users {
                                form method="post" action=(format!("{base}/remove-user")) {
                                    input type="hidden" name="user" value=(user.id);
                                    button.quiet type="submit" data-test="remove-user" data-user=(user.id) {
                                        "Remove user " (user.email)
                                    }
                                }
                            }
                        } @else {
                            a.button data-test="install" href=(format!("{base}/install")) { "Install" }
                        }
                    }
                }
            }
        },
    )
}

/// A page that is the app.
pub(super) fn frame(state: &State, hash: &str, user: u64, title: &str, src: &str) -> Markup {
    page(
        state,
        hash,
        user,
        title,
        &html! {
            p.actions { button.quiet #log-out type="button" data-test="log-out" { "Log out" } }
            iframe #bigcommerce-app title="The app" src=(src) {}
            script src="/assets/panel.js" {}
        },
    )
}

/// The frame around every page.
pub(super) fn page(state: &State, hash: &str, user: u64, title: &str, content: &Markup) -> Markup {
    let store = state.stores.get(hash);
    let name = store.map_or(hash, |store| store.profile.name.as_str());
    let users: Vec<_> =
        store.into_iter().flat_map(|store| std::iter::once(&store.profile.owner).chain(&store.profile.users)).collect();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " - " (name) }
                link rel="stylesheet" href="/assets/panel.css";
            }
            body.panel {
                nav aria-label="Control panel" {
                    p.brand { (name) }
                    @let products = title == "Products";
                    a href=(format!("/manage?user={user}")) aria-current=[(!products).then_some("page")] { "Apps" }
                    a href=(format!("/manage/products?user={user}")) aria-current=[products.then_some("page")] {
                        "Products"
                    }
                }
                div.page {
                    header {
                        h1 { (title) }
                        form method="get" data-test="user-switcher" {
                            label for="user" { "Signed in as" }
                            select #user name="user" {
                                @for person in users {
                                    option value=(person.id) selected[person.id == user] { (person.email) }
                                }
                            }
                            button.quiet type="submit" data-test="switch-user" { "Switch" }
                        }
                    }
                    main { (content) }
                }
            }
        }
    }
}
