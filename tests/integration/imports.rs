//! Imports and other changes of many products: requirements C3, C4 and C5.

use reqwest::{Method, Response};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::exports::export;
use crate::products::{all, in_demo_store, named};
use crate::support::app::refused;
use crate::support::process::root;
use crate::support::products_file::{EXPORTED, Encoding, Form};
use crate::support::{App, World, eventually, run};

/// Sends a file.
pub async fn send(app: &App<'_>, session: &str, bytes: Vec<u8>) -> Response {
    let request = app.console_at(session, Method::POST, "imports?name=products.csv");
    request.header("content-type", "text/csv").body(bytes).send().await.unwrap()
}

/// Sends a file; gives the change when it is checked.
pub async fn import(app: &App<'_>, session: &str, bytes: Vec<u8>) -> Value {
    let answer = send(app, session, bytes).await;
    assert_eq!(answer.status(), 202);
    let change: Value = answer.json().await.unwrap();
    checked(app, session, &change["id"]).await
}

/// A change when its check is through.
pub async fn checked(app: &App<'_>, session: &str, id: &Value) -> Value {
    eventually("the change is checked", || async {
        let change = app.read(session, &format!("changes/{id}")).await;
        (!["uploading", "checking"].contains(&change["state"].as_str().unwrap())).then_some(change)
    })
    .await
}

/// Presses a button of a change.
pub async fn press(app: &App<'_>, session: &str, change: &Value, button: &str) -> Response {
    app.console_at(session, Method::POST, &format!("changes/{}/{button}", change["id"])).send().await.unwrap()
}

/// Presses a button of a change that does what it says.
pub async fn done(app: &App<'_>, session: &str, change: &Value, button: &str) -> Value {
    let answer = press(app, session, change, button).await;
    assert_eq!(answer.status(), 200, "{button}");
    answer.json().await.unwrap()
}

/// A product's cell with everything right: one-time, and a month for every other option.
pub fn right_cell(product: &Value) -> String {
    let option = |option: &Value| {
        let (every, period) = if option["one_time"] == true { (0, 0) } else { (1, 3) };
        let default = if option["one_time"] == true { "TRUE" } else { "FALSE" };
        format!(
            "{{'option_id': {}, 'every': {every}, 'every_period': {period}, 'is_default': '{default}'}}",
            option["option_id"]
        )
    };
    let options: Vec<String> = product["options"].as_array().unwrap().iter().map(option).collect();
    format!("[{}]", options.join("; "))
}

#[test]
fn a_file_is_checked_applied_whole_and_undone_whole() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        let before = all(&app, &session).await;
        let mut file = export(&app, &session).await;
        let unchanged = import(&app, &session, file.bytes(EXPORTED)).await;
        assert_eq!((&unchanged["state"], &unchanged["rows"]), (&json!("ready"), &json!(before.len())), "{unchanged}");
        assert_eq!((&unchanged["changed"], &unchanged["unchanged"]), (&json!(0), &json!(before.len())));

        let coffee = named(&app, &session, "House blend coffee, 1 kg").await;
        let id = coffee["id"].as_u64().unwrap();
        file.set(id, "Autoship Eligible", "TRUE").set(id, "Frequency", &right_cell(&coffee));
        let change = import(&app, &session, file.bytes(EXPORTED)).await;
        assert_eq!(
            (&change["state"], &change["changed"], &change["made_eligible"]),
            (&json!("ready"), &json!(1), &json!(1)),
            "{change}"
        );
        assert_eq!(all(&app, &session).await, before, "nothing is in force before it is applied");
        let difference = app.read(&session, &format!("changes/{}/difference", change["id"])).await;
        let [product] = &difference["products"].as_array().unwrap()[..] else { panic!("{difference}") };
        assert_eq!(
            (&product["id"], &product["before"]["eligible"], &product["after"]["eligible"]),
            (&json!(id), &json!(false), &json!(true))
        );
        assert_eq!(
            product["after"]["options"][1],
            json!({"option_id": coffee["options"][1]["option_id"], "name": "Every 2 weeks", "every": 1, "every_period": 3, "is_default": false})
        );

        let applied = done(&app, &session, &change, "apply").await;
        assert_eq!((&applied["state"], &applied["can_undo"]), (&json!("applied"), &json!(true)));
        let after = named(&app, &session, "House blend coffee, 1 kg").await;
        assert_eq!(
            (&after["eligible"], &after["faults"], &after["options"][2]["every_period"]),
            (&json!(true), &json!([]), &json!(3))
        );
        assert_ne!(after["revision"], coffee["revision"], "who edits the product elsewhere is told");
        assert_eq!(app.read(&session, "products").await["counts"]["eligible"], 1);

        let undone = done(&app, &session, &change, "undo").await;
        assert_eq!((&undone["state"], &undone["can_undo"]), (&json!("undone"), &json!(false)));
        assert_eq!(all(&app, &session).await, before);
        refused(press(&app, &session, &change, "undo").await, 409, "conflict").await;
        refused(press(&app, &session, &change, "apply").await, 409, "conflict").await;
    });
}

