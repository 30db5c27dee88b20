//! Every state of every page that a healthy service does not show: its answers are made up in the browser.

use serde_json::{Value, json};

use crate::support::browser::Browser;
use crate::support::{App, World, run};

pub const SIZES: [(u32, u32); 2] = [(1024, 768), (375, 812)];

/// What the service is made to answer: to a call that begins with this, `null` for nothing at all.
pub async fn pretend(browser: &Browser, call: &str, status: u16, body: Value) {
    let source = format!(
        "{{ const real = window.fetch;
            window.fetch = (path, init) => {{
                const call = `${{init?.method ?? 'GET'}} ${{path.replace('/console/api/', '')}}`;
                if (!window.honest && call.startsWith('{call}')) {{
                    const body = {body};
                    if (body === null) return new Promise(() => {{}});
                    return Promise.resolve(new Response(JSON.stringify(body),
                        {{ status: {status}, headers: {{ 'content-type': 'application/json', etag: '\"1\"' }} }}));
                }}
                return real(path, init);
            }}; }}"
    );
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": source})).await;
}

pub async fn open(app: &App<'_>, (width, height): (u32, u32), path: &str, pretended: &[(&str, u16, Value)]) -> Browser {
    let browser = Browser::open(width, height).await;
    for (call, status, body) in pretended {
        pretend(&browser, call, *status, body.clone()).await;
    }
    browser.goto(app.world.sandbox.deep_link(&app.store, &app.client_id, 7, path).as_str()).await;
    browser
}

pub fn broken() -> Value {
    json!({"type": "about:blank", "title": "Internal Server Error", "status": 500, "code": "internal",
        "detail": "Something went wrong on our side.", "request_id": "8f2a61c0b7d94e13"})
}

#[test]
fn pages_that_are_loading_say_so() {
    run(async {
        let app = App::configured(World::shared().await).await;
        for size in SIZES {
            let browser = open(&app, size, "/", &[("GET overview", 200, Value::Null)]).await;
            browser.text_with("[role=status]", "Loading the overview").await;
            browser.picture("overview-loading").await;
            browser.close().await;
            let browser = open(&app, size, "/settings", &[("GET settings", 200, Value::Null)]).await;
            browser.text_with("[role=status]", "Loading your settings").await;
            browser.picture("settings-loading").await;
            browser.close().await;
        }
    });
}

#[test]
fn something_is_there_before_the_script_runs() {
    run(async {
        let app = App::configured(World::shared().await).await;
        for (width, height) in SIZES {
            let browser = Browser::open(width, height).await;
            browser.devtools("Network.enable", json!({})).await;
            browser.devtools("Network.setBlockedURLs", json!({"urls": ["*/console/console.js"]})).await;
            browser.goto(app.world.sandbox.deep_link(&app.store, &app.client_id, 7, "/").as_str()).await;
            browser.text_with("[data-state=loading] [role=status]", "Loading").await;
            browser.picture("opening").await;
            browser.close().await;
        }
    });
}

#[test]
fn work_under_way_is_shown_at_its_button() {
    run(async {
        let app = App::configured(World::shared().await).await;
        for size in SIZES {
            let browser = open(&app, size, "/", &[("POST connections/ordergroove", 200, Value::Null)]).await;
            browser.press("Test Ordergroove").await;
            browser.text_with("#connection-ordergroove", "Testing").await;
            browser.picture("overview-testing").await;
            browser.close().await;

            let browser = open(&app, size, "/settings", &[("PATCH settings", 200, Value::Null)]).await;
            browser.fill("#sftp-username", "feed").await;
            browser.press("Save").await;
            browser.text_with("#save", "Saving").await;
            browser.picture("settings-saving").await;
            browser.close().await;
        }
    });
}

#[test]
fn a_fault_of_the_console_itself_leaves_a_page_with_what_to_do() {
    run(async {
        let app = App::configured(World::shared().await).await;
        for size in SIZES {
            let browser = open(&app, size, "/", &[("GET overview", 200, json!({}))]).await;
            browser.says("Something went wrong in this page").await;
            browser.picture("crash").await;
            browser.close().await;
        }
    });
}

#[test]
fn pages_that_could_not_be_loaded_say_why_and_can_be_tried_again() {
    run(async {
        let app = App::configured(World::shared().await).await;
        for size in SIZES {
            for (path, api, there) in [("/", "overview", "#check-active"), ("/settings", "settings", "#sftp-username")]
            {
                let browser = open(&app, size, path, &[(&format!("GET {api}"), 500, broken())]).await;
                browser.says("Something went wrong on our side.").await;
                browser.says("Request id: 8f2a61c0b7d94e13").await;
                browser.picture(&format!("{api}-failed")).await;
                browser.run("window.honest = true").await;
                browser.press("Try again").await;
                browser.find(there).await;
                browser.close().await;
            }
        }
    });
}

