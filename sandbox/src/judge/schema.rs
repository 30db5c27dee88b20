//! From an `OpenAPI` 3.0 schema to a JSON Schema that can be compiled on its own.
//!
//! 3.0 is close to draft 4. Two things differ: `nullable`, and that a schema's
//! references point into the whole document. So a schema is taken together with
//! what it refers to, at the same places, and the references stay as they are.

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

/// Compiles a schema of the document; `None`, and a line on stderr, when it cannot be.
pub(super) fn compile(document: &Value, schema: &Value, what: &str) -> Option<Validator> {
    let mut root = translate(schema);
    let mut wanted = Vec::new();
    references(&root, &mut wanted);
    let mut beside = json!({});
    let mut taken: Vec<String> = Vec::new();
    while let Some(pointer) = wanted.pop() {
        if taken.contains(&pointer) {
            continue;
        }
        if let Some(target) = document.pointer(&pointer) {
            let target = translate(target);
            references(&target, &mut wanted);
            put(&mut beside, &pointer, target);
        }
        taken.push(pointer);
    }
    if let (Value::Object(root), Value::Object(beside)) = (&mut root, beside) {
        // In draft 4 a `$ref` hides its siblings from validation, not from being pointed into.
        root.extend(beside);
    }
    match jsonschema::options().with_draft(Draft::Draft4).should_validate_formats(false).build(&root) {
        Ok(validator) => Some(validator),
        Err(error) => {
            eprintln!("sandbox: the schema of {what} judges nothing: {error}");
            None
        }
    }
}

/// A copy in which `nullable` is said in JSON Schema's words and prose is left out.
fn translate(schema: &Value) -> Value {
    match schema {
        Value::Array(items) => items.iter().map(translate).collect(),
        Value::Object(fields) => {
            let mut copy: Map<String, Value> = fields
                .iter()
                .filter(|(name, value)| !is_prose(name, value))
                .map(|(name, value)| (name.clone(), translate(value)))
                .collect();
            if fields.get("nullable") == Some(&Value::Bool(true)) {
                copy.remove("nullable");
                return allow_null(copy);
            }
            Value::Object(copy)
        }
        other => other.clone(),
    }
}

/// Keywords that say nothing about validity. A *property* of such a name is a schema, so it stays.
fn is_prose(name: &str, value: &Value) -> bool {
    match name {
        "example" | "default" => value.get("type").is_none() && value.get("$ref").is_none(),
        "description" | "title" => value.is_string(),
        _ => name.starts_with("x-"),
    }
}

fn allow_null(mut schema: Map<String, Value>) -> Value {
    if let Some(Value::Array(values)) = schema.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    match schema.get_mut("type") {
        Some(kind @ Value::String(_)) => {
            *kind = json!([kind.take(), "null"]);
            Value::Object(schema)
        }
        Some(_) => Value::Object(schema),
        None => json!({ "anyOf": [{ "type": "null" }, schema] }),
    }
}

/// Every `#/...` that is referred to, without the `#`.
fn references(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(fields) => {
            if let Some(pointer) = fields.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#')) {
                found.push(pointer.to_owned());
            }
            fields.values().for_each(|value| references(value, found));
        }
        _ => {}
    }
}

/// Puts a value at a pointer, making the objects on the way.
fn put(root: &mut Value, pointer: &str, value: Value) {
    let mut place = root;
    for part in pointer.trim_start_matches('/').split('/') {
        let name = part.replace("~1", "/").replace("~0", "~");
        let Value::Object(fields) = place else { return };
        place = fields.entry(name).or_insert_with(|| json!({}));
    }
    *place = value;
}
