//! Changing settings in the console, with everything that happens on the way: requirement B1.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::HASH_KEY;
use crate::support::browser::Browser;
use crate::support::{App, World, eventually, run};

const DESKTOP: (u32, u32) = (1024, 768);
const PHONE: (u32, u32) = (375, 812);

const MERCHANT: &str = "#ordergroove-merchant_id";
const SECRET: &str = "#ordergroove-secret_key";
const REST: &str = "#ordergroove-rest_url";
const USER: &str = "#sftp-username";

/// Opens the app for a user, at a page of it.
async fn open_at(app: &App<'_>, (width, height): (u32, u32), user: u64, path: &str) -> Browser {
    let browser = Browser::open(width, height).await;
    browser.goto(app.world.sandbox.deep_link(&app.store, &app.client_id, user, path).as_str()).await;
    browser
}

async fn change(app: &App<'_>, user: u64, patch: Value) {
    let session = app.load(user).await;
    let answer = app.console(&session, Method::PATCH).json(&patch).send().await.expect("sent");
    assert_eq!(answer.status(), 200);
}

async fn saved(app: &App<'_>) -> Value {
    let session = app.load(7).await;
    app.console(&session, Method::GET).send().await.expect("sent").json().await.expect("JSON")
}

/// Whether the browser would ask before the page is left.
async fn guards(browser: &Browser) -> bool {
    let ask = "const leave = new Event('beforeunload', { cancelable: true }); dispatchEvent(leave); return leave.defaultPrevented";
    browser.run(ask).await == true
}

async fn from_install_to_a_configured_app(size: (u32, u32)) {
    let world = World::shared().await;
    let app = App::registered(world).await;
    let browser = Browser::open(size.0, size.1).await;
    browser.goto(world.sandbox.auth_callback_url(&app.store, &app.client_id).as_str()).await;
    browser.attribute_is("#check-merchant_id", "data-state", "To do").await;
    browser.attribute_is("#check-scopes", "data-state", "Done").await;
    browser.says(&format!("Shop {}", app.store)).await;
    browser.picture("overview-new").await;

    // Tested too early: each step says what is wrong.
    browser.press("Test Ordergroove").await;
    browser.attribute_is("#connection-ordergroove", "data-state", "Needs attention").await;
    browser.text_with("[data-test=result-ordergroove]", "Merchant ID and secret key: ").await;
    browser.picture("overview-test-failed").await;

    // The overview leads to the field.
    browser.press("Enter the merchant ID").await;
    browser.focus_is_at("ordergroove-merchant_id").await;
    assert_eq!(browser.client.title().await.unwrap(), "Settings – Ordergroove");
    browser.picture("settings-new").await;

    // Two mistakes: each is shown at its field, and the first has the focus. Nothing typed is lost.
    browser.fill(MERCHANT, "my merchant").await;
    browser.fill(SECRET, "too short").await;
    browser.press("Save").await;
    browser.text_with("#ordergroove-secret_key-error", "32").await;
    browser.text_with("#ordergroove-merchant_id-error", "letters, digits").await;
    browser.focus_is_at("ordergroove-merchant_id").await;
    browser.attribute_is(SECRET, "aria-invalid", "true").await;
    let described = browser.find(SECRET).await.attr("aria-describedby").await.unwrap().unwrap();
    assert!(described.split(' ').any(|id| id == "ordergroove-secret_key-error"), "{described}");
    assert_eq!(browser.value(SECRET).await, "too short");
    browser.picture("settings-mistakes").await;

    // While something is not saved, nothing is tested.
    browser.says("Save or discard your changes first").await;
    assert_eq!(
        browser.find("#connection-ordergroove button").await.attr("disabled").await.unwrap().as_deref(),
        Some("true")
    );

    // A wrong key of the right length is saved, and Ordergroove refuses it.
    browser.fill(MERCHANT, &app.merchant).await;
    browser.fill(SECRET, &"f".repeat(32)).await;
    for address in ["api_url", "rest_url", "subscription_url", "static_url"] {
        browser.fill(&format!("#ordergroove-{address}"), &world.sandbox.ordergroove_rest_url()).await;
    }
    browser.press("Save").await;
    browser.says("Your settings are saved.").await;
    browser.text_with("[data-field='ordergroove.secret_key']", "Set").await;
    browser.picture("settings-saved").await;
    browser.press("Test Ordergroove").await;
    browser.attribute_is("#connection-ordergroove", "data-state", "Needs attention").await;
    browser.picture("settings-test-failed").await;

    // The right one is.
    browser.click("[aria-label='Replace: Secret key']").await;
    browser.focus_is_at("ordergroove-secret_key").await;
    browser.fill(SECRET, HASH_KEY).await;
    browser.press("Save").await;
    browser.attribute_is("#connection-ordergroove", "data-state", "Not tested").await;
    for (button, row) in
        [("Test BigCommerce", "#connection-bigcommerce"), ("Test Ordergroove", "#connection-ordergroove")]
    {
        browser.press(button).await;
        browser.attribute_is(row, "data-state", "Works").await;
    }
    browser.press("Overview").await;
    browser.focus_is_at("page-heading").await;
    browser.attribute_is("#check-secret_key", "data-state", "Done").await;
    browser.attribute_is("#connection-ordergroove", "data-state", "Works").await;
    browser.attribute_is("#check-webhooks", "data-state", "Done").await;
    // The store has no products yet.
    browser.says("7 OF 9 DONE").await;
    browser.picture("overview-configured").await;

    // The history tells it, without a secret.
    browser.press("Settings").await;
    browser.says("Secret key was replaced.").await;
    browser.says("Secret key was set.").await;
    let text = browser.find("body").await.text().await.unwrap();
    assert!(!text.contains(HASH_KEY) && !text.contains("ffffffff"), "{text}");
    browser.picture("settings-configured").await;
    browser.is_quiet().await;
    browser.close().await;
}

