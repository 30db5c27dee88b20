//! Chromium, driven as a person would.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use super::process::{Group, free_port, root};
use super::wait::within;

/// How long a page may take to show what it should.
const PATIENCE: Duration = Duration::from_secs(20);

static DRIVER: OnceCell<(Group, String)> = OnceCell::const_new();

/// Keys as the driver takes them; a modifier holds until it comes again.
const CONTROL: &str = "\u{e009}";
const DELETE: &str = "\u{e017}";

/// A browser window of a test's own, with a profile of its own.
pub struct Browser {
    pub client: Client,
    size: (u32, u32),
}

impl Browser {
    /// Opens a window whose page has this size.
    pub async fn open(width: u32, height: u32) -> Self {
        let (_, url) = DRIVER.get_or_init(start_driver).await;
        let arguments = [
            "--headless",
            "--no-sandbox",
            // No process of its own to draw in: a window opens a third faster.
            "--disable-gpu",
            "--in-process-gpu",
            "--disable-software-rasterizer",
            "--disable-quic",
            "--no-first-run",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--host-resolver-rules=MAP *.localhost 127.0.0.1",
        ];
        let wanted = json!({"goog:chromeOptions": {"args": arguments}, "goog:loggingPrefs": {"browser": "ALL"}, "pageLoadStrategy": "eager"});
        let wanted = wanted.as_object().expect("an object").clone();
        let client =
            ClientBuilder::new(HttpConnector::new()).capabilities(wanted).connect(url).await.expect("Chromium opens");
        let browser = Self { client, size: (width, height) };
        browser.set_size(width, height).await;
        browser
    }

