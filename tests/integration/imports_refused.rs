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

/// A file of faults, with what is to be said of each row.
struct FaultyFile {
    rows: Vec<(String, Vec<String>)>,
    /// Products with four options, one for each row that needs one.
    products: std::vec::IntoIter<Value>,
}

impl FaultyFile {
    fn add(&mut self, cells: [&str; 3], expected: &[&str]) {
        let line = cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).join(",");
        self.add_line(line, expected);
    }

    fn add_line(&mut self, line: String, expected: &[&str]) {
        self.rows.push((line, expected.iter().map(|&fault| fault.to_owned()).collect()));
    }

    fn add_product_ids(&mut self) {
        let whole = "Product ID: A product id is a whole number, as an export has it";
        self.add(["", "TRUE", "[]"], &["Product ID: The product id is missing"]);
        for id in ["abc", "-5", "1.5", "99999999999999999999"] {
            self.add([id, "TRUE", "[]"], &[whole]);
        }
        self.add(["987654321", "FALSE", ""], &["Product ID: The store has no product with this id"]);
    }

    fn add_cells(&mut self) {
        for (eligible, cell, reason) in [
            ("", "", "Autoship Eligible: This cell is empty; it must be TRUE or FALSE"),
            ("maybe", "", "Autoship Eligible: This must be TRUE or FALSE"),
            ("TRUE", "", "Frequency: The frequency of an eligible product is missing"),
            ("TRUE", "every month", "Frequency: The list must begin with \"[\" (at character 1)"),
            ("TRUE", "[", "Frequency: The closing \"]\" is missing (at character 2)"),
            ("TRUE", "[x]", "Frequency: An option must begin with \"{\" (at character 2)"),
            ("TRUE", "[{'option_id': 1", "Frequency: The closing \"}\" is missing (at character 17)"),
            ("TRUE", "[{option_id 1}]", "Frequency: A \":\" is missing after the name of a value (at character 13)"),
            ("TRUE", "[{'option_id': }]", "Frequency: A value is missing (at character 16)"),
            ("TRUE", "[{'option_id': 'a}]", "Frequency: The closing quote is missing (at character 20)"),
            ("TRUE", "[{'every': 1}]", "Frequency: This option has no option_id (at character 2)"),
            (
                "TRUE",
                "[{'option_id': 1, 'every': 1.5}]",
                "Frequency: \"every\" must be a whole number (at character 28)",
            ),
            (
                "TRUE",
                "[{'option_id': 1, 'is_default': 'maybe'}]",
                "Frequency: \"is_default\" must be TRUE or FALSE (at character 33)",
            ),
            ("TRUE", "[{'option_id': 1, 'option_id': 2}]", "Frequency: \"option_id\" is there twice (at character 32)"),
            ("TRUE", "[] and more", "Frequency: There is more text after the closing \"]\" (at character 4)"),
        ] {
            let id = self.products.next().unwrap()["id"].to_string();
            self.add([&id, eligible, cell], &[reason]);
        }
        let id = self.products.next().unwrap()["id"].to_string();
        let both = [
            "Autoship Eligible: This must be TRUE or FALSE",
            "Frequency: The closing \"}\" is missing (at character 3)",
        ];
        self.add([&id, "perhaps", "[{"], &both);
    }

    /// Right cells with one thing wrong; `{0}` and `{1}` are the ids of the product's first options.
    fn add_rules(&mut self) {
        for (right, wrong, reason) in [
            ("{1}, 'every': 1", "{1}, 'every': 0", "Option {1} needs \"every\" of at least 1"),
            (
                "{1}, 'every': 1, 'every_period': 3",
                "{1}, 'every': 1, 'every_period': 4",
                "Option {1} needs \"every_period\" 1 (days), 2 (weeks) or 3 (months)",
            ),
            (
                "{0}, 'every': 0, 'every_period': 0",
                "{0}, 'every': 1, 'every_period': 3",
                "Option {0} is a single purchase, so \"every\" and \"every_period\" must be 0",
            ),
            ("TRUE", "FALSE", "No option is the default; exactly one must be"),
            ("FALSE", "TRUE", "4 options are the default; exactly one must be"),
            (
                "]",
                "; {'option_id': 987654, 'every': 1, 'every_period': 3}]",
                "Option 987654 is not one of this product's options",
            ),
            ("{1}, 'every': 1", "{1}, 'every': 1001", "Option {1} has an \"every\" of more than 1000"),
        ] {
            let product = self.products.next().unwrap();
            let named = |text: &str| {
                let option = |place: usize| product["options"][place]["option_id"].to_string();
                text.replace("{0}", &option(0)).replace("{1}", &option(1))
            };
            let cell = right_cell(&product).replace(&named(right), &named(wrong));
            self.add([&product["id"].to_string(), "TRUE", &cell], &[&format!("Frequency: {}", named(reason))]);
        }
    }

    /// What is wrong with a row whole; the last is a quote that hides all that follows.
    fn add_rows(&mut self) {
        let twice = self.products.next().unwrap()["id"].to_string();
        self.add([&twice, "FALSE", ""], &[]);
        let first = self.rows.len() + 1;
        let again = format!("Product ID: Product {twice} is in row {first} already");
        self.add([&twice, "TRUE", "x"], &["Frequency: The list must begin with \"[\" (at character 1)"]);
        self.add([&twice, "FALSE", ""], &[&again]);
        self.add_line(twice.clone(), &[": The row has 1 cells, the header has 3"]);
        self.add_line(format!("{twice},FALSE,,,more"), &[": The row has 5 cells, the header has 3"]);
        let open = ": A quotation mark is opened in this row and never closed; the rest could not be read";
        self.add_line("1,\"TRUE".to_owned(), &[open]);
    }

    fn bytes(&self) -> Vec<u8> {
        let lines = self.rows.iter().map(|(line, _)| line.as_str());
        let lines: Vec<&str> = std::iter::once("Product ID,Autoship Eligible,Frequency").chain(lines).collect();
        lines.join("\n").into_bytes()
    }

    fn expected(&self) -> Vec<String> {
        let told = |(row, (_, faults)): (u32, &(String, Vec<String>))| -> Vec<String> {
            faults.iter().map(|fault| format!("{row} {fault}")).collect()
        };
        (2..).zip(&self.rows).flat_map(told).collect()
    }
}

