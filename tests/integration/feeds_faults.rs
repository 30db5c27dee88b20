//! Deliveries that go wrong: the file on the server is the old one whole or the new one whole, and the run says what
//! happened. Requirements D5 and D6.

use reqwest::Method;
use sandbox::SftpFault;
use serde_json::{Value, json};

use crate::feeds::{begin, change, ended, path, ready, sent};
use crate::support::feed_file::{FeedFile, xmllint};
use crate::support::openssh::OpenSsh;
use crate::support::{App, World, eventually, run};

/// A run when its delivery failed once, for good or not.
async fn troubled(app: &App<'_>, session: &str, run: &Value, what: &str) -> Value {
    eventually(&format!("the delivery fails: {what}"), || async {
        let run = app.read(session, &format!("feeds/runs/{}", run["id"])).await;
        (run["state"] == "failed" || run["attempts"].as_i64() > Some(0)).then_some(run)
    })
    .await
}

async fn press(app: &App<'_>, session: &str, run: &Value, method: Method, end: &str) {
    let answer = app.console_at(session, method, &format!("feeds/runs/{}{end}", run["id"])).send().await.unwrap();
    assert!(answer.status().is_success(), "{end}: {}", answer.status());
}

#[test]
fn whatever_the_server_does_its_file_is_the_old_one_whole() {
    run(async {
        let world = World::shared().await;
        let (app, session, user) = ready(world).await;
        let sftp = world.sandbox.sftp();
        assert_eq!(sent(&app, &session).await["state"], "delivered");
        let old = sftp.file(&user, &path(&app)).unwrap();
        for (fault, is_final, words) in [
            (SftpFault::CloseAfter(20_000), false, "ended the connection"),
            (SftpFault::NoSpaceAfter(20_000), false, "disk may be full"),
            (SftpFault::ForgetAfter(20_000), false, "bytes"),
            (SftpFault::RenameRefused, false, "take the old one's place"),
            (SftpFault::ReadOnly, true, "does not let this user"),
        ] {
            sftp.set_fault(&user, fault);
            let run = begin(&app, &session, true).await;
            let run = troubled(&app, &session, &run, &format!("{fault:?}")).await;
            assert_eq!(run["state"] == "failed", is_final, "{fault:?}: {run}");
            let message = run["message"].as_str().unwrap();
            assert!(message.contains(words), "{fault:?}: {message}");
            assert_eq!(sftp.file(&user, &path(&app)).unwrap(), old, "{fault:?}");
            sftp.clear_faults(&user);
            if !is_final {
                assert!(run["next_try_at"].is_i64(), "{fault:?}: {run}");
                press(&app, &session, &run, Method::DELETE, "").await;
            }
        }
        let last = begin(&app, &session, true).await;
        assert_eq!(ended(&app, &session, &last).await["state"], "delivered");
        assert_eq!(sftp.files(&user), [path(&app)], "nothing is left of the others");
    });
}

#[test]
fn wrong_settings_fail_at_once_and_the_same_file_goes_out_when_they_are_right() {
    run(async {
        let world = World::shared().await;
        let (app, session, user) = ready(world).await;
        for (wrong, right, words) in [
            (json!({"password": "wrong"}), json!({"password": crate::feeds::PASSWORD}), "user name or the password"),
            (
                json!({"host_key": world.sandbox.sftp().other_fingerprint()}),
                json!({"host_key": world.sandbox.sftp().fingerprint()}),
                "no longer the confirmed one",
            ),
        ] {
            change(&app, &session, json!({"sftp": wrong})).await;
            let failed = sent(&app, &session).await;
            assert_eq!(failed["state"], "failed", "{failed}");
            assert!(failed["message"].as_str().unwrap().contains(words), "{failed}");
            assert_eq!(world.sandbox.sftp().files(&user), Vec::<String>::new());
            change(&app, &session, json!({"sftp": right})).await;
            press(&app, &session, &failed, Method::POST, "/retry").await;
            let delivered = ended(&app, &session, &failed).await;
            assert_eq!((&delivered["state"], &delivered["sha256"]), (&json!("delivered"), &failed["sha256"]));
            let there = world.sandbox.sftp().file(&user, &path(&app)).unwrap();
            assert_eq!(there.len() as u64, delivered["bytes"].as_u64().unwrap());
            world.sandbox.sftp().add_user(sandbox::SftpUser {
                name: user.clone(),
                password: crate::feeds::PASSWORD.to_owned(),
                ..sandbox::SftpUser::default()
            });
            change(&app, &session, json!({"sftp": {"directory": "/incoming/"}})).await;
            change(&app, &session, json!({"sftp": {"directory": ""}})).await;
            world
                .sandbox
                .edit_product(&app.store, world.sandbox.product_ids(&app.store)[1], |product| product.price += 1.0);
        }
        change(&app, &session, json!({"sftp": {"directory": "/nowhere"}})).await;
        let missing = sent(&app, &session).await;
        assert!(missing["state"] == "failed" && missing["message"].as_str().unwrap().contains("/nowhere"), "{missing}");
    });
}

