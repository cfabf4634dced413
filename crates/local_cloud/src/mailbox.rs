//! The mails that the emulator's SES has stored instead of sending them.

use std::collections::HashMap;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use system::ACCOUNT;

/// A mail to operations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all(deserialize = "PascalCase"))]
pub struct Mail {
    /// The subject, one line.
    pub subject: String,
    /// The body, plain text.
    #[serde(rename(deserialize = "BodyText"))]
    pub text: String,
    /// The recipients.
    pub to: Vec<String>,
}

/// The mails of each AWS account.
#[derive(Deserialize)]
struct Mailbox {
    messages: HashMap<String, Vec<Mail>>,
}

/// The URL at which the emulator lists the mails.
pub fn url(endpoint: &str) -> String {
    format!("{endpoint}/_ministack/ses/messages")
}

/// All mails, in the order in which they were sent.
pub async fn mails(endpoint: &str) -> Result<Vec<Mail>> {
    let response = http_client::client()?
        .get(url(endpoint))
        .send()
        .await
        .context("the mails cannot be read from the emulator")?;
    let mailbox = response.json::<Mailbox>().await;
    let mut mailbox = mailbox.context("the emulator's list of mails has an unexpected format")?;
    Ok(mailbox.messages.remove(ACCOUNT).unwrap_or_default())
}
