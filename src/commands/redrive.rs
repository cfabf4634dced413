//! `restock redrive`

use std::{io::stdout, path::PathBuf};

use anyhow::Result;
use clap::Args;
use deployment::outputs::Outputs;
use domain::Sku;
use operations::{dead_letters::Queues, redrive::redrive};

/// Arguments of `restock redrive`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Move only the dead letters of this product.
    #[arg(long)]
    sku: Option<Sku>,
    /// Show the dead letters and move none.
    #[arg(long)]
    dry_run: bool,
    /// The outputs of the deployment, written by `restock up` or `terraform output`.
    #[arg(long, default_value = ".restock/outputs.json")]
    outputs: PathBuf,
}

/// Prints each dead letter, moves the requested ones, and prints how many were moved.
pub async fn run(arguments: Arguments) -> Result<()> {
    let queues = Queues::of(&Outputs::read(&arguments.outputs)?).await;
    let (sku, dry_run) = (arguments.sku.as_ref(), arguments.dry_run);
    let redriven = redrive(&queues, sku, dry_run, &mut stdout()).await?;
    let verb = if dry_run { "would be moved" } else { "moved" };
    println!("{} {verb}, {} left in dead_letter_queue", redriven.moved, redriven.left);
    Ok(())
}
