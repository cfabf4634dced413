//! `restock console`: the web page of a deployment.

use anyhow::Result;
use clap::Args;
use local_programs::console::Console as Output;
use web_console::{Console, Deployment};

use super::{deployment_arguments::DeploymentArguments, signals::wait_for_signal};

/// Arguments of `restock console`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The port on 127.0.0.1. Without it, a free one.
    #[arg(long)]
    port: Option<u16>,
    #[command(flatten)]
    deployment: DeploymentArguments,
}

/// Serves the page until Ctrl-C or SIGTERM.
pub async fn run(arguments: Arguments) -> Result<()> {
    let (outputs, warehouse) = arguments.deployment.read().await?;
    let console = Console::serve(Deployment { outputs, warehouse }, arguments.port).await?;
    Output::on_stdout().say(format_args!("console       {}", console.url()));
    wait_for_signal().await
}
