//! `restock audit`

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use operations::audit::{AuditReport, Auditor, RepairCommands, Thresholds};
use system::System;

use super::deployment_arguments::DeploymentArguments;

/// Arguments of `restock audit`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    deployment: DeploymentArguments,
    /// Print one JSON object, for programs.
    #[arg(long)]
    json: bool,
}

/// Prints the report. The exit status is 0 without findings, 1 with findings, 2 if something could not be examined.
pub async fn run(arguments: Arguments) -> ExitCode {
    match audit(&arguments.deployment).await {
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

async fn audit(deployment: &DeploymentArguments) -> Result<AuditReport> {
    let (outputs, database) = deployment.read()?;
    let thresholds = Thresholds::of(&System::read()?)?;
    let commands = RepairCommands::of(&outputs, &deployment.outputs);
    Auditor::of(&outputs, database, thresholds, commands).await.audit().await
}
