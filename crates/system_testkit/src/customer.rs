//! Requests that no correct client sends: any key, any body, any content type.

use reqwest::{Client, header::HeaderMap};
use serde_json::Value;

use crate::System;

pub const JSON: &str = "application/json";

/// A content type whose bodies API Gateway passes on in Base64.
pub const BINARY: &str = "application/octet-stream";

/// The whole answer to a request: status, headers and body.
#[derive(Debug)]
pub struct RawResponse {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl RawResponse {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a header of text"))
    }

    pub fn outcome(&self) -> &str {
        self.body["outcome"].as_str().unwrap_or("none")
    }

    pub fn detail(&self) -> &str {
        self.body["detail"].as_str().unwrap_or("none")
    }

    /// The answer is a problem of RFC 9457, with this status and outcome.
    pub fn assert_problem(&self, status: u16, outcome: &str) {
        assert_eq!((self.status, self.outcome()), (status, outcome), "{self:?}");
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        assert_eq!(self.body["type"], format!("urn:restock:problem:{outcome}"), "{self:?}");
        assert_eq!(self.body["status"], status, "{self:?}");
        for member in ["title", "detail"] {
            assert!(self.body[member].as_str().is_some_and(|text| !text.is_empty()), "{self:?}");
        }
    }
}

/// `POST /checkout`
pub async fn checkout(
    system: &System,
    key: Option<&[u8]>,
    content_type: &str,
    body: impl Into<Vec<u8>>,
) -> RawResponse {
    let url = format!("{}/checkout", system.cloud.outputs.sales_api_url);
    let mut request = client().post(url).header("content-type", content_type).body(body.into());
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    send(request).await
}

/// `GET /products/{sku}`, or `GET /products` with a query that begins with a question mark.
pub async fn get_product(system: &System, sku: &str) -> RawResponse {
    let slash = if sku.starts_with('?') { "" } else { "/" };
    let url = format!("{}/products{slash}{sku}", system.cloud.outputs.sales_api_url);
    send(client().get(url)).await
}

/// A client that ignores the proxy settings: the system is on this machine.
pub fn client() -> Client {
    Client::builder().no_proxy().build().expect("a client")
}

async fn send(request: reqwest::RequestBuilder) -> RawResponse {
    let answer = request.send().await.expect("an answer");
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let text = answer.text().await.expect("a body");
    RawResponse {
        status,
        headers,
        body: serde_json::from_str(&text).unwrap_or(Value::String(text)),
    }
}
