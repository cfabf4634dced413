//! A customer of the shop: calls the API as anyone would.

use anyhow::{Context, Result};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

/// The API, seen from outside.
#[derive(Debug, Clone)]
pub struct ApiClient {
    client: Client,
    url: String,
}

/// An answer of the API.
#[derive(Debug, Clone)]
pub struct Response {
    /// Its HTTP status.
    pub status: StatusCode,
    /// Its content type.
    pub content_type: String,
    /// Its body; `null` if that is no JSON.
    pub body: Value,
}

impl Response {
    /// `sold`, `sold_out`, …
    pub fn outcome(&self) -> &str {
        self.body["outcome"].as_str().unwrap_or("none")
    }
}

impl ApiClient {
    /// The shop at the API's URL.
    pub fn new(sales_api_url: &str) -> Result<Self> {
        Ok(Self {
            client: http_client::client()?,
            url: sales_api_url.trim_end_matches('/').to_owned(),
        })
    }

    /// Buys, under an idempotency key.
    pub async fn buy(&self, key: &str, sku: &str, quantity: u32) -> Result<Response> {
        self.checkout(Some(key), json!({"sku": sku, "quantity": quantity}).to_string()).await
    }

    /// Sends any body to the checkout.
    pub async fn checkout(&self, key: Option<&str>, body: String) -> Result<Response> {
        let mut request = self.client.post(format!("{}/checkout", self.url)).body(body);
        request = request.header("content-type", "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        read(request).await
    }

    /// Looks at a product.
    pub async fn product(&self, sku: &str) -> Result<Response> {
        read(self.client.get(format!("{}/products/{sku}", self.url))).await
    }

    /// Calls any URL back, as the factory does.
    pub async fn call_back(&self, url: &str, body: impl Into<String>) -> Result<Response> {
        let request = self.client.post(url).header("content-type", "application/json");
        read(request.body(body.into())).await
    }
}

async fn read(request: reqwest::RequestBuilder) -> Result<Response> {
    let answer = request.send().await.context("the API does not answer")?;
    let status = answer.status();
    let header = answer.headers().get("content-type").and_then(|value| value.to_str().ok());
    let content_type = header.unwrap_or_default().to_owned();
    let text = answer.text().await?;
    Ok(Response { status, content_type, body: serde_json::from_str(&text).unwrap_or_default() })
}
