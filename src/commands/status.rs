//! `restock status`

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use operations::{status::Status, stop::Stop};
use terminal::{print, print_json};

use super::{
    deployment_arguments::DeploymentArguments, signals::stop_on_signal, zone_argument::ZoneArgument,
};

/// Arguments of `restock status`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Print one JSON object, for programs.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    zone: ZoneArgument,
    #[command(flatten)]
    deployment: DeploymentArguments,
}

/// Prints the status. The exit status is 0 if all is well, 1 if somebody should look.
pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    let status = status(&arguments.deployment).await?;
    if arguments.json {
        print_json(&status)?;
    } else {
        print(&status.text(&arguments.zone.zone()))?;
    }
    Ok(ExitCode::from(status.exit_status()))
}

async fn status(deployment: &DeploymentArguments) -> Result<Status> {
    let (outputs, warehouse) = deployment.read().await?;
    let stop = Stop::default();
    stop_on_signal(&stop, Status::of(&outputs, &warehouse, &stop)).await
}
