//! The command `restock`. Each subcommand has a module in [`commands`]; the crates in `crates/` do the work.

mod commands;
mod examples;

use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use commands::{
    advise, audit, bench, buy, changes, console, cost, crash, dead_letters, demo, factory, fault,
    generated, load, logs, mails, package, pictures, postman, queries, record_lost_restock,
    sandbox, status, stress, up, watch, why,
};
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
    /// Show products, restocks, dead letters and the last failures. Exit status: 0 if all is well, 1 if somebody should
    /// look, 2 if something could not be read.
    Status(status::Arguments),
    /// Show the status live in the terminal, with keys to filter, to find the execution, and to redrive.
    Watch(watch::Arguments),
    /// Buy a product. Exit status: 0 if it was sold, 1 if not, 2 if there was no answer.
    Buy(buy::Arguments),
    /// Correct the stock of a product by a number of units. The ledger keeps the correction, with who and why.
    Adjust(changes::AdjustArguments),
    /// List, add, change and retire products.
    Product(changes::ProductArguments),
    /// Compute the reorder point and the target stock that would have kept a service level in the last weeks.
    Advise(advise::Arguments),
    /// List, add and change factories.
    Factory(factory::Arguments),
    /// Stop the open restock of a product.
    StopRestock(changes::StopArguments),
    /// Record a restock and its orders again that a restored database has lost.
    RecordLostRestock(record_lost_restock::Arguments),
    /// Serve a web page that shows the deployment live, on this machine only, until Ctrl-C.
    Console(console::Arguments),
    /// Kill a function in its next invocation, on this machine.
    Crash(crash::Arguments),
    /// Make the factory simulator misbehave.
    Fault(fault::Arguments),
    /// Print the mails that the system on this machine has sent to operations.
    Mails(mails::Arguments),
    /// Print what the functions have logged.
    Logs(logs::Arguments),
    /// Run an empty local AWS, a database and the factory simulator until Ctrl-C, for Terraform to deploy to.
    Sandbox(sandbox::Arguments),
    /// List, explain and redrive dead letters.
    DeadLetters(dead_letters::Arguments),
    /// Compare stock, ledger, restocks, orders, executions and dead letters. Print each finding with its repair.
    #[command(after_help = AUDIT_STATUS)]
    Audit(audit::Arguments),
    /// Show the history of a product's stock and what happens next.
    Why(why::Arguments),
    /// Buy and restock in many processes at once, inject faults, and compare every answer with the ledger.
    Stress(stress::Arguments),
    /// Measure the functions, sales of one product against what the database allows, and the whole system. It needs Linux, and
    /// takes less than 6 minutes after the build. Exit status: 0; with --compare, 1 if a figure is worse than before; 2 if something could
    /// not be measured or compared.
    Bench(bench::Arguments),
    /// Let many customers buy, at a steady rate or in a pattern of k6, then audit. Exit status: 0 if nothing is wrong, 1 if
    /// something is, 2 if the run did not finish.
    Load(load::Arguments),
    /// Compute the cost on AWS from the definitions and terraform/prices.json.
    Cost(cost::Arguments),
    /// Build the functions for a deployment to AWS and pack them into target/lambda.
    Package(package::Arguments),
    /// Print a script that completes commands and arguments in a shell.
    Completions(generated::CompletionsArguments),
    /// Print the manual page.
    Man(generated::ManArguments),
    /// For developers: make the Postman collection in api/ from openapi.json.
    Postman,
    /// For developers: check the SQL queries against a database and update .sqlx.
    Queries(queries::Arguments),
    /// For developers: draw the pictures of the documentation from system.json and the state machines.
    Pictures(pictures::Arguments),
}

#[tokio::main]
async fn main() -> ExitCode {
    let matches = examples::added(Cli::command()).get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let failed = cli.command.as_ref().map_or(ExitCode::FAILURE, Command::failed);
    run(cli).await.unwrap_or_else(|error| {
        eprintln!("restock: {}", error_line(&error));
        failed
    })
}

impl Command {
    /// The exit status after an error. Of some commands, 1 is an answer.
    fn failed(&self) -> ExitCode {
        match self {
            Self::Audit(_) | Self::Bench(_) | Self::Buy(_) | Self::Load(_) | Self::Status(_) => {
                ExitCode::from(2)
            }
            _ => ExitCode::FAILURE,
        }
    }
}

/// Cargo does not rebuild a folder that was copied together with its `target`, but the program works on the folder in which it
/// was built.
fn ensure_own_folder() -> Result<()> {
    let built_in = env!("CARGO_MANIFEST_DIR");
    let is_ours = std::env::var("CARGO_PKG_NAME").is_ok_and(|name| name == env!("CARGO_PKG_NAME"));
    let run_in = std::env::var("CARGO_MANIFEST_DIR").ok().filter(|_| is_ours);
    ensure!(
        run_in.as_deref().is_none_or(|run_in| run_in == built_in),
        "this program was built in {built_in} and works on that folder. Run `cargo clean` here, and then the command again"
    );
    Ok(())
}

async fn run(cli: Cli) -> Result<ExitCode> {
    ensure_own_folder()?;
    let Some(command) = cli.command else {
        demo::run(cli.demo).await?;
        return Ok(ExitCode::SUCCESS);
    };
    match command {
        Command::Audit(arguments) => return audit::run(arguments).await,
        Command::Bench(arguments) => return bench::run(arguments).await,
        Command::Buy(arguments) => return buy::run(arguments).await,
        Command::Load(arguments) => return load::run(arguments).await,
        Command::Status(arguments) => return status::run(arguments).await,
        Command::DeadLetters(arguments) => return dead_letters::run(arguments).await,
        Command::Up(arguments) => up::run(arguments).await,
        Command::Advise(arguments) => advise::run(arguments).await,
        Command::Adjust(arguments) => changes::adjust(arguments).await,
        Command::Product(arguments) => changes::product(arguments).await,
        Command::Factory(arguments) => factory::run(arguments).await,
        Command::StopRestock(arguments) => changes::stop_restock(arguments).await,
        Command::RecordLostRestock(arguments) => record_lost_restock::run(arguments).await,
        Command::Console(arguments) => console::run(arguments).await,
        Command::Crash(arguments) => crash::run(arguments).await,
        Command::Fault(arguments) => fault::run(arguments).await,
        Command::Mails(arguments) => mails::run(arguments).await,
        Command::Logs(arguments) => logs::run(arguments).await,
        Command::Watch(arguments) => watch::run(arguments).await,
        Command::Why(arguments) => why::run(arguments).await,
        Command::Sandbox(arguments) => sandbox::run(arguments).await,
        Command::Stress(arguments) => stress::run(arguments).await,
        Command::Cost(arguments) => cost::run(&arguments),
        Command::Completions(arguments) => generated::completions(Cli::command(), &arguments),
        Command::Man(arguments) => generated::man(examples::added(Cli::command()), &arguments),
        Command::Package(arguments) => package::run(arguments).await,
        Command::Pictures(arguments) => pictures::run(&arguments),
        Command::Postman => postman::run().await,
        Command::Queries(arguments) => queries::run(arguments).await,
    }?;
    Ok(ExitCode::SUCCESS)
}
