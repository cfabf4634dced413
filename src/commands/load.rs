//! `restock load`

use std::{num::NonZeroU32, process::ExitCode, time::Duration};

use anyhow::{Context, Result, bail};
use api_kit::load::{self, Control, Load, LoadReport, Scenario, SteadyRate};
use clap::{Args, Subcommand};
use domain::Sku;
use local_programs::console::Console;
use operations::{audit::RepairCommands, stop::Stop};
use terminal::print;
use warehouse::FIRST_PRODUCT;

use super::{deployment_arguments::OutputsArguments, signals::until_second_signal};

/// Arguments of `restock load`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Arguments {
    /// Run a script of k6 instead of the steady rate.
    #[command(subcommand)]
    scenario: Option<ScenarioArguments>,
    /// Purchases per second, 1 to 10000. Each is sent at its moment, even if earlier ones wait for their answer.
    #[arg(long, required = true, allow_negative_numbers = true, value_parser = parse_rate)]
    rate: Option<NonZeroU32>,
    /// How long it lasts: 3s to 24h.
    #[arg(long = "for", allow_hyphen_values = true, default_value = "60s", value_parser = parse_time)]
    time: Duration,
    /// The SKU of the product.
    #[arg(long, global = true, default_value = FIRST_PRODUCT)]
    sku: Sku,
    /// Print one JSON object, for programs.
    #[arg(long, global = true)]
    json: bool,
    /// Also buy from a deployment that is not on this machine: that sells real goods and costs money.
    #[arg(long, global = true)]
    sells_real_goods: bool,
    #[command(flatten)]
    deployment: OutputsArguments,
}

impl Arguments {
    fn load(&self) -> Result<Load> {
        match (self.scenario, self.rate) {
            (Some(scenario), _) => Ok(Load::K6(scenario.into())),
            (None, Some(rate)) => Ok(Load::Steady(SteadyRate { rate, time: self.time })),
            (None, None) => bail!("--rate is missing"),
        }
    }
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum ScenarioArguments {
    /// All customers buy at the same moment, again and again.
    Crowd {
        /// The number of customers, 1 to 500.
        #[arg(long, default_value = "50", allow_negative_numbers = true, value_parser = parse_number)]
        buyers: NonZeroU32,
        /// The purchases of each customer, 1 to 500.
        #[arg(long, default_value = "4", allow_negative_numbers = true, value_parser = parse_number)]
        purchases: NonZeroU32,
    },
    /// Few purchases, then suddenly ten times as many, then few again.
    Spike {
        /// Purchases per second at the peak, 1 to 500.
        #[arg(long, default_value = "20", allow_negative_numbers = true, value_parser = parse_number)]
        rate: NonZeroU32,
        /// How long it lasts: 3s to 24h.
        #[arg(long = "for", allow_hyphen_values = true, default_value = "30s", value_parser = parse_time)]
        time: Duration,
    },
    /// The same rate for a long time.
    Soak {
        /// Purchases per second, 1 to 500.
        #[arg(long, default_value = "2", allow_negative_numbers = true, value_parser = parse_number)]
        rate: NonZeroU32,
        /// How long it lasts: 3s to 24h.
        #[arg(long = "for", allow_hyphen_values = true, default_value = "10m", value_parser = parse_time)]
        time: Duration,
    },
}

impl From<ScenarioArguments> for Scenario {
    fn from(arguments: ScenarioArguments) -> Self {
        match arguments {
            ScenarioArguments::Crowd { buyers, purchases } => Self::Crowd { buyers, purchases },
            ScenarioArguments::Spike { rate, time } => Self::Spike { rate, time },
            ScenarioArguments::Soak { rate, time } => Self::Soak { rate, time },
        }
    }
}

/// Buys, and prints the report.
pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    let load = arguments.load()?;
    let outputs = arguments.deployment.read().await?;
    if !arguments.sells_real_goods {
        load::ensure_on_this_machine(&outputs.sales_api_url)?;
    }
    let commands = RepairCommands::of(&outputs, &arguments.deployment.outputs);
    let stop = Stop::default();
    let control = Control { stop: &stop, console: Console::on_stderr() };
    let run = load::run(load, &arguments.sku, &outputs, commands, control);
    let report = until_second_signal(&stop, run).await?;
    if arguments.json {
        print(&format!("{}\n", report.json()))?;
    } else {
        print(&report.to_string())?;
    }
    Ok(ExitCode::from(exit_status(&report)))
}

/// 0 if nothing is wrong, 1 if something is wrong, 2 if the answers were not compared with the ledger.
fn exit_status(report: &LoadReport) -> u8 {
    if report.is_examined() { u8::from(!report.problems().is_empty()) } else { 2 }
}

fn parse_number(text: &str) -> Result<NonZeroU32> {
    at_most(500, text)
}

fn parse_rate(text: &str) -> Result<NonZeroU32> {
    at_most(10_000, text)
}

fn at_most(most: u32, text: &str) -> Result<NonZeroU32> {
    let number: Option<NonZeroU32> = text.parse().ok();
    let number = number.filter(|number| number.get() <= most);
    number.with_context(|| format!("it must be a whole number, at least 1 and at most {most}"))
}

fn parse_time(text: &str) -> Result<Duration> {
    let range = Duration::from_secs(3)..=Duration::from_secs(24 * 3600);
    let time = humantime::parse_duration(text).ok().filter(|time| range.contains(time));
    time.context("it must be a time such as 60s or 5m, at least 3s and at most 24h")
}
