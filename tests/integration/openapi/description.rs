//! Reading the description, and holding answers against it.

use std::cell::RefCell;
use std::collections::BTreeSet;

use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use crate::support::process::root;

/// `docs/openapi.yaml`.
pub struct Description {
    document: Value,
}

impl Description {
    /// Reads the file.
    pub fn read() -> Self {
        let text = std::fs::read_to_string(root().join("docs/openapi.yaml")).expect("the file");
        Self { document: serde_saphyr::from_str(&text).expect("YAML") }
    }

    /// `METHOD /path` of every operation.
    pub fn operations(&self) -> BTreeSet<String> {
        let paths = self.document["paths"].as_object().expect("paths").iter();
        let operations = paths.flat_map(|(path, item)| {
            let methods = item.as_object().expect("an object").keys().filter(|name| *name != "parameters");
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        });
        operations.collect()
    }

    /// `METHOD /path status` of every answer.
    fn answers(&self) -> BTreeSet<String> {
        let answers = self.operations().into_iter().flat_map(|operation| {
            let responses = self.operation(&operation)["responses"].as_object().expect("responses");
            responses.keys().map(|status| format!("{operation} {status}")).collect::<Vec<_>>()
        });
        answers.collect()
    }

    fn operation(&self, operation: &str) -> &Value {
        let (method, path) = operation.split_once(' ').expect("METHOD /path");
        &self.document["paths"][path][method.to_lowercase()]
    }

    /// What an object is, wherever it is described.
    fn resolve<'d>(&'d self, value: &'d Value) -> &'d Value {
        match value["$ref"].as_str() {
            Some(reference) => self.document.pointer(&reference[1..]).unwrap_or_else(|| panic!("{reference}")),
            None => value,
        }
    }

    /// What a schema finds wrong with a value.
    fn check(&self, schema: &Value, value: &Value) -> Vec<String> {
        let whole = json!({"allOf": [schema], "components": self.document["components"]});
        let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).should_validate_formats(true);
        let validator = options.build(&whole).unwrap_or_else(|error| panic!("{schema}: {error}"));
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
    }

    /// What is wrong with a body that is sent.
    pub fn judge_body(&self, operation: &str, body: &Value) -> Vec<String> {
        self.check(&self.operation(operation)["requestBody"]["content"]["application/json"]["schema"], body)
    }

    fn judge(&self, operation: &str, answer: &Answer) -> Vec<String> {
        let responses = &self.operation(operation)["responses"];
        let status = answer.status.to_string();
        let Some(described) = responses.get(&status) else { return vec![format!("{status} is not described")] };
        let described = self.resolve(described);
        let mut faults = Vec::new();
        for (name, header) in described["headers"].as_object().into_iter().flatten() {
            let header = self.resolve(header);
            match answer.header(name) {
                Some(value) => faults.extend(self.check(&header["schema"], &json!(value))),
                None if header["required"] == true => faults.push(format!("{name} is missing")),
                None => {}
            }
        }
        let kind = answer.header("content-type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default();
        match (described.get("content"), answer.text.is_empty()) {
            (None, true) => {}
            (None, false) => faults.push("there is a body".to_owned()),
            (Some(content), _) => match content.get(kind) {
                None => faults.push(format!("content-type {kind:?} is not described")),
                Some(content) => faults.extend(self.check(&content["schema"], &answer.body(kind))),
            },
        }
        faults
    }
}

struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    text: String,
}

impl Answer {
    async fn of(answer: Response) -> Self {
        let headers = answer.headers().iter();
        let headers =
            headers.map(|(name, value)| (name.to_string(), value.to_str().expect("ASCII").to_owned())).collect();
        Self { status: answer.status().as_u16(), headers, text: answer.text().await.expect("text") }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn body(&self, kind: &str) -> Value {
        if kind.ends_with("json") { serde_json::from_str(&self.text).expect("JSON") } else { json!(self.text) }
    }
}

/// Sends requests, and holds each answer against the description.
pub struct Witness {
    description: Description,
    seen: RefCell<BTreeSet<String>>,
}

impl Witness {
    /// Has seen nothing yet.
    pub fn new(description: Description) -> Self {
        Self { description, seen: RefCell::default() }
    }

    /// Sends a request to an operation; its answer must be as described.
    pub async fn sees(&self, operation: &str, request: RequestBuilder) {
        let answer = Answer::of(request.send().await.expect("an answer")).await;
        let faults = self.description.judge(operation, &answer);
        assert!(faults.is_empty(), "{operation} {}: {faults:#?}\n{:?}\n{}", answer.status, answer.headers, answer.text);
        self.seen.borrow_mut().insert(format!("{operation} {}", answer.status));
    }

    /// Described answers that no request got, but those of the statuses in `excused`.
    pub fn unseen(&self, excused: &[&str]) -> Vec<String> {
        let unseen = self.description.answers().into_iter().filter(|answer| !self.seen.borrow().contains(answer));
        unseen.filter(|answer| !excused.iter().any(|status| answer.ends_with(status))).collect()
    }
}
