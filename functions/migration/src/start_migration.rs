//! The door's side: reads the master user's password, and calls the function that uses it.

use std::{collections::BTreeMap, time::Duration};

use aws_sdk_lambda::{
    config::{StalledStreamProtectionConfig, timeout::TimeoutConfig},
    primitives::Blob,
};
use errors::{ErrorName, NamedError};
use lambda_support::Answer;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::Login;

/// Why the migration was not run.
#[derive(Debug, Error)]
pub enum StartError {
    /// The call failed.
    #[error(transparent)]
    Aws(#[from] aws::Error),
    /// The secret is not one that RDS manages.
    #[error("the secret must be JSON with a username and a password")]
    Secret,
    /// The function `migrate` failed, with this answer.
    #[error("migrate failed: {0}")]
    Migrate(String),
}

impl NamedError for StartError {
    const NAMES: &'static [ErrorName] = &[
        ErrorName::AwsUnavailable,
        ErrorName::AwsRefused,
        ErrorName::MessageUnwritable,
        ErrorName::MigrationSecret,
        ErrorName::MigrationFailed,
    ];

    fn name(&self) -> ErrorName {
        match self {
            Self::Aws(error) => error.name(),
            Self::Secret => ErrorName::MigrationSecret,
            Self::Migrate(_) => ErrorName::MigrationFailed,
        }
    }
}

/// Longer than `migrate` may run, and shorter than this function may: see `terraform/migrations.tf`.
const PATIENCE: Duration = Duration::from_secs(855);

/// What Terraform asks for.
#[derive(Debug, Deserialize)]
pub struct Request {
    /// The master user's secret. None where the database URL has a password.
    pub secret_arn: Option<String>,
    /// What each function's user is called.
    pub users: BTreeMap<String, String>,
}

/// What `migrate` is called with.
#[derive(Serialize)]
struct Call {
    login: Option<Login>,
    users: BTreeMap<String, String>,
}

/// What it takes to start a migration.
#[derive(Debug)]
pub struct Starter {
    /// Where the password is.
    pub secrets: aws_sdk_secretsmanager::Client,
    /// Who calls.
    pub lambda: aws_sdk_lambda::Client,
    /// Who is called: the function's name or ARN.
    pub migrate: String,
}

/// A client that waits for as long as a migration may take, during which nothing comes.
pub fn patient(aws: &aws_sdk_lambda::config::Builder) -> aws_sdk_lambda::Client {
    let timeouts = TimeoutConfig::builder()
        .operation_attempt_timeout(PATIENCE)
        .operation_timeout(PATIENCE)
        .build();
    let config = aws
        .clone()
        .timeout_config(timeouts)
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    aws_sdk_lambda::Client::from_conf(config.build())
}

/// Has the database brought to its shape, and answers what `migrate` answers.
pub async fn handle(starter: &Starter, request: Request) -> Result<Answer<Value>, StartError> {
    let login = match &request.secret_arn {
        Some(secret) => Some(read(&starter.secrets, secret).await?),
        None => None,
    };
    let answer = call(starter, &Call { login, users: request.users }).await?;
    Ok(Answer::new(answer, "the database has been migrated"))
}

/// The message of an error is never that of what reads the text: it would quote it.
async fn read(secrets: &aws_sdk_secretsmanager::Client, arn: &str) -> Result<Login, StartError> {
    let secret =
        secrets.get_secret_value().secret_id(arn).send().await.map_err(aws::Error::from)?;
    serde_json::from_str(secret.secret_string().ok_or(StartError::Secret)?)
        .map_err(|_| StartError::Secret)
}

async fn call(starter: &Starter, call: &Call) -> Result<Value, StartError> {
    let call = serde_json::to_vec(call).map_err(aws::Error::from)?;
    let invoke = starter.lambda.invoke().function_name(&starter.migrate).payload(Blob::new(call));
    let answer = invoke.send().await.map_err(aws::Error::from)?;
    let said = answer.payload().map_or(&[][..], |payload| payload.as_ref());
    match answer.function_error() {
        Some(_) => Err(StartError::Migrate(String::from_utf8_lossy(said).into_owned())),
        None => {
            serde_json::from_slice(said).map_err(|error| StartError::Migrate(error.to_string()))
        }
    }
}
