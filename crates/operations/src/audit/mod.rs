//! `restock audit`: compares ledger, stock, restocks, production orders and executions, and says what
//! disagrees and how to repair it. It changes nothing.

mod live;
mod remediation;
mod report;

use std::time::Duration;

use anyhow::{Context, Result};
use deployment::outputs::Outputs;
use system::{Settings, System};
use warehouse::{
    DatabaseUrl,
    audit::{Limits, Snapshot},
};

pub use live::{LiveFinding, Orphan};
pub use remediation::Commands;
pub use report::{Facts, Finding, LookedAt, Report};

use crate::{dead_letters::Queues, executions::Executions};

/// After a sweep has looked, it takes a moment until a restock is open.
const STARTING: Duration = Duration::from_secs(120);

/// For so long an execution may try to open its restock, or to report when it has closed it.
const CLOSING: Duration = Duration::from_secs(600);

/// How long something may be as it is.
#[derive(Debug, Clone, Copy)]
pub struct Thresholds {
    /// The numbers of the state machines.
    pub settings: Settings,
    /// How often the sweep looks.
    pub sweep_every: Duration,
    /// How long it may take from there until a restock is open.
    pub starting: Duration,
    /// How long an execution may live without an open restock.
    pub closing: Duration,
}

impl Thresholds {
    /// As the system is deployed.
    pub fn of(system: &System) -> Result<Self> {
        let sweep = system.schedules.get("sweep").context("system.json has no sweep")?;
        Ok(Self {
            settings: system.settings,
            sweep_every: sweep.every()?,
            starting: STARTING,
            closing: CLOSING,
        })
    }

    fn limits(&self) -> Limits {
        Limits {
            arrival_forgotten_seconds: self.settings.arrival_forgotten_seconds,
            depletion_forgotten_seconds: seconds(self.sweep_every + self.starting),
            closed_lately_seconds: seconds(self.closing),
        }
    }
}

fn seconds(duration: Duration) -> u32 {
    duration.as_secs().try_into().unwrap_or(u32::MAX)
}

/// Looks at a deployment.
#[derive(Debug)]
pub struct Auditor {
    database: DatabaseUrl,
    restocks: Executions,
    completions: Executions,
    sweeps: Executions,
    queues: Queues,
    thresholds: Thresholds,
    commands: Commands,
}

impl Auditor {
    /// Who looks at this deployment, and at the database that it has.
    pub async fn of(
        outputs: &Outputs,
        database: DatabaseUrl,
        thresholds: Thresholds,
        commands: Commands,
    ) -> Self {
        let machines = outputs.clients().await.machines;
        let of = |machine: &str| Executions::of(machines.clone(), machine);
        Self {
            database,
            restocks: of(&outputs.restock_machine_arn),
            completions: of(&outputs.completion_machine_arn),
            sweeps: of(&outputs.sweep_machine_arn),
            queues: Queues::of(outputs).await,
            thresholds,
            commands,
        }
    }

    /// Looks at everything. Without the database there is nothing to compare with; what else cannot be
    /// looked at is told beside what was found.
    pub async fn audit(&self) -> Result<Report> {
        // Before the database, so that what it has open was there to be seen.
        let running = self.running().await;
        let audited = Snapshot::take(&self.database).await?.audit(self.thresholds.limits()).await?;
        let mut report = Report::of(&audited, &self.commands);
        match running {
            Ok(running) => {
                report.looked_at.running_executions = running.len();
                report.add(self.without_executions(&audited, &running).await, &self.commands);
                report.add(Ok(self.without_restocks(&audited, &running)), &self.commands);
            }
            Err(error) => report.not_seen(&error),
        }
        report.add(self.untold_failures(&audited).await, &self.commands);
        report.add(self.undealt_callbacks(&audited).await, &self.commands);
        report.add(self.dead_letters().await, &self.commands);
        report.add(self.late_sweep().await, &self.commands);
        Ok(report)
    }
}
