//! A client of the [admin interface](super::admin).

use anyhow::{Context, Result, ensure};
use reqwest::{Client, Method, Response};
use serde_json::Value;

use super::active_fault::ActiveFault;

/// A client of the admin interface of one factory simulator.
#[derive(Debug, Clone)]
pub struct AdminClient {
    client: Client,
    url: String,
}

impl AdminClient {
    /// A client of the interface at this URL.
    ///
    /// # Errors
    /// If the HTTP client cannot be created.
    pub fn new(url: &str) -> Result<Self> {
        Ok(Self { client: http_client::client()?, url: url.to_owned() })
    }

    /// The active fault. `None` if the factory works as it should.
    ///
    /// # Errors
    /// If the simulator does not answer, as for all calls.
    pub async fn fault(&self) -> Result<Option<ActiveFault>> {
        let response = self.call(Method::GET, "fault", None).await?;
        response.json().await.context("the simulator's answer has an unexpected format")
    }

    /// Activates a fault. Replaces the active one.
    ///
    /// # Errors
    /// See [`fault`](Self::fault).
    pub async fn set_fault(&self, fault: ActiveFault) -> Result<()> {
        self.call(Method::PUT, "fault", Some(serde_json::to_value(fault)?)).await?;
        Ok(())
    }

    /// Deactivates the fault.
    ///
    /// # Errors
    /// See [`fault`](Self::fault).
    pub async fn clear_fault(&self) -> Result<()> {
        self.call(Method::DELETE, "fault", None).await?;
        Ok(())
    }

    /// Lets the factory make the callbacks that it holds.
    ///
    /// # Errors
    /// See [`fault`](Self::fault).
    pub async fn release(&self) -> Result<()> {
        self.call(Method::POST, "release", None).await?;
        Ok(())
    }

    /// The accepted orders, as [`OrderRecord`](super::OrderRecord) in JSON.
    ///
    /// # Errors
    /// See [`fault`](Self::fault).
    pub async fn orders(&self) -> Result<Vec<Value>> {
        let response = self.call(Method::GET, "orders", None).await?;
        response.json().await.context("the simulator's answer has an unexpected format")
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Result<Response> {
        let request = self.client.request(method, format!("{}/simulator/{path}", self.url));
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let response = request.send().await;
        let response = response.context("the factory simulator does not answer")?;
        let status = response.status();
        ensure!(status.is_success(), "the factory simulator answered {status}");
        Ok(response)
    }
}
