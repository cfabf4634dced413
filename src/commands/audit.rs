//! `restock audit`

use std::{
    io::{Write, stdout},
    process::ExitCode,
};

use anyhow::Result;
use clap::Args;
use operations::{
    audit::{AuditReport, Auditor, RepairCommands, Thresholds},
    stop::Stop,
    text::error_line,
};
use system::System;

use super::{
    deployment_arguments::{DeploymentArguments, reached},
    signals::stop_on_signal,
};

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
            let mut out = stdout();
            // A reader such as `head` may have closed the output. The status still says what was found.
            let _ = if arguments.json {
                writeln!(out, "{}", report.json())
            } else {
                write!(out, "{report}")
            };
            ExitCode::from(report.status())
        }
        Err(error) => {
            eprintln!("restock: {}", error_line(&error));
            ExitCode::from(2)
        }
    }
}

async fn audit(deployment: &DeploymentArguments) -> Result<AuditReport> {
    let (outputs, database) = deployment.read()?;
    reached(&outputs).await?;
    let thresholds = Thresholds::of(&System::read()?)?;
    let commands = RepairCommands::of(&outputs, &deployment.outputs);
    let stop = Stop::default();
    let auditor = Auditor::of(&outputs, database, thresholds, commands).await.stopping(&stop);
    stop_on_signal(&stop, auditor.audit()).await
}
