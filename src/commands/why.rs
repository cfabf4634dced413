//! `restock why`

use anyhow::Result;
use clap::Args;
use domain::Sku;
use terminal::print;

use super::{deployment_arguments::DeploymentArguments, zone_argument::ZoneArgument};

/// Arguments of `restock why`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The SKU of the product.
    sku: Sku,
    /// Show every sale, instead of one line for consecutive sales.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    zone: ZoneArgument,
    #[command(flatten)]
    deployment: DeploymentArguments,
}

/// Prints the product's history.
pub async fn run(arguments: Arguments) -> Result<()> {
    let (outputs, warehouse) = arguments.deployment.read().await?;
    let zone = arguments.zone.zone();
    let text =
        operations::why::why(&outputs, &warehouse, &arguments.sku, arguments.all, &zone).await?;
    Ok(print(&text)?)
}
