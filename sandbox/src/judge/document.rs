//! Reading one `OpenAPI` file into operations that can check a request.

use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Value, json};
use std::sync::Arc;

use super::schema;

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Path,
    Query,
}

/// A schema, compiled when it is first needed: most never are.
#[derive(Debug)]
struct Check {
    document: Arc<Value>,
    schema: Value,
    what: String,
    compiled: OnceLock<Option<Validator>>,
}

impl Check {
    fn run(&self, value: &Value) -> Result<(), String> {
        let compiled = self.compiled.get_or_init(|| schema::compile(&self.document, &self.schema, &self.what));
        let Some(validator) = compiled else {
            return Ok(());
        };
        validator.validate(value).map_err(|error| {
            let place = error.instance_path().to_string();
            if place.is_empty() { error.to_string() } else { format!("{place}: {error}") }
        })
    }
}

/// A path or query parameter.
#[derive(Debug)]
pub(super) struct Parameter {
    name: String,
    place: Place,
    required: bool,
    /// What the text is read as before it is checked.
    kind: Kind,
    check: Check,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Text,
    Number,
    Bool,
    /// Comma-separated; whether the items are numbers.
    List {
        numbers: bool,
    },
}

impl Parameter {
    pub(super) fn check(&self, text: &str) -> Result<(), String> {
        let number =
            |text: &str| text.parse::<i64>().map(Value::from).or_else(|_| text.parse::<f64>().map(Value::from)).ok();
        let value = match self.kind {
            Kind::Text => None,
            Kind::Number => number(text),
            Kind::Bool => text.parse::<bool>().ok().map(Value::from),
            Kind::List { numbers } => {
                let item = |text: &str| if numbers { number(text) } else { None }.unwrap_or_else(|| json!(text));
                Some(text.split(',').map(item).collect())
            }
        };
        self.check.run(&value.unwrap_or_else(|| json!(text)))
    }
}

/// One method on one path.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) method: String,
    /// The template's parts, server path first.
    segments: Vec<String>,
    parameters: Vec<Parameter>,
    body: Option<Check>,
    body_required: bool,
}

impl Operation {
    pub(super) fn fits(&self, path: &[&str]) -> bool {
        self.segments.len() == path.len()
            && self.segments.iter().zip(path).all(|(template, part)| variable(template).is_some() || template == part)
    }

    pub(super) fn fixed_segments(&self) -> usize {
        self.segments.iter().filter(|part| variable(part).is_none()).count()
    }

    pub(super) fn path_values<'a>(&'a self, path: &'a [&'a str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.segments.iter().zip(path).filter_map(|(template, part)| Some((variable(template)?, *part)))
    }

    pub(super) fn parameter(&self, place: Place, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.place == place && parameter.name == name)
    }

    pub(super) fn required(&self, place: Place) -> impl Iterator<Item = &str> {
        self.parameters
            .iter()
            .filter(move |parameter| parameter.place == place && parameter.required)
            .map(|parameter| parameter.name.as_str())
    }

    pub(super) fn check_body(&self, body: Option<&Value>) -> Result<(), String> {
        match (&self.body, body) {
            (None, Some(_)) => Err("the operation takes no body".to_owned()),
            (Some(_), None) if self.body_required => Err("the operation needs a body".to_owned()),
            (_, None) => Ok(()),
            (Some(check), Some(body)) => check.run(body).map_err(|reason| format!("body: {reason}")),
        }
    }
}

fn variable(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// Every operation of a file. The error is why the file is of no use.
pub(super) fn read(yaml: &str) -> Result<Vec<Operation>, String> {
    let document: Value = serde_saphyr::from_str(yaml).map_err(|error| error.to_string())?;
    let document = Arc::new(document);
    let version = document.get("openapi").and_then(Value::as_str).unwrap_or_default();
    if !version.starts_with("3.0") {
        return Err(format!("it is OpenAPI {version:?}, not 3.0"));
    }
    let server = document.pointer("/servers/0/url").and_then(Value::as_str).unwrap_or_default();
    // A template with braces is no address to a parser of addresses; its path is all that is needed.
    let base = server
        .split_once("://")
        .and_then(|(_, rest)| rest.split_once('/'))
        .map_or(String::new(), |(_, path)| path.trim_end_matches('/').to_owned());
    let paths = document.get("paths").and_then(Value::as_object).ok_or("it has no paths")?;
    let mut operations = Vec::new();
    for (path, item) in paths {
        let template = format!("{base}{path}");
        for method in ["get", "post", "put", "patch", "delete"] {
            if let Some(operation) = item.get(method) {
                operations.push(operation_of(&document, &template, method, item, operation));
            }
        }
    }
    Ok(operations)
}

fn operation_of(document: &Arc<Value>, template: &str, method: &str, item: &Value, operation: &Value) -> Operation {
    let method = method.to_uppercase();
    let what = format!("{method} /{template}");
    let mut parameters: Vec<Parameter> = Vec::new();
    // The operation's own come first, so that they are found before the path's.
    for list in [operation, item] {
        let list = list.get("parameters").and_then(Value::as_array);
        parameters.extend(list.into_iter().flatten().filter_map(|given| parameter_of(document, given, &what)));
    }
    let body = operation.get("requestBody").map(|body| resolve(document, body));
    let schema = body.and_then(|body| body.pointer("/content/application~1json/schema"));
    Operation {
        segments: template.split('/').map(str::to_owned).collect(),
        parameters,
        body: schema.map(|schema| Check {
            document: document.clone(),
            schema: schema.clone(),
            what: format!("the body of {what}"),
            compiled: OnceLock::new(),
        }),
        body_required: body.and_then(|body| body.get("required")) == Some(&Value::Bool(true)),
        method,
    }
}

fn parameter_of(document: &Arc<Value>, given: &Value, what: &str) -> Option<Parameter> {
    let given = resolve(document, given);
    let place = match given.get("in")?.as_str()? {
        "path" => Place::Path,
        "query" => Place::Query,
        _ => return None,
    };
    let name = given.get("name")?.as_str()?.to_owned();
    let schema = given.get("schema").cloned().unwrap_or_else(|| json!({}));
    let kind = match type_of(document, &schema) {
        Some("integer" | "number") => Kind::Number,
        Some("boolean") => Kind::Bool,
        Some("array") => {
            let items = resolve(document, &schema).get("items").cloned().unwrap_or_default();
            Kind::List { numbers: matches!(type_of(document, &items), Some("integer" | "number")) }
        }
        _ => Kind::Text,
    };
    Some(Parameter {
        place,
        required: given.get("required") == Some(&Value::Bool(true)),
        kind,
        check: Check {
            document: document.clone(),
            schema,
            what: format!("parameter {name} of {what}"),
            compiled: OnceLock::new(),
        },
        name,
    })
}

fn type_of<'a>(document: &'a Value, schema: &'a Value) -> Option<&'a str> {
    resolve(document, schema).get("type")?.as_str()
}

/// Follows references within the document, a few deep: a circle ends too.
fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let mut value = value;
    for _ in 0..8 {
        let pointer = value.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#'));
        match pointer.and_then(|pointer| document.pointer(pointer)) {
            Some(target) => value = target,
            None => break,
        }
    }
    value
}
