//! Who runs the command.

use anyhow::{Context, Result};
use deployment::outputs::Outputs;
use warehouse::Operator;

/// The user that the process runs as. A shell of a container or of cron may set no `USER`.
fn of_process() -> Option<String> {
    let id = nix::unistd::geteuid();
    let user = nix::unistd::User::from_uid(id).ok().flatten();
    Some(user.map_or_else(|| format!("user {id}"), |user| user.name))
}

/// Who runs the command: on AWS the ARN of the credentials, on this machine the name of the user.
///
/// # Errors
/// If AWS does not accept the credentials.
pub async fn operator(outputs: &Outputs) -> Result<Operator> {
    let name = match outputs.endpoint_url {
        Some(_) => std::env::var("USER").ok().filter(|name| !name.is_empty()).or_else(of_process),
        None => {
            let identity = outputs.clients().await.identities.get_caller_identity().send().await;
            identity.context("AWS does not say whose credentials these are")?.arn
        }
    };
    let name = name.unwrap_or_else(|| "unknown".to_owned());
    Operator::try_from(name).map_err(anyhow::Error::msg)
}
