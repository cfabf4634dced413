//! `restock fault`: makes the factory simulator misbehave.

use std::num::NonZeroU32;

use anyhow::{Result, bail, ensure};
use clap::{Args, Subcommand};
use deployment::outputs::Outputs;
use factory_simulator::{ActiveFault, AdminClient, Fault};
use terminal::{print, print_json};

use super::deployment_arguments::OutputsArguments;

/// Arguments of `restock fault`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The factory. `show`, `clear` and `release` mean all factories without it; the others need it if there are several.
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
    /// Show the active faults.
    Show,
    /// Activate a fault, until it is cleared or for a number of orders.
    Set {
        /// A name from `restock fault list`, such as `answers-500-though-taken` or `answers-after:5s`.
        fault: Fault,
        /// The number of orders that it affects.
        #[arg(long)]
        orders: Option<NonZeroU32>,
    },
    /// Let the factories work as they should again.
    Clear,
    /// Make the callbacks that the fault `holds-callback` holds.
    Release,
    /// Print the orders that the factory has accepted, as JSON.
    Orders,
}

/// Does what was asked and prints the active faults.
pub async fn run(arguments: Arguments) -> Result<()> {
    if matches!(arguments.action, Action::List) {
        return print_all();
    }
    let outputs = arguments.deployment.read().await?;
    let factory = arguments.factory.as_deref();
    if matches!(arguments.action, Action::Orders) {
        let (_, simulator) = one(&outputs, factory)?;
        return Ok(print_json(&simulator.orders().await?)?);
    }
    let chosen = match arguments.action {
        Action::Set { .. } => vec![one(&outputs, factory)?],
        _ => several(&outputs, factory)?,
    };
    for (name, simulator) in chosen {
        act(&arguments.action, &simulator).await?;
        print(&format!("{name}: {}\n", sentence(simulator.fault().await?)))?;
    }
    Ok(())
}

async fn act(action: &Action, simulator: &AdminClient) -> Result<()> {
    match action {
        Action::List | Action::Show | Action::Orders => Ok(()),
        Action::Set { fault, orders: None } => {
            simulator.set_fault(ActiveFault::lasting(*fault)).await
        }
        Action::Set { fault, orders: Some(orders) } => {
            simulator.set_fault(ActiveFault::counted(*fault, *orders)?).await
        }
        Action::Clear => simulator.clear_fault().await,
        Action::Release => simulator.release().await,
    }
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

/// A factory and its simulator.
type Named<'a> = (&'a str, AdminClient);

fn one<'a>(outputs: &'a Outputs, factory: Option<&str>) -> Result<Named<'a>> {
    let mut found = several(outputs, factory)?;
    match (found.pop(), found.is_empty()) {
        (Some(one), true) => Ok(one),
        _ => bail!(
            "several factories have a simulator: choose one with --factory. They are: {}",
            names(outputs)
        ),
    }
}

/// The simulator of this factory, or all. At least one.
fn several<'a>(outputs: &'a Outputs, factory: Option<&str>) -> Result<Vec<Named<'a>>> {
    let all = &outputs.factory_simulators;
    ensure!(
        !all.is_empty(),
        "this deployment has no factory simulator: only `restock up` without --factory-url has one"
    );
    let chosen = all.iter().filter(|(name, _)| factory.is_none_or(|factory| **name == *factory));
    let chosen = chosen.map(|(name, url)| Ok((name.as_str(), AdminClient::new(url)?)));
    let chosen: Vec<Named<'a>> = chosen.collect::<Result<_>>()?;
    ensure!(
        !chosen.is_empty(),
        "there is no simulator of factory {}. There are simulators of: {}",
        factory.unwrap_or_default(),
        names(outputs)
    );
    Ok(chosen)
}

fn names(outputs: &Outputs) -> String {
    outputs.factory_simulators.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
}
