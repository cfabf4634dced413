//! What one needs to know of a deployment to use it: `outputs.json`, with the names of Terraform's
//! outputs.

use std::{fs::OpenOptions, io::Write, os::unix::fs::OpenOptionsExt, path::Path};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::clients::Clients;

/// Where everything is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outputs {
    /// The API, for customers and the factory.
    pub sales_api_url: String,
    /// The region.
    pub region: String,
    /// Where AWS is, if not where it always is.
    pub endpoint_url: Option<String>,
    /// The topic for depletions.
    pub depletion_topic_arn: String,
    /// The queue of the restock workflow.
    pub stock_queue_url: String,
    /// Its ARN.
    pub stock_queue_arn: String,
    /// The queue for what failed.
    pub dead_letter_queue_url: String,
    /// Its ARN.
    pub dead_letter_queue_arn: String,
    /// The state machine `purchase`.
    pub purchase_machine_arn: String,
    /// The state machine `restock`.
    pub restock_machine_arn: String,
    /// The state machine `completion`.
    pub completion_machine_arn: String,
    /// The state machine `sweep`.
    pub sweep_machine_arn: String,
    /// The database, where it can be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
}

impl Outputs {
    /// Reads what a deployment has written.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| {
            format!(
                "{} cannot be read: is `restock up` running, or is it elsewhere (--outputs)?",
                path.display()
            )
        })?;
        serde_json::from_str(&text)
            .with_context(|| format!("{} is not what `restock up` writes", path.display()))
    }

    /// Writes it, for who has started it alone: the database's password is in it.
    pub fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        let file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
        file.and_then(|mut file| file.write_all(text.as_bytes()))
            .with_context(|| format!("{} cannot be written", path.display()))
    }

    /// Clients of the deployment.
    pub async fn clients(&self) -> Clients {
        match &self.endpoint_url {
            Some(endpoint) => Clients::of_emulator(endpoint).await,
            None => Clients::of_environment(&self.region).await,
        }
    }
}
