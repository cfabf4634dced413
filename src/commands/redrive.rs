//! `restock redrive`

use std::{io::stdout, path::PathBuf};

use anyhow::Result;
use clap::Args;
use deployment::outputs::Outputs;
use domain::Sku;
use operations::{dead_letters::Queues, redrive::redrive};

/// Which dead letters are moved, of which deployment.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Move only the dead letters of this product.
    #[arg(long)]
    sku: Option<Sku>,
    /// Show what would be moved, and move nothing.
    #[arg(long)]
    dry_run: bool,
    /// The deployment: the file that `restock up` or `terraform output` wrote.
    #[arg(long, default_value = ".restock/outputs.json")]
    outputs: PathBuf,
}

/// Shows each dead letter, moves those that were asked for, and prints how many.
pub async fn run(arguments: Arguments) -> Result<()> {
    let queues = Queues::of(&Outputs::read(&arguments.outputs)?).await;
    let (sku, dry_run) = (arguments.sku.as_ref(), arguments.dry_run);
    let redriven = redrive(&queues, sku, dry_run, &mut stdout()).await?;
    let verb = if dry_run { "would be moved" } else { "moved" };
    println!("{} {verb}, {} left", redriven.moved, redriven.left);
    Ok(())
}
