//! Feeds in the console, from a server nobody met to a file on it: requirements D1 and D3 to D6.

use sandbox::{Fault, FaultKind, Route, SftpFault, SftpUser};
use serde_json::json;

use crate::browser_states::{SIZES, open};
use crate::feeds::{PASSWORD, change, merchant, path, ready, sent};
use crate::feeds_categories::categories_path;
use crate::products::in_demo_store;
use crate::support::browser::Browser;
use crate::support::downloads::{downloaded, downloads_go_to, folder};
use crate::support::feed_file::{FeedFile, categories};
use crate::support::{World, eventually, run};

const TAB: &str = "\u{e004}";
const BACK: &str = "\u{e008}\u{e004}\u{e008}";
const ENTER: &str = "\u{e007}";

/// Types where the server is, and who may log in.
async fn fill_in(browser: &Browser, fields: [(&str, &str); 5]) {
    for (field, text) in fields {
        browser.fill(field, text).await;
    }
    browser.press("Save").await;
    browser.says("Your settings are saved.").await;
}

/// What the steps of the connection's test say, once it is over.
async fn tested(browser: &Browser, last: &str) -> String {
    browser.text_with("[data-test=result-sftp]", last).await
}

/// Presses "Run now" and waits for what the page says in the end.
async fn run_now(browser: &Browser, words: &str) {
    browser.click("#run-now").await;
    browser.lacks("#run-now").await;
    browser.text_with("#run", words).await;
}

#[test]
fn a_server_is_confirmed_a_schedule_chosen_and_a_feed_arrives() {
    run(async {
        let world = World::shared().await;
        let sftp = world.sandbox.sftp();
        for size in SIZES {
            let (app, session) = in_demo_store(world).await;
            let user = format!("feeds-{}", app.store);
            sftp.add_user(SftpUser { name: user.clone(), password: PASSWORD.to_owned(), ..SftpUser::default() });
            let (host, port) = (sftp.address().ip().to_string(), sftp.address().port().to_string());

            // What is missing is named, and leads to where it is typed.
            let browser = open(&app, size, "/feeds", &[]).await;
            browser.says("No feed was sent yet.").await;
            browser.text_with("[data-test=missing]", "Merchant ID").await;
            browser.picture("feeds-new").await;
            browser.press("Merchant ID").await;
            browser.focus_is_at("ordergroove-merchant_id").await;
            let typed = [
                ("#ordergroove-merchant_id", &*merchant(&app)),
                ("#sftp-host", &host),
                ("#sftp-port", &port),
                ("#sftp-username", &user),
                ("#sftp-password", PASSWORD),
            ];
            fill_in(&browser, typed).await;

            // The server's key is compared once, before the server learns the password.
            browser.press("Test SFTP").await;
            tested(&browser, "Compare it").await;
            browser.picture("settings-key-new").await;
            assert_eq!(sftp.logins(&user), 0);
            browser.click("#compare-key").await;
            browser.text_with("[data-test=fingerprint]", &sftp.fingerprint()).await;
            browser.picture("settings-key-asked").await;
            browser.answer("It is the same: confirm").await;
            browser.says("The key of the server is confirmed.").await;
            let steps = tested(&browser, "Writing a file").await;
            for step in ["Server and port: ", "Key of the server: ", "Signing in: ", "Folder: "] {
                assert!(steps.contains(step), "{step} {steps}");
            }
            browser.press("Test SFTP").await;
            eventually("it is tested again", || async { (sftp.logins(&user) == 2).then_some(()) }).await;
            browser.text_with("#connection-sftp", "WORKS").await;
            browser.picture("settings-sftp-works").await;

            // A schedule is a preset, or each of its five parts; what it means is told before it is saved.
            browser.press("Feeds").await;
            browser.choose("#schedule-preset", "30 4 * * 1-5").await;
            browser.text_with("[data-test=plan]", "On Monday to Friday at 04:30").await;
            for (part, value) in [("minute", "15"), ("hour", "6"), ("day", "*"), ("month", "*"), ("weekday", "2")] {
                browser.choose(&format!("#schedule-{part}"), value).await;
            }
            browser.attribute_is("[data-schedule]", "data-schedule", "15 6 * * 2").await;
            browser.fill("#feeds-time_zone", "Asia/Tokyo").await;
            let plan = browser.text_with("[data-test=plan]", "In Asia/Tokyo").await;
            assert!(plan.contains("On Tuesday at 06:15") && plan.contains("In UTC"), "{plan}");
            let count = |words: &str| plan.matches(words).count();
            assert_eq!(
                (count("Tue, "), count(", 06:15 GMT+9"), count("Mon, "), count(", 21:15")),
                (5, 5, 5, 5),
                "{plan}"
            );
            browser.picture("feeds-planned").await;
            browser.press("Save").await;
            browser.says("Your settings are saved.").await;
            browser.text_with("#run", "Next: Tue, ").await;
            assert_eq!(app.read(&session, "feeds").await["schedule"]["expression"], "15 6 * * 2");

            // Now, without waiting for it: every step is told until the file is there.
            let slow = Fault::always(FaultKind::Slow { ms: 4000 });
            world.sandbox.set_fault(&app.store, Route::Products, Some(slow));
            browser.click("#run-now").await;
            browser.text_with("#run [aria-current=step]", "Read changes").await;
            browser.focus_is_at("run").await;
            browser.picture("feeds-reading").await;
            browser.text_with("#run", "Sent on").await;
            world.sandbox.set_fault(&app.store, Route::Products, None);
            let there = sftp.file(&user, &path(&app)).expect("the feed");
            let first = browser.find("[aria-labelledby=runs] li").await.text().await.unwrap();
            assert!(
                first.contains("SENT") && first.contains(&format!("{} items", FeedFile::read(&there).len())),
                "{first}"
            );
            browser.picture("feeds").await;
            browser.is_quiet().await;
            browser.close().await;
        }
    });
}

