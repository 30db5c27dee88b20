//! Files that cannot be imported, and uploads that come to nothing: requirement C4.

use std::collections::BTreeSet;

use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::exports::export;
use crate::imports::{checked, hold_upload, import, press, right_cell, send};
use crate::products::{all, in_demo_store, named};
use crate::support::app::refused;
use crate::support::products_file::{EXPORTED, Encoding, Form};
use crate::support::{App, World, eventually, run};

/// All faults of a change, as `row column: reason`.
async fn faults(app: &App<'_>, session: &str, change: &Value) -> Vec<String> {
    let (mut faults, mut after) = (Vec::new(), json!(0));
    while !after.is_null() {
        let page = app.read(session, &format!("changes/{}/faults?after={after}", change["id"])).await;
        for fault in page["faults"].as_array().unwrap() {
            let text = |name: &str| fault[name].as_str().unwrap().to_owned();
            faults.push(format!("{} {}: {}", fault["row"], text("column"), text("reason")));
        }
        after = page["next"].clone();
    }
    faults
}

/// A file that is faulty as a whole: its faults.
async fn faults_of(app: &App<'_>, session: &str, bytes: &[u8]) -> Vec<String> {
    let change = import(app, session, bytes.to_vec()).await;
    assert_eq!(change["state"], "faulty", "{change}");
    let found = faults(app, session, &change).await;
    assert_eq!(change["faults"], json!(found.len()));
    found
}

