//! `openapi.json` describes the API: the examples in it are the answers, word for word.

use std::collections::BTreeMap;

use reqwest::{Method, Url};
use serde_json::Value;

use crate::{callbacks::good::assert_restocked_with, callbacks::good::waiting};
use system_testkit::{Callback, LONG_WAIT, System, customer::client};

const CHECKOUT: &str = "/checkout";
const PRODUCTS: &str = "/products";
const PRODUCT: &str = "/products/{sku}";
const COMPLETION: &str = "/factory/completions/{production_order}";

/// The document as it stands in the repository.
pub fn document() -> Value {
    serde_json::from_str(include_str!("../../openapi.json")).expect("JSON")
}

/// The one operation of a path.
fn operation(path: &str) -> (Method, Value) {
    let document = document();
    let operations = document["paths"][path].as_object().expect(path);
    let (method, operation) = operations.iter().next().expect("an operation");
    (method.to_uppercase().parse().expect("a method"), operation.clone())
}

#[test]
fn the_document_has_the_routes_of_system_json_with_the_names_of_their_functions() {
    let document = document();
    let paths = document["paths"].as_object().expect("paths");
    let routes: BTreeMap<String, String> = paths
        .iter()
        .flat_map(|(path, operations)| {
            let operations = operations.as_object().expect("operations");
            operations.iter().map(move |(method, operation)| {
                let function = operation["operationId"].as_str().expect("a name");
                (format!("{} {path}", method.to_uppercase()), function.to_owned())
            })
        })
        .collect();
    assert_eq!(routes, functions_of_routes());
}

/// The function that handles the requests of each route: at once, or as the consumer of the queue that stores them.
fn functions_of_routes() -> BTreeMap<String, String> {
    let system = system::System::read().expect("system.json");
    let stored = system.queue_routes.iter().map(|(route, target)| {
        let consumer = system.queues[&target.queue].consumer.clone();
        (route.clone(), consumer.expect("a consumer"))
    });
    system.routes.clone().into_iter().chain(stored).collect()
}

/// A request from the examples in the document.
struct Example {
    path: &'static str,
    parameters: BTreeMap<String, String>,
    body: Option<Value>,
}

impl Example {
    fn of(path: &'static str) -> Self {
        let (_, operation) = operation(path);
        let parameters = operation["parameters"].as_array().expect("parameters").iter();
        let parameters = parameters.map(|parameter| {
            let value = match &parameter["example"] {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            (parameter["name"].as_str().expect("a name").to_owned(), value)
        });
        let body = operation.pointer("/requestBody/content/application~1json/example").cloned();
        Self { path, parameters: parameters.collect(), body }
    }

    fn with(mut self, parameter: &str, value: &str) -> Self {
        self.parameters.insert(parameter.to_owned(), value.to_owned());
        self
    }

    fn without(mut self, parameter: &str) -> Self {
        self.parameters.remove(parameter);
        self
    }

    fn with_field(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.body.as_mut().expect("a body")[field] = value.into();
        self
    }

    /// With the URL of a callback that is awaited.
    fn signed_as(self, callback: &Callback) -> Self {
        let parts = ["quantity", "expires", "signature"];
        let example = self.with("production_order", &callback.order());
        parts.into_iter().fold(example, |example, part| example.with(part, &callback.part(part)))
    }

    /// Sends the request. The answer has this status and is the example for it in the document.
    async fn assert_answered(&self, system: &System, status: u16) {
        let (content_type, body) = self.assert_status(system, status).await;
        let (_, operation) = operation(self.path);
        let documented = &operation["responses"][status.to_string()]["content"][content_type];
        let body: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(body, documented["example"], "{} {status}", self.path);
    }

    /// Sends the request. The answer has this status and a content type of the document. Returns content type and body.
    async fn assert_status(&self, system: &System, status: u16) -> (String, String) {
        let (method, operation) = operation(self.path);
        let mut request = client().request(method, self.url(system));
        if let Some(key) = self.parameters.get("Idempotency-Key") {
            request = request.header("Idempotency-Key", key);
        }
        if let Some(body) = &self.body {
            request = request.json(body);
        }
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), status, "{}: {:?}", self.path, self.body);
        let content_type = answer.headers()["content-type"].to_str().expect("text").to_owned();
        let documented = &operation["responses"][status.to_string()]["content"];
        assert!(documented.get(&content_type).is_some(), "{} {status}: {content_type}", self.path);
        (content_type, answer.text().await.expect("a body"))
    }

    fn url(&self, system: &System) -> Url {
        let base = &system.cloud.outputs.sales_api_url;
        let mut url: Url =
            format!("{}{}", base.trim_end_matches('/'), self.path).parse().expect("a URL");
        for (name, value) in self.parameters.iter().filter(|(name, _)| *name != "Idempotency-Key") {
            let placeholder = format!("{{{name}}}");
            if self.path.contains(&placeholder) {
                let path = self.path.replace(&placeholder, value);
                url.set_path(&format!("{}{path}", base_path(base)));
            } else {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        url
    }
}

fn base_path(base: &str) -> String {
    let base: Url = base.parse().expect("a URL");
    base.path().trim_end_matches('/').to_owned()
}

#[tokio::test]
async fn customers_get_the_answers_of_the_document_word_for_word() {
    let system = System::with(20, LONG_WAIT).await;
    let unknown = "CP-502102";
    Example::of(PRODUCTS).assert_answered(&system, 200).await;
    Example::of(PRODUCTS).without("after").assert_answered(&system, 200).await;
    Example::of(PRODUCTS).with("limit", "101").assert_answered(&system, 400).await;
    Example::of(PRODUCT).assert_answered(&system, 200).await;
    Example::of(PRODUCT).with("sku", unknown).assert_answered(&system, 404).await;
    Example::of(PRODUCT).with("sku", "cp").assert_answered(&system, 400).await;

    let checkout = || Example::of(CHECKOUT);
    checkout().without("Idempotency-Key").assert_answered(&system, 400).await;
    checkout().with_field("more", " ".repeat(4096)).assert_answered(&system, 413).await;
    checkout().with_field("sku", unknown).assert_answered(&system, 404).await;
    checkout().assert_answered(&system, 200).await;
    checkout().with_field("quantity", 2).assert_answered(&system, 422).await;
    let other = checkout().with("Idempotency-Key", "other");
    other.with_field("quantity", 100).assert_answered(&system, 409).await;
    system.finish().await;
}

#[tokio::test]
async fn callbacks_get_the_answers_of_the_document() {
    let (system, callback) = waiting().await;
    let signed = || Example::of(COMPLETION).signed_as(&callback);
    Example::of(COMPLETION).assert_status(&system, 200).await;
    Example::of(COMPLETION).with("signature", "").assert_status(&system, 400).await;
    Example::of(COMPLETION).with("signature", "\"").assert_status(&system, 400).await;
    signed().with_field("more", " ".repeat(65536)).assert_status(&system, 400).await;
    signed().assert_status(&system, 200).await;
    assert_restocked_with(&system, 50).await;
    system.finish().await;
}
