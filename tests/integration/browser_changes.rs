//! Exports, imports, and changes of many products in the console: requirements C2, C4 and C5.

use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser_states::{SIZES, open};
use crate::imports::right_cell;
use crate::products::{in_demo_store, named};
use crate::support::browser::Browser;
use crate::support::downloads::{downloaded, downloads_go_to, folder};
use crate::support::process::root;
use crate::support::products_file::{EXPORTED, Encoding, Form, ProductsFile};
use crate::support::{App, World, eventually, run};

/// As Excel saves where a comma is a decimal sign.
const EXCEL: Form = Form { delimiter: b';', line_end: "\r\n", encoding: Encoding::Utf8Marked };

/// Chooses a file to import.
pub async fn choose_file(browser: &Browser, folder: &Path, name: &str, bytes: &[u8]) {
    let file = folder.join(name);
    std::fs::write(&file, bytes).unwrap();
    browser.find("#import-file").await.send_keys(file.to_str().unwrap()).await.expect("chosen");
}

async fn agree(browser: &Browser, action: &str) {
    browser.press(action).await;
    browser.answer(action).await;
}

async fn eligible(app: &App<'_>, session: &str) -> Value {
    app.read(session, "products?show=eligible").await["total"].clone()
}

/// What an export has now, edited so that the coffee is offered.
async fn edited_export(app: &App<'_>, session: &str) -> ProductsFile {
    let coffee = named(app, session, "House blend coffee, 1 kg").await;
    let mut file = crate::exports::export(app, session).await;
    let id = coffee["id"].as_u64().unwrap();
    file.set(id, "Autoship Eligible", "TRUE").set(id, "Frequency", &right_cell(&coffee));
    file
}

/// What a spreadsheet makes of an export: the coffee is offered, `words` are what its options then say.
async fn from_an_export_to_an_import(size: (u32, u32), edit: impl Fn(&[u8], &Value) -> Vec<u8>, words: &str) {
    let (app, session) = in_demo_store(World::shared().await).await;
    let folder = folder();
    let browser = open(&app, size, "/", &[]).await;
    downloads_go_to(&browser, &folder).await;
    browser.press("Import & export").await;
    browser.says("There are no exports yet.").await;
    browser.says("No products were changed yet.").await;
    browser.picture("import-export-new").await;

    // Exported, and downloaded under the name that the service gave it.
    browser.press("Export all products").await;
    browser.press("Download").await;
    let (name, bytes) = downloaded(&folder, "csv").await;
    assert!(name.starts_with("products-20"), "{name}");
    browser.says(&format!("{name} is downloaded.")).await;

    // Edited in a spreadsheet and brought back: nothing is changed yet, and what would be is seen.
    let coffee = named(&app, &session, "House blend coffee, 1 kg").await;
    let id = coffee["id"].as_u64().unwrap();
    choose_file(&browser, &folder, "edited.csv", &edit(&bytes, &coffee)).await;
    browser.says("Nothing is changed yet.").await;
    assert_eq!(browser.client.title().await.unwrap(), "Import of edited.csv – Ordergroove");
    let line = browser.text_with(&format!("li[data-product='{id}']"), "Every 2 weeks").await;
    assert!(line.contains("House blend coffee, 1 kg") && line.contains(words), "{line}");
    browser.says("1 product shown.").await;
    browser.picture("change-ready").await;
    assert_eq!(eligible(&app, &session).await, 0);

    // Applied, after a question that says the numbers.
    browser.press("Apply").await;
    browser.text_with("[role=dialog]", "1 product changes, 1 newly offered.").await;
    browser.picture("change-apply").await;
    browser.press("Not now").await;
    browser.lacks("[role=dialog]").await;
    browser.focus_is_at("apply-change").await;
    agree(&browser, "Apply").await;
    browser.says("The change is applied.").await;
    browser.find("[data-change=applied]").await;
    browser.picture("change-applied").await;
    let applied = named(&app, &session, "House blend coffee, 1 kg").await;
    assert_eq!((&applied["eligible"], &applied["faults"]), (&json!(true), &json!([])));
    assert_ne!(applied["options"], coffee["options"]);

    // Undone: everything is as it was before.
    agree(&browser, "Undo").await;
    browser.find("[data-change=undone]").await;
    browser.says("The products are as before").await;
    browser.picture("change-undone").await;
    let undone = named(&app, &session, "House blend coffee, 1 kg").await;
    assert_eq!((&undone["eligible"], &undone["options"]), (&coffee["eligible"], &coffee["options"]));

    // The history tells it all.
    browser.press("Back to Import & export").await;
    browser.text_with("[id^=change-][data-state=undone]", "Import of edited.csv").await;
    browser.picture("import-export").await;
    browser.is_quiet().await;
    browser.close().await;
}