#[test]
fn every_fault_of_a_file_is_reported_and_nothing_changes() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        let before = all(&app, &session).await;
        let once_or_more = |product: &&Value| {
            product["options"].as_array().is_some_and(|options| options.len() == 4 && options[0]["one_time"] == true)
        };
        let products: Vec<Value> = before.iter().filter(once_or_more).cloned().collect();
        let mut file = FaultyFile { rows: Vec::new(), products: products.into_iter() };
        file.add_product_ids();
        file.add_cells();
        file.add_rules();
        let mug = named(&app, &session, "Engraved mug").await;
        file.add(
            [&mug["id"].to_string(), "TRUE", "[]"],
            &["Autoship Eligible: The product has no subscription modifier"],
        );
        file.add_rows();
        let found = faults_of(&app, &session, &file.bytes()).await;
        assert_eq!(found, file.expected());
        let reasons: BTreeSet<&str> = found.iter().map(|fault| fault.split_once(": ").unwrap().1).collect();
        assert!(reasons.len() >= 25, "{} different faults", reasons.len());

        let change = app.read(&session, "changes").await["changes"][0].clone();
        assert_eq!((&change["state"], &change["rows"]), (&json!("faulty"), &json!(file.rows.len() - 1)));
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
        let rows: Vec<String> = (0..12_345).map(|row| format!("{},maybe,\n", 1_000_000 + row)).collect();
        let rows = rows.concat();
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
        let client = Client::builder().timeout(std::time::Duration::from_mins(2)).build().unwrap();
        let address = format!("{}/console/api/imports?name=large.csv", world.worker.url);
        let large = |bytes: usize| {
            let mut text = export_of_blanks(bytes, &product["id"]);
            text.truncate(bytes);
            client.post(&address).bearer_auth(&session).header("content-type", "text/csv").body(text).send()
        };
        refused(large(95 * 1024 * 1024 + 1).await.unwrap(), 413, "body_too_large").await;
        assert_eq!(app.read(&session, "changes").await["changes"], json!([]));
        let memory = world.worker.wasm_memory().await;
        let answer = large(95 * 1024 * 1024).await.unwrap();
        assert_eq!(answer.status(), 202);
        // It never shrinks, so this is the most there was.
        let grown = async || (world.worker.wasm_memory().await - memory) / (1024 * 1024);
        assert!(grown().await < 16, "a file of 95 MB is not held: {} MB more", grown().await);
        let change: Value = answer.json().await.unwrap();
        let change = checked(&app, &session, &change["id"]).await;
        assert_eq!((&change["state"], &change["rows"]), (&json!("ready"), &json!(1)), "{change}");
        assert_eq!(change["file_bytes"], 95 * 1024 * 1024);
        assert!(grown().await < 16, "nor when it is read: {} MB more", grown().await);
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
