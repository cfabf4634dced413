//! Checks that compare the database with executions and queues.

mod letters;
mod lost;
mod orders;

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::Result;
use aws_sdk_sfn::{
    primitives::DateTime,
    types::{ExecutionListItem, ExecutionStatus},
};
use deployment::outputs::Outputs;
use warehouse::audit::{Audited, OpenRestock};

use super::{
    runtime_finding::{RuntimeFinding, StalledRestock},
    thresholds::Thresholds,
};
use crate::{access::WarehouseAccess, dead_letters::Queues, executions::Executions, stop::Stop};

/// The state of `restock` that sends the dead letter and the mail.
const REPORTING_STATE: &str = "ReportFailure";

/// The executions and queues of one deployment.
#[derive(Debug)]
pub(super) struct RuntimeChecks {
    warehouse: WarehouseAccess,
    restocks: Executions,
    completions: Executions,
    sweeps: Executions,
    queues: Queues,
    thresholds: Thresholds,
    /// Ends a look at the dead letters.
    pub(super) stop: Stop,
}

/// An open restock and the status of its execution, if that execution exists.
type Suspect<'a> = (&'a OpenRestock, Option<String>);

impl RuntimeChecks {
    pub(super) async fn of(
        outputs: &Outputs,
        warehouse: WarehouseAccess,
        thresholds: Thresholds,
    ) -> Self {
        let machines = outputs.clients().await.machines;
        let of = |machine: &str| Executions::of(machines.clone(), machine);
        Self {
            warehouse,
            restocks: of(&outputs.restock_machine_arn),
            completions: of(&outputs.completion_machine_arn),
            sweeps: of(&outputs.sweep_machine_arn),
            queues: Queues::of(outputs).await,
            thresholds,
            stop: Stop::default(),
        }
    }

    /// The running executions of `restock`.
    pub(super) async fn running(&self) -> Result<Vec<ExecutionListItem>> {
        self.restocks.with_status(ExecutionStatus::Running).await
    }

    /// Open restocks whose execution does not run, or runs for too long.
    pub(super) async fn stalled_restocks(
        &self,
        audited: &Audited,
        running: &[ExecutionListItem],
    ) -> Result<Vec<RuntimeFinding>> {
        let (mut found, mut suspects) = (Vec::new(), Vec::new());
        for open in &audited.open {
            if running.iter().any(|execution| execution.name() == open.execution) {
                found.extend(self.too_old(open));
                continue;
            }
            // The execution may have started after the running ones were listed.
            let execution = self.restocks.describe(&open.execution).await?;
            let status = execution.map(|execution| execution.status);
            if status != Some(ExecutionStatus::Running) {
                suspects.push((open, status.map(|status| status.as_str().to_owned())));
            }
        }
        let confirmed = self.still_open(suspects).await?;
        found.extend(confirmed.into_iter().map(|suspect| self.stalled(suspect)));
        Ok(found)
    }