#[test]
fn an_export_goes_through_excel_and_comes_back_to_be_applied_and_undone() {
    run(from_an_export_to_an_import(
        SIZES[0],
        |exported, coffee| {
            let (id, mut file) = (coffee["id"].as_u64().unwrap(), ProductsFile::read(exported));
            file.set(id, "Autoship Eligible", "true").set(id, "Frequency", &right_cell(coffee));
            file.bytes(EXCEL)
        },
        "every month",
    ));
}

#[test]
fn an_export_goes_through_libreoffice_and_comes_back_to_be_applied_and_undone() {
    let saved = root().join("tests/fixtures/libreoffice/edited.csv");
    run(from_an_export_to_an_import(SIZES[1], |_, _| std::fs::read(&saved).unwrap(), "every 3 weeks"));
}

#[test]
fn a_file_with_faults_says_where_they_are_and_changes_nothing() {
    run(async {
        for size in SIZES {
            let (app, session) = in_demo_store(World::shared().await).await;
            let folder = folder();
            let browser = open(&app, size, "/import-export", &[]).await;
            downloads_go_to(&browser, &folder).await;
            let mut file = edited_export(&app, &session).await;
            let id = named(&app, &session, "Oat granola").await["id"].as_u64().unwrap();
            file.set(id, "Autoship Eligible", "TRUE").set(id, "Frequency", "[{'option_id': 'x'}]");
            let columns = file.rows[0].len();
            let (product_id, eligible_column) = (file.column("Product ID"), file.column("Autoship Eligible"));
            for number in 1..=120 {
                let mut row = vec![String::new(); columns];
                row[product_id] = format!("{}", 9_000_000 + number);
                "FALSE".clone_into(&mut row[eligible_column]);
                file.rows.push(row);
            }
            choose_file(&browser, &folder, "faulty.csv", &file.bytes(EXPORTED)).await;
            browser.find("[data-change=faulty]").await;
            browser.says("Nothing was changed. Correct what is listed in your file").await;
            browser.says("100 faults shown.").await;
            let first = browser.text_with("[data-fault='1']", "Frequency").await;
            assert!(first.contains(&format!("Product {id}")) && first.contains("[{'option_id': 'x'}]"), "{first}");
            browser.is_accessible("a hundred faults").await;
            browser.press("Show more faults").await;
            browser.says("121 faults shown.").await;
            let last = browser.text_with("[data-fault='121']", "Row 203").await;
            assert!(last.contains("Product ID"), "{last}");
            browser.press("Download as CSV").await;
            let report = eventually("the report is downloaded", || async {
                let file = crate::support::files::files_below(&folder)
                    .into_iter()
                    .find(|file| file.file_name().is_some_and(|name| name.to_str().unwrap().starts_with("faults-")))?;
                std::fs::read_to_string(file).ok().filter(|text| !text.is_empty())
            })
            .await;
            assert_eq!(report.lines().count(), 122, "{report}");
            assert!(report.starts_with("\u{feff}Row,Column,Product,What is wrong,Value\r\n"), "{report}");

            // The product is a link away, and the file can be thrown away.
            browser.press(&format!("Product {id}")).await;
            browser.find(&format!("#product-{id}")).await;
            browser.client.back().await.unwrap();
            agree(&browser, "Throw away").await;
            browser.find("[data-change=cancelled]").await;
            assert_eq!(eligible(&app, &session).await, 0);
            browser.is_quiet().await;
            browser.close().await;
        }
    });
}

