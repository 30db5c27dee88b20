//! Chromium, driven as a person would.

use std::time::Duration;

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tokio::sync::OnceCell;

use super::process::{Group, free_port};
use super::wait::within;

static DRIVER: OnceCell<(Group, String)> = OnceCell::const_new();

/// A browser window of a test's own, with a profile of its own.
pub struct Browser {
    pub client: Client,
}

impl Browser {
    /// Opens a window of this size.
    pub async fn open(width: u32, height: u32) -> Self {
        let (_, url) = DRIVER.get_or_init(start_driver).await;
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--host-resolver-rules=MAP *.localhost 127.0.0.1",
        ];
        let mut arguments: Vec<String> = arguments.map(str::to_owned).into();
        arguments.push(format!("--window-size={width},{height}"));
        let wanted = json!({"goog:chromeOptions": {"args": arguments}, "goog:loggingPrefs": {"browser": "ALL"}, "pageLoadStrategy": "eager"});
        let wanted = wanted.as_object().expect("an object").clone();
        let client =
            ClientBuilder::new(HttpConnector::new()).capabilities(wanted).connect(url).await.expect("Chromium opens");
        Self { client }
    }

    /// Goes to an address.
    pub async fn goto(&self, url: &str) {
        self.client.goto(url).await.expect("the page opens");
    }

    /// Clicks what `css` finds, once it is there.
    pub async fn click(&self, css: &str) {
        self.find(css).await.click().await.unwrap_or_else(|error| panic!("clicking {css}: {error}"));
    }

    /// Types into what `css` finds.
    pub async fn fill(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.expect("cleared");
        field.send_keys(text).await.expect("typed");
    }

    /// What `css` finds, once it is there.
    pub async fn find(&self, css: &str) -> fantoccini::elements::Element {
        within(Duration::from_secs(20), &format!("{css} on the page"), || async {
            self.client.find(Locator::Css(css)).await.ok()
        })
        .await
    }

    /// The text of what `css` finds, once it contains `part`.
    pub async fn text_with(&self, css: &str, part: &str) -> String {
        within(Duration::from_secs(20), &format!("{css} says {part:?}"), || async {
            let text = self.client.find(Locator::Css(css)).await.ok()?.text().await.ok()?;
            text.contains(part).then_some(text)
        })
        .await
    }

    /// Waits until the attribute of what `css` finds is `value`.
    pub async fn attribute_is(&self, css: &str, attribute: &str, value: &str) {
        within(Duration::from_secs(20), &format!("{css} has {attribute}={value}"), || async {
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
        let driver = DRIVER.get().expect("started").1.clone();
        let id = self.client.session_id().await.expect("a session").expect("an id");
        let answer = reqwest::Client::new()
            .post(format!("{driver}/session/{id}/se/log"))
            .json(&json!({"type": "browser"}))
            .send()
            .await;
        answer.expect("sent").text().await.expect("text")
    }

    /// A screenshot, for people.
    pub async fn screenshot(&self, path: &std::path::Path) {
        let png = self.client.screenshot().await.expect("a screenshot");
        std::fs::create_dir_all(path.parent().expect("in a folder"))
            .and_then(|()| std::fs::write(path, png))
            .expect("written");
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
