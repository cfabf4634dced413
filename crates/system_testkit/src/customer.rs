//! A customer who sends what no well-behaved client would: any key, any body, as any content type.

use reqwest::{Client, header::HeaderMap};
use serde_json::Value;

use crate::cloud::System;

pub const JSON: &str = "application/json";

/// What the gateway hands over in Base64.
pub const BINARY: &str = "application/octet-stream";

/// What a customer is told.
#[derive(Debug)]
pub struct Told {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Told {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a header of text"))
    }

    pub fn outcome(&self) -> &str {
        self.body["outcome"].as_str().unwrap_or("none")
    }

    pub fn detail(&self) -> &str {
        self.body["detail"].as_str().unwrap_or("none")
    }

    /// That it is a problem as RFC 9457 has it, of this status and outcome.
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
) -> Told {
    let url = format!("{}/checkout", system.cloud.outputs.sales_api_url);
    let mut request = client().post(url).header("content-type", content_type).body(body.into());
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    told(request).await
}

/// `GET /products/{sku}`
pub async fn look_at(system: &System, sku: &str) -> Told {
    told(client().get(format!("{}/products/{sku}", system.cloud.outputs.sales_api_url))).await
}

/// A client that talks to this machine itself, whatever proxy there is.
pub fn client() -> Client {
    Client::builder().no_proxy().build().expect("a client")
}

async fn told(request: reqwest::RequestBuilder) -> Told {
    let answer = request.send().await.expect("an answer");
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let text = answer.text().await.expect("a body");
    Told { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
}