#[test]
fn all_products_that_match_are_changed_by_a_rule_that_is_looked_at_first() {
    run(async {
        for size in SIZES {
            let (app, session) = in_demo_store(World::shared().await).await;
            let browser = open(&app, size, "/products?show=not_eligible", &[]).await;
            let all = app.read(&session, "products?show=not_eligible").await["total"].clone();
            browser.click("#select-page").await;
            browser.press(&format!("Select all {all} products that match")).await;
            browser.text_with("[data-test=selected]", &format!("Selected: all {all} products that match")).await;
            browser.press("Fill in the obvious").await;
            browser.find("[data-change=ready]").await;
            let house = named(&app, &session, "House blend coffee, 1 kg").await;
            browser.text_with(&format!("li[data-product='{}']", house["id"]), "every 2 weeks").await;
            assert_eq!(house["options"][1]["every"], 0, "nothing is changed before it is applied");
            agree(&browser, "Apply").await;
            browser.find("[data-change=applied]").await;
            assert_eq!(named(&app, &session, "House blend coffee, 1 kg").await["options"][1]["every"], 2);
            assert_eq!(eligible(&app, &session).await, 0, "filling in never offers a product");

            // Offered are those that can be; the others are told.
            browser.press("Products").await;
            browser.click("#select-page").await;
            browser.press(&format!("Select all {all} products of the store")).await;
            browser.press("Offer").await;
            browser.find("[data-change=ready]").await;
            browser.says("These products are left as they are.").await;
            let dripper = named(&app, &session, "Hand grinder").await["id"].clone();
            browser.says(&format!("Product {dripper}")).await;
            browser.press("Apply").await;
            browser.text_with("[role=dialog]", "Products with faults are left as they are.").await;
            browser.picture("change-offer").await;
            browser.press("Not now").await;
            browser.lacks("[role=dialog]").await;
            agree(&browser, "Apply").await;
            browser.find("[data-change=applied]").await;
            let offered = eligible(&app, &session).await;
            assert!(offered.as_u64().unwrap() > 40 && offered != all, "{offered}");
            browser.is_quiet().await;
            browser.close().await;
        }
    });
}

#[test]
fn a_change_is_checked_anew_when_products_changed_meanwhile() {
    run(async {
        let (app, session) = in_demo_store(World::shared().await).await;
        let folder = folder();
        let browser = open(&app, SIZES[0], "/import-export", &[]).await;
        let file = edited_export(&app, &session).await;
        choose_file(&browser, &folder, "edited.csv", &file.bytes(EXPORTED)).await;
        browser.find("[data-change=ready]").await;
        let granola = named(&app, &session, "Oat granola").await;
        let edit = json!({"products": [{"id": granola["id"], "revision": granola["revision"], "eligible": false,
            "options": [{"option_id": granola["options"][1]["option_id"], "every": 3, "every_period": 2}]}]});
        let answer = app.console_at(&session, Method::PATCH, "products").json(&edit).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        agree(&browser, "Apply").await;
        browser.says("Products changed meanwhile").await;
        browser.find("[data-change=ready]").await;
        browser.says("2 products shown.").await;
        assert_eq!(eligible(&app, &session).await, 0);
        browser.picture("change-checked-anew").await;
        agree(&browser, "Apply").await;
        browser.find("[data-change=applied]").await;
        assert_eq!(eligible(&app, &session).await, 1);
        browser.is_quiet().await;
        browser.close().await;
    });
}

#[test]
fn a_file_that_is_too_large_or_empty_is_not_even_sent() {
    run(async {
        let (app, session) = in_demo_store(World::shared().await).await;
        let folder = folder();
        let large = folder.join("large.csv");
        std::fs::File::create(&large).unwrap().set_len(95 * 1024 * 1024 + 1).unwrap();
        for size in SIZES {
            let browser = open(&app, size, "/import-export", &[]).await;
            browser.says("A CSV file of at most 95 MB.").await;
            browser.find("#import-file").await.send_keys(large.to_str().unwrap()).await.unwrap();
            browser.says("“large.csv” is too large (95 MB). A file may have at most 95 MB.").await;
            browser.picture("import-too-large").await;
            choose_file(&browser, &folder, "empty.csv", b"").await;
            browser.says("“empty.csv” is empty.").await;
            assert_eq!(app.read(&session, "changes").await["changes"], json!([]));
            browser.is_quiet().await;
            browser.close().await;
        }
        std::fs::remove_file(large).unwrap();
    });
}

#[test]
fn an_upload_shows_how_far_it_is_and_can_be_cancelled() {
    run(async {
        let (app, session) = in_demo_store(World::shared().await).await;
        let folder = folder();
        let mut file = crate::exports::export(&app, &session).await;
        for size in SIZES {
            let browser = open(&app, size, "/import-export", &[]).await;
            browser.find("#import-file").await;
            let slow = json!({"offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 20_000});
            browser.devtools("Network.enable", json!({})).await;
            browser.devtools("Network.emulateNetworkConditions", slow).await;
            file.rows.truncate(83);
            let mut bytes = file.bytes(EXPORTED);
            bytes.resize(2_000_000, b'\n');
            choose_file(&browser, &folder, "slow.csv", &bytes).await;
            browser.says("Uploading “slow.csv”…").await;
            browser.find("[role=progressbar][aria-valuenow]:not([aria-valuenow='0'])").await;
            browser.is_accessible("uploading").await;
            browser.press("Cancel").await;
            browser.find("#import-file").await;
            browser.lacks("[role=progressbar]").await;
            browser.is_quiet().await;
            browser.close().await;
        }
    });
}