#[test]
fn from_install_to_a_configured_app_with_mistakes_on_the_way() {
    run(from_install_to_a_configured_app(DESKTOP));
}

#[test]
fn from_install_to_a_configured_app_on_a_phone() {
    run(from_install_to_a_configured_app(PHONE));
}

#[test]
fn two_people_change_different_settings_and_lose_nothing() {
    run(async {
        for size in [DESKTOP, PHONE] {
            let app = App::configured(World::shared().await).await;
            let browser = open_at(&app, size, 7, "/settings").await;
            browser.fill(USER, "feed").await;
            change(&app, 21, json!({"sftp": {"directory": "/theirs"}})).await;
            browser.press("Save").await;
            browser.says("changed Folder on").await;
            assert_eq!(
                (browser.value(USER).await.as_str(), browser.value("#sftp-directory").await.as_str()),
                ("feed", "/theirs")
            );
            browser.lacks("[data-conflict]").await;
            browser.picture("settings-changed-meanwhile").await;
            browser.press("Save").await;
            browser.says("Your settings are saved.").await;
            let saved = saved(&app).await;
            assert_eq!((&saved["sftp"]["username"], &saved["sftp"]["directory"]), (&json!("feed"), &json!("/theirs")));
            browser.is_quiet().await;
            browser.close().await;
        }
    });
}

#[test]
fn two_consoles_change_the_same_setting_and_one_chooses() {
    run(async {
        for size in [DESKTOP, PHONE] {
            let app = App::configured(World::shared().await).await;
            let (mine, theirs) =
                (open_at(&app, size, 7, "/settings").await, open_at(&app, size, 21, "/settings").await);
            for (browser, user, folder) in [(&mine, "mine", "/mine"), (&theirs, "theirs", "/theirs")] {
                browser.fill(USER, user).await;
                browser.fill("#sftp-directory", folder).await;
                browser.click("[aria-label='Replace: Secret key']").await;
                browser.fill(SECRET, HASH_KEY).await;
            }
            theirs.press("Save").await;
            theirs.says("Your settings are saved.").await;

            mine.press("Save").await;
            mine.text_with("[data-conflict='sftp.username']", "Their value: theirs").await;
            mine.text_with("[data-conflict='ordergroove.secret_key']", "They replaced it").await;
            assert_eq!(mine.value(USER).await, "mine", "nothing typed is lost");
            mine.picture("settings-conflict").await;

            // Saving is not possible before every choice is made.
            mine.press("Save").await;
            mine.focus_is_at("ordergroove-secret_key").await;
            mine.click("[aria-label='Take theirs: Secret key']").await;
            mine.text_with("[data-field='ordergroove.secret_key']", "Set").await;
            mine.click("[aria-label='Keep mine: User']").await;
            mine.click("[aria-label='Take theirs: Folder']").await;
            mine.lacks("[data-conflict]").await;
            mine.press("Save").await;
            mine.says("Your settings are saved.").await;
            let saved = saved(&app).await;
            assert_eq!((&saved["sftp"]["username"], &saved["sftp"]["directory"]), (&json!("mine"), &json!("/theirs")));
            for browser in [mine, theirs] {
                browser.is_quiet().await;
                browser.close().await;
            }
        }
    });
}

