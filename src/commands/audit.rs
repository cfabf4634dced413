//! `restock audit`

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use operations::{
    audit::{AuditReport, Auditor, RepairCommands, Thresholds},
    stop::Stop,
};
use system::System;
use terminal::print;

use super::{deployment_arguments::DeploymentArguments, signals::stop_on_signal};

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
pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    let report = audit(&arguments.deployment).await?;
    if arguments.json {
        print(&format!("{}\n", report.json()))?;
    } else {
        print(&report.to_string())?;
    }
    Ok(ExitCode::from(report.status()))
}

async fn audit(deployment: &DeploymentArguments) -> Result<AuditReport> {
    let (outputs, warehouse) = deployment.read().await?;
    let thresholds = Thresholds::of(&System::read()?)?;
    let commands = RepairCommands::of(&outputs, &deployment.outputs);
    let stop = Stop::default();
    let auditor = Auditor::of(&outputs, warehouse, thresholds, commands).await.stopping(&stop);
    stop_on_signal(&stop, auditor.audit()).await
}
