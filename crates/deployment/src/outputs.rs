//! `outputs.json`: the URLs and ARNs of a deployment, with the same names as Terraform's outputs.

use std::{
    collections::BTreeMap,
    fs::OpenOptions,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::clients::Clients;

/// The content of `outputs.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outputs {
    /// The HTTP API, for customers and the factory.
    pub sales_api_url: String,
    /// The AWS region.
    pub region: String,
    /// The endpoint of the local AWS; `None` on AWS.
    pub endpoint_url: Option<String>,
    /// The topic for depletions.
    pub depletion_topic_arn: String,
    /// The URL of `stock_queue`.
    pub stock_queue_url: String,
    /// The ARN of `stock_queue`.
    pub stock_queue_arn: String,
    /// The URL of `completion_queue`.
    pub completion_queue_url: String,
    /// The ARN of `completion_queue`.
    pub completion_queue_arn: String,
    /// The URL of `dead_letter_queue`.
    pub dead_letter_queue_url: String,
    /// The ARN of `dead_letter_queue`.
    pub dead_letter_queue_arn: String,
    /// The state machine `purchase`.
    pub purchase_machine_arn: String,
    /// The state machine `restock`.
    pub restock_machine_arn: String,
    /// The state machine `completion`.
    pub completion_machine_arn: String,
    /// The state machine `sweep`.
    pub sweep_machine_arn: String,
    /// The URL of the database, if it can be reached from this machine. Contains the password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
    /// The admin URL of each factory simulator, by the id of its factory. Empty on AWS and with a real factory.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub factory_simulators: BTreeMap<String, String>,
    /// The folder with requests to kill functions: see `emulator/crashes.py`. Only on this machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crash_folder: Option<PathBuf>,
}

impl Outputs {
    /// Reads the file.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| {
            format!(
                "{} cannot be read: start `restock up`, or pass the file of another deployment with --deployment",
                path.display()
            )
        })?;
        serde_json::from_str(&text)
            .with_context(|| format!("{} does not have the format of outputs.json", path.display()))
    }

    /// Writes the file. Only its owner may read it, because it may contain the password of the database.
    pub fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        let file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
        file.and_then(|mut file| file.write_all(text.as_bytes()))
            .with_context(|| format!("{} cannot be written", path.display()))
    }

    /// The name that the names of functions and state machines begin with: `restock-` on AWS, nothing on this machine.
    pub fn name_prefix(&self) -> &str {
        let name = self.restock_machine_arn.rsplit(':').next().unwrap_or_default();
        name.strip_suffix("restock").unwrap_or_default()
    }

    /// Clients of the deployment.
    pub async fn clients(&self) -> Clients {
        match &self.endpoint_url {
            Some(endpoint) => Clients::of_emulator(endpoint),
            None => Clients::of_environment(&self.region).await,
        }
    }
}