#[test]
fn secrets_and_addresses_can_be_taken_back() {
    run(async {
        for size in [DESKTOP, PHONE] {
            let app = App::configured(World::shared().await).await;
            let browser = open_at(&app, size, 7, "/settings").await;
            browser.click("[aria-label='Remove: REST API key']").await;
            browser.says("Will be removed when you save.").await;
            browser.fill(REST, "").await;
            browser.says("The default comes back when you save.").await;
            browser.says("2 unsaved changes").await;
            browser.picture("settings-unsaved").await;
            browser.click("[aria-label='Keep it: REST API key']").await;
            browser.click("[aria-label='Undo: REST address']").await;
            browser.focus_is_at("ordergroove-rest_url").await;
            browser.lacks("[data-test=save-bar] button:not(#save)").await;
            browser.press("Save").await;
            browser.says("There is nothing to save.").await;
            browser.picture("settings-nothing").await;

            browser.fill(USER, "never saved").await;
            browser.press("Discard changes").await;
            browser.says("Your changes were discarded.").await;
            browser.picture("settings-discarded").await;
            assert_eq!(browser.value(USER).await, "");

            browser.click("[aria-label='Remove: REST API key']").await;
            browser.fill(REST, "").await;
            browser.press("Save").await;
            browser.says("Your settings are saved.").await;
            assert_eq!(browser.value(REST).await, "https://staging.restapi.ordergroove.com");
            assert_eq!(saved(&app).await["ordergroove"]["api_key"], json!({"set": false}));
            browser.close().await;
        }
    });
}

#[test]
fn unsaved_changes_are_not_left_behind_unasked() {
    run(async {
        let app = App::configured(World::shared().await).await;
        for size in [DESKTOP, PHONE] {
            let browser = open_at(&app, size, 7, "/").await;
            browser.press("Settings").await;
            browser.find(USER).await;
            assert!(!guards(&browser).await, "nothing was typed yet");
            browser.fill(USER, "first").await;
            assert!(guards(&browser).await);

            browser.press("Overview").await;
            browser.says("Save your changes?").await;
            browser.picture("settings-leave").await;
            browser.press("Stay here").await;
            browser.lacks("[role=dialog]").await;
            assert_eq!(browser.value(USER).await, "first");

            // The browser's own button asks too; Escape stays.
            browser.client.back().await.unwrap();
            browser.says("Save your changes?").await;
            browser.keys("\u{e00c}").await;
            browser.lacks("[role=dialog]").await;
            assert_eq!(browser.value(USER).await, "first");

            browser.client.back().await.unwrap();
            browser.find("[role=dialog]").await;
            browser.press("Discard").await;
            browser.find("#check-active").await;
            browser.client.forward().await.unwrap();
            assert_eq!(browser.value(USER).await, "");

            browser.fill(USER, "second").await;
            browser.press("Overview").await;
            browser.find("[role=dialog] button:last-child").await.click().await.unwrap();
            browser.find("#check-active").await;
            browser.says("Your settings are saved.").await;
            assert_eq!(saved(&app).await["sftp"]["username"], "second");
            change(&app, 7, json!({"sftp": {"username": ""}})).await;
            browser.is_quiet().await;
            browser.close().await;
        }
    });
}

