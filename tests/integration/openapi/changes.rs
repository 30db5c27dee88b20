//! The answers about changes of many products, and exports.

use reqwest::{Method, RequestBuilder};
use sandbox::{Fault, FaultKind, Route};
use serde_json::{Value, json};

use super::anonymous;
use super::description::Witness;
use crate::exports::{exported, written};
use crate::imports::{checked, done, hold_upload, import, right_cell};
use crate::products::{in_demo_store, named};
use crate::support::{App, World, eventually};

pub async fn answers(world: &World, witness: &Witness) {
    let (app, session) = in_demo_store(world).await;
    everyone_else_is_refused(world, witness).await;
    let ask = |method, path: &str| app.console_at(&session, method, path);
    faulty_file(&app, &session, witness).await;
    applied_and_undone(&app, &session, witness).await;
    refusals(witness, &ask).await;
    for path in ["changes", "changes?before=2", "changes?before=x"] {
        witness.sees("GET /console/api/changes", ask(Method::GET, path)).await;
    }
    exports(&app, &session, witness).await;
    conflicts(&app, &session, witness).await;
}

async fn everyone_else_is_refused(world: &World, witness: &Witness) {
    for (method, path) in ordergroove_bigcommerce::routes::table() {
        let is_ours =
            ["imports", "changes", "exports"].iter().any(|name| path.starts_with(&format!("/console/api/{name}")));
        if is_ours {
            let request = anonymous(world, method.parse().unwrap(), &path.replace("{id}", "1"));
            witness.sees(&format!("{method} {path}"), request).await;
        }
    }
}

async fn faulty_file(app: &App<'_>, session: &str, witness: &Witness) {
    let faulty = import(app, session, b"Product ID,Autoship Eligible\nx,TRUE\n".to_vec()).await;
    let ask = |method, end: &str| app.console_at(session, method, &format!("changes/{}{end}", faulty["id"]));
    witness.sees("GET /console/api/changes/{id}", ask(Method::GET, "")).await;
    for after in ["", "?after=1", "?after=x"] {
        witness.sees("GET /console/api/changes/{id}/faults", ask(Method::GET, &format!("/faults{after}"))).await;
        witness
            .sees("GET /console/api/changes/{id}/difference", ask(Method::GET, &format!("/difference{after}")))
            .await;
    }
    witness.sees("POST /console/api/changes/{id}/apply", ask(Method::POST, "/apply")).await;
    witness.sees("POST /console/api/changes/{id}/undo", ask(Method::POST, "/undo")).await;
    witness.sees("DELETE /console/api/changes/{id}", ask(Method::DELETE, "")).await;
}

async fn applied_and_undone(app: &App<'_>, session: &str, witness: &Witness) {
    let ask = |method, path: &str| app.console_at(session, method, path);
    let coffee = named(app, session, "House blend coffee, 1 kg").await;
    let file = |eligible| {
        format!("Product ID,Autoship Eligible,Frequency\n{},{eligible},\"{}\"\n", coffee["id"], right_cell(&coffee))
    };
    let first = import(app, session, file("TRUE").into_bytes()).await;
    let second = import(app, session, file("FALSE").into_bytes()).await;
    let of = |change: &Value, end: &str| format!("changes/{}{end}", change["id"]);
    witness.sees("GET /console/api/changes/{id}/difference", ask(Method::GET, &of(&first, "/difference"))).await;
    witness.sees("POST /console/api/changes/{id}/apply", ask(Method::POST, &of(&first, "/apply"))).await;
    witness.sees("POST /console/api/changes/{id}/apply", ask(Method::POST, &of(&second, "/apply"))).await;
    checked(app, session, &second["id"]).await;
    done(app, session, &second, "apply").await;
    witness.sees("DELETE /console/api/changes/{id}", ask(Method::DELETE, &of(&second, ""))).await;
    witness.sees("POST /console/api/changes/{id}/undo", ask(Method::POST, &of(&second, "/undo"))).await;
}

