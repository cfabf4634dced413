//! Client of the HTTP API, for customers and for callbacks.

use anyhow::{Context, Result};
use domain::PurchaseOutcome;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

#[derive(Debug, Clone)]
pub struct ApiClient {
    client: Client,
    url: String,
}

/// A response of the API.
#[derive(Debug, Clone)]
pub struct Response {
    pub status: StatusCode,
    pub content_type: String,
    /// `null` if the body is not JSON.
    pub body: Value,
}

impl Response {
    /// The outcome as text: one of a purchase, or of another request, such as `bad_request`.
    pub fn outcome(&self) -> &str {
        self.body["outcome"].as_str().unwrap_or("none")
    }

    /// The outcome of a purchase. `None` if the response has none.
    pub fn purchase_outcome(&self) -> Option<PurchaseOutcome> {
        self.outcome().parse().ok()
    }
}

impl ApiClient {
    pub fn new(sales_api_url: &str) -> Result<Self> {
        Ok(Self {
            client: http_client::client()?,
            url: sales_api_url.trim_end_matches('/').to_owned(),
        })
    }

    /// Makes a purchase.
    pub async fn buy(&self, key: &str, sku: &str, quantity: u32) -> Result<Response> {
        self.checkout(Some(key), json!({"sku": sku, "quantity": quantity}).to_string()).await
    }

    /// Sends a checkout with any body.
    pub async fn checkout(&self, key: Option<&str>, body: String) -> Result<Response> {
        let mut request = self.client.post(format!("{}/checkout", self.url)).body(body);
        request = request.header("content-type", "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        read(request).await
    }

    pub async fn product(&self, sku: &str) -> Result<Response> {
        read(self.client.get(format!("{}/products/{sku}", self.url))).await
    }

    /// Sends a callback to any URL, as the factory does.
    pub async fn call_back(&self, url: &str, body: impl Into<String>) -> Result<Response> {
        let request = self.client.post(url).header("content-type", "application/json");
        read(request.body(body.into())).await
    }
}

async fn read(request: reqwest::RequestBuilder) -> Result<Response> {
    let answer = request.send().await.context("the API does not respond")?;
    let status = answer.status();
    let header = answer.headers().get("content-type").and_then(|value| value.to_str().ok());
    let content_type = header.unwrap_or_default().to_owned();
    let text = answer.text().await?;
    Ok(Response { status, content_type, body: serde_json::from_str(&text).unwrap_or_default() })
}
