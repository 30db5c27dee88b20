//! Exports: requirements C2 and C3.

use reqwest::Method;
use serde_json::Value;

use crate::products::{all, in_demo_store};
use crate::support::app::refused;
use crate::support::products_file::ProductsFile;
use crate::support::{App, World, eventually, run};

/// Asks for an export; gives it when it is written.
pub async fn exported(app: &App<'_>, session: &str) -> Value {
    let answer = app.console_at(session, Method::POST, "exports").send().await.unwrap();
    assert_eq!(answer.status(), 202);
    let export: Value = answer.json().await.unwrap();
    written(app, session, export["id"].as_i64().unwrap()).await
}

/// An export when it is written.
pub async fn written(app: &App<'_>, session: &str, id: i64) -> Value {
    eventually("the export is written", || async {
        let export = app.read(session, &format!("exports/{id}")).await;
        (export["state"] != "writing").then_some(export)
    })
    .await
}

/// The bytes of an export.
pub async fn file(app: &App<'_>, session: &str, id: &Value) -> Vec<u8> {
    let answer = app.console_at(session, Method::GET, &format!("exports/{id}/file")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.bytes().await.unwrap().to_vec()
}

/// A fresh export, as it is edited.
pub async fn export(app: &App<'_>, session: &str) -> ProductsFile {
    let export = exported(app, session).await;
    assert_eq!(export["state"], "ready", "{export}");
    ProductsFile::read(&file(app, session, &export["id"]).await)
}

#[test]
fn an_export_has_a_row_for_every_product() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        let products = all(&app, &session).await;
        let export = exported(&app, &session).await;
        assert_eq!(
            (export["done"].as_u64(), export["total"].as_u64()),
            (Some(products.len() as u64), export["done"].as_u64())
        );
        assert_eq!(export["user"]["id"], 7, "{export}");
        let path = format!("exports/{}/file", export["id"]);
        let answer = app.console_at(&session, Method::GET, &path).send().await.unwrap();
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "text/csv; charset=utf-8");
        let name = header("content-disposition");
        let day = name.strip_prefix("attachment; filename=\"products-20").and_then(|rest| rest.strip_suffix(".csv\""));
        assert_eq!(day.map(str::len), Some(8), "{name}");
        assert_eq!(header("cache-control"), "no-store");
        let bytes = answer.bytes().await.unwrap();
        assert_eq!(export["bytes"].as_u64(), Some(bytes.len() as u64));
        let mut file = ProductsFile::read(&bytes);
        assert_eq!(file.rows[0], ["Product ID", "SKU", "Name", "Autoship Eligible", "Frequency"]);
        assert_eq!(file.rows.len(), products.len() + 1);
        for product in &products {
            let id = product["id"].as_u64().unwrap();
            assert_eq!(file.cell(id, "Autoship Eligible"), "FALSE");
            let name = product["name"].as_str().unwrap();
            let is_formula = name.starts_with(['=', '+', '-', '@']);
            assert_eq!(*file.cell(id, "Name"), if is_formula { format!("'{name}") } else { name.to_owned() });
            let options = product["options"].as_array().unwrap().iter().map(|option| {
                let name = option["name"].as_str().unwrap().replace('\'', "\\'");
                format!(
                    "{{'Name': '{name}', 'option_id': {}, 'every': 0, 'every_period': 0, 'is_default': 'FALSE'}}",
                    option["option_id"]
                )
            });
            let options = options.collect::<Vec<_>>().join("; ");
            let expected = if product["modifier"].is_null() { String::new() } else { format!("[{options}]") };
            assert_eq!(*file.cell(id, "Frequency"), expected, "{name}");
        }
        let formulas = file.rows.iter().filter(|row| row[2].starts_with('\'') && row[2].len() > 1).count();
        assert!(formulas >= 4, "the demo store has names that look like formulas");
    });
}

#[test]
fn five_exports_are_kept_and_each_can_be_deleted() {
    run(async {
        let world = World::shared().await;
        let (app, session) = in_demo_store(world).await;
        let mut ids = Vec::new();
        for _ in 0..6 {
            ids.push(exported(&app, &session).await["id"].as_i64().unwrap());
        }
        let listed = |exports: Value| -> Vec<i64> {
            exports["exports"].as_array().unwrap().iter().map(|export| export["id"].as_i64().unwrap()).collect()
        };
        ids.reverse();
        assert_eq!(listed(app.read(&session, "exports").await), ids[..5]);
        let at = |method: Method, path: String| app.console_at(&session, method, &path).send();
        refused(at(Method::GET, format!("exports/{}/file", ids[5])).await.unwrap(), 404, "not_found").await;
        assert_eq!(at(Method::DELETE, format!("exports/{}", ids[1])).await.unwrap().status(), 204);
        refused(at(Method::DELETE, format!("exports/{}", ids[1])).await.unwrap(), 404, "not_found").await;
        ids.remove(1);
        assert_eq!(listed(app.read(&session, "exports").await), ids[..4]);
        refused(at(Method::GET, "exports/x".to_owned()).await.unwrap(), 404, "not_found").await;
    });
}
