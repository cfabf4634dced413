//! `restock` without a subcommand.

use std::time::Duration;

use anyhow::{Result, ensure};
use clap::Args;
use local_programs::console::Console;

use super::signals::until_signal;

/// What a newcomer can do after the demo.
const WHAT_NEXT: &str = "\
Next, run the system yourself:
   cargo run -- up                  runs it until Ctrl+C, with a web console to look at and to try
and in another terminal:
   cargo run -- buy CP-502101 20    buys
   cargo run -- status              shows products, restocks and failures
   cargo run -- watch               shows the same, live
   cargo run -- --help              shows all commands; docs/how-to.md explains them";

/// Arguments of the demo. Without a subcommand, restock runs the whole system on this machine and shows one sold-out day.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Print only the summary to stdout, as JSON. Progress goes to stderr.
    #[arg(long)]
    json: bool,
    /// How long each of the factory's four stages takes. The real factory needs 10s.
    #[arg(long, default_value = "2s", value_parser = humantime::parse_duration)]
    factory_stage: Duration,
}

/// Runs the demo and fails if its numbers are not as expected.
pub async fn run(arguments: Arguments) -> Result<()> {
    let Arguments { json, factory_stage } = arguments;
    let console = if json { Console::on_stderr() } else { Console::on_stdout() };
    let summary = until_signal(demo::run(factory_stage, console)).await?;
    if json {
        terminal::print_json(&summary)?;
    }
    let unexpected = summary.unexpected.join("; ");
    ensure!(summary.ok, "the demo did not end as expected: {unexpected}");
    console.say(WHAT_NEXT);
    Ok(())
}