#[test]
fn a_server_without_posix_rename_gets_the_file_and_the_run_says_how() {
    run(async {
        let world = World::shared().await;
        let (app, session, user) = ready(world).await;
        let sftp = world.sandbox.sftp();
        assert_eq!(sent(&app, &session).await["notes"], json!([]));
        for fault in [SftpFault::NoPosixRename, SftpFault::BrokenPosixRename] {
            sftp.set_fault(&user, fault);
            let run = begin(&app, &session, true).await;
            let run = ended(&app, &session, &run).await;
            assert_eq!(run["state"], "delivered", "{run}");
            assert!(run["notes"][0].as_str().unwrap().contains("removed a moment before"), "{run}");
            assert_eq!(sftp.file(&user, &path(&app)).unwrap().len() as u64, run["bytes"].as_u64().unwrap());
            sftp.clear_faults(&user);
        }
    });
}

#[test]
fn a_server_that_falls_silent_when_the_old_file_is_gone_gets_the_new_one_and_the_run_says_how() {
    run(async {
        let world = World::start().await;
        let (app, session, user) = ready(&world).await;
        let sftp = world.sandbox.sftp();
        assert_eq!(sent(&app, &session).await["state"], "delivered");
        sftp.set_fault(&user, SftpFault::NoPosixRename);
        sftp.set_fault(&user, SftpFault::SilentRemoval);
        let run = begin(&app, &session, true).await;
        let run = troubled(&app, &session, &run, "no answer to the removal").await;
        assert_eq!((&run["state"], sftp.file(&user, &path(&app))), (&json!("delivering"), None), "{run}");
        sftp.clear_faults(&user);
        world.worker.set_ahead(60).await;
        world.worker.cron().await;
        let run = ended(&app, &session, &run).await;
        assert_eq!((&run["state"], &run["attempts"]), (&json!("delivered"), &json!(1)), "{run}");
        assert!(run["notes"][0].as_str().unwrap().contains("removed a moment before"), "{run}");
        assert_eq!(sftp.files(&user), [path(&app)]);
    });
}

#[test]
fn a_delivery_is_tried_again_by_itself() {
    run(async {
        let world = World::start().await;
        let (app, session, user) = ready(&world).await;
        let sftp = world.sandbox.sftp();
        sftp.set_fault(&user, SftpFault::CloseAfter(10_000));
        let run = begin(&app, &session, false).await;
        let run = troubled(&app, &session, &run, "once").await;
        assert_eq!(run["state"], "delivering");
        sftp.clear_faults(&user);
        world.worker.set_ahead(60).await;
        world.worker.cron().await;
        let run = ended(&app, &session, &run).await;
        assert_eq!((&run["state"], &run["attempts"]), (&json!("delivered"), &json!(1)), "{run}");
    });
}

