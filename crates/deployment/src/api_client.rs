//! A client of the HTTP API.

use anyhow::{Context, Result};
use domain::PurchaseOutcome;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

/// A client of the HTTP API.
#[derive(Debug, Clone)]
pub struct ApiClient {
    client: Client,
    url: String,
}

/// A response of the API.
#[derive(Debug, Clone)]
pub struct Response {
    /// The HTTP status.
    pub status: StatusCode,
    /// The header `Retry-After`, if it is a number.
    pub retry_after_seconds: Option<u64>,
    /// The content type; empty if missing.
    pub content_type: String,
    /// The body; `null` if it is not JSON.
    pub body: Value,
}

impl Response {
    /// The `outcome` in the body: `sold`, `sold_out`, …; `none` if there is none.
    pub fn outcome(&self) -> &str {
        self.body["outcome"].as_str().unwrap_or("none")
    }

    /// The outcome of a purchase. `None` if the response has none.
    pub fn purchase_outcome(&self) -> Option<PurchaseOutcome> {
        self.outcome().parse().ok()
    }
}

impl ApiClient {
    /// A client of the API at this URL.
    pub fn new(sales_api_url: &str) -> Result<Self> {
        Ok(Self {
            client: http_client::client()?,
            url: sales_api_url.trim_end_matches('/').to_owned(),
        })
    }

    /// Buys a quantity of a product.
    pub async fn buy(&self, key: &str, sku: &str, quantity: u32) -> Result<Response> {
        self.checkout(Some(key), json!({"sku": sku, "quantity": quantity}).to_string()).await
    }

    /// Sends any body to `POST /checkout`, with or without an idempotency key.
    pub async fn checkout(&self, key: Option<&str>, body: String) -> Result<Response> {
        let mut request = self.client.post(format!("{}/checkout", self.url)).body(body);
        request = request.header("content-type", "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        read(request).await
    }

    /// Requests a product.
    pub async fn product(&self, sku: &str) -> Result<Response> {
        read(self.client.get(format!("{}/products/{sku}", self.url))).await
    }

    /// Sends a body to a URL, as the factory does for a callback.
    pub async fn call_back(&self, url: &str, body: impl Into<String>) -> Result<Response> {
        let request = self.client.post(url).header("content-type", "application/json");
        read(request.body(body.into())).await
    }
}

async fn read(request: reqwest::RequestBuilder) -> Result<Response> {
    let response = request.send().await.context("the API does not answer")?;
    let status = response.status();
    let content_type = header(&response, "content-type").unwrap_or_default().to_owned();
    let retry_after_seconds = header(&response, "retry-after").and_then(|it| it.parse().ok());
    let text = response.text().await?;
    let body = serde_json::from_str(&text).unwrap_or_default();
    Ok(Response { status, retry_after_seconds, content_type, body })
}

fn header<'a>(response: &'a reqwest::Response, name: &str) -> Option<&'a str> {
    response.headers().get(name)?.to_str().ok()
}