#[test]
fn every_fault_of_a_file_is_reported_and_nothing_changes() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        let before = all(&app, &session).await;
        let coffee = named(&app, &session, "House blend coffee, 1 kg").await;
        let mug = named(&app, &session, "Engraved mug").await;
        let option = |place: usize| coffee["options"][place]["option_id"].to_string();
        let (once, weeks, month, months) = (option(0), option(1), option(2), option(3));
        let right = right_cell(&coffee);
        // Every row is of a product of its own, so that none is there twice; two are said twice on purpose.
        let with_modifier: Vec<&Value> = before
            .iter()
            .filter(|product| product["options"].as_array().is_some_and(|options| options.len() == 4))
            .collect();
        let mut next = with_modifier.iter().filter(|product| product["id"] != coffee["id"]);
        let mut rows: Vec<(String, Vec<String>)> = Vec::new();
        let mut add = |cells: [&str; 3], expected: &[&str]| {
            let line = cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).join(",");
            rows.push((line, expected.iter().map(|&fault| fault.to_owned()).collect()));
        };
        let whole = "Product ID: A product id is a whole number, as an export has it";
        add(["", "TRUE", &right], &["Product ID: The product id is missing"]);
        add(["abc", "TRUE", &right], &[whole]);
        add(["-5", "TRUE", &right], &[whole]);
        add(["1.5", "FALSE", ""], &[whole]);
        add(["99999999999999999999", "FALSE", ""], &[whole]);
        add(["987654321", "FALSE", ""], &["Product ID: The store has no product with this id"]);
        for (cell, reason) in
            [("", "This cell is empty; it must be TRUE or FALSE"), ("maybe", "This must be TRUE or FALSE")]
        {
            let id = next.next().unwrap()["id"].to_string();
            add([&id, cell, ""], &[&format!("Autoship Eligible: {reason}")]);
        }
        add([&mug["id"].to_string(), "TRUE", &right], &["Autoship Eligible: The product has no subscription modifier"]);
        for (cell, reason) in [
            ("", "The frequency of an eligible product is missing"),
            ("every month", "The list must begin with \"[\" (at character 1)"),
            ("[", "The closing \"]\" is missing (at character 2)"),
            ("[x]", "An option must begin with \"{\" (at character 2)"),
            ("[{'option_id': 1", "The closing \"}\" is missing (at character 17)"),
            ("[{option_id 1}]", "A \":\" is missing after the name of a value (at character 13)"),
            ("[{'option_id': }]", "A value is missing (at character 16)"),
            ("[{'option_id': 'a}]", "The closing quote is missing (at character 20)"),
            ("[{'every': 1}]", "This option has no option_id (at character 2)"),
            ("[{'option_id': 1, 'every': 1.5}]", "\"every\" must be a whole number (at character 28)"),
            ("[{'option_id': 1, 'is_default': 'maybe'}]", "\"is_default\" must be TRUE or FALSE (at character 33)"),
            ("[{'option_id': 1, 'option_id': 2}]", "\"option_id\" is there twice (at character 32)"),
            ("[] and more", "There is more text after the closing \"]\" (at character 4)"),
        ] {
            let id = next.next().unwrap()["id"].to_string();
            add([&id, "TRUE", cell], &[&format!("Frequency: {reason}")]);
        }
        // The rules, on one product a row; each of these has options of its own.
        let of = |product: &Value, cell: &str| {
            let mut cell = cell.to_owned();
            for (place, id) in [&once, &weeks, &month, &months].into_iter().enumerate() {
                cell = cell.replace(id.as_str(), &product["options"][place]["option_id"].to_string());
            }
            cell
        };
        let base = |edit: (&str, &str)| right.replace(edit.0, edit.1);
        for (cell, reason) in [
            (
                base((&format!("{weeks}, 'every': 1"), &format!("{weeks}, 'every': 0"))),
                "Option {1} needs \"every\" of at least 1",
            ),
            (
                base((
                    &format!("{weeks}, 'every': 1, 'every_period': 3"),
                    &format!("{weeks}, 'every': 1, 'every_period': 4"),
                )),
                "Option {1} needs \"every_period\" 1 (days), 2 (weeks) or 3 (months)",
            ),
            (
                base((
                    &format!("{once}, 'every': 0, 'every_period': 0"),
                    &format!("{once}, 'every': 1, 'every_period': 3"),
                )),
                "Option {0} is a single purchase, so \"every\" and \"every_period\" must be 0",
            ),
            (base(("TRUE", "FALSE")), "No option is the default; exactly one must be"),
            (base(("FALSE", "TRUE")), "4 options are the default; exactly one must be"),
            (
                base(("]", "; {'option_id': 987654, 'every': 1, 'every_period': 3}]")),
                "Option 987654 is not one of this product's options",
            ),
            (
                base((&format!("{weeks}, 'every': 1"), &format!("{weeks}, 'every': 1001"))),
                "Option {1} has an \"every\" of more than 1000",
            ),
        ] {
            let product = next.next().unwrap();
            let option = |place: usize| product["options"][place]["option_id"].to_string();
            let reason = reason.replace("{0}", &option(0)).replace("{1}", &option(1));
            add([&product["id"].to_string(), "TRUE", &of(product, &cell)], &[&format!("Frequency: {reason}")]);
        }
        add(
            [&coffee["id"].to_string(), "perhaps", "[{"],
            &[
                "Autoship Eligible: This must be TRUE or FALSE",
                "Frequency: The closing \"}\" is missing (at character 3)",
            ],
        );
        let twice = next.next().unwrap()["id"].to_string();
        add([&twice, "FALSE", ""], &[]);
        let first = rows.len() + 1;
        rows.push((
            format!("{twice},TRUE,x"),
            vec!["Frequency: The list must begin with \"[\" (at character 1)".to_owned()],
        ));
        rows.push((format!("{twice},FALSE,"), vec![format!("Product ID: Product {twice} is in row {first} already")]));
        rows.push((format!("{twice}"), vec![": The row has 1 cells, the header has 3".to_owned()]));
        rows.push((format!("{twice},FALSE,,,more"), vec![": The row has 5 cells, the header has 3".to_owned()]));
        rows.push((
            "1,\"TRUE".to_owned(),
            vec![": A quotation mark is opened in this row and never closed; the rest could not be read".to_owned()],
        ));

        let file = rows.iter().map(|(line, _)| format!("{line}\n")).collect::<String>();
        let file = format!("Product ID,Autoship Eligible,Frequency\n{file}");
        let expected: Vec<String> = (2..)
            .zip(&rows)
            .flat_map(|(row, (_, faults))| faults.iter().map(move |fault| format!("{row} {fault}")))
            .collect();
        let found = faults_of(&app, &session, file.trim_end().as_bytes()).await;
        assert!(expected.len() >= 30);
        assert_eq!(found, expected);
        let reasons: BTreeSet<&str> = found.iter().map(|fault| fault.split_once(": ").unwrap().1).collect();
        assert!(reasons.len() >= 25, "{} different faults", reasons.len());

        let change = app.read(&session, "changes").await["changes"][0].clone();
        assert_eq!((&change["state"], &change["rows"]), (&json!("faulty"), &json!(rows.len() - 1)));
        refused(press(&app, &session, &change, "apply").await, 409, "conflict").await;
        assert_eq!(all(&app, &session).await, before);
    });
}

