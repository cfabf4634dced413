//! `restock watch`

use anyhow::Result;
use clap::Args;
use watch::Deployment;

use super::{deployment_arguments::DeploymentArguments, zone_argument::ZoneArgument};

/// Arguments of `restock watch`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    zone: ZoneArgument,
    #[command(flatten)]
    deployment: DeploymentArguments,
}

/// Shows the deployment until the reader quits.
pub async fn run(arguments: Arguments) -> Result<()> {
    let (outputs, warehouse) = arguments.deployment.read().await?;
    watch::watch(Deployment { outputs, warehouse }, arguments.zone.zone()).await
}
