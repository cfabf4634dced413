//! `restock crash`: kills a function on this machine.

use anyhow::Result;
use clap::Args;
use terminal::print;

use super::deployment_arguments::OutputsArguments;

/// Arguments of `restock crash`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The name of the function, such as `increment-stock`.
    function: String,
    #[command(flatten)]
    deployment: OutputsArguments,
}

/// Asks for the kill. It happens in the next invocation, after the function's work and before its answer.
pub async fn run(arguments: Arguments) -> Result<()> {
    let outputs = arguments.deployment.read().await?;
    local_cloud::crash::request(&outputs, &arguments.function)?;
    let function = arguments.function;
    Ok(print(&format!(
        "{function} is killed in its next invocation: after its work, before its answer.\n"
    ))?)
}
