//! Feeds from the console to the server: requirements D1, D4, D5, D6.

use reqwest::Method;
use sandbox::{SftpFault, SftpUser};
use serde_json::{Value, json};

use crate::products::in_demo_store;
use crate::support::app::refused;
use crate::support::feed_file::{FeedFile, xmllint};
use crate::support::{App, World, eventually, run};

pub const PASSWORD: &str = "correct horse battery staple";

/// Settings with which feeds go to the sandbox's SFTP server, to a user of this app's own, who is given.
pub async fn set_up(app: &App<'_>, session: &str) -> String {
    let sftp = app.world.sandbox.sftp();
    let user = format!("feeds-{}", app.store);
    sftp.add_user(SftpUser { name: user.clone(), password: PASSWORD.to_owned(), ..SftpUser::default() });
    let (host, port) = (sftp.address().ip().to_string(), sftp.address().port());
    let sftp =
        json!({"host": host, "port": port, "username": user, "password": PASSWORD, "host_key": sftp.fingerprint()});
    change(app, session, json!({"ordergroove": {"merchant_id": merchant(app)}, "sftp": sftp})).await;
    user
}

pub fn merchant(app: &App<'_>) -> String {
    format!("m-{}", app.store)
}

/// Where the feed of this app's lies.
pub fn path(app: &App<'_>) -> String {
    format!("/incoming/{}.Products.xml", merchant(app))
}

pub async fn change(app: &App<'_>, session: &str, patch: Value) -> Value {
    let answer = app.console(session, Method::PATCH).json(&patch).send().await.unwrap();
    let (status, body) = (answer.status(), answer.json::<Value>().await.unwrap());
    assert_eq!(status, 200, "{body}");
    body
}

/// An app in the demo store whose feeds can be sent, and the user of the SFTP server.
pub async fn ready(world: &World) -> (App<'_>, String, String) {
    let (app, session) = in_demo_store(world).await;
    let user = set_up(&app, &session).await;
    (app, session, user)
}

/// Asks for a feed.
pub async fn begin(app: &App<'_>, session: &str, send_unchanged: bool) -> Value {
    let ask = app.console_at(session, Method::POST, "feeds/runs").json(&json!({"send_unchanged": send_unchanged}));
    let answer = ask.send().await.unwrap();
    let (status, run) = (answer.status(), answer.json::<Value>().await.unwrap());
    assert_eq!(status, 202, "{run}");
    run
}

/// A run when nothing more happens to it by itself.
pub async fn ended(app: &App<'_>, session: &str, run: &Value) -> Value {
    eventually("the feed comes to an end", || async {
        let run = app.read(session, &format!("feeds/runs/{}", run["id"])).await;
        let over = ["held", "delivered", "unchanged", "failed", "cancelled"];
        over.contains(&run["state"].as_str().unwrap()).then_some(run)
    })
    .await
}

pub async fn sent(app: &App<'_>, session: &str) -> Value {
    let run = begin(app, session, false).await;
    ended(app, session, &run).await
}

/// All rows of a paged list of a run.
pub async fn rows(app: &App<'_>, session: &str, run: &Value, list: &str) -> Vec<Value> {
    let (mut rows, mut after) = (Vec::new(), json!(0));
    while !after.is_null() {
        let page = app.read(session, &format!("feeds/runs/{}/{list}?after={after}", run["id"])).await;
        rows.extend(page["rows"].as_array().unwrap().iter().cloned());
        after = page["next"].clone();
    }
    rows
}

pub fn counts(run: &Value) -> [u64; 3] {
    ["added", "changed", "removed"].map(|name| run[name].as_u64().unwrap())
}

#[test]
fn a_feed_is_built_and_reaches_the_server_whole() {
    run(async {
        let world = World::shared().await;
        let (app, session, user) = ready(world).await;
        let sftp = world.sandbox.sftp();
        let run = sent(&app, &session).await;
        assert_eq!(
            (&run["state"], &run["message"], &run["cause"]),
            (&json!("delivered"), &json!(""), &json!("hand")),
            "{run}"
        );
        assert_eq!(run["user"]["id"], 7);
        let there = sftp.file(&user, &path(&app)).expect("the feed");
        assert_eq!(sftp.files(&user), [path(&app)], "nothing beside it");
        let download = app.console_at(&session, Method::GET, &format!("feeds/runs/{}/file", run["id"]));
        let download = download.send().await.unwrap();
        assert_eq!(download.headers()["content-type"], "application/xml; charset=utf-8");
        assert_eq!(download.bytes().await.unwrap(), there, "the same bytes in the console");
        assert_eq!((run["bytes"].as_u64(), run["sha256"].as_str()), (Some(there.len() as u64), Some(&*sha256(&there))));
        xmllint(&there);

        // Every variant of every product is in it, or is listed with the reason.
        let feed = FeedFile::read(&there);
        let left_out = rows(&app, &session, &run, "left-out").await;
        assert_eq!(left_out.len() as u64, run["left_out"].as_u64().unwrap());
        assert!(left_out.iter().all(|row| row["reason"].as_str().unwrap().ends_with('.')), "{left_out:?}");
        let mut expected = 0;
        for id in world.sandbox.product_ids(&app.store) {
            let product = world.sandbox.product(&app.store, id).unwrap();
            for variant in &product.variants {
                expected += 1;
                let is_left_out = left_out.iter().any(|row| row["product_id"] == id && row["variant_id"] == variant.id);
                let item = feed.item(&format!("{id}_{}", variant.id));
                assert_ne!(item.is_some(), is_left_out, "{} {}", product.name, variant.id);
            }
        }
        assert_eq!(feed.len() + left_out.len(), expected);
        assert_eq!(run["items"].as_u64(), Some(feed.len() as u64));
        let tea = feed.items().find(|item| item["name"] == "Tea strainer").expect("a plain product");
        assert_eq!(
            (tea["price"].as_str(), tea["in_stock"].as_str(), tea["autoship_eligible"].as_str()),
            ("7.25", "1", "0")
        );
        assert!(tea["details_url"].starts_with(&format!("{}/", app.origin())), "{tea:?}");
        assert!(!tea.contains_key("discontinued") && !tea.contains_key("every"), "{tea:?}");
        assert!(there.is_ascii());
    });
}

