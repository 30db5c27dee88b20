//! Many apps on one deployment never see each other's data.

use reqwest::Method;
use sandbox::Subscription;
use serde_json::{Value, json};

use crate::support::app::{client, refused};
use crate::support::files::files_below;
use crate::support::{App, World, run};

#[test]
fn two_apps_never_see_each_other() {
    run(async {
        let world = World::shared().await;
        let (ours, theirs) = (App::configured(world).await, App::configured(world).await);
        let (our_session, their_session) = (ours.load(7).await, theirs.load(7).await);
        ours.subscribe(vec![Subscription::active()]);

        // Shoppers: a token of one app with the id of the other, and both ways round.
        for (app, token) in [(&ours, theirs.token()), (&theirs, ours.token())] {
            refused(app.signature(&token).send().await.unwrap(), 401, "invalid_token").await;
            refused(app.has_subscriptions(&token).send().await.unwrap(), 401, "invalid_token").await;
        }
        // The same customer id at two merchants: each asks its own Ordergroove account.
        let status = async |app: &App<'_>| {
            app.has_subscriptions(&app.token()).send().await.unwrap().json::<Value>().await.unwrap()
        };
        assert_eq!((status(&ours).await, status(&theirs).await), (json!({"status": 1}), json!({"status": -1})));

        // The console: a session names its app, and another app's name in it opens nothing.
        let (_, our_secret) = our_session.split_once('.').unwrap();
        let forged = format!("{}.{our_secret}", theirs.client_id);
        refused(ours.console(&forged, Method::GET).send().await.unwrap(), 401, "session_ended").await;
        let patch = json!({"ordergroove": {"merchant_id": "changed"}});
        assert_eq!(ours.console(&our_session, Method::PATCH).json(&patch).send().await.unwrap().status(), 200);
        let seen: Value = theirs.console(&their_session, Method::GET).send().await.unwrap().json().await.unwrap();
        assert_eq!(seen["ordergroove"]["merchant_id"], theirs.merchant);

        // Callbacks: a link of one app at the address of the other.
        for callback in ["load", "uninstall", "remove_user"] {
            let link = world.sandbox.load_callback_url(&theirs.store, &theirs.client_id, 7);
            let ours_at = ours.registration["callbacks"][callback].as_str().unwrap();
            let answer = client().get(format!("{ours_at}?{}", link.query().unwrap())).send().await.unwrap();
            assert_eq!(answer.status(), 401, "{callback}");
        }
        assert_eq!(
            (ours.described().await["state"].clone(), theirs.described().await["state"].clone()),
            (json!("installed"), json!("installed"))
        );
    });
}

#[test]
fn an_id_that_was_never_registered_leaves_nothing_behind() {
    run(async {
        let world = World::start().await;
        for number in 0..20 {
            let answer = client()
                .get(format!("{}/api/v1/merchant/ordergroove/signature", world.worker.url))
                .header("authorization-client", format!("madeup{number}"))
                .send()
                .await
                .unwrap();
            refused(answer, 404, "unknown_app").await;
        }
        // wrangler's simulator keeps one table of its own in every object that was ever named; ours would be beside it.
        let listed = crate::support::app::operator(&world.worker, Method::GET, "/operator/apps").send().await.unwrap();
        assert_eq!(listed.json::<Value>().await.unwrap(), json!({"apps": []}));
        for file in files_below(world.worker.state()) {
            let is_store = file.to_string_lossy().contains("StoreObject");
            let bytes = std::fs::read(&file).unwrap();
            assert!(!is_store || !contains(&bytes, b"CREATE TABLE migrations"), "{}", file.display());
        }
    });
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
