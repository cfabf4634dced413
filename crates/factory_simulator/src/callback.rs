//! Makes the callback when the goods are ready.

use std::error::Error;
use std::iter;
use std::time::Duration;

use anyhow::Context;
use axum::body::Bytes;
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;

use super::order_record::CallbackAnswer;

const TIMEOUT: Duration = Duration::from_secs(30);

/// Posts each callback exactly once.
pub(super) struct CallbackClient {
    client: reqwest::Client,
}

impl CallbackClient {
    pub(super) fn new() -> anyhow::Result<Self> {
        // A connection for each callback: on a pooled connection that turns out to be closed, the client would send a
        // second time by itself.
        let client = http_client::builder()
            .pool_max_idle_per_host(0)
            .retry(reqwest::retry::never())
            .redirect(Policy::none())
            .timeout(TIMEOUT)
            .build();
        Ok(Self { client: client.context("the factory's HTTP client cannot be created")? })
    }

    pub(super) async fn post(&self, url: &str, body: Bytes) -> CallbackAnswer {
        let request = self.client.post(url).header(CONTENT_TYPE, "application/json");
        match request.body(body).send().await {
            Ok(response) => CallbackAnswer::Status(response.status().as_u16()),
            Err(error) => CallbackAnswer::Unreachable(with_causes(&error)),
        }
    }
}

/// The error with its causes: the text of an HTTP client's error alone does not contain the reason.
fn with_causes(error: &reqwest::Error) -> String {
    let causes = iter::successors(error.source(), |&cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