#[test]
fn a_feed_is_planned_sent_and_downloaded_by_keyboard_alone() {
    run(async {
        let (app, session, user) = ready(World::shared().await).await;
        let browser = open(&app, SIZES[0], "/feeds", &[]).await;
        browser.walk_to("#schedule-preset", TAB).await;
        browser.keys("Every day").await;
        browser.text_with("[data-test=plan]", "Every day at 04:30").await;
        browser.walk_to("#schedule-hour", TAB).await;
        browser.keys("23").await;
        browser.text_with("[data-test=plan]", "Every day at 23:30").await;
        browser.walk_to("#feeds-time_zone", TAB).await;
        browser.keys(ENTER).await;
        browser.says("Your settings are saved.").await;
        assert_eq!(app.read(&session, "feeds").await["schedule"]["expression"], "30 23 * * *");
        browser.walk_to("#run-now", BACK).await;
        browser.keys(ENTER).await;
        browser.text_with("#run", "Sent on").await;
        browser.walk_to("#run a", TAB).await;
        browser.keys(ENTER).await;
        let folder = folder();
        downloads_go_to(&browser, &folder).await;
        browser.walk_to("#download-run", TAB).await;
        browser.keys(ENTER).await;
        let there = app.world.sandbox.sftp().file(&user, &path(&app)).expect("the feed");
        assert_eq!(downloaded(&folder, "xml").await.1, there);
        browser.is_quiet().await;
        browser.close().await;
    });
}

#[test]
fn a_feed_says_what_differs_what_it_leaves_out_and_can_be_downloaded() {
    run(async {
        for size in SIZES {
            let (app, session, user) = ready(World::shared().await).await;
            assert_eq!(sent(&app, &session).await["state"], "delivered");
            let sandbox = &app.world.sandbox;
            let ids = sandbox.product_ids(&app.store);
            let id_of =
                |name: &str| *ids.iter().find(|id| sandbox.product(&app.store, **id).unwrap().name == name).unwrap();
            sandbox.edit_product(&app.store, id_of("Hand grinder"), |product| product.price += 1.5);
            sandbox.edit_product(&app.store, id_of("Tea strainer"), |product| product.images.clear());

            let browser = open(&app, size, "/feeds", &[]).await;
            run_now(&browser, "Sent on").await;
            browser.press("Look at the last feed").await;
            browser.text_with("[aria-labelledby=run-difference] [data-kind=changed]", "Hand grinder").await;
            browser.text_with("[aria-labelledby=run-difference] [data-kind=removed]", "Tea strainer").await;
            let left_out = browser.text_with("[aria-labelledby=left-out]", "Tea strainer").await;
            let reason = app.read(&session, "feeds/runs/2/left-out").await["rows"][0]["reason"].clone();
            assert!(left_out.contains(reason.as_str().unwrap()), "{left_out}");
            browser.says("1 changed, 1 removed").await;

            // The very bytes that Ordergroove has.
            let there = sandbox.sftp().file(&user, &path(&app)).expect("the feed");
            let folder = folder();
            downloads_go_to(&browser, &folder).await;
            browser.press("Download").await;
            let (name, bytes) = downloaded(&folder, "xml").await;
            browser.says(&format!("{name} is downloaded.")).await;
            assert_eq!((name, bytes), (format!("{}.Products.xml", merchant(&app)), there));
            browser.picture("feed").await;

            // What was left out leads to the product.
            browser.press("Tea strainer").await;
            browser.find(&format!("#product-{}", id_of("Tea strainer"))).await;
            browser.is_quiet().await;
            browser.close().await;
        }
    });
}

