//! The answers about feeds.

use reqwest::Method;
use sandbox::{Fault, FaultKind, Route, SftpFault, SftpStep};
use serde_json::{Value, json};

use super::anonymous;
use super::description::Witness;
use crate::feeds::{PASSWORD, begin, change, ended, ready, sent};
use crate::feeds_categories::both;
use crate::support::{App, World, eventually};

pub async fn answers(world: &World, witness: &Witness) {
    let (app, session, user) = ready(world).await;
    everyone_else_is_refused(world, witness).await;
    discontinued(world, &app, &session, witness).await;
    schedules(&app, &session, witness).await;
    nothing_there(&app, &session, witness).await;
    under_way(world, &app, &session, &user, witness).await;
    delivered(world, &app, &session, witness).await;
    failed(&app, &session, witness).await;
    of_categories(&app, &session, witness).await;
}

async fn everyone_else_is_refused(world: &World, witness: &Witness) {
    for (method, path) in ordergroove_bigcommerce::routes::table() {
        if path.starts_with("/console/api/feeds") || path.ends_with("/discontinued") {
            let request = anonymous(world, method.parse().unwrap(), &path.replace("{id}", "1"));
            witness.sees(&format!("{method} {path}"), request).await;
        }
    }
}

async fn discontinued(world: &World, app: &App<'_>, session: &str, witness: &Witness) {
    let id = world.sandbox.product_ids(&app.store)[0];
    for method in [Method::PUT, Method::DELETE] {
        let operation = format!("{method} /console/api/products/{{id}}/discontinued");
        for id in [id, 9_007_199_254_740_991] {
            let ask = app.console_at(session, method.clone(), &format!("products/{id}/discontinued"));
            witness.sees(&operation, ask).await;
        }
    }
}

async fn schedules(app: &App<'_>, session: &str, witness: &Witness) {
    witness.sees("GET /console/api/feeds", app.console_at(session, Method::GET, "feeds")).await;
    let operation = "POST /console/api/feeds/schedule";
    let ask = || app.console_at(session, Method::POST, "feeds/schedule");
    for expression in ["30 4 * * *", "* * * * *", "nonsense"] {
        witness.sees(operation, ask().json(&json!({"expression": expression, "time_zone": "UTC"}))).await;
    }
    bodies(operation, "feeds/schedule", app, session, witness).await;
}

/// A body that says nothing, one that is too long, one that is no JSON.
async fn bodies(operation: &str, path: &str, app: &App<'_>, session: &str, witness: &Witness) {
    let ask = || app.console_at(session, Method::POST, path);
    witness.sees(operation, ask().json(&json!({}))).await;
    witness.sees(operation, ask().header("content-type", "application/json").body("x".repeat(5000))).await;
    witness.sees(operation, ask().header("content-type", "text/plain").body("{}")).await;
}

const OF_A_RUN: [(&str, &str); 7] = [
    ("GET", ""),
    ("DELETE", ""),
    ("POST", "/confirm"),
    ("POST", "/retry"),
    ("GET", "/left-out"),
    ("GET", "/difference"),
    ("GET", "/file"),
];

async fn see(app: &App<'_>, session: &str, run: &Value, (method, end): (&str, &str), witness: &Witness) {
    let path = end.split('?').next().unwrap();
    let ask = app.console_at(session, method.parse().unwrap(), &format!("feeds/runs/{run}{end}"));
    witness.sees(&format!("{method} /console/api/feeds/runs/{{id}}{path}"), ask).await;
}

async fn nothing_there(app: &App<'_>, session: &str, witness: &Witness) {
    for operation in OF_A_RUN {
        see(app, session, &json!(9000), operation, witness).await;
    }
}

async fn under_way(world: &World, app: &App<'_>, session: &str, user: &str, witness: &Witness) {
    let operation = "POST /console/api/feeds/runs";
    bodies(operation, "feeds/runs", app, session, witness).await;
    world.sandbox.set_fault(&app.store, Route::Products, Some(Fault::always(FaultKind::Slow { ms: 700 })));
    let ask = || app.console_at(session, Method::POST, "feeds/runs").json(&json!({"send_unchanged": false}));
    witness.sees(operation, ask()).await;
    witness.sees(operation, ask()).await;
    let run = app.read(session, "feeds").await["run"]["id"].clone();
    for operation in [("GET", "/file"), ("POST", "/confirm"), ("POST", "/retry"), ("DELETE", ""), ("DELETE", "")] {
        see(app, session, &run, operation, witness).await;
    }
    world.sandbox.set_fault(&app.store, Route::Products, None);
    world.sandbox.sftp().set_fault(user, SftpFault::Hang(SftpStep::Write));
    let run = begin(app, session, false).await;
    eventually("it is being delivered", || async {
        let state = app.read(session, &format!("feeds/runs/{}", run["id"])).await["state"].clone();
        (state == "delivering").then_some(())
    })
    .await;
    witness.sees("GET /console/api/feeds", app.console_at(session, Method::GET, "feeds")).await;
    see(app, session, &run["id"], ("DELETE", ""), witness).await;
    world.sandbox.sftp().clear_faults(user);
}

async fn delivered(world: &World, app: &App<'_>, session: &str, witness: &Witness) {
    let run = sent(app, session).await;
    assert_eq!(run["state"], "delivered", "{run}");
    for end in ["/left-out", "/left-out?after=x", "/difference", "/difference?after=3", "/difference?after=x", "/file"]
    {
        see(app, session, &run["id"], ("GET", end), witness).await;
    }
    let ids = world.sandbox.product_ids(&app.store);
    for id in &ids[..ids.len() / 2] {
        world.sandbox.delete_product(&app.store, *id);
    }
    let held = sent(app, session).await;
    assert_eq!(held["state"], "held", "{held}");
    see(app, session, &held["id"], ("POST", "/confirm"), witness).await;
    assert_eq!(ended(app, session, &held).await["state"], "delivered");
}

async fn failed(app: &App<'_>, session: &str, witness: &Witness) {
    change(app, session, json!({"sftp": {"password": "wrong"}})).await;
    let run = begin(app, session, true).await;
    let run = ended(app, session, &run).await;
    assert_eq!(run["state"], "failed", "{run}");
    change(app, session, json!({"sftp": {"password": PASSWORD}})).await;
    see(app, session, &run["id"], ("POST", "/retry"), witness).await;
    see(app, session, &run["id"], ("GET", ""), witness).await;
}

async fn of_categories(app: &App<'_>, session: &str, witness: &Witness) {
    eventually("the other try is over", || async { app.read(session, "feeds").await["run"].is_null().then_some(()) })
        .await;
    let patch = app.console(session, Method::PATCH).json(&json!({"feeds": {"categories": true}}));
    witness.sees("PATCH /console/api/settings", patch).await;
    let (_, run) = both(app, session, true).await;
    assert_eq!(run["state"], "delivered", "{run}");
    for end in ["", "/left-out", "/difference", "/file"] {
        see(app, session, &run["id"], ("GET", end), witness).await;
    }
}