#[test]
fn a_feed_reaches_a_real_openssh_server() {
    run(async {
        let server = OpenSsh::start("ed25519", "").await;
        let world = World::start_allowing(&format!("127.0.0.1:{}", server.port)).await;
        let (app, session, _) = ready(&world).await;
        let key = server.key("feeds", "ed25519");
        let folder = server.folder.to_str().unwrap();
        let sftp = json!({"host": "127.0.0.1", "port": server.port, "username": server.username, "password": null,
            "private_key": key, "directory": folder, "host_key": server.fingerprint});
        change(&app, &session, json!({"sftp": sftp})).await;
        let run = sent(&app, &session).await;
        assert_eq!(run["state"], "delivered", "{run}");
        let file = server.folder.join(format!("{}.Products.xml", crate::feeds::merchant(&app)));
        let there = std::fs::read(&file).unwrap();
        xmllint(&there);
        assert_eq!(FeedFile::read(&there).len() as u64, run["items"].as_u64().unwrap());
        assert_eq!(std::fs::read_dir(&server.folder).unwrap().count(), 1, "nothing beside it");
    });
}

#[test]
fn killed_five_times_while_it_is_built_and_delivered_it_ends_as_if_undisturbed() {
    run(async {
        let world = World::start().await;
        let (app, session, user) = ready(&world).await;
        let sftp = world.sandbox.sftp();
        let first = begin(&app, &session, true).await;
        let undisturbed = ended(&app, &session, &first).await;
        let file = sftp.file(&user, &path(&app)).unwrap();
        let mut caught = 0;
        for round in 0..5_u64 {
            let run = begin(&app, &session, true).await;
            // Some moment of it, another one each time.
            let until = ["syncing", "building", "checking", "delivering", "delivered"];
            let wanted = until[usize::try_from(round).unwrap() % until.len()];
            for _ in 0..200 {
                let state = app.read(&session, &format!("feeds/runs/{}", run["id"])).await["state"].clone();
                if state == wanted || state == "delivered" {
                    caught += u32::from(state != "delivered");
                    break;
                }
            }
            world.worker.kill_workerd().await;
            assert_eq!(sftp.file(&user, &path(&app)).unwrap(), file, "whole at every moment");
            let run = ended(&app, &session, &run).await;
            assert_eq!((&run["state"], &run["sha256"]), (&json!("delivered"), &undisturbed["sha256"]), "{run}");
            assert_eq!(sftp.files(&user), [path(&app)], "one file");
            assert_eq!(sftp.file(&user, &path(&app)).unwrap(), file);
        }
        assert!(caught > 0, "every kill came too late");
    });
}

#[test]
fn by_batches_ordergroove_gets_what_changed_and_says_of_each_what_became_of_it() {
    run(async {
        let world = World::shared().await;
        let (app, session, user) = ready(world).await;
        app.configure(&session).await;
        change(&app, &session, json!({"feeds": {"channel": "rest"}, "ordergroove": {"api_key": null}})).await;
        assert_eq!(app.read(&session, "feeds").await["destination"]["missing"], json!(["ordergroove.api_key"]));
        change(&app, &session, json!({"ordergroove": {"api_key": app.api_key}})).await;
        let first = sent(&app, &session).await;
        assert_eq!((&first["state"], &first["channel"]), (&json!("delivered"), &json!("rest")), "{first}");
        let there = world.sandbox.ordergroove_products(&app.merchant);
        assert_eq!(there.len() as u64, first["items"].as_u64().unwrap());
        let grinder = there.values().find(|product| product["name"] == "Hand grinder").unwrap();
        assert_eq!(
            (&grinder["price"], &grinder["live"], &grinder["autoship_enabled"]),
            (&json!(89.0), &json!(true), &json!(false))
        );
        assert_eq!(world.sandbox.sftp().logins(&user), 0);
        assert_eq!(sent(&app, &session).await["state"], "unchanged");
        // Only what changed goes out.
        let id = world.sandbox.product_ids(&app.store)[0];
        world.sandbox.edit_product(&app.store, id, |product| product.name = "Renamed, and sent alone".to_owned());
        let second = sent(&app, &session).await;
        assert_eq!((&second["state"], &second["changed"]), (&json!("delivered"), &json!(1)), "{second}");
        let renamed = world.sandbox.ordergroove_products(&app.merchant);
        assert_eq!(renamed.values().filter(|product| product["name"] == "Renamed, and sent alone").count() as u64, 1);
        assert_eq!(renamed.len(), there.len());
    });
}
