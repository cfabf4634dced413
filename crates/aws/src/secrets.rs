use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_secretsmanager::{Client, config::timeout::TimeoutConfig};

use crate::Error;

/// Two seconds, and five for the factory: less than the time-out of the functions that send orders.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Reads secrets in Secrets Manager. No message holds any part of a secret.
#[derive(Debug, Clone)]
pub struct Secrets(Client);

impl Secrets {
    pub fn new(aws: &SdkConfig) -> Self {
        let timeouts = TimeoutConfig::builder().operation_timeout(TIMEOUT).build();
        let config = aws_sdk_secretsmanager::config::Builder::from(aws).timeout_config(timeouts);
        Self(Client::from_conf(config.build()))
    }

    /// The text of a secret, by its name or ARN. Empty if the secret holds bytes.
    pub async fn read(&self, name: &str) -> Result<String, Error> {
        let secret = self.0.get_secret_value().secret_id(name).send().await?;
        Ok(secret.secret_string.unwrap_or_default())
    }
}
