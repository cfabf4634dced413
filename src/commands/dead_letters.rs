//! `restock dead-letters`

use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::{Args, Subcommand};
use operations::{
    dead_letters::{self, Deleted, Explained, InFlight, Queues},
    stop::Stop,
};
use terminal::{
    print, print_json,
    table::Table,
    tone::{Tone, Toned},
};

use warehouse::Reason;

use super::{
    deployment_arguments::DeploymentArguments, redrive, signals::stop_on_signal,
    zone_argument::ZoneArgument,
};

/// Arguments of `restock dead-letters`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List all dead letters, the oldest first, with what a redrive of each would do now.
    List(ListArguments),
    /// Show everything about the dead letters of a product, or about one letter.
    Explain {
        /// The SKU of the product, or the beginning of the id of a letter.
        which: String,
        #[command(flatten)]
        list: ListArguments,
    },
    /// Move dead letters back to the queues that they came from, and record who did it and why.
    Redrive(redrive::Arguments),
    /// Delete a dead letter that nobody needs. It is recorded who did it and why, if the letter is about a known product.
    Delete {
        /// The id of the letter, or at least its first 8 characters.
        id: String,
        /// Why. It is recorded for the product of the letter.
        #[arg(long)]
        reason: Reason,
        #[command(flatten)]
        deployment: DeploymentArguments,
    },
}

#[derive(Debug, Args)]
struct ListArguments {
    /// Print one JSON array, for programs.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    zone: ZoneArgument,
    #[command(flatten)]
    deployment: DeploymentArguments,
}

/// Lists, explains or redrives.
pub async fn run(Arguments { action }: Arguments) -> Result<ExitCode> {
    match action {
        Action::List(arguments) => list(&arguments).await?,
        Action::Explain { which, list } => explain(&which, &list).await?,
        Action::Redrive(arguments) => redrive::run(arguments).await?,
        Action::Delete { id, reason, deployment } => delete(&id, &reason, &deployment).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(arguments: &ListArguments) -> Result<()> {
    let (letters, in_flight) = letters(&arguments.deployment).await?;
    if arguments.json {
        print_json(&letters)?;
    } else {
        print(&table(&letters))?;
    }
    complete(in_flight)
}

async fn delete(id: &str, reason: &Reason, deployment: &DeploymentArguments) -> Result<()> {
    let (outputs, warehouse) = deployment.read().await?;
    let stop = Stop::default();
    let delete = dead_letters::delete(&outputs, &warehouse, id, reason, &stop);
    let Deleted { about, recorded_for } = stop_on_signal(&stop, delete).await?;
    let recorded = match recorded_for {
        Some(sku) => format!("`restock why {sku}` shows who did it and why"),
        None => "Not recorded: it is about no known product".to_owned(),
    };
    Ok(print(&format!("{about}: deleted. {recorded}.\n"))?)
}

async fn explain(which: &str, arguments: &ListArguments) -> Result<()> {
    let (letters, in_flight) = letters(&arguments.deployment).await?;
    let is_it = |letter: &&Explained| letter.id.starts_with(which) || letter.is_about(which);
    let chosen: Vec<&Explained> = letters.iter().filter(is_it).collect();
    ensure!(
        !chosen.is_empty() || in_flight.is_some(),
        "no dead letter is about {which}. `restock dead-letters list` shows all"
    );
    if arguments.json {
        print_json(&chosen)?;
    } else {
        let zone = arguments.zone.zone();
        let texts: Vec<String> = chosen.iter().map(|letter| letter.text(&zone)).collect();
        print(&texts.join("\n"))?;
    }
    complete(in_flight)
}

/// Fails if letters are missing because somebody else holds them.
fn complete(in_flight: Option<InFlight>) -> Result<()> {
    match in_flight {
        None => Ok(()),
        Some(letters) => Err(anyhow::anyhow!("{letters}. Run the command again then")),
    }
}

async fn letters(deployment: &DeploymentArguments) -> Result<(Vec<Explained>, Option<InFlight>)> {
    let (outputs, warehouse) = deployment.read().await?;
    let (queues, stop) = (Queues::of(&outputs).await, Stop::default());
    let seen = stop_on_signal(&stop, queues.see_all(&stop)).await?;
    let overview = warehouse.overview().await?;
    Ok((Explained::all(&seen.letters, &overview), seen.in_flight))
}

fn table(letters: &[Explained]) -> String {
    if letters.is_empty() {
        return "There are no dead letters.\n".to_owned();
    }
    let mut table = Table::new(&["letter", "age", "about", "error", "a redrive now"]);
    for letter in letters {
        let tone = if letter.prediction.is_useless() { Tone::Warning } else { Tone::Good };
        let id: String = letter.id.chars().take(8).collect();
        table.row([
            id.into(),
            letter.age().into(),
            letter.about.as_str().into(),
            Toned::new(&letter.error, Tone::Bad),
            Toned::new(&letter.prediction, tone),
        ]);
    }
    table.text()
}
