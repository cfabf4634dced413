//! The command `restock`. Each subcommand has a module in [`commands`]; the crates in `crates/` do the work.

mod commands;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use commands::{audit, cost, demo, queries, redrive, sandbox, stress, up, why};
use operations::text::error_line;

const WITHOUT_SUBCOMMAND: &str = "Without a subcommand, restock runs the demo: the whole system on this machine, \
     on one sold-out day.";

const AUDIT_STATUS: &str =
    "Exit status: 0 without findings, 1 with findings, 2 if something could not be examined.";

/// Sells donuts, notices when they run out, and has the factory make more.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true, after_help = WITHOUT_SUBCOMMAND)]
struct Cli {
    #[command(flatten)]
    demo: demo::Arguments,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the system on this machine until Ctrl-C.
    Up(up::Arguments),
    /// Run an empty local AWS, a database and the factory simulator until Ctrl-C, for Terraform to deploy to.
    Sandbox(sandbox::Arguments),
    /// Show each dead letter and move it back to stock_queue.
    Redrive(redrive::Arguments),
    /// Compare stock, ledger, restocks, orders, executions and dead letters. Print each finding with its repair.
    #[command(after_help = AUDIT_STATUS)]
    Audit(audit::Arguments),
    /// Show the history of a product's stock and what happens next.
    Why(why::Arguments),
    /// Buy and restock in many processes at once, inject faults, and compare every answer with the ledger.
    Stress(stress::Arguments),
    /// Compute the cost on AWS from the definitions and terraform/prices.json.
    Cost,
    /// For developers: check the SQL queries against a database and update .sqlx.
    Queries(queries::Arguments),
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        None => demo::run(cli.demo).await,
        Some(Command::Up(arguments)) => up::run(arguments).await,
        Some(Command::Sandbox(arguments)) => sandbox::run(arguments).await,
        Some(Command::Redrive(arguments)) => redrive::run(arguments).await,
        Some(Command::Audit(arguments)) => return audit::run(arguments).await,
        Some(Command::Why(arguments)) => why::run(arguments).await,
        Some(Command::Stress(arguments)) => stress::run(arguments).await,
        Some(Command::Cost) => cost::run(),
        Some(Command::Queries(arguments)) => queries::run(arguments).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("restock: {}", error_line(&error));
            ExitCode::FAILURE
        }
    }
}