#[test]
fn without_a_network_nothing_typed_is_lost() {
    run(async {
        let app = App::configured(World::shared().await).await;
        for size in SIZES {
            let browser = open(&app, size, "/settings", &[]).await;
            browser.fill("#sftp-username", "feed").await;
            let network = |offline: bool| json!({"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
            browser.devtools("Network.enable", json!({})).await;
            browser.devtools("Network.emulateNetworkConditions", network(true)).await;
            browser.press("Save").await;
            browser.says("The service could not be reached.").await;
            browser.picture("settings-offline").await;
            browser.devtools("Network.emulateNetworkConditions", network(false)).await;
            assert_eq!(browser.value("#sftp-username").await, "feed");
            browser.press("Try again").await;
            browser.says("Your settings are saved.").await;
            browser.fill("#sftp-username", "").await;
            browser.press("Save").await;
            browser.says("Your settings are saved.").await;
            browser.close().await;
        }
    });
}

#[test]
fn what_needs_attention_is_said_with_what_to_do() {
    run(async {
        let app = App::configured(World::shared().await).await;
        let overview = json!({
            "store": {"hash": "abc123", "name": "Demo store"}, "environment": "production",
            "user": {"id": 11, "email": ""}, "session": {"idle_seconds": 1800, "ends_at": 1_790_000_000},
            "checks": [
                {"id": "active", "state": "attention"},
                {"id": "scopes", "state": "attention", "missing": [
                    {"name": "store_v2_orders", "for": "reading and writing orders"},
                    {"name": "store_v2_products", "for": "reading products"},
                ]},
                {"id": "store_addresses", "state": "missing"},
                {"id": "merchant_id", "state": "done"},
                {"id": "secret_key", "state": "missing"},
                {"id": "edge_copy", "state": "attention"},
                {"id": "webhooks", "state": "attention", "message": "BigCommerce had switched off some.", "last_event_at": null},
                {"id": "something_new", "state": "attention"},
                {"id": "bigcommerce", "state": "done", "tested_at": 1_790_000_000},
                {"id": "ordergroove", "state": "attention", "tested_at": 1_790_000_000,
                    "message": "Ordergroove refused the merchant ID or the secret key."},
            ],
        });
        for size in SIZES {
            let browser = open(&app, size, "/", &[("GET overview", 200, overview.clone())]).await;
            browser.text_with("#check-active", "uninstall the other app").await;
            browser.text_with("#check-scopes", "reading and writing orders (store_v2_orders)").await;
            browser.text_with("#check-webhooks", "BigCommerce had switched off some.").await;
            browser.text_with("#check-something_new", "This needs attention.").await;
            browser.text_with("#connection-ordergroove", "Ordergroove refused").await;
            browser.says("User 11").await;
            browser.picture("overview-attention").await;
            browser.run("window.honest = true").await;
            browser.click("#check-store_addresses button").await;
            browser.lacks("#check-something_new").await;
            browser.is_quiet().await;
            browser.close().await;
        }
    });
}

#[test]
fn a_test_that_could_not_be_made_says_so() {
    run(async {
        let app = App::configured(World::shared().await).await;
        let busy = json!({"type": "about:blank", "title": "Too Many Requests", "status": 429, "code": "too_many_requests",
            "detail": "That was too many requests.", "request_id": "8f2a61c0b7d94e13"});
        for size in SIZES {
            let browser = open(&app, size, "/", &[("POST connections/ordergroove", 429, busy.clone())]).await;
            browser.press("Test Ordergroove").await;
            browser.text_with("#connection-ordergroove", "too many requests").await;
            browser.picture("overview-test-refused").await;
            browser.close().await;
        }
    });
}

#[test]
fn a_long_history_comes_in_pages_and_an_empty_one_says_so() {
    run(async {
        let app = App::configured(World::shared().await).await;
        let session = app.load(7).await;
        for number in 0..25 {
            let patch = json!({"sftp": {"username": format!("feed{number}")}});
            let answer = app.console(&session, reqwest::Method::PATCH).json(&patch).send().await.expect("sent");
            assert_eq!(answer.status(), 200);
        }
        for size in SIZES {
            let browser = open(&app, size, "/settings", &[]).await;
            browser.says("10 entries shown.").await;
            browser.says("User: feed23 → feed24").await;
            browser.picture("settings-history").await;
            for shown in ["20 entries shown.", "30 entries shown."] {
                browser.press("Show older entries").await;
                browser.says(shown).await;
            }
            browser.says("User: (empty) → feed0").await;
            browser.close().await;

            let none = json!({"entries": [], "next": null});
            let browser = open(&app, size, "/settings", &[("GET audit", 200, none)]).await;
            browser.says("Nothing was changed yet.").await;
            browser.picture("settings-history-empty").await;
            browser.close().await;

            let browser = open(&app, size, "/settings", &[("GET audit", 500, broken())]).await;
            browser.says("Request id: 8f2a61c0b7d94e13").await;
            browser.picture("settings-history-failed").await;
            browser.run("window.honest = true").await;
            browser.press("Try again").await;
            browser.says("10 entries shown.").await;
            browser.close().await;
        }
    });
}

#[test]
fn a_list_that_could_not_be_read_anew_is_not_doubled_by_trying_again() {
    run(async {
        let app = App::configured(World::shared().await).await;
        let session = app.load(7).await;
        let browser = open(&app, SIZES[0], "/settings", &[("GET audit", 500, broken())]).await;
        browser.says("Request id: 8f2a61c0b7d94e13").await;
        browser.run("window.honest = true").await;
        browser.press("Try again").await;
        browser.find("[aria-labelledby=history] li").await;
        let shown = "return document.querySelectorAll('[aria-labelledby=history] li').length";
        let before = browser.run(shown).await;

        browser.run("window.honest = false").await;
        browser.fill("#sftp-username", "feed").await;
        browser.press("Save").await;
        browser.says("Request id: 8f2a61c0b7d94e13").await;
        assert_eq!(browser.run(shown).await, before, "what is known stays");
        browser.run("window.honest = true").await;
        browser.press("Try again").await;
        browser.text_with("[aria-labelledby=history]", "User: (empty) → feed").await;
        let kept = app.read(&session, "audit").await["entries"].as_array().unwrap().len();
        assert_eq!((browser.run(shown).await, before), (json!(kept), json!(kept - 1)));
        browser.close().await;
    });
}
