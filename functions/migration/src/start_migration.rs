//! Reads the credentials of the master user, and calls `migrate` with them.

use std::{collections::BTreeMap, time::Duration};

use aws::{Readiness, Secrets, when_ready};
use aws_sdk_lambda::{
    config::{StalledStreamProtectionConfig, timeout::TimeoutConfig},
    primitives::Blob,
};
use errors::{ErrorName, NamedError};
use lambda_support::StepOutput;
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;
use tokio::time::timeout;

use crate::{MasterCredentials, migrate::MigrateRequest};

/// Why the migration was not run.
#[derive(Debug, Error)]
pub enum StartMigrationError {
    #[error(transparent)]
    Aws(#[from] aws::Error),
    /// The secret is not one that RDS manages.
    #[error("the secret must be JSON with a username and a password")]
    Secret,
    /// The function `migrate` failed. The value is its response.
    #[error("migrate failed: {0}")]
    Migrate(String),
    #[error(
        "migrate has not answered in time and may still run: wait a quarter of an hour and apply again"
    )]
    Unanswered,
}

impl NamedError for StartMigrationError {
    const NAMES: &'static [ErrorName] = &[
        ErrorName::AwsUnavailable,
        ErrorName::AwsRefused,
        ErrorName::MessageUnwritable,
        ErrorName::MigrationSecret,
        ErrorName::MigrationFailed,
        ErrorName::MigrationUnanswered,
    ];

    fn name(&self) -> ErrorName {
        match self {
            Self::Aws(error) => error.name(),
            Self::Secret => ErrorName::MigrationSecret,
            Self::Migrate(_) => ErrorName::MigrationFailed,
            Self::Unanswered => ErrorName::MigrationUnanswered,
        }
    }
}

/// Longer than the time-out of `migrate`: see `terraform/migrations.tf`.
const MIGRATE_TIMEOUT: Duration = Duration::from_secs(855);

/// How long to read the secret. Together with [`CALLS_TIMEOUT`] shorter than the time-out of this function.
pub const SECRET_TIMEOUT: Duration = Duration::from_secs(8);

/// Longer than one call, and shorter than the time-out of this function. If `migrate` was not ready for minutes and then takes
/// longer than the rest, it goes on alone, and the next apply gets its result.
pub const CALLS_TIMEOUT: Duration = Duration::from_secs(885);

/// Input of `start-migration`, from Terraform.
#[derive(Debug, Deserialize)]
pub struct StartRequest {
    /// The secret with the credentials of the master user. `None` if the database URL contains a password.
    pub secret_arn: Option<String>,
    /// The database user of each function.
    pub users: BTreeMap<String, String>,
    /// The URL of the first factory, if its row has none yet.
    pub factory_url: String,
}

#[derive(Debug)]
pub struct Starter {
    pub secrets: Secrets,
    pub lambda: aws_sdk_lambda::Client,
    /// Name or ARN of the function `migrate`.
    pub migrate: String,
    /// How long to wait for `migrate`, which is idle between two upgrades.
    pub readiness: Readiness,
    /// How long to wait for its answer, with all calls while it is not ready.
    pub within: Duration,
}

/// Returns a client that waits as long as a migration may take. Lambda sends no data until the function returns, so the
/// protection against stalled streams is off.
pub fn patient_client(aws: &aws_sdk_lambda::config::Builder) -> aws_sdk_lambda::Client {
    let timeouts = TimeoutConfig::builder()
        .operation_attempt_timeout(MIGRATE_TIMEOUT)
        .operation_timeout(MIGRATE_TIMEOUT)
        .build();
    let config = aws
        .clone()
        .timeout_config(timeouts)
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    aws_sdk_lambda::Client::from_conf(config.build())
}

/// Calls `migrate` and returns its output.
pub async fn handle(
    starter: &Starter,
    request: StartRequest,
) -> Result<StepOutput<Value>, StartMigrationError> {
    let login = match &request.secret_arn {
        Some(secret) => Some(read(&starter.secrets, secret).await?),
        None => None,
    };
    let StartRequest { users, factory_url, .. } = request;
    let output = call(starter, &MigrateRequest { login, users, factory_url }).await?;
    Ok(StepOutput::new(output, "migrated the database"))
}

/// Reads the credentials. An error of the JSON parser is not passed on, because it may quote the secret.
async fn read(secrets: &Secrets, arn: &str) -> Result<MasterCredentials, StartMigrationError> {
    let secret = secrets.read(arn).await?;
    serde_json::from_str(&secret).map_err(|_| StartMigrationError::Secret)
}

async fn call(
    starter: &Starter,
    request: &MigrateRequest<String, String>,
) -> Result<Value, StartMigrationError> {
    let request = Blob::new(serde_json::to_vec(request).map_err(aws::Error::from)?);
    let invoke = starter.lambda.invoke().function_name(&starter.migrate).payload(request);
    let response = when_ready(starter.readiness, || (), || invoke.clone().send());
    let response =
        timeout(starter.within, response).await.map_err(|_| StartMigrationError::Unanswered)?;
    let response = response.map_err(aws::Error::from)?;
    let payload = response.payload().map_or(&[][..], |payload| payload.as_ref());
    match response.function_error() {
        Some(_) => Err(StartMigrationError::Migrate(String::from_utf8_lossy(payload).into_owned())),
        None => serde_json::from_slice(payload)
            .map_err(|error| StartMigrationError::Migrate(error.to_string())),
    }
}