    /// The suspects whose restock is still open. An execution may have closed its restock and ended after the database
    /// was read; only a restock that is open after its execution has ended is a finding.
    async fn still_open<'a>(&self, suspects: Vec<Suspect<'a>>) -> Result<Vec<Suspect<'a>>> {
        if suspects.is_empty() {
            return Ok(suspects);
        }
        let now = self.warehouse.open_restocks().await?;
        let is_open = |one: &OpenRestock| {
            now.iter().any(|other| {
                (&one.sku, one.cycle, &one.execution) == (&other.sku, other.cycle, &other.execution)
            })
        };
        Ok(suspects.into_iter().filter(|(open, _)| is_open(open)).collect())
    }

    fn stalled(&self, (open, status): Suspect<'_>) -> RuntimeFinding {
        RuntimeFinding::RestockWithoutExecution(StalledRestock {
            sku: open.sku.clone(),
            cycle: open.cycle,
            execution: open.execution.clone(),
            status,
            seconds: open.seconds,
            closed_in: self.abandoned_after() - open.seconds,
        })
    }

    fn too_old(&self, open: &OpenRestock) -> Option<RuntimeFinding> {
        (open.seconds > self.abandoned_after()).then(|| RuntimeFinding::RestockTooOld {
            sku: open.sku.clone(),
            cycle: open.cycle,
            execution: open.execution.clone(),
            seconds: open.seconds,
        })
    }

    /// Seconds after which the sweep closes a restock. No execution runs that long.
    fn abandoned_after(&self) -> i64 {
        self.thresholds.settings.restock_abandoned_seconds.into()
    }

    /// Running executions without an open restock that should have ended by now.
    pub(super) fn idle_executions(
        &self,
        audited: &Audited,
        running: &[ExecutionListItem],
    ) -> Vec<RuntimeFinding> {
        let has_restock = |name: &str| {
            audited.open.iter().any(|open| open.execution == name)
                || audited.closed_lately.iter().any(|closed| closed == name)
        };
        let limit = whole_seconds(self.thresholds.closing);
        let idle = running.iter().filter(|execution| !has_restock(execution.name()));
        let idle = idle.map(|execution| (execution.name(), age(execution.start_date())));
        idle.filter(|(_, seconds)| *seconds >= limit)
            .map(|(execution, seconds)| RuntimeFinding::ExecutionWithoutRestock {
                execution: execution.to_owned(),
                seconds,
            })
            .collect()
    }

    /// Failed restocks whose execution ended without reporting the failure.
    pub(super) async fn unreported_failures(
        &self,
        audited: &Audited,
    ) -> Result<Vec<RuntimeFinding>> {
        let mut found = Vec::new();
        for failed in &audited.failed {
            let Some(execution) = self.restocks.describe(&failed.execution).await? else {
                continue;
            };
            let has_ended = *execution.status() != ExecutionStatus::Running;
            let reported = self.restocks.task_succeeded(&failed.execution, REPORTING_STATE);
            if has_ended && !reported.await? {
                found.push(RuntimeFinding::UnreportedFailure {
                    sku: failed.sku.clone(),
                    cycle: failed.cycle,
                    execution: failed.execution.clone(),
                    failure: failed.failure.clone(),
                });
            }
        }
        Ok(found)
    }

    /// Accepted callbacks whose arrival is not recorded. Their execution failed before it recorded the arrival, or it
    /// recorded the arrival and the database was then restored to an earlier time.
    pub(super) async fn unprocessed_callbacks(
        &self,
        audited: &Audited,
    ) -> Result<Vec<RuntimeFinding>> {
        let mut found = Vec::new();
        for (production_order, execution) in self.unrecorded_completions(audited).await? {
            let described = self.completions.describe(&execution).await?;
            let input = described.and_then(|described| described.input).unwrap_or_default();
            found.push(RuntimeFinding::UnprocessedCallback { production_order, execution, input });
        }
        Ok(found)
    }

    /// The ended executions of `completion`, by the production order for which no arrival is recorded. A failed one goes
    /// before one that succeeded.
    async fn unrecorded_completions(&self, audited: &Audited) -> Result<BTreeMap<String, String>> {
        use ExecutionStatus::{Aborted, Failed, Succeeded, TimedOut};
        let mut ended = BTreeMap::new();
        // Step Functions lists the executions of 90 days.
        if audited.unreported.is_empty() {
            return Ok(ended);
        }
        for status in [Succeeded, Failed, TimedOut, Aborted] {
            for execution in self.completions.with_status(status).await? {
                // The name of an execution is its production order, sometimes with a suffix after `_`.
                let order = execution.name().split('_').next().unwrap_or_default();
                if audited.unreported.iter().any(|unreported| unreported == order) {
                    ended.insert(order.to_owned(), execution.name().to_owned());
                }
            }
        }
        self.still_unrecorded(ended).await
    }

    /// Without the orders whose arrival was recorded after the database was read.
    async fn still_unrecorded(
        &self,
        mut ended: BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>> {
        if !ended.is_empty() {
            let unreported = self.warehouse.unreported().await?;
            ended.retain(|order, _| unreported.contains(order));
        }
        Ok(ended)
    }

    /// Whether the sweep has run in time. A run that failed does not count.
    pub(super) async fn late_sweep(&self) -> Result<Vec<RuntimeFinding>> {
        let latest = self.sweeps.latest().await?;
        let good = latest.iter().filter(|sweep| {
            matches!(sweep.status(), ExecutionStatus::Running | ExecutionStatus::Succeeded)
        });
        let seconds = good.map(|sweep| age(sweep.start_date())).min();
        let since = match seconds {
            Some(seconds) => seconds,
            // A new deployment may be younger than the schedule's interval.
            None => age(&self.sweeps.machine_created_at().await?),
        };
        let limit = 2 * self.thresholds.sweep_every + self.thresholds.starting;
        let is_late = since > whole_seconds(limit);
        Ok(is_late.then_some(RuntimeFinding::LateSweep { seconds }).into_iter().collect())
    }
}

/// Seconds since a moment.
fn age(moment: &DateTime) -> i64 {
    whole_seconds(now()).saturating_sub(moment.secs())
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn whole_seconds(duration: Duration) -> i64 {
    duration.as_secs().try_into().unwrap_or(i64::MAX)
}
