use anyhow::Result;
use deployment::outputs::Outputs;

use super::{
    repair_commands::RepairCommands, report::AuditReport, runtime_checks::RuntimeChecks,
    thresholds::Thresholds,
};
use crate::{access::WarehouseAccess, stop::Stop};

/// Audits one deployment.
#[derive(Debug)]
pub struct Auditor {
    warehouse: WarehouseAccess,
    runtime: RuntimeChecks,
    thresholds: Thresholds,
    commands: RepairCommands,
}

impl Auditor {
    /// An auditor of the deployment with these outputs.
    pub async fn of(
        outputs: &Outputs,
        warehouse: WarehouseAccess,
        thresholds: Thresholds,
        commands: RepairCommands,
    ) -> Self {
        let runtime = RuntimeChecks::of(outputs, warehouse.clone(), thresholds).await;
        Self { warehouse, runtime, thresholds, commands }
    }

    /// The same auditor, whose look at the dead letters ends when it is asked to stop.
    #[must_use]
    pub fn stopping(mut self, stop: &Stop) -> Self {
        self.runtime.stop = stop.clone();
        self
    }

    /// Runs all checks.
    ///
    /// # Errors
    /// If the database cannot be read. Other failures are listed in the report.
    pub async fn audit(&self) -> Result<AuditReport> {
        // Listed before the database is read: the execution of every restock that the database then shows as open had
        // already started.
        let running = self.runtime.running().await;
        let ended = self.runtime.ended().await;
        let audited = self.warehouse.audit(self.thresholds.limits()).await?;
        let mut report = AuditReport::of(&audited, &self.commands);
        let runtime = &self.runtime;
        match running {
            Ok(mut running) => {
                report.examined.running_executions = running.len();
                report.add(runtime.stalled_restocks(&audited, &running).await, &self.commands);
                report.add(Ok(runtime.idle_executions(&audited, &running)), &self.commands);
                report.add(runtime.missing_orders(&audited, &running).await, &self.commands);
                match ended {
                    Ok(ended) => running.extend(ended),
                    Err(error) => report.add_not_examined(&error),
                }
                report.add(runtime.lost_restocks(&audited, &running).await, &self.commands);
                report.leave_out_arrivals_of_lost_orders();
            }
            Err(error) => report.add_not_examined(&error),
        }
        report.add(runtime.unreported_failures(&audited).await, &self.commands);
        report.add(runtime.unprocessed_callbacks(&audited).await, &self.commands);
        report.add(runtime.unknown_callbacks().await, &self.commands);
        report.add(runtime.dead_letters().await, &self.commands);
        report.add(runtime.late_sweep().await, &self.commands);
        Ok(report)
    }
}