async fn a_session_ends_over_unsaved_changes(size: (u32, u32)) {
    let world = World::start().await;
    let app = App::configured(&world).await;
    let open = |user, path| world.sandbox.deep_link(&app.store, &app.client_id, user, path).to_string();
    let browser = open_at(&app, size, 7, "/settings").await;
    browser.fill(USER, "typed before the end").await;
    browser.fill("#sftp-password", "hunter2").await;
    world.worker.set_ahead(31 * 60).await;
    browser.press("Save").await;
    browser.says("Your session has ended").await;
    browser.picture("session-ended").await;
    browser.press("Close").await;
    browser.lacks("[role=dialog]").await;
    browser.picture("settings-session-ended").await;
    assert_eq!(browser.value(USER).await, "typed before the end", "the page stays as it is");
    let kept = browser.run("return JSON.stringify({ ...sessionStorage })").await.to_string();
    assert!(kept.contains("typed before the end") && !kept.contains("hunter2"), "{kept}");

    // Opened again in the same tab by somebody else: not offered. By the same user: offered.
    browser.goto(&open(21, "/settings")).await;
    browser.find(USER).await;
    browser.says("entries shown").await;
    assert!(!browser.find("body").await.text().await.unwrap().contains("You have unsaved changes"));
    browser.goto(&open(7, "/")).await;
    browser.says("You have unsaved changes").await;
    browser.find("#check-active").await;
    browser.picture("overview-draft").await;
    browser.press("Go to the settings").await;
    browser.says("entries shown").await;
    browser.picture("settings-draft").await;
    browser.press("Put them back").await;
    assert_eq!(browser.value(USER).await, "typed before the end");
    assert_eq!(browser.value("#sftp-password").await, "", "secrets have to be typed again");
    browser.picture("settings-draft-restored").await;
    browser.press("Save").await;
    browser.says("Your settings are saved.").await;
    assert_eq!(saved(&app).await["sftp"]["username"], "typed before the end");
    browser.goto(&open(7, "/")).await;
    browser.find("#check-active").await;
    assert!(!browser.find("body").await.text().await.unwrap().contains("You have unsaved changes"));
    browser.is_quiet().await;
    browser.close().await;
}

#[test]
fn a_session_that_ends_takes_nothing_with_it_but_secrets() {
    run(a_session_ends_over_unsaved_changes(DESKTOP));
}

#[test]
fn a_session_that_ends_on_a_phone_takes_nothing_with_it_but_secrets() {
    run(a_session_ends_over_unsaved_changes(PHONE));
}

#[test]
fn a_session_in_use_is_renewed_without_a_flash() {
    run(async {
        let app = App::configured(World::shared().await).await;
        let browser = open_at(&app, DESKTOP, 7, "/settings").await;
        browser.fill(USER, "typing").await;
        let renewals = "return performance.getEntriesByName(`${location.origin}/console/api/session`).length";
        browser.says("unsaved change").await;
        assert_eq!(browser.run(renewals).await, 1, "the one at the start");
        browser.run("const now = Date.now; Date.now = () => now() + 6 * 60 * 1000").await;
        browser.keys("!").await;
        eventually("the session is renewed", || async { (browser.run(renewals).await == 2).then_some(()) }).await;
        assert_eq!(browser.value(USER).await, "typing!");
        browser.close().await;
    });
}

#[test]
fn signing_out_of_the_control_panel_ends_the_session() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        for size in [DESKTOP, PHONE] {
            let browser = open_at(&app, size, 7, "/settings").await;
            browser.find(USER).await;
            // A page that is in no frame is its own parent.
            eventually("BigCommerce's script is there", || async {
                (browser.run("return Boolean(window.Bigcommerce)").await == true).then_some(())
            })
            .await;
            browser.run("postMessage({ type: 'logout' })").await;
            browser.says("You are signed out").await;
            browser.picture("signed-out").await;
            browser.close().await;
        }

        let browser = Browser::open(1200, 900).await;
        let panel = world.sandbox.control_panel_origin(&app.store);
        browser.goto(&format!("{panel}/manage/app/{}?path=/settings", app.client_id)).await;
        browser.enter_frame("#bigcommerce-app").await;
        browser.fill(USER, "never saved").await;
        browser.leave_frame().await;
        browser.click("[data-test=log-out]").await;
        browser.enter_frame("#bigcommerce-app").await;
        browser.says("You are signed out").await;
        browser.lacks("form").await;
        let ended =
            "return performance.getEntriesByName(`${location.origin}/console/api/session`).at(-1).responseStatus";
        eventually("the session is ended", || async { (browser.run(ended).await == 204).then_some(()) }).await;
        browser.is_quiet().await;
        browser.close().await;
    });
}
