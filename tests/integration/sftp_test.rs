//! "Test SFTP" in the console: requirements B4 and D6.

use reqwest::Method;
use sandbox::{SftpFault, SftpUser};
use serde_json::{Value, json};

use crate::support::app::refused;
use crate::support::{App, World, run};

const PASSWORD: &str = "correct horse battery";

async fn save(app: &App<'_>, session: &str, sftp: Value) -> Value {
    let answer = app.console(session, Method::PATCH).json(&json!({"sftp": sftp})).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

/// Points the app at the stand-in, with the key confirmed. Gives the user's name.
pub async fn set_up(app: &App<'_>, session: &str) -> String {
    let sftp = app.world.sandbox.sftp();
    let name = format!("feeds-{}", app.store);
    sftp.add_user(SftpUser { name: name.clone(), password: PASSWORD.to_owned(), ..SftpUser::default() });
    let address = sftp.address();
    let settings = json!({"host": address.ip().to_string(), "port": address.port(), "username": name,
        "password": PASSWORD, "host_key": sftp.fingerprint()});
    save(app, session, settings).await;
    name
}

async fn test(app: &App<'_>, session: &str) -> Value {
    app.console_at(session, Method::POST, "connections/sftp/test").send().await.unwrap().json().await.unwrap()
}

/// Names of the steps, and whether each went well.
fn steps(test: &Value) -> Vec<(&str, bool)> {
    let steps = test["steps"].as_array().unwrap().iter();
    steps.map(|step| (step["name"].as_str().unwrap(), step["ok"].as_bool().unwrap())).collect()
}

fn check(overview: &Value) -> &Value {
    overview["checks"].as_array().unwrap().iter().find(|check| check["id"] == "sftp").unwrap()
}

#[test]
fn a_server_is_tried_out_step_by_step_and_its_key_confirmed_once() {
    run(async {
        let world = World::shared().await;
        let app = App::registered(world).await;
        let session = app.install().await;
        let sftp = world.sandbox.sftp();
        let name = format!("feeds-{}", app.store);
        sftp.add_user(SftpUser { name: name.clone(), password: PASSWORD.to_owned(), ..SftpUser::default() });
        let (host, port) = (sftp.address().ip().to_string(), sftp.address().port());

        save(&app, &session, json!({"host": host, "port": port})).await;
        let lacking = test(&app, &session).await;
        assert_eq!(steps(&lacking), [("login", false)], "{lacking}");
        assert_eq!(lacking["steps"][0]["message"], "Enter the user name, and a password or a private key, first.");

        save(&app, &session, json!({"username": name, "password": PASSWORD})).await;
        let unknown = test(&app, &session).await;
        assert_eq!(steps(&unknown), [("address", true), ("host_key", false)], "{unknown}");
        let key = &unknown["steps"][1];
        assert_eq!(key["fingerprint"], sftp.fingerprint());
        assert!(key["message"].as_str().unwrap().contains("Compare it"), "{unknown}");
        assert_eq!(sftp.logins(&name), 0, "a server that nobody confirmed gets no password");
        assert_eq!(check(&app.read(&session, "overview").await)["state"], "attention");

        let saved = save(&app, &session, json!({"host_key": key["fingerprint"]})).await;
        assert_eq!(saved["sftp"]["host_key"], key["fingerprint"]);
        let good = test(&app, &session).await;
        let names = ["address", "host_key", "login", "directory", "write"];
        assert_eq!(steps(&good), names.map(|name| (name, true)), "{good}");
        assert_eq!(good["steps"][1]["fingerprint"], key["fingerprint"]);
        assert_eq!(sftp.files(&name), Vec::<String>::new(), "what was written was removed");
        assert_eq!(check(&app.read(&session, "overview").await)["state"], "done");

        sftp.set_fault(&name, SftpFault::ReadOnly);
        let read_only = test(&app, &session).await;
        assert_eq!(steps(&read_only)[4], ("write", false), "{read_only}");
        sftp.clear_faults(&name);
        save(&app, &session, json!({"directory": "/nowhere"})).await;
        assert_eq!(check(&app.read(&session, "overview").await)["state"], "missing", "what was tested has changed");
        let nowhere = test(&app, &session).await;
        assert_eq!(steps(&nowhere)[3], ("directory", false), "{nowhere}");
        save(&app, &session, json!({"password": "wrong"})).await;
        let wrong = test(&app, &session).await;
        assert_eq!(steps(&wrong)[2], ("login", false), "{wrong}");
        assert!(!world.worker.log().contains(PASSWORD));

        let moved = save(&app, &session, json!({"port": null, "host": null})).await;
        assert_eq!(moved["sftp"]["host_key"], "", "another server has another key");
    });
}

#[test]
fn a_fingerprint_is_checked_when_it_is_saved() {
    run(async {
        let app = App::registered(World::shared().await).await;
        let session = app.install().await;
        let patch = json!({"sftp": {"host_key": "00:11:22", "host": "127.0.0.1", "port": 22}});
        let answer = app.console(&session, Method::PATCH).json(&patch).send().await.unwrap();
        let refusal = refused(answer, 422, "invalid_settings").await;
        let fields = refusal["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap());
        assert_eq!(fields.collect::<Vec<_>>(), ["sftp.host", "sftp.host_key"], "nor another port of this machine");
    });
}