#[test]
fn what_changed_is_told_by_product_and_nothing_changed_is_not_sent() {
    run(async {
        let world = World::shared().await;
        let (app, session, user) = ready(world).await;
        let sftp = world.sandbox.sftp();
        let first = sent(&app, &session).await;
        assert_eq!(counts(&first), [first["products"].as_u64().unwrap(), 0, 0]);
        let logins = sftp.logins(&user);
        let same = sent(&app, &session).await;
        assert_eq!((&same["state"], counts(&same)), (&json!("unchanged"), [0, 0, 0]), "{same}");
        assert_eq!(sftp.logins(&user), logins, "nobody called the server");
        let again = begin(&app, &session, true).await;
        assert_eq!(ended(&app, &session, &again).await["state"], "delivered", "sent all the same when asked to");
        assert_eq!(sftp.logins(&user), logins + 1);

        // One dearer, one gone, one new; the price changes without a change of `date_modified`.
        let ids = world.sandbox.product_ids(&app.store);
        let plain = |id: &&u64| world.sandbox.product(&app.store, **id).unwrap().name == "Hand grinder";
        let (dearer, gone) = (*ids.iter().find(plain).unwrap(), ids[0]);
        let mut products: Vec<_> = ids.iter().map(|id| world.sandbox.product(&app.store, *id).unwrap()).collect();
        products.iter_mut().find(|product| product.id == dearer).unwrap().price = 90.5;
        world.sandbox.set_products(&app.store, products);
        let new = world.sandbox.add_product(
            &app.store,
            sandbox::Product {
                images: vec!["new.jpg".to_owned()],
                sku: "NEW-1".to_owned(),
                ..sandbox::Product::named("A new blend")
            },
        );
        world.sandbox.delete_product(&app.store, gone);
        let run = sent(&app, &session).await;
        assert_eq!((&run["state"], counts(&run)), (&json!("delivered"), [1, 1, 1]), "{run}");
        let told: Vec<(u64, String)> = rows(&app, &session, &run, "difference")
            .await
            .iter()
            .map(|row| (row["product_id"].as_u64().unwrap(), row["kind"].as_str().unwrap().to_owned()))
            .collect();
        for expected in [(dearer, "changed"), (gone, "removed"), (new, "added")] {
            assert!(told.contains(&(expected.0, expected.1.to_owned())), "{expected:?} in {told:?}");
        }
        let feed = FeedFile::read(&sftp.file(&user, &path(&app)).unwrap());
        assert_eq!(feed.of_product(dearer).next().unwrap()["price"], "90.50");
        assert!(feed.of_product(gone).next().is_none() && feed.of_product(new).next().is_some());
    });
}

#[test]
fn a_feed_that_shrank_waits_until_somebody_confirms_it() {
    run(async {
        let world = World::shared().await;
        let (app, session, user) = ready(world).await;
        let sftp = world.sandbox.sftp();
        assert_eq!(sent(&app, &session).await["state"], "delivered");
        let before = sftp.file(&user, &path(&app));
        let ids = world.sandbox.product_ids(&app.store);
        for id in &ids[..ids.len() / 2] {
            world.sandbox.delete_product(&app.store, *id);
        }
        let held = sent(&app, &session).await;
        assert_eq!(held["state"], "held", "{held}");
        assert!(held["message"].as_str().unwrap().contains("20 percent"), "{held}");
        assert_eq!(sftp.file(&user, &path(&app)), before, "nothing was sent");
        let overview = app.read(&session, "overview").await;
        let check = overview["checks"].as_array().unwrap().iter().find(|check| check["id"] == "feeds").unwrap();
        assert_eq!(check["state"], "attention");
        // Given up, it is built and held anew; a newer one takes the place of a held one.
        let run = |end: &str| format!("feeds/runs/{}{end}", held["id"]);
        assert_eq!(app.console_at(&session, Method::DELETE, &run("")).send().await.unwrap().status(), 204);
        let confirm = app.console_at(&session, Method::POST, &run("/confirm")).send().await.unwrap();
        refused(confirm, 409, "conflict").await;
        let held = sent(&app, &session).await;
        let newer = sent(&app, &session).await;
        assert_eq!((&held["state"], &newer["state"]), (&json!("held"), &json!("held")));
        assert_eq!(app.read(&session, &format!("feeds/runs/{}", held["id"])).await["state"], "cancelled");
        let path_of = format!("feeds/runs/{}/confirm", newer["id"]);
        assert_eq!(app.console_at(&session, Method::POST, &path_of).send().await.unwrap().status(), 202);
        let delivered = ended(&app, &session, &newer).await;
        assert_eq!(delivered["state"], "delivered", "{delivered}");
        assert_ne!(sftp.file(&user, &path(&app)), before);
        change(&app, &session, json!({"feeds": {"shrink_limit": 100}})).await;
        for id in world.sandbox.product_ids(&app.store).iter().skip(1) {
            world.sandbox.delete_product(&app.store, *id);
        }
        assert_ne!(sent(&app, &session).await["state"], "held", "the merchant asked for no limit");
    });
}

