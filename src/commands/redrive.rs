//! `restock redrive`

use std::{
    io::{ErrorKind, stdout},
    path::PathBuf,
};

use anyhow::{Error, Result};
use clap::Args;
use deployment::outputs::Outputs;
use domain::Sku;
use operations::{
    dead_letters::Queues,
    redrive::{Request, conclude, redrive_until},
    stop::Stop,
};

use super::{deployment_arguments::reached, signals::stop_on_signal};

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
    #[arg(
        long = "deployment",
        visible_alias = "outputs",
        value_name = "FILE",
        default_value = ".restock/outputs.json"
    )]
    outputs: PathBuf,
}

impl Arguments {
    /// All letters of a product, or of all.
    pub fn of(sku: Option<Sku>, outputs: PathBuf) -> Self {
        Self { sku, dry_run: false, outputs }
    }
}

/// Prints each dead letter, moves the requested ones, and prints how many were moved.
pub async fn run(arguments: Arguments) -> Result<()> {
    match moved(&arguments).await {
        // `redrive --dry-run | head` has shown what was asked for.
        Err(error) if arguments.dry_run && is_closed_output(&error) => Ok(()),
        done => done,
    }
}

async fn moved(arguments: &Arguments) -> Result<()> {
    let outputs = Outputs::read(&arguments.outputs)?;
    reached(&outputs).await?;
    let (queues, stop) = (Queues::of(&outputs).await, Stop::default());
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