    /// A window cannot be as narrow as a phone, its page can.
    async fn set_size(&self, width: u32, height: u32) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// A command of Chrome's own protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let answer = self.driver("goog/cdp/execute", json!({"cmd": command, "params": parameters})).await;
        answer.json().await.expect("JSON")
    }

    /// A command of chromedriver that the standard does not have.
    async fn driver(&self, path: &str, body: Value) -> reqwest::Response {
        let driver = DRIVER.get().expect("started").1.clone();
        let id = self.client.session_id().await.expect("a session").expect("an id");
        let request = reqwest::Client::new().post(format!("{driver}/session/{id}/{path}")).json(&body);
        request.send().await.expect("sent").error_for_status().expect("done")
    }

    /// What a script on the page returns.
    pub async fn run(&self, script: &str) -> Value {
        self.client.execute(script, vec![]).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Goes to an address.
    pub async fn goto(&self, url: &str) {
        self.client.goto(url).await.expect("the page opens");
    }

    /// Clicks what `css` finds, once it is there.
    pub async fn click(&self, css: &str) {
        let found = self.find(css).await;
        self.bring_into_sight(&found).await;
        found.click().await.unwrap_or_else(|error| panic!("clicking {css}: {error}"));
    }

    /// Scrolls as a person does: away from bars that lie over the page.
    async fn bring_into_sight(&self, element: &Element) {
        let script = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
        let argument = serde_json::to_value(element).expect("JSON");
        self.client.execute(script, vec![argument]).await.expect("scrolled");
    }

    /// Types into what `css` finds, over what is there.
    pub async fn fill(&self, css: &str, text: &str) {
        let text = if text.is_empty() { DELETE } else { text };
        self.find(css).await.send_keys(&format!("{CONTROL}a{CONTROL}{text}")).await.expect("typed");
    }

    /// What `css` finds, once it is there.
    pub async fn find(&self, css: &str) -> Element {
        within(PATIENCE, &format!("{css} on the page"), || async { self.client.find(Locator::Css(css)).await.ok() })
            .await
    }

    /// The text of what `css` finds, once it contains `part`.
    pub async fn text_with(&self, css: &str, part: &str) -> String {
        within(PATIENCE, &format!("{css} says {part:?}"), || async {
            let text = self.client.find(Locator::Css(css)).await.ok()?.text().await.ok()?;
            text.contains(part).then_some(text)
        })
        .await
    }

    /// Waits until the attribute of what `css` finds is `value`.
    pub async fn attribute_is(&self, css: &str, attribute: &str, value: &str) {
        within(PATIENCE, &format!("{css} has {attribute}={value}"), || async {
            let found = self.client.find(Locator::Css(css)).await.ok()?.attr(attribute).await.ok()??;
            (found == value).then_some(())
        })
        .await;
    }

    /// Goes into the frame that `css` finds.
    pub async fn enter_frame(&self, css: &str) {
        self.find(css).await.enter_frame().await.expect("the frame is entered");
    }

    /// Goes back to the page itself.
    pub async fn leave_frame(&self) {
        self.client.enter_parent_frame().await.expect("the frame is left");
    }

    /// The `og_auth` cookie to the letter, as a script of the page sees it.
    pub async fn og_auth(&self) -> Option<String> {
        let cookies = self.client.execute("return document.cookie", vec![]).await.expect("cookies");
        let cookies = cookies.as_str().expect("a text").to_owned();
        cookies.split("; ").find_map(|cookie| cookie.strip_prefix("og_auth=")).map(str::to_owned)
    }

    /// What pages wrote to the console.
    pub async fn console(&self) -> String {
        self.driver("se/log", json!({"type": "browser"})).await.text().await.expect("text")
    }

    /// Clicks the button or link that says `text`, once it is there.
    pub async fn press(&self, text: &str) {
        let path = format!("//*[self::button or self::a][normalize-space()='{text}']");
        let found = within(PATIENCE, &format!("{text:?} to press"), || async {
            self.client.find(Locator::XPath(&path)).await.ok()
        })
        .await;
        self.bring_into_sight(&found).await;
        found.click().await.unwrap_or_else(|error| panic!("pressing {text:?}: {error}"));
    }

    /// Answers the dialog that is open, or about to be, with the button that says `text`.
    pub async fn answer(&self, text: &str) {
        self.find("[role=dialog]").await;
        let path = format!("//*[@role='dialog']//button[normalize-space()='{text}']");
        let button = self.client.find(Locator::XPath(&path)).await.unwrap_or_else(|error| panic!("{text:?}: {error}"));
        button.click().await.unwrap_or_else(|error| panic!("answering {text:?}: {error}"));
        self.lacks("[role=dialog]").await;
    }

    /// Chooses what a dropdown that `css` finds calls `value` inside.
    pub async fn choose(&self, css: &str, value: &str) {
        self.find(css).await.select_by_value(value).await.unwrap_or_else(|error| panic!("{css}={value}: {error}"));
    }

    /// Goes on from control to control with `key` until what `css` finds has the focus.
    pub async fn walk_to(&self, css: &str, key: &str) {
        self.find(css).await;
        let is_there = format!("return document.activeElement?.matches({css:?}) ?? false");
        for _ in 0..40 {
            if self.run(&is_there).await == true {
                return;
            }
            self.keys(key).await;
        }
        panic!("the keyboard does not reach {css}");
    }

    /// Waits until the page says `text`.
    pub async fn says(&self, text: &str) {
        self.text_with("body", text).await;
    }

    /// Waits until nothing on the page is found by `css`.
    pub async fn lacks(&self, css: &str) {
        within(PATIENCE, &format!("{css} is gone"), || async {
            self.client.find(Locator::Css(css)).await.is_err().then_some(())
        })
        .await;
    }

    /// Types keys into whatever has the focus.
    pub async fn keys(&self, keys: &str) {
        self.client.active_element().await.expect("a focus").send_keys(keys).await.expect("typed");
    }

    /// Waits until the element with this id has the focus.
    pub async fn focus_is_at(&self, id: &str) {
        within(PATIENCE, &format!("the focus is at {id}"), || async {
            (self.run("return document.activeElement?.id ?? ''").await == id).then_some(())
        })
        .await;
    }

    /// The value of a field.
    pub async fn value(&self, css: &str) -> String {
        self.find(css).await.prop("value").await.expect("a field").unwrap_or_default()
    }

    /// Holds the page against every rule of axe-core, and takes a picture of all of it; of a dialog as it is seen.
    pub async fn picture(&self, name: &str) {
        self.is_accessible(name).await;
        let (width, height) = self.size;
        let whole = "return document.querySelector('[role=dialog]') ? 0 : document.documentElement.scrollHeight";
        let whole = self.run(whole).await;
        let whole = whole.as_u64().and_then(|pixels| u32::try_from(pixels).ok()).expect("a height");
        self.set_size(width, whole.max(height)).await;
        self.screenshot(&format!("{name}-{width}")).await;
        self.set_size(width, height).await;
    }

    /// A picture of the window. Those of the documentation are taken anew when `UPDATE_PICTURES` is set; they are
    /// small, since every one stays in the history.
    pub async fn screenshot(&self, name: &str) {
        let is_kept = std::env::var_os("UPDATE_PICTURES").is_some();
        let (folder, format) = if is_kept { ("docs/pictures", "webp") } else { (".run/pictures", "png") };
        let taken = self.devtools("Page.captureScreenshot", json!({"format": format, "quality": 60})).await;
        let picture = STANDARD.decode(taken["value"]["data"].as_str().expect("a picture")).expect("base64");
        let folder = root().join(folder);
        std::fs::create_dir_all(&folder)
            .and_then(|()| std::fs::write(folder.join(format!("{name}.{format}")), picture))
            .expect("written");
    }

    /// Nothing that axe-core knows of is wrong with the page once it stands still, and nothing sticks out at its side.
    pub async fn is_accessible(&self, state: &str) {
        if self.run("return !window.axe").await == true {
            let axe = std::fs::read_to_string(root().join("node_modules/axe-core/axe.min.js")).expect("axe-core");
            self.run(&axe).await;
        }
        // A text that is fading in has no contrast yet; a skeleton pulses for ever.
        let check = "const done = arguments[0];
            const ends = (animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime);
            Promise.allSettled(document.getAnimations().filter(ends).map((animation) => animation.finished))
                .then(() => axe.run(document, { resultTypes: ['violations'] }))
                .then(({ violations }) => done(violations.map(({ id, help, nodes }) =>
                    [id, help, ...nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`)])))
                .catch((error) => done([String(error)]))";
        let found = self.client.execute_async(check, vec![]).await.expect("axe-core runs");
        assert_eq!(found, json!([]), "{state}: {found:#}");
        let wide = self.run("return document.documentElement.scrollWidth > document.documentElement.clientWidth").await;
        assert_eq!(wide, false, "{state}: something sticks out");
    }

    /// The page broke no rule of its content security policy, and no script of it failed.
    pub async fn is_quiet(&self) {
        let console = self.console().await;
        for sign in ["Content Security Policy", "Uncaught", "Minified React error", "eyJ"] {
            assert!(!console.contains(sign), "{sign}: {console}");
        }
    }

    /// Closes the window.
    pub async fn close(self) {
        self.client.close().await.expect("closed");
    }
}

async fn start_driver() -> (Group, String) {
    let port = free_port();
    let group = Group::start(&format!("chromedriver --port={port} --log-level=SEVERE"), &[]);
    let url = format!("http://127.0.0.1:{port}");
    within(Duration::from_secs(30), "chromedriver answers", || async {
        reqwest::get(format!("{url}/status")).await.ok()
    })
    .await;
    (group, url)
}
