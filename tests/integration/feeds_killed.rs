//! A workerd that is killed while a feed is on its way: the server has the old file whole or the new one whole, and
//! each feed arrives once. Requirement D5.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::Method;
use sandbox::{SftpFault, SftpStep};
use serde_json::{Value, json};

use crate::feeds::{begin, ended, path, ready, set_up, sha256};
use crate::products::synced;
use crate::support::moments::Moments;
use crate::support::wait::{timed, within};
use crate::support::{App, World, eventually, run};

/// What the storm blows on, and how often.
const STORMY: u32 = 3_000;
const KILLS: u32 = 100;
/// A delivery begins anew each time, and the tries of one step are counted: it is let through after so many.
const IN_A_ROW: u32 = 2;

async fn look(app: &App<'_>, session: &str, run: &Value) -> Value {
    app.read(session, &format!("feeds/runs/{}", run["id"])).await
}

/// The file of a run, as the console gives it out.
async fn download(app: &App<'_>, session: &str, run: &Value) -> Vec<u8> {
    let ask = app.console_at(session, Method::GET, &format!("feeds/runs/{}/file", run["id"]));
    ask.send().await.unwrap().error_for_status().unwrap().bytes().await.unwrap().to_vec()
}

/// Changes the price of a product, so that there is something to send.
fn reprice(app: &App<'_>) {
    let id = app.world.sandbox.product_ids(&app.store)[0];
    app.world.sandbox.edit_product(&app.store, id, |product| product.price += 1.0);
}

#[test]
fn killed_while_the_file_gets_its_name_it_is_delivered_once() {
    run(async {
        let world = World::start().await;
        let (app, session, user) = ready(&world).await;
        let sftp = world.sandbox.sftp();
        let first = begin(&app, &session, false).await;
        assert_eq!(ended(&app, &session, &first).await["state"], "delivered");
        // The renaming was not done, or was done and nobody heard of it: in one step, or after a removal, which was not
        // done either, or was.
        for (faults, step, found) in [
            (&[SftpFault::Hang(SftpStep::Rename)][..], SftpStep::Rename, Found::Old),
            (&[SftpFault::SilentRename], SftpStep::Rename, Found::New),
            (&[SftpFault::NoPosixRename, SftpFault::Hang(SftpStep::Remove)], SftpStep::Remove, Found::Old),
            (&[SftpFault::NoPosixRename, SftpFault::SilentRemoval], SftpStep::Remove, Found::Nothing),
            (&[SftpFault::NoPosixRename, SftpFault::SilentRename], SftpStep::Rename, Found::New),
        ] {
            let removes_first = faults.contains(&SftpFault::NoPosixRename);
            let (old, renames) = (sftp.file(&user, &path(&app)).unwrap(), sftp.renames(&user, &path(&app)));
            reprice(&app);
            for fault in faults {
                sftp.set_fault(&user, *fault);
            }
            let begun = begin(&app, &session, false).await;
            let what = format!("the server is stuck: {faults:?}");
            eventually(&what, || async { sftp.is_stuck(&user, step).then_some(()) }).await;
            assert_eq!(look(&app, &session, &begun).await["state"], "delivering", "{faults:?}");
            world.worker.kill_workerd().await;
            let there = match sftp.file(&user, &path(&app)) {
                None => Found::Nothing,
                Some(file) if file == old => Found::Old,
                Some(_) => Found::New,
            };
            assert_eq!(there, found, "{faults:?}");
            assert_eq!(sftp.files(&user).len(), if found == Found::Old { 2 } else { 1 }, "{faults:?}");
            sftp.clear_faults(&user);
            let logins = sftp.logins(&user);
            let run = ended(&app, &session, &begun).await;
            assert_eq!((&run["state"], &run["attempts"]), (&json!("delivered"), &json!(0)), "{faults:?}: {run}");
            let new = sftp.file(&user, &path(&app)).unwrap();
            assert!(new != old && new == download(&app, &session, &run).await, "{faults:?}");
            assert_eq!(run["sha256"], sha256(&new), "{faults:?}");
            assert_eq!(sftp.files(&user), [path(&app)], "{faults:?}: nothing beside it");
            assert_eq!(sftp.renames(&user, &path(&app)), renames + 1, "{faults:?}: once");
            assert_eq!(sftp.logins(&user), logins + 1, "{faults:?}: looked at once");
            assert_eq!(run["notes"].as_array().unwrap().len(), usize::from(removes_first), "{faults:?}: {run}");
        }
    });
}

