//! The one who brings word that the goods are made.

use std::error::Error;
use std::iter;
use std::time::Duration;

use anyhow::Context;
use axum::body::Bytes;
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;

use super::CallbackAnswer;

const PATIENCE: Duration = Duration::from_secs(30);

/// Posts a callback exactly once.
pub(super) struct Courier {
    client: reqwest::Client,
}

impl Courier {
    pub(super) fn new() -> anyhow::Result<Self> {
        // "Once" must hold below us too: a client sends again by itself what it sent on a pooled
        // connection that turns out to be closed, so each callback has a connection of its own.
        let client = http_client::builder()
            .pool_max_idle_per_host(0)
            .retry(reqwest::retry::never())
            .redirect(Policy::none())
            .timeout(PATIENCE)
            .build();
        Ok(Self { client: client.context("the factory cannot call anyone back")? })
    }

    pub(super) async fn deliver(&self, url: &str, body: Bytes) -> CallbackAnswer {
        let request = self.client.post(url).header(CONTENT_TYPE, "application/json");
        match request.body(body).send().await {
            Ok(answer) => CallbackAnswer::Status(answer.status().as_u16()),
            Err(error) => CallbackAnswer::Unreachable(chain(&error)),
        }
    }
}

/// An HTTP client's error says little; what it was caused by says why.
fn chain(error: &reqwest::Error) -> String {
    let causes = iter::successors(error.source(), |&cause| cause.source());
    causes.fold(error.to_string(), |said, cause| format!("{said}: {cause}"))
}