#[test]
fn a_category_feed_is_switched_on_and_follows_the_product_feed() {
    run(async {
        for size in SIZES {
            let (app, session, user) = ready(World::shared().await).await;
            let browser = open(&app, size, "/feeds", &[]).await;
            // Before it is on, it is said that nobody promised Ordergroove reads it, and by which way none is sent.
            browser.text_with("[data-field='feeds.categories']", "Ask Ordergroove first").await;
            browser.click("#feeds-categories").await;
            browser.click("#channel-rest").await;
            browser.text_with("[data-field='feeds.categories']", "It needs SFTP").await;
            browser.picture("feeds-categories").await;
            browser.click("#channel-sftp").await;
            browser.press("Save").await;
            browser.says("Your settings are saved.").await;
            assert_eq!(app.read(&session, "settings").await["feeds"]["categories"], true);

            run_now(&browser, "Sent on").await;
            let entry = "[aria-labelledby=runs] li:first-child[data-state=delivered]";
            let said = browser.text_with(entry, "Category feed of").await;
            let there = categories(&app.world.sandbox.sftp().file(&user, &categories_path(&app)).expect("the feed"));
            assert!(said.contains(&format!("{} categories", there.len())), "{said}");
            browser.click(&format!("{entry} a")).await;
            browser.text_with("[aria-labelledby=run-difference]", "Coffee").await;
            browser.text_with("[aria-labelledby=left-out]", "Latin letters").await;
            browser.picture("feed-of-categories").await;
            browser.is_quiet().await;
            browser.close().await;
        }
    });
}

#[test]
fn a_feed_that_shrank_is_looked_at_and_sent_by_a_button_and_the_history_says_by_whom() {
    run(async {
        for size in SIZES {
            let (app, session, user) = ready(World::shared().await).await;
            assert_eq!(sent(&app, &session).await["state"], "delivered");
            let sandbox = &app.world.sandbox;
            let before = sandbox.sftp().file(&user, &path(&app));
            let ids = sandbox.product_ids(&app.store);
            for id in &ids[..ids.len() / 2] {
                sandbox.delete_product(&app.store, *id);
            }
            let browser = open(&app, size, "/feeds", &[]).await;
            run_now(&browser, "This feed is held back").await;
            browser.text_with("#run", "20 percent").await;
            browser.picture("feeds-held-back").await;
            browser.press("Look at this feed").await;
            browser.find("[aria-labelledby=run-difference] [data-kind=removed]").await;
            assert_eq!(sandbox.sftp().file(&user, &path(&app)), before, "nothing was sent");
            browser.picture("feed-held-back").await;
            browser.press("Send it").await;
            browser.text_with("[role=dialog]", "Send this feed?").await;
            browser.picture("feed-send-held").await;
            browser.answer("Send it").await;
            browser.text_with("#run", "Sent on").await;
            let after = FeedFile::read(&sandbox.sftp().file(&user, &path(&app)).unwrap());
            assert!(after.of_product(ids[0]).next().is_none() && after.len() > 0);

            browser.press("Settings").await;
            browser.text_with("[aria-labelledby=history]", "was confirmed, although it had shrunk.").await;
            browser.text_with("[aria-labelledby=history]", "A feed was started by hand.").await;
            browser.is_quiet().await;
            browser.close().await;
        }
    });
}

#[test]
fn a_delivery_that_failed_says_why_and_is_tried_again_by_a_button() {
    run(async {
        for size in SIZES {
            let (app, session, user) = ready(World::shared().await).await;
            change(&app, &session, json!({"sftp": {"password": "out of date"}})).await;
            let browser = open(&app, size, "/feeds", &[]).await;
            run_now(&browser, "Failed on").await;
            browser.text_with("#run", "user name or the password").await;
            browser.text_with("[aria-labelledby=runs] [data-state=failed]", "FAILED").await;
            browser.picture("feeds-failed").await;

            // Put right in the settings, the same file is sent.
            browser.press("Change it in the settings").await;
            browser.focus_is_at("sftp-host").await;
            browser.click("#sftp-password button").await;
            browser.fill("#sftp-password", PASSWORD).await;
            browser.press("Save").await;
            browser.says("Your settings are saved.").await;
            browser.press("Feeds").await;
            browser.click("#retry-run").await;
            browser.text_with("#run", "Sent on").await;
            assert!(app.world.sandbox.sftp().file(&user, &path(&app)).is_some());

            // What may pass is tried again by itself, and says so; it can be cancelled meanwhile.
            app.world.sandbox.sftp().set_fault(&user, SftpFault::NoSpaceAfter(10_000));
            browser.click("#send-unchanged").await;
            browser.click("#run-now").await;
            browser.text_with("#run", "Try number 2").await;
            browser.text_with("#run", "disk may be full").await;
            browser.picture("feeds-trying-again").await;
            browser.press("Cancel").await;
            browser.text_with("#run", "Cancelled on").await;
            app.world.sandbox.sftp().clear_faults(&user);
            browser.is_quiet().await;
            browser.close().await;
        }
    });
}