#[test]
fn a_discontinued_product_is_told_only_when_the_merchant_says_so() {
    run(async {
        let world = World::shared().await;
        let (app, session, user) = ready(world).await;
        let tea = crate::products::named(&app, &session, "Hand grinder").await;
        assert_eq!(tea["discontinued"], false);
        let mark = |method| app.console_at(&session, method, &format!("products/{}/discontinued", tea["id"]));
        assert_eq!(mark(Method::PUT).send().await.unwrap().status(), 204);
        assert_eq!(crate::products::named(&app, &session, "Hand grinder").await["discontinued"], true);
        let feed = async || {
            assert_eq!(sent(&app, &session).await["state"], "delivered");
            FeedFile::read(&world.sandbox.sftp().file(&user, &path(&app)).unwrap())
        };
        let first = feed().await;
        let discontinued: Vec<_> = first.items().filter(|item| item.contains_key("discontinued")).collect();
        let [item] = discontinued[..] else { panic!("{discontinued:?}") };
        assert_eq!(item["name"], "Hand grinder");
        assert_eq!((&*item["discontinued"], &*item["in_stock"], &*item["autoship_eligible"]), ("1", "0", "0"));
        assert_eq!(mark(Method::DELETE).send().await.unwrap().status(), 204);
        assert!(feed().await.items().all(|item| !item.contains_key("discontinued")));
        let nobody = app.console_at(&session, Method::PUT, "products/9007199254740991/discontinued").send().await;
        refused(nobody.unwrap(), 404, "not_found").await;
    });
}

#[test]
fn what_is_missing_is_named_before_anything_is_built() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        let feeds = app.read(&session, "feeds").await;
        assert_eq!(
            feeds["destination"]["missing"],
            json!(["ordergroove.merchant_id", "sftp.username", "sftp.password", "sftp.host_key"])
        );
        assert_eq!(
            (&feeds["schedule"]["is_off"], &feeds["run"], &feeds["runs"]),
            (&json!(true), &json!(null), &json!([]))
        );
        let ask = || app.console_at(&session, Method::POST, "feeds/runs").json(&json!({"send_unchanged": false}));
        refused(ask().send().await.unwrap(), 409, "conflict").await;
        let user = set_up(&app, &session).await;
        assert_eq!(app.read(&session, "feeds").await["destination"]["missing"], json!([]));
        change(&app, &session, json!({"sftp": {"host_key": ""}})).await;
        let unconfirmed = refused(ask().send().await.unwrap(), 409, "conflict").await;
        assert!(unconfirmed["message"].as_str().unwrap().contains("fingerprint"), "{unconfirmed}");
        assert_eq!(world.sandbox.sftp().logins(&user), 0);
    });
}

#[test]
fn one_feed_at_a_time_and_one_can_be_stopped() {
    run(async {
        let world = World::shared().await;
        let (app, session, user) = ready(world).await;
        world.sandbox.sftp().set_fault(&user, SftpFault::Hang(sandbox::SftpStep::Write));
        let run = begin(&app, &session, false).await;
        let ask = app.console_at(&session, Method::POST, "feeds/runs").json(&json!({"send_unchanged": false}));
        refused(ask.send().await.unwrap(), 409, "conflict").await;
        let at = |end: &str| format!("feeds/runs/{}{end}", run["id"]);
        eventually("it is being delivered", || async {
            (app.read(&session, &at("")).await["state"] == "delivering").then_some(())
        })
        .await;
        assert_eq!(app.console_at(&session, Method::DELETE, &at("")).send().await.unwrap().status(), 204);
        assert_eq!(app.read(&session, &at("")).await["state"], "cancelled");
        refused(app.console_at(&session, Method::POST, &at("/retry")).send().await.unwrap(), 409, "conflict").await;
        world.sandbox.sftp().clear_faults(&user);
        assert_eq!(sent(&app, &session).await["state"], "delivered");
        assert_eq!(world.sandbox.sftp().files(&user), [path(&app)], "what the first left is gone");
    });
}

pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    format!("{:x}", sha2::Sha256::digest(bytes))
}