#[test]
fn files_of_every_program_are_read() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        let coffee = named(&app, &session, "House blend coffee, 1 kg").await;
        let id = coffee["id"].as_u64().unwrap();
        let mut file = export(&app, &session).await;
        file.set(id, "Autoship Eligible", " true").set(id, "Frequency", &right_cell(&coffee));
        for row in &mut file.rows {
            row.reverse();
            row.push("more".to_owned());
        }
        file.rows[0] = ["subscription frequency", "AUTOSHIP ELIGIBLE", "name", "sku", "product_id", "Note"]
            .map(str::to_owned)
            .into();
        let (all_rows, mut number) = (file.rows.len() - 1, 0);
        for delimiter in *b",;\t" {
            for encoding in [Encoding::Utf8, Encoding::Utf8Marked, Encoding::Utf16Le, Encoding::Utf16Be] {
                number += 1;
                let form = Form { delimiter, line_end: if number % 2 == 0 { "\r\n" } else { "\n" }, encoding };
                let change = import(&app, &session, file.bytes(form)).await;
                let told = (&change["state"], &change["changed"], &change["unchanged"]);
                assert_eq!(told, (&json!("ready"), &json!(1), &json!(all_rows - 1)), "{form:?}: {change}");
            }
        }
    });
}

/// Begins to send a file of `length` bytes, and holds on after the first of them.
pub async fn hold_upload(app: &App<'_>, session: &str, length: usize, first: &[u8]) -> TcpStream {
    let address = app.world.worker.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /console/api/imports?name=slow.csv HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {session}\r\n\
         content-type: text/csv\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all(&[head.as_bytes(), first].concat()).await.unwrap();
    eventually("the upload is under way", || async {
        let changes = app.read(session, "changes").await;
        (changes["changes"][0]["state"] == "uploading").then_some(())
    })
    .await;
    stream
}

#[test]
fn files_of_libreoffice_import_as_they_are() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        let saved = |name: &str| std::fs::read(root().join("tests/fixtures/libreoffice").join(name)).unwrap();
        let rows = all(&app, &session).await.len();
        for name in ["semicolons.csv", "tabs-utf16.csv", "quoted-types-guessed.csv", "through-a-workbook.csv"] {
            let change = import(&app, &session, saved(name)).await;
            let told = (&change["state"], &change["changed"], &change["unchanged"]);
            assert_eq!(told, (&json!("ready"), &json!(0), &json!(rows)), "{name}: {change}");
        }
        let change = import(&app, &session, saved("edited.csv")).await;
        assert_eq!((&change["state"], &change["changed"]), (&json!("ready"), &json!(1)), "{change}");
        done(&app, &session, &change, "apply").await;
        let coffee = named(&app, &session, "House blend coffee, 1 kg").await;
        let options = coffee["options"].as_array().unwrap().iter();
        let numbers: Vec<Value> =
            options.map(|option| json!([option["every"], option["every_period"], option["is_default"]])).collect();
        let expected = json!([[0, 0, true], [2, 2, false], [3, 2, false], [4, 2, false]]);
        assert_eq!((&coffee["eligible"], json!(numbers)), (&json!(true), expected));
        assert_eq!(app.read(&session, "products").await["counts"]["eligible"], 1);
    });
}
