use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_secretsmanager::{
    Client,
    config::{http::HttpResponse, timeout::TimeoutConfig},
    error::SdkError,
    operation::get_secret_value::GetSecretValueError,
};

use crate::Error;

/// The functions that send orders have eight seconds. They read all secrets of an order at the same time, and then give the
/// factory five seconds.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Reads secrets in Secrets Manager. No message holds any part of a secret.
#[derive(Debug, Clone)]
pub struct Secrets(Client);

impl Secrets {
    pub fn new(aws: &SdkConfig) -> Self {
        Self::within(TIMEOUT, aws)
    }

    /// Reads a secret in at most this time, repetitions included.
    pub fn within(timeout: Duration, aws: &SdkConfig) -> Self {
        let timeouts = TimeoutConfig::builder().operation_timeout(timeout).build();
        let config = aws_sdk_secretsmanager::config::Builder::from(aws).timeout_config(timeouts);
        Self(Client::from_conf(config.build()))
    }

    /// The text of a secret, by its name or ARN. Empty if the secret holds bytes.
    pub async fn read(&self, name: &str) -> Result<String, Error> {
        Ok(self.get(name).await?)
    }

    /// As [`Secrets::read`], or `None` if there is no such secret.
    pub async fn find(&self, name: &str) -> Result<Option<String>, Error> {
        match self.get(name).await {
            Err(SdkError::ServiceError(answer))
                if answer.err().is_resource_not_found_exception() =>
            {
                Ok(None)
            }
            answer => Ok(Some(answer?)),
        }
    }

    async fn get(&self, name: &str) -> Result<String, SdkError<GetSecretValueError, HttpResponse>> {
        let secret = self.0.get_secret_value().secret_id(name).send().await?;
        Ok(secret.secret_string.unwrap_or_default())
    }
}
