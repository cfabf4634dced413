//! Orders and task tokens that an open restock needs and the database has not.

use std::collections::BTreeSet;

use anyhow::Result;
use aws_sdk_sfn::types::ExecutionListItem;
use warehouse::audit::{Audited, OpenRestock};

use super::{RuntimeChecks, age};
use crate::{
    audit::runtime_finding::{LostOrder, RuntimeFinding},
    executions::Run,
};

/// Storing a task token takes a few seconds, and retries of it less than this.
const STORING_SECONDS: i64 = 90;

impl RuntimeChecks {
    /// Open restocks whose running execution has placed an order, or waits with a task token, that is not in the
    /// database.
    pub(in crate::audit) async fn missing_orders(
        &self,
        audited: &Audited,
        running: &[ExecutionListItem],
    ) -> Result<Vec<RuntimeFinding>> {
        let mut found = Vec::new();
        for open in &audited.open {
            if running.iter().any(|execution| execution.name() == open.execution) {
                let run = self.restocks.run(&open.execution).await?;
                found.extend(self.missing_order(open, &run).await?);
                found.extend(missing_token(audited, open, &run));
            }
        }
        Ok(found)
    }

    /// The order of an attempt may have been recorded after the database was read.
    async fn missing_order(&self, open: &OpenRestock, run: &Run) -> Result<Option<RuntimeFinding>> {
        let Some(order) = run.orders.last() else { return Ok(None) };
        let orders = self.warehouse.open_orders().await?;
        let known: BTreeSet<&str> = orders.iter().map(|order| order.id.as_str()).collect();
        let is_missing = !known.contains(order.production_order.as_str());
        let still_open = self.warehouse.open_restocks().await?;
        let is_open = still_open.iter().any(|other| other.execution == open.execution);
        Ok((is_missing && is_open).then(|| RuntimeFinding::OrderMissing {
            execution: open.execution.clone(),
            order: LostOrder { sku: open.sku.clone(), cycle: open.cycle, ..order.clone() },
        }))
    }
}

fn missing_token(audited: &Audited, open: &OpenRestock, run: &Run) -> Option<RuntimeFinding> {
    let order = audited.open_orders.iter().rfind(|order| order.execution == open.execution)?;
    let waits = run.waits_since.as_ref().is_some_and(|since| age(since) > STORING_SECONDS);
    let is_missing = waits && !order.has_token && !order.has_arrived;
    is_missing.then(|| RuntimeFinding::TokenMissing {
        sku: open.sku.clone(),
        cycle: open.cycle,
        execution: open.execution.clone(),
        production_order: order.id.clone(),
    })
}