#[test]
fn files_that_are_none_are_refused_in_words() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        let of = async |bytes: &[u8]| faults_of(&app, &session, bytes).await;
        assert_eq!(of(b"").await, ["1 : The file is empty"]);
        assert_eq!(
            of(b"Product ID;Frequency\n1;[]\n").await,
            ["1 Autoship Eligible: The column \"Autoship Eligible\" is missing"]
        );
        assert_eq!(
            of(b"sep=;\nid;Product ID;Autoship Eligible;Frequency\n").await,
            ["2 Product ID: The column \"Product ID\" is there 2 times; keep one of them"]
        );
        assert!(of(b"1,TRUE,[]\n").await[0].starts_with("1 : The first row is no header"));
        let latin = of(b"Product ID,Name,Autoship Eligible,Frequency\r\n1,Caf\xe9,TRUE,[]\r\n").await;
        assert!(
            latin[0].starts_with("2 : The file is not text in UTF-8 or UTF-16") && latin[0].contains("CSV UTF-8"),
            "{latin:?}"
        );
        assert_eq!(of(b"PK\x03\x04\x14\0\x06\0[Content_Types].xml").await.len(), 1, "a workbook is no text");
        // An export that was cut in the middle of a cell.
        let whole = export(&app, &session).await.bytes(EXPORTED);
        let cut = of(&whole[..whole.len() - 20]).await;
        assert!(cut.last().unwrap().contains("never closed"), "{cut:?}");
        let two = whole.len() / 2;
        assert!(!of(&whole[..two + whole[two..].iter().position(|byte| *byte == b'{').unwrap() + 5]).await.is_empty());
    });
}

#[test]
fn a_thousand_faults_are_kept_and_all_are_counted() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        let rows: String = (0..12_345).map(|row| format!("{},maybe,\n", 1_000_000 + row)).collect();
        let change =
            import(&app, &session, format!("Product ID,Autoship Eligible,Frequency\n{rows}").into_bytes()).await;
        assert_eq!(
            (&change["state"], &change["faults"], &change["rows"]),
            (&json!("faulty"), &json!(12_345), &json!(12_345))
        );
        let faults = faults(&app, &session, &change).await;
        assert_eq!(faults.len(), 1000);
        assert_eq!(faults[999], "1001 Autoship Eligible: This must be TRUE or FALSE");
    });
}

