//! The whole path as a person walks it, in Chromium, to a page of the storefront: requirements E5 and F1.

use sandbox::{NewMerchant, Subscription, ThemeSettings};

use crate::support::app::{HASH_KEY, SHOPPER};
use crate::support::browser::Browser;
use crate::support::wait::now;
use crate::support::{App, World, eventually, run};

fn attach_theme(app: &App<'_>) {
    app.world.sandbox.attach_theme(
        &app.store,
        ThemeSettings {
            worker_url: app.world.worker.url.clone(),
            client_id: app.client_id.clone(),
            merchant_id: app.merchant.clone(),
            rest_url: app.world.sandbox.ordergroove_rest_url(),
        },
    );
}

async fn sign_in(browser: &Browser, app: &App<'_>) {
    browser.goto(&format!("{}/login.php", app.origin())).await;
    browser.click(&format!(r#"[data-test="customer-{SHOPPER}"]"#)).await;
    browser.goto(&format!("{}/account.php", app.origin())).await;
}

#[test]
fn from_the_control_panel_to_a_signature_that_ordergroove_accepts() {
    run(async {
        let world = World::shared().await;
        let app = App::registered(world).await;
        app.subscribe(vec![Subscription::active()]);
        attach_theme(&app);
        let browser = Browser::open(1200, 1000).await;

        // Installed from the control panel.
        browser.goto(&format!("{}/manage", world.sandbox.control_panel_origin(&app.store))).await;
        browser.click(&format!(r#"[data-client-id="{}"] [data-test="install"]"#, app.client_id)).await;
        browser.enter_frame("#bigcommerce-app").await;
        browser.attribute_is("#check-merchant_id", "data-state", "To do").await;
        let address = browser.run("return location.href").await;
        assert!(!address.to_string().contains("code="), "nothing secret stays in the address: {address}");
        assert!(
            browser.run("return document.querySelector('meta[name=session-token]')").await.is_null(),
            "nor in the page"
        );

        // The overview leads to what is missing.
        browser.press("Enter the merchant ID").await;
        browser.fill("#ordergroove-merchant_id", &app.merchant).await;
        browser.fill("#ordergroove-secret_key", HASH_KEY).await;
        browser.fill("#ordergroove-api_key", &app.api_key).await;
        browser.fill("#ordergroove-rest_url", &world.sandbox.ordergroove_rest_url()).await;
        browser.click("#save").await;
        browser.says("Your settings are saved.").await;
        browser.press("Overview").await;
        browser.attribute_is("#check-secret_key", "data-state", "Done").await;
        browser.leave_frame().await;
        browser.screenshot("control-panel").await;

        // Signed in at the demo store: the cookie is there, and npm's library and Ordergroove take it.
        sign_in(&browser, &app).await;
        browser.attribute_is("#og-status", "data-state", "accepted").await;
        let cookie = browser.og_auth().await.expect("the cookie");
        let parts: Vec<&str> = cookie.split('|').collect();
        assert_eq!((parts.len(), parts[0]), (3, SHOPPER.to_string().as_str()), "{cookie}");
        assert!((now() - parts[1].parse::<i64>().unwrap()).abs() < 30 && !parts[2].contains('%'), "{cookie}");
        let kept = browser.client.get_named_cookie("og_auth").await.expect("a cookie");
        assert_eq!((kept.secure(), kept.http_only(), kept.path()), (Some(true), Some(false), Some("/")));
        let expires = kept.expires_datetime().expect("not a session cookie").unix_timestamp();
        assert!((expires - parts[1].parse::<i64>().unwrap() - 7200).abs() <= 5, "it ends with its signature");
        browser.screenshot("account").await;

        // The next page keeps it and asks for no other signature.
        browser.goto(&format!("{}/", app.origin())).await;
        assert_eq!(browser.og_auth().await.as_deref(), Some(cookie.as_str()));

        // Signed out: it is gone.
        browser.goto(&format!("{}/login.php?action=logout", app.origin())).await;
        browser.goto(&format!("{}/", app.origin())).await;
        eventually("the cookie is removed", || async { browser.og_auth().await.is_none().then_some(()) }).await;
        browser.is_quiet().await;
        browser.close().await;
    });
}

#[test]
fn a_page_written_for_the_guide_works_unchanged() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        attach_theme(&app);
        let browser = Browser::open(1200, 900).await;
        for (subscriptions, state) in
            [(vec![Subscription::cancelled()], "inactive"), (vec![Subscription::active()], "active")]
        {
            app.subscribe(subscriptions);
            sign_in(&browser, &app).await;
            browser.goto(&format!("{}/guide.html", app.origin())).await;
            browser.attribute_is(r#"[data-test="guide-signature"]"#, "data-state", "ok").await;
            browser.attribute_is(r#"[data-test="guide-status"]"#, "data-state", state).await;
        }
        browser.close().await;
    });
}

#[test]
fn a_wrong_key_is_not_accepted_by_ordergroove() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        attach_theme(&app);
        world.sandbox.add_merchant(NewMerchant {
            merchant_id: app.merchant.clone(),
            hash_key: "f".repeat(32),
            ..NewMerchant::default()
        });
        let browser = Browser::open(1200, 900).await;
        sign_in(&browser, &app).await;
        browser.attribute_is("#og-status", "data-state", "refused").await;
        browser.close().await;
    });
}

#[test]
fn another_shopper_in_the_same_browser_gets_their_own_cookie() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        attach_theme(&app);
        let browser = Browser::open(1200, 900).await;
        sign_in(&browser, &app).await;
        browser.attribute_is("#og-status", "data-state", "accepted").await;
        browser.goto(&format!("{}/login.php?action=logout", app.origin())).await;
        browser.goto(&format!("{}/login.php", app.origin())).await;
        browser.click(r#"[data-test="customer-70422"]"#).await;
        browser.goto(&format!("{}/account.php", app.origin())).await;
        eventually("the cookie is the new shopper's", || async {
            browser.og_auth().await.filter(|cookie| cookie.starts_with("70422|")).map(drop)
        })
        .await;
        browser.close().await;
    });
}

#[test]
fn a_guest_gets_no_cookie_and_a_working_page() {
    run(async {
        let world = World::shared().await;
        let app = App::configured(world).await;
        attach_theme(&app);
        let browser = Browser::open(1200, 900).await;
        browser.goto(&format!("{}/", app.origin())).await;
        eventually("current.jwt was asked", || async {
            world
                .sandbox
                .requests()
                .iter()
                .any(|request| {
                    request.path.starts_with("/customer/current.jwt") && request.path.contains(&app.client_id)
                })
                .then_some(())
        })
        .await;
        assert_eq!(browser.og_auth().await, None);
        browser.close().await;
    });
}
