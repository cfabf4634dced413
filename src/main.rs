//! `restock`: see `restock --help`.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Result, bail};
use clap::{Args, Parser, Subcommand};
use domain::Sku;
use restock::{
    cloud::outputs::Outputs,
    cost, demo,
    narrator::Narrator,
    operations::{audit, dead_letters::Queues, redrive::redrive, why},
    proof::{self, Prove},
    queries::{self, Queries},
    signals::until_signal,
    stand_ins,
    up::{self, Up},
};

/// Sells donuts, notices when they run out, and has the factory make more.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(flatten)]
    demo: Demo,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Without a command: runs all of it on this machine and tells the story.
#[derive(Args)]
struct Demo {
    /// Print only the summary, as JSON, on stdout.
    #[arg(long)]
    json: bool,
    /// How long each of the factory's four stages takes: the real one needs 10s.
    #[arg(long, default_value = "2s", value_parser = humantime::parse_duration)]
    factory_stage: Duration,
}

#[derive(Subcommand)]
enum Command {
    /// Bring the system up and keep it up until Ctrl-C.
    Up(Up),
    /// Keep up an empty local AWS, a database and the factory, for Terraform to deploy to, until Ctrl-C.
    StandIns(stand_ins::Arguments),
    /// Move dead letters back to `stock_queue`, after showing each.
    Redrive(Redrive),
    /// Compare stock, ledger, restocks, orders and executions, and say what disagrees and how to repair it.
    /// The exit status is 0 where nothing does, 1 where something does, 2 where it could not be seen.
    Audit(audit::Options),
    /// Tell how a product's stock came to be what it is.
    Why(why::Options),
    /// Buy at many places at once, kill and repeat, and hold every answer against the ledger.
    Prove(Prove),
    /// Reckon what the system costs on AWS, from its definitions and `terraform/prices.json`.
    Cost,
    /// For developers: check the queries against a database, and write down what it says.
    Queries(Queries),
}

#[derive(Args)]
struct Redrive {
    /// Only those of this product.
    #[arg(long)]
    sku: Option<Sku>,
    /// Show what would be moved, and move nothing.
    #[arg(long)]
    dry_run: bool,
    /// The deployment: what `restock up` or `terraform output` wrote.
    #[arg(long, default_value = ".restock/outputs.json")]
    outputs: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        None => tell(cli.demo).await,
        Some(Command::Up(options)) => up::run(options).await,
        Some(Command::StandIns(arguments)) => stand_ins::run(arguments).await,
        Some(Command::Redrive(options)) => move_back(options).await,
        Some(Command::Audit(options)) => return audit::run(options).await,
        Some(Command::Why(options)) => why::run(options).await,
        Some(Command::Prove(options)) => until_signal(proof::run(options)).await,
        Some(Command::Cost) => cost::run(),
        Some(Command::Queries(options)) => queries::run(options).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("restock: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn tell(options: Demo) -> Result<()> {
    let narrator = if options.json { Narrator::on_stderr() } else { Narrator::on_stdout() };
    let summary = until_signal(demo::run(options.factory_stage, narrator)).await?;
    if options.json {
        println!("{}", serde_json::to_string(&summary)?);
    }
    if !summary.ok {
        bail!("the story did not end as told: {}", summary.wrong.join("; "));
    }
    Ok(())
}

async fn move_back(options: Redrive) -> Result<()> {
    let queues = Queues::of(&Outputs::read(&options.outputs)?).await;
    let redriven =
        redrive(&queues, options.sku.as_ref(), options.dry_run, &mut std::io::stdout()).await?;
    let verb = if options.dry_run { "would be moved" } else { "moved" };
    println!("{} {verb}, {} left", redriven.moved, redriven.left);
    Ok(())
}
