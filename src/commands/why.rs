//! `restock why`

use anyhow::Result;
use clap::Args;
use domain::Sku;

use super::deployed::Deployed;

/// Which product is explained, of which deployment.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The product.
    sku: Sku,
    /// Show every sale, instead of one line for a run of sales.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    deployed: Deployed,
}

/// Prints the product's history.
pub async fn run(arguments: Arguments) -> Result<()> {
    let (outputs, database) = arguments.deployed.read()?;
    print!("{}", operations::why::why(&outputs, &database, &arguments.sku, arguments.all).await?);
    Ok(())
}