async fn refusals(witness: &Witness, ask: &impl Fn(Method, &str) -> RequestBuilder) {
    for (operation, path) in [
        ("GET /console/api/changes/{id}", "changes/9000"),
        ("DELETE /console/api/changes/{id}", "changes/9000"),
        ("GET /console/api/changes/{id}/faults", "changes/9000/faults"),
        ("GET /console/api/changes/{id}/difference", "changes/9000/difference"),
        ("POST /console/api/changes/{id}/apply", "changes/9000/apply"),
        ("POST /console/api/changes/{id}/undo", "changes/9000/undo"),
        ("GET /console/api/exports/{id}", "exports/9000"),
        ("DELETE /console/api/exports/{id}", "exports/9000"),
        ("GET /console/api/exports/{id}/file", "exports/9000/file"),
    ] {
        let method = operation.split_once(' ').unwrap().0.parse().unwrap();
        witness.sees(operation, ask(method, path)).await;
    }
    let begin = "POST /console/api/changes";
    witness.sees(begin, ask(Method::POST, "changes").json(&json!({"kind": "fill"}))).await;
    witness.sees(begin, ask(Method::POST, "changes").json(&json!({"kind": "edits"}))).await;
    witness.sees(begin, ask(Method::POST, "changes").header("content-type", "text/plain").body("{}")).await;
    let long = "x".repeat(40_000);
    witness.sees(begin, ask(Method::POST, "changes").header("content-type", "application/json").body(long)).await;
    let import = || ask(Method::POST, "imports").header("content-type", "text/csv");
    witness.sees("POST /console/api/imports", import().body("x")).await;
    witness.sees("POST /console/api/imports", ask(Method::POST, "imports").json(&json!({}))).await;
    witness.sees("POST /console/api/imports", import().body(vec![b'x'; 96 * 1024 * 1024])).await;
}

async fn conflicts(app: &App<'_>, session: &str, witness: &Witness) {
    let ask = |method, path: &str| app.console_at(session, method, path);
    let held = hold_upload(app, session, 1000, b"Product ID").await;
    let import = ask(Method::POST, "imports").header("content-type", "text/csv").body("x");
    witness.sees("POST /console/api/imports", import).await;
    witness.sees("POST /console/api/changes", ask(Method::POST, "changes").json(&json!({"kind": "fill"}))).await;
    drop(held);
}

async fn exports(app: &App<'_>, session: &str, witness: &Witness) {
    let ask = |method, path: &str| app.console_at(session, method, path);
    let begin = || witness.sees("POST /console/api/exports", ask(Method::POST, "exports"));
    exported(app, session).await;
    // While the catalogue is read, an export waits for its turn.
    let sandbox = &app.world.sandbox;
    let pages = || {
        let requests = sandbox.requests();
        requests.iter().filter(|request| request.scope == app.store && request.route == Route::Products).count()
    };
    let before = pages();
    sandbox.set_fault(&app.store, Route::Products, Some(Fault::always(FaultKind::Slow { ms: 700 })));
    assert_eq!(ask(Method::POST, "sync").send().await.unwrap().status(), 202);
    eventually("the catalogue is being read", || async { (pages() > before).then_some(()) }).await;
    begin().await;
    begin().await;
    let id = app.read(session, "exports").await["exports"][0]["id"].as_i64().unwrap();
    let file = format!("exports/{id}/file");
    witness.sees("GET /console/api/exports/{id}/file", ask(Method::GET, &file)).await;
    sandbox.set_fault(&app.store, Route::Products, None);
    written(app, session, id).await;
    let export = exported(app, session).await;
    let path = format!("exports/{}", export["id"]);
    witness.sees("GET /console/api/exports", ask(Method::GET, "exports")).await;
    witness.sees("GET /console/api/exports/{id}", ask(Method::GET, &path)).await;
    witness.sees("GET /console/api/exports/{id}/file", ask(Method::GET, &format!("{path}/file"))).await;
    witness.sees("DELETE /console/api/exports/{id}", ask(Method::DELETE, &path)).await;
}