/// What a kill left on the server under the feed's name.
#[derive(Debug, PartialEq)]
enum Found {
    Old,
    New,
    Nothing,
}

#[test]
#[ignore = "takes minutes: make soak"]
fn a_hundred_kills_leave_each_feed_delivered_once_and_whole() {
    run(async {
        let world = World::start().await;
        let app = App::registered(&world).await;
        world.sandbox.generate_products(&app.store, STORMY, 11);
        let session = app.install().await;
        assert_eq!(synced(&app, &session).await["state"], "done");
        let user = set_up(&app, &session).await;
        let sftp = world.sandbox.sftp();
        sftp.set_fault(&user, SftpFault::Slow(20));
        let first = begin(&app, &session, false).await;
        built(&app, &session, &first).await;
        let (first, undisturbed) = timed(over(&app, &session, &first)).await;
        assert_eq!(first["state"], "delivered", "{first}");
        println!("{STORMY} products, {} bytes: built and delivered in {undisturbed:.1?}", first["bytes"]);
        let mut old = sftp.file(&user, &path(&app)).unwrap();

        let mut moments = Moments::new();
        let (mut caught, mut feeds, mut late) = (BTreeMap::<String, u32>::new(), 1, 0);
        while caught.values().sum::<u32>() < KILLS {
            reprice(&app);
            let begun = begin(&app, &session, false).await;
            let (mut found, mut deliveries) = (Vec::new(), 0);
            while !is_over(&built(&app, &session, &begun).await) && deliveries < IN_A_ROW {
                moments.wait(undisturbed).await;
                if is_over(&look(&app, &session, &begun).await) {
                    break;
                }
                world.worker.kill_workerd().await;
                found.push(sftp.file(&user, &path(&app)).unwrap());
                // The look sets it going again: it was no further than this when it was killed.
                let state = look(&app, &session, &begun).await["state"].as_str().unwrap().to_owned();
                if state == "delivered" {
                    late += 1;
                    break;
                }
                deliveries += u32::from(state == "delivering");
                *caught.entry(state).or_default() += 1;
            }
            let run = over(&app, &session, &begun).await;
            feeds += 1;
            assert_eq!((&run["state"], &run["changed"]), (&json!("delivered"), &json!(1)), "{run}");
            let new = sftp.file(&user, &path(&app)).unwrap();
            assert!(new != old && new == download(&app, &session, &run).await, "the file of the console: {run}");
            assert_eq!(run["sha256"], sha256(&new));
            assert!(found.iter().all(|file| *file == old || *file == new), "whole after every kill: {run}");
            assert_eq!(sftp.files(&user), [path(&app)], "nothing beside it: {run}");
            assert_eq!(sftp.renames(&user, &path(&app)), feeds, "each once");
            old = new;
        }
        println!("kills by what was found after them: {caught:?}; {late} may have come too late; {feeds} feeds");
    });
}

fn is_over(run: &Value) -> bool {
    ["held", "delivered", "unchanged", "failed", "cancelled"].contains(&run["state"].as_str().unwrap())
}

/// A run when its catalogue is read.
async fn built(app: &App<'_>, session: &str, run: &Value) -> Value {
    within(Duration::from_mins(3), "the catalogue is read", || async {
        let run = look(app, session, run).await;
        (run["state"] != "waiting" && run["state"] != "syncing").then_some(run)
    })
    .await
}

/// A run when nothing more happens to it by itself.
async fn over(app: &App<'_>, session: &str, run: &Value) -> Value {
    within(Duration::from_mins(3), "the feed comes to an end", || async {
        Some(look(app, session, run).await).filter(is_over)
    })
    .await
}
