//! `restock fault`: makes the factory simulator misbehave.

use std::num::NonZeroU32;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use deployment::outputs::Outputs;
use factory_simulator::{ActiveFault, AdminClient, Fault};
use terminal::{print, print_json};

use super::deployment_arguments::OutputsArguments;

/// Arguments of `restock fault`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The factory, if there are several simulators.
    #[arg(long, global = true)]
    factory: Option<String>,
    #[command(flatten)]
    deployment: OutputsArguments,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the names of all faults.
    List,
    /// Show the active fault.
    Show,
    /// Activate a fault, until it is cleared or for a number of orders.
    Set {
        /// A name from `restock fault list`, such as `answers-500-though-taken` or `answers-after:5s`.
        fault: Fault,
        /// The number of orders that it affects.
        #[arg(long)]
        orders: Option<NonZeroU32>,
    },
    /// Let the factory work as it should again.
    Clear,
    /// Make the callbacks that the fault `holds-callback` holds.
    Release,
    /// Print the orders that the factory has accepted, as JSON.
    Orders,
}

/// Does what was asked and prints the active fault.
pub async fn run(arguments: Arguments) -> Result<()> {
    let outputs = arguments.deployment.read().await?;
    let simulator = simulator(&outputs, arguments.factory.as_deref())?;
    match arguments.action {
        Action::List => return print_all(),
        Action::Orders => return Ok(print_json(&simulator.orders().await?)?),
        Action::Show => {}
        Action::Set { fault, orders: None } => {
            simulator.set_fault(ActiveFault::lasting(fault)).await?;
        }
        Action::Set { fault, orders: Some(orders) } => {
            simulator.set_fault(ActiveFault::counted(fault, orders)?).await?;
        }
        Action::Clear => simulator.clear_fault().await?,
        Action::Release => simulator.release().await?,
    }
    Ok(print(&format!("{}\n", sentence(simulator.fault().await?)))?)
}

fn print_all() -> Result<()> {
    let names: Vec<String> = Fault::ALL.iter().map(ToString::to_string).collect();
    Ok(print(&(names.join("\n") + "\n"))?)
}

fn sentence(active: Option<ActiveFault>) -> String {
    match active {
        None => "The factory works as it should.".to_owned(),
        Some(active) => match active.orders() {
            None => format!("Active fault: {}, until `restock fault clear`.", active.fault()),
            Some(orders) => format!("Active fault: {}, orders left: {orders}.", active.fault()),
        },
    }
}

fn simulator(outputs: &Outputs, factory: Option<&str>) -> Result<AdminClient> {
    let all = &outputs.factory_simulators;
    let names = || all.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
    let url = match factory {
        Some(name) => all.get(name).with_context(|| {
            format!("there is no simulator of factory {name}. There are simulators of: {}", names())
        })?,
        None => match all.values().collect::<Vec<_>>().as_slice() {
            [url] => *url,
            [] => bail!(
                "this deployment has no factory simulator: only `restock up` without --factory-url has one"
            ),
            _ => bail!(
                "several factories have a simulator: choose one with --factory. They are: {}",
                names()
            ),
        },
    };
    AdminClient::new(url)
}
