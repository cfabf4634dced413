//! `restock bench`

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Error, Result};
use bench::{Comparison, Figures, Options, Part, Scale};
use clap::{Args, ValueEnum};
use local_programs::console::Console;
use terminal::{print, print_aside, print_json};

use super::signals::until_signal;

/// Arguments of `restock bench`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Measure only these parts.
    #[arg(long, value_delimiter = ',')]
    only: Vec<PartArgument>,
    /// A folder with functions that are already built: binaries with their names, or packages of cargo-lambda. Without it, the
    /// functions are built first, which takes about 18 minutes on two cores.
    #[arg(long, value_name = "FOLDER")]
    functions: Option<PathBuf>,
    /// Measure so little that the figures mean nothing: to see the form of the output. Such a run is not compared.
    #[arg(long, conflicts_with = "compare")]
    quick: bool,
    /// Print the figures as JSON.
    #[arg(long)]
    json: bool,
    /// Compare the figures with those of an earlier run, which printed them as JSON. Without a file: with those of the
    /// repository.
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = BASELINE)]
    compare: Option<PathBuf>,
    /// Draw the figures into files of this folder, as SVG.
    #[arg(long, value_name = "FOLDER")]
    plots: Option<PathBuf>,
}

/// The figures of the repository.
const BASELINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/benchmarks/baseline.json");

#[derive(Debug, Clone, Copy, ValueEnum)]
enum PartArgument {
    Functions,
    HotRow,
    ManyRows,
    Buckets,
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
            PartArgument::Buckets => Self::Buckets,
            PartArgument::Refused => Self::Refused,
            PartArgument::Purchases => Self::Purchases,
            PartArgument::Restock => Self::Restock,
        }
    }
}

/// Measures, and prints the figures. Returns 1 if a figure is worse than that of the earlier run, and otherwise 0. An error, after
/// which the exit status is 2, means that something could not be measured or compared.
pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    let Arguments { only, functions, quick, json, compare, plots } = arguments;
    let only = if only.is_empty() { PartArgument::value_variants().to_vec() } else { only };
    let parts = only.into_iter().map(Part::from).collect();
    // Before minutes of measurements: what cannot be compared or drawn is a mistake of the caller.
    let earlier = compare.as_deref().map(|file| read(file, &parts)).transpose()?;
    plots.as_deref().map(create).transpose()?;
    let options =
        Options { parts, functions, scale: if quick { Scale::QUICK } else { Scale::FULL } };
    let report = until_signal(bench::run(options, Console::on_stderr())).await?;
    if json {
        print_json(&report)?
    } else {
        print(&report.to_string())?
    }
    if let Some(folder) = plots {
        report.draw(&folder)?;
    }
    let Some(earlier) = earlier else { return Ok(ExitCode::SUCCESS) };
    let comparison = Comparison::of(&earlier, &serde_json::to_string(&report)?.parse()?)?;
    // With --json, stdout is for programs.
    if json {
        print_aside(&format!("{comparison}\n"))?
    } else {
        print(&format!("\n{comparison}"))?
    }
    Ok(ExitCode::from(u8::from(comparison.is_slower())))
}

/// Reads the figures of an earlier run that has some of these parts.
fn read(file: &Path, parts: &BTreeSet<Part>) -> Result<Figures> {
    let text = std::fs::read_to_string(file).map_err(Error::from);
    let figures = text.and_then(|text| text.parse::<Figures>());
    let figures = figures.and_then(|it| it.ensure_some_of(parts).map(|()| it));
    figures.with_context(|| format!("{} cannot be compared", file.display()))
}

fn create(folder: &Path) -> Result<()> {
    let created = std::fs::create_dir_all(folder);
    created.with_context(|| format!("no plots can be written to {}", folder.display()))
}