#[test]
fn an_upload_has_95_megabytes_at_most() {
    run(async {
        let world = World::start().await;
        let (app, session) = in_demo_store(&world).await;
        let product = named(&app, &session, "Hand grinder").await;
        let client = Client::builder().timeout(std::time::Duration::from_secs(120)).build().unwrap();
        let address = format!("{}/console/api/imports?name=large.csv", world.worker.url);
        let large = |bytes: usize| {
            let mut text = export_of_blanks(bytes, &product["id"]);
            text.truncate(bytes);
            client.post(&address).bearer_auth(&session).header("content-type", "text/csv").body(text).send()
        };
        refused(large(95 * 1024 * 1024 + 1).await.unwrap(), 413, "body_too_large").await;
        assert_eq!(app.read(&session, "changes").await["changes"], json!([]));
        let memory = world.worker.memory();
        let answer = large(95 * 1024 * 1024).await.unwrap();
        assert_eq!(answer.status(), 202);
        let grown = world.worker.memory().saturating_sub(memory) / (1024 * 1024);
        assert!(grown < 80, "a file of 95 MB is not held: workerd grew by {grown} MB");
        let change: Value = answer.json().await.unwrap();
        let change = checked(&app, &session, &change["id"]).await;
        assert_eq!((&change["state"], &change["rows"]), (&json!("ready"), &json!(1)), "{change}");
        assert_eq!(change["file_bytes"], 95 * 1024 * 1024);
        let grown = world.worker.memory().saturating_sub(memory) / (1024 * 1024);
        assert!(grown < 80, "nor when it is read: workerd grew by {grown} MB");
    });
}

/// One product that is not eligible, then blank lines.
fn export_of_blanks(bytes: usize, product: &Value) -> Vec<u8> {
    let mut text = format!("Product ID,Autoship Eligible,Frequency\r\n{product},FALSE,\r\n").into_bytes();
    let line = [b" ".repeat(1022), b"\r\n".to_vec()].concat();
    while text.len() < bytes {
        text.extend_from_slice(&line);
    }
    text
}

#[test]
fn an_upload_that_is_cut_off_leaves_nothing_in_the_way() {
    run(async {
        let world = World::start().await;
        let (app, session) = in_demo_store(&world).await;
        let held = hold_upload(&app, &session, 1_000_000, &export_of_blanks(400_000, &json!(1))).await;
        refused(send(&app, &session, b"x".to_vec()).await, 409, "conflict").await;
        drop(held);
        // Nobody tells an object that a caller went; when nothing came for half a minute, it is clear.
        world.worker.set_ahead(60).await;
        let change = import(&app, &session, b"Product ID,Autoship Eligible,Frequency\r\n".to_vec()).await;
        assert_eq!(change["state"], "ready", "{change}");
        let changes = app.read(&session, "changes").await;
        let broken = &changes["changes"][1];
        assert_eq!(
            (&broken["state"], &broken["message"]),
            (&json!("failed"), &json!("The upload broke off.")),
            "{broken}"
        );
        refused(press(&app, &session, broken, "apply").await, 409, "conflict").await;
    });
}

#[test]
fn one_change_at_a_time_is_checked_and_it_can_be_cancelled() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        let held = hold_upload(&app, &session, 1_000_000, b"Product ID,").await;
        refused(send(&app, &session, b"x".to_vec()).await, 409, "conflict").await;
        let rule = app.console_at(&session, Method::POST, "changes").json(&json!({"kind": "withdraw"}));
        refused(rule.send().await.unwrap(), 409, "conflict").await;
        let under_way = app.read(&session, "changes").await["changes"][0].clone();
        let path = format!("changes/{}", under_way["id"]);
        let cancelled = app.console_at(&session, Method::DELETE, &path).send().await.unwrap();
        assert_eq!(cancelled.status(), 204);
        assert_eq!(app.read(&session, &path).await["state"], "cancelled");
        let change = import(&app, &session, b"Product ID,Autoship Eligible,Frequency\r\n".to_vec()).await;
        assert_eq!(change["state"], "ready");
        drop(held);
        assert_eq!(
            eventually("it stays so", || async { Some(app.read(&session, &path).await) }).await["state"],
            "cancelled"
        );
    });
}

#[test]
fn an_unreadable_encoding_is_told_wherever_it_begins() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        let file = export(&app, &session).await;
        for encoding in [Encoding::Utf8, Encoding::Utf16Le] {
            let mut bytes = file.bytes(Form { encoding, ..EXPORTED });
            bytes.truncate(bytes.len() / 2 * 2);
            bytes.extend(b"\xff\xff\xdf\xdf\0");
            let found = faults_of(&app, &session, &bytes).await;
            assert!(found[0].contains("cannot be read"), "{found:?}");
        }
    });
}
