//! `restock bench`

use std::path::PathBuf;

use anyhow::Result;
use bench::{Options, Part, Scale};
use clap::{Args, ValueEnum};
use local_programs::console::Console;

use super::signals::until_signal;

/// Arguments of `restock bench`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Measure only these parts.
    #[arg(long, value_delimiter = ',')]
    only: Vec<PartArgument>,
    /// A folder with functions that are already built: binaries with their names, or packages of cargo-lambda.
    #[arg(long, value_name = "FOLDER")]
    functions: Option<PathBuf>,
    /// Measure so little that the figures mean nothing: to see the form of the output.
    #[arg(long)]
    quick: bool,
    /// Print the figures as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum PartArgument {
    Functions,
    HotRow,
    ManyRows,
    Refused,
    Purchases,
    Restock,
}

impl From<PartArgument> for Part {
    fn from(argument: PartArgument) -> Self {
        match argument {
            PartArgument::Functions => Self::Functions,
            PartArgument::HotRow => Self::HotRow,
            PartArgument::ManyRows => Self::ManyRows,
            PartArgument::Refused => Self::Refused,
            PartArgument::Purchases => Self::Purchases,
            PartArgument::Restock => Self::Restock,
        }
    }
}

/// Measures, and prints the figures.
pub async fn run(arguments: Arguments) -> Result<()> {
    let Arguments { only, functions, quick, json } = arguments;
    let only = if only.is_empty() { PartArgument::value_variants().to_vec() } else { only };
    let options = Options {
        parts: only.into_iter().map(Part::from).collect(),
        functions,
        scale: if quick { Scale::QUICK } else { Scale::FULL },
    };
    let report = until_signal(bench::run(options, Console::on_stderr())).await?;
    if json {
        terminal::print_json(&report)?
    } else {
        terminal::print(&report.to_string())?
    }
    Ok(())
}
