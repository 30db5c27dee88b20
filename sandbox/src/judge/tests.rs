//! The judge against a small file of our own.

use axum::http::Method;
use serde_json::{Value, json};

use super::Judge;

const YAML: &str = r"
openapi: '3.0.3'
servers:
  - url: 'https://api.example.com/stores/{store_hash}/v3'
paths:
  '/plants':
    get:
      parameters:
        - $ref: '#/components/parameters/Limit'
        - { name: 'id:in', in: query, style: form, explode: false, schema: { type: array, items: { type: integer } } }
        - { name: shade, in: query, required: true, schema: { type: boolean } }
      responses: { 200: { description: '' } }
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/Plant' }
  '/plants/{plant_id}':
    parameters:
      - { name: plant_id, in: path, required: true, schema: { type: integer, minimum: 1 } }
    get: {}
  '/plants/potted':
    get: {}
  '/broken':
    post:
      requestBody:
        content: { application/json: { schema: { type: 7 } } }
components:
  parameters:
    Limit: { name: limit, in: query, schema: { type: integer, maximum: 250 } }
  schemas:
    Plant:
      type: object
      required: [name]
      properties:
        name: { type: string, minLength: 2 }
        pot: { $ref: '#/components/schemas/Pot' }
        note: { type: string, nullable: true }
        description: { type: string }
    Pot:
      nullable: true
      allOf:
        - { type: object, properties: { litres: { type: number, minimum: 0, exclusiveMinimum: true } } }
";

fn get(path: &str, query: &[(&str, &str)]) -> Result<(), String> {
    let query: Vec<_> = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Judge::of(YAML)?.check(&Method::GET, &format!("/stores/abc/v3{path}"), &query, None)
}

fn post(path: &str, body: &Value) -> Result<(), String> {
    Judge::of(YAML)?.check(&Method::POST, &format!("/stores/abc/v3{path}"), &[], Some(body))
}

#[test]
fn query_parameters_are_known_typed_and_there() {
    assert_eq!(get("/plants", &[("shade", "true"), ("limit", "250"), ("id:in", "1,2")]), Ok(()));
    for wrong in [
        vec![],
        vec![("shade", "dark")],
        vec![("shade", "true"), ("limit", "251")],
        vec![("shade", "true"), ("limit", "many")],
        vec![("shade", "true"), ("id:in", "1,x")],
        vec![("shade", "true"), ("colour", "green")],
    ] {
        assert!(get("/plants", &wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn the_more_exact_path_is_the_one() {
    assert_eq!(get("/plants/potted", &[]), Ok(()));
    assert_eq!(get("/plants/7", &[]), Ok(()));
    assert!(get("/plants/0", &[]).is_err());
    assert!(get("/plants/rose", &[]).is_err());
    assert!(get("/trees", &[]).is_err());
    let judge = Judge::of(YAML).expect("the file");
    assert!(judge.check(&Method::DELETE, "/stores/abc/v3/plants", &[], None).is_err());
}

#[test]
fn bodies_follow_references_and_nullable() {
    for right in [
        json!({ "name": "fern" }),
        json!({ "name": "fern", "note": null, "pot": null }),
        json!({ "name": "fern", "pot": { "litres": 0.5 } }),
    ] {
        assert_eq!(post("/plants", &right), Ok(()), "{right}");
    }
    for wrong in [
        json!({}),
        json!({ "name": null }),
        json!({ "name": "f" }),
        json!({ "name": "fern", "description": 7 }),
        json!({ "name": "fern", "pot": { "litres": 0 } }),
        json!("fern"),
    ] {
        assert!(post("/plants", &wrong).is_err(), "{wrong}");
    }
    let judge = Judge::of(YAML).expect("the file");
    assert!(judge.check(&Method::POST, "/stores/abc/v3/plants", &[], None).is_err());
}

#[test]
fn a_schema_that_does_not_compile_judges_nothing() {
    assert_eq!(post("/broken", &json!({ "any": "thing" })), Ok(()));
}

#[test]
fn the_real_files_can_be_read() {
    let Some(directory) = std::env::var_os("BIGCOMMERCE_OPENAPI_DIR") else {
        println!("skipped: BIGCOMMERCE_OPENAPI_DIR is not set");
        return;
    };
    let judge = Judge::load(directory.as_ref()).expect("the directory");
    assert!(judge.operations() > 100, "{} operations", judge.operations());
    let hooks = "/stores/abc/v3/hooks";
    let hook = json!({ "scope": "store/order/created", "destination": "https://a.example/" });
    assert_eq!(judge.check(&Method::POST, hooks, &[], Some(&hook)), Ok(()));
    assert!(judge.check(&Method::POST, hooks, &[], Some(&json!({ "scope": "store/order/created" }))).is_err());
    assert_eq!(judge.check(&Method::GET, "/stores/abc/v2/store", &[], None), Ok(()));
    let query = [("channel_id:in".to_owned(), "1,2".to_owned())];
    assert_eq!(judge.check(&Method::GET, "/stores/abc/v3/sites", &query, None), Ok(()));
}
