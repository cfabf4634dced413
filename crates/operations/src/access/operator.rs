//! Who runs the command.

use anyhow::{Context, Result};
use deployment::outputs::Outputs;
use warehouse::Operator;

/// Who runs the command: on AWS the ARN of the credentials, on this machine the name of the user.
///
/// # Errors
/// If AWS does not accept the credentials.
pub async fn operator(outputs: &Outputs) -> Result<Operator> {
    let name = match outputs.endpoint_url {
        Some(_) => std::env::var("USER").ok().filter(|name| !name.is_empty()),
        None => {
            let identity = outputs.clients().await.identities.get_caller_identity().send().await;
            identity.context("AWS does not say whose credentials these are")?.arn
        }
    };
    let name = name.unwrap_or_else(|| "unknown".to_owned());
    Operator::try_from(name).map_err(anyhow::Error::msg)
}
