//! `restock dead-letters redrive`

use std::io::{ErrorKind, stdout};

use anyhow::{Error, Result};
use clap::Args;
use deployment::outputs::Outputs;
use domain::Sku;
use operations::{
    dead_letters::Queues,
    redrive::{Request, conclude, record, redrive_until},
    stop::Stop,
};
use warehouse::Reason;

use super::{deployment_arguments::DeploymentArguments, signals::stop_on_signal};

/// Arguments of `restock dead-letters redrive`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Only those of this product.
    #[arg(long)]
    sku: Option<Sku>,
    /// Why. It is recorded for each product. Needed, except with --dry-run.
    #[arg(long, required_unless_present = "dry_run")]
    reason: Option<Reason>,
    /// Show the dead letters, and what would be moved. Move and record nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    deployment: DeploymentArguments,
}

/// Prints each dead letter, records who moves them and why, moves them, and prints how many were moved.
pub async fn run(arguments: Arguments) -> Result<()> {
    let (outputs, warehouse) = arguments.deployment.read().await?;
    if let (Some(reason), false) = (&arguments.reason, arguments.dry_run) {
        record(&outputs, &warehouse, arguments.sku.as_ref(), reason).await?;
    }
    match moved(&outputs, &arguments).await {
        // `--dry-run | head` has shown what was asked for.
        Err(error) if arguments.dry_run && is_closed_output(&error) => Ok(()),
        done => done,
    }
}

async fn moved(outputs: &Outputs, arguments: &Arguments) -> Result<()> {
    let (queues, stop) = (Queues::of(outputs).await, Stop::default());
    let request = Request { sku: arguments.sku.as_ref(), dry_run: arguments.dry_run };
    let mut out = stdout();
    let redrive = redrive_until(&queues, request, &stop, &mut out);
    let done = stop_on_signal(&stop, redrive).await?;
    conclude(done, request.dry_run, &mut out)
}

fn is_closed_output(error: &Error) -> bool {
    let kinds = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    kinds.map(std::io::Error::kind).any(|kind| kind == ErrorKind::BrokenPipe)
}
