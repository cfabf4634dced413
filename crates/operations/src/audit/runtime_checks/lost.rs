//! What executions did and the database does not know. A database that was restored has lost it.

use anyhow::Result;
use aws_sdk_sfn::types::{ExecutionListItem, ExecutionStatus};
use domain::RestockId;
use warehouse::audit::Audited;

use super::{RuntimeChecks, whole_seconds};
use crate::audit::runtime_finding::{LostRestock, RuntimeFinding};

/// So many of the latest executions without a restock are examined. Executions that had nothing to do have none.
const EXAMINED: usize = 100;

impl RuntimeChecks {
    /// The latest executions of `restock` that have ended. List them before the database is read.
    pub(in crate::audit) async fn ended(&self) -> Result<Vec<ExecutionListItem>> {
        use ExecutionStatus::{Aborted, Failed, Succeeded, TimedOut};
        let mut ended = Vec::new();
        for status in [Succeeded, Failed, Aborted, TimedOut] {
            ended.extend(self.restocks.with_status(status).await?);
        }
        ended.sort_by_key(|execution| std::cmp::Reverse(*execution.start_date()));
        Ok(ended)
    }

    /// Executions that have sent an order, but have no restock.
    pub(in crate::audit) async fn lost_restocks(
        &self,
        audited: &Audited,
        executions: &[ExecutionListItem],
    ) -> Result<Vec<RuntimeFinding>> {
        let is_unknown =
            |execution: &&ExecutionListItem| !audited.executions.contains(execution.name());
        let mut found = Vec::new();
        for execution in executions.iter().filter(is_unknown).take(EXAMINED) {
            let Some(restock) = RestockId::of_execution(execution.name()) else { continue };
            let run = self.restocks.run(execution.name()).await?;
            // An execution that runs may have opened its restock after the database was read.
            let known = self.warehouse.executions().await?;
            if !run.orders.is_empty() && !known.contains(execution.name()) {
                found.push(RuntimeFinding::LostRestock(LostRestock {
                    sku: restock.sku.to_string(),
                    execution: execution.name().to_owned(),
                    status: execution.status().as_str().to_owned(),
                    orders: run.orders,
                }));
            }
        }
        // The oldest first, so that the cycles of the repairs are in the order of time.
        found.reverse();
        Ok(found)
    }

    /// Callbacks for production orders that the database does not know.
    pub(in crate::audit) async fn unknown_callbacks(&self) -> Result<Vec<RuntimeFinding>> {
        let failed = self.completions.with_status(ExecutionStatus::Failed).await?;
        let mut found = Vec::new();
        for execution in failed.iter().take(EXAMINED) {
            let order = execution.name().split('_').next().unwrap_or_default().to_owned();
            let Some(described) = self.completions.describe(execution.name()).await? else {
                continue;
            };
            let is_unknown = described.error() == Some("ProductionOrder.Unknown");
            if is_unknown && !self.warehouse.is_settled(&order).await? {
                found.push(RuntimeFinding::UnknownCallback {
                    production_order: order,
                    execution: execution.name().to_owned(),
                    seconds: whole_seconds(super::now()) - execution.start_date().secs(),
                });
            }
        }
        Ok(found)
    }
}
