//! What the system says after a run.

use std::time::Duration;

use anyhow::Result;
use deployment::outputs::Outputs;
use domain::Sku;
use local_programs::console::Console;
use operations::{
    access::WarehouseAccess,
    audit::{AuditReport, Auditor, RepairCommands, Thresholds},
};
use system::System;
use tokio::time::{Instant, sleep};
use warehouse::audit::Goods;

use super::Answers;

/// How long the run waits for an open restock before it audits.
const SETTLING: Duration = Duration::from_secs(120);

/// So long after the last sale, no purchase is under way any more: the state machine of a purchase ends after 6 s.
const QUIET: Duration = Duration::from_secs(7);

/// An overloaded system still decides purchases that came before. The run waits for it no longer than this.
const LONGEST_QUIET: Duration = Duration::from_secs(60);

/// The product before a run and after it, and the audit.
#[derive(Debug)]
pub struct Examination {
    pub before: Goods,
    pub after: Goods,
    pub audit: AuditReport,
}

/// What an examination needs.
pub struct Examiner<'a> {
    pub warehouse: WarehouseAccess,
    pub before: Goods,
    pub sku: &'a Sku,
    pub outputs: &'a Outputs,
    pub commands: RepairCommands,
    pub console: Console,
}

impl Examiner<'_> {
    /// Waits until no purchase and no restock is under way, and examines the result.
    pub async fn examine(self, answers: &Answers) -> Result<Examination> {
        let Self { warehouse, before, sku, outputs, commands, console } = self;
        if answers.errors > 0 {
            console.note("waiting until no purchase is under way");
            wait_for_quiet(&warehouse, sku, quiet_after(answers)).await?;
        }
        console.note("waiting until the product is restocked");
        settle(&warehouse, sku).await?;
        let after = warehouse.goods(sku).await?;
        let thresholds = Thresholds::of(&System::read()?)?;
        let auditor = Auditor::of(outputs, warehouse, thresholds, commands).await;
        Ok(Examination { before, after, audit: auditor.audit().await? })
    }
}

/// How long nothing may be sold until purchases count as ended: a system that was late with answers is late with sales, too.
fn quiet_after(answers: &Answers) -> Duration {
    let backlog = answers.rate.map(|rate| rate.backlog()).unwrap_or_default();
    (QUIET + backlog).min(LONGEST_QUIET)
}

/// Waits until purchases whose customers got no outcome have ended, or until it has waited long enough.
async fn wait_for_quiet(warehouse: &WarehouseAccess, sku: &Sku, quiet: Duration) -> Result<()> {
    let deadline = Instant::now() + SETTLING;
    let mut sold = warehouse.goods(sku).await?.sold;
    let mut since = Instant::now();
    while since.elapsed() < quiet && Instant::now() < deadline {
        sleep(Duration::from_millis(500)).await;
        let now = warehouse.goods(sku).await?.sold;
        if now != sold {
            (sold, since) = (now, Instant::now());
        }
    }
    Ok(())
}

/// Waits until no restock is open and the stock is above the reorder point, or until it has waited long enough: the audit
/// finds what is wrong then.
async fn settle(warehouse: &WarehouseAccess, sku: &Sku) -> Result<()> {
    let deadline = Instant::now() + SETTLING;
    while !is_restocked(warehouse, sku).await? && Instant::now() < deadline {
        sleep(Duration::from_millis(500)).await;
    }
    Ok(())
}

async fn is_restocked(warehouse: &WarehouseAccess, sku: &Sku) -> Result<bool> {
    let products = warehouse.overview().await?.products;
    let product = products.iter().find(|product| product.sku == sku.as_str());
    Ok(product.is_none_or(|it| it.restock.is_none() && it.stock > it.reorder_point))
}

#[cfg(test)]
mod tests {
    use super::{Answers, Duration, LONGEST_QUIET, QUIET, quiet_after};
    use crate::load::Rate;

    #[test]
    fn after_an_overload_the_sales_must_rest_for_longer() {
        let quiet = |took_s| {
            let rate = Rate { planned_per_s: 1.0, decided_per_s: 1.0, planned_s: 10.0, took_s };
            quiet_after(&Answers { rate: Some(rate), ..Answers::default() })
        };
        assert_eq!(quiet(9.5), QUIET);
        assert_eq!(quiet(30.0), QUIET + Duration::from_secs(20));
        assert_eq!(quiet(500.0), LONGEST_QUIET);
        assert_eq!(quiet_after(&Answers::default()), QUIET);
    }
}
