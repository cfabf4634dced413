//! The mails that the emulator's SES has taken, instead of sending them.

use std::collections::HashMap;

use anyhow::{Context, Result};
use serde::Deserialize;
use system::ACCOUNT;

/// A mail to operations.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Mail {
    /// One line.
    pub subject: String,
    /// Plain text.
    #[serde(rename = "BodyText")]
    pub text: String,
    /// Who gets it.
    pub to: Vec<String>,
}

/// The mails of each account.
#[derive(Deserialize)]
struct Mailbox {
    messages: HashMap<String, Vec<Mail>>,
}

/// Where the emulator shows the mails.
pub fn url(endpoint: &str) -> String {
    format!("{endpoint}/_ministack/ses/messages")
}

/// All mails, in the order in which they were sent.
pub async fn mails(endpoint: &str) -> Result<Vec<Mail>> {
    let answer = http_client::client()?
        .get(url(endpoint))
        .send()
        .await
        .context("the mails cannot be read")?;
    let mut mailbox: Mailbox = answer.json().await.context("the mails cannot be understood")?;
    Ok(mailbox.messages.remove(ACCOUNT).unwrap_or_default())
}
