//! `restock audit`

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use operations::audit::{Auditor, Commands, Report, Thresholds};
use system::System;

use super::deployed::Deployed;

/// How the audit is called.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    deployed: Deployed,
    /// Print one JSON object, for programs.
    #[arg(long)]
    json: bool,
}

/// Prints the report. The exit status is 0 without findings, 1 with findings, 2 if something could not be examined.
pub async fn run(arguments: Arguments) -> ExitCode {
    match audit(&arguments.deployed).await {
        Ok(report) => {
            if arguments.json {
                println!("{}", report.json());
            } else {
                print!("{report}");
            }
            ExitCode::from(report.status())
        }
        Err(error) => {
            eprintln!("restock: {error:#}");
            ExitCode::from(2)
        }
    }
}

async fn audit(deployed: &Deployed) -> Result<Report> {
    let (outputs, database) = deployed.read()?;
    let thresholds = Thresholds::of(&System::read()?)?;
    let commands = Commands::of(&outputs, &deployed.outputs);
    Auditor::of(&outputs, database, thresholds, commands).await.audit().await
}
