//! What nobody noticed: the sweep asks the database itself, which forgets nothing.

use domain::{Depletion, ProductionOrderId, Reason, Sku};
use serde::{Deserialize, Serialize};
use sqlx::MySqlConnection;

use crate::{Result, Warehouse, arrival::credit, restock::fail};

/// What one sweep looks at, at most: its answer must fit a state's 256 KiB. The next sweep goes on.
const LARGEST_SWEEP: i64 = 500;

/// From when on the sweep no longer leaves something to the executions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadlines {
    /// No execution lives this long: a restock that is open longer has lost its own.
    pub restock_abandoned_after_seconds: u32,
    /// No execution takes this long to credit goods that have arrived.
    pub arrival_forgotten_after_seconds: u32,
}

/// What a sweep found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Swept {
    /// Products to restock.
    pub depletions: Vec<Depletion>,
    /// Goods that had arrived and were credited only now.
    pub credited: usize,
    /// Restocks without an execution, closed.
    pub abandoned: Vec<Sku>,
}

impl Warehouse {
    /// Credits forgotten arrivals, closes abandoned restocks, and lists the products that are at or
    /// below their reorder point and have no open restock.
    pub async fn sweep(&self, deadlines: Deadlines) -> Result<Swept> {
        let credited = self.credit_forgotten(deadlines).await?;
        let abandoned = self.close_abandoned(deadlines.restock_abandoned_after_seconds).await?;
        let depletions = self.run(async |connection| depleted(connection).await).await?;
        Ok(Swept { depletions, credited, abandoned })
    }

    /// Also goods that came lately, where the restock that ordered them is abandoned: it is completed by
    /// them, and nothing is ordered again.
    async fn credit_forgotten(&self, deadlines: Deadlines) -> Result<usize> {
        self.run(async |connection| {
            let forgotten = sqlx::query_scalar!(
                "SELECT id FROM production_order
                 WHERE arrived_at IS NOT NULL
                 AND (arrived_at < CURRENT_TIMESTAMP(6) - INTERVAL ? SECOND
                      OR EXISTS (SELECT 1 FROM restock
                                 WHERE open_sku = production_order.sku AND cycle = production_order.cycle
                                 AND opened_at < CURRENT_TIMESTAMP(6) - INTERVAL ? SECOND))
                 AND NOT EXISTS (SELECT 1 FROM stock_movement
                                 WHERE kind = 'arrival' AND reference = production_order.id)
                 LIMIT ?",
                deadlines.arrival_forgotten_after_seconds,
                deadlines.restock_abandoned_after_seconds,
                LARGEST_SWEEP
            )
            .fetch_all(&mut *connection)
            .await?;
            for order in &forgotten {
                credit(connection, order.parse::<ProductionOrderId>()?).await?;
            }
            Ok(forgotten.len())
        })
        .await
    }

    async fn close_abandoned(&self, seconds: u32) -> Result<Vec<Sku>> {
        let abandoned = self
            .run(async |connection| {
                Ok(sqlx::query_scalar!(
                    "SELECT sku FROM restock
                     WHERE status = 'open' AND opened_at < CURRENT_TIMESTAMP(6) - INTERVAL ? SECOND
                     LIMIT ?",
                    seconds,
                    LARGEST_SWEEP
                )
                .fetch_all(connection)
                .await?)
            })
            .await?;
        let mut closed = Vec::new();
        for sku in abandoned {
            closed.extend(self.close_if_abandoned(sku.parse()?, seconds).await?);
        }
        Ok(closed)
    }

    /// Looks again under the product's lock: the restock may have ended, and the next one begun.
    async fn close_if_abandoned(&self, sku: Sku, seconds: u32) -> Result<Option<Sku>> {
        let closed = self
            .transaction(async |connection| {
                lock_product(connection, &sku).await?;
                let still = sqlx::query_scalar!(
                    "SELECT cycle FROM restock
                     WHERE open_sku = ? AND opened_at < CURRENT_TIMESTAMP(6) - INTERVAL ? SECOND",
                    sku.as_str(),
                    seconds
                );
                let abandoned = still.fetch_optional(&mut *connection).await?.is_some();
                if abandoned {
                    fail(connection, &sku, "Restock.Abandoned").await?;
                }
                Ok(abandoned)
            })
            .await?;
        Ok(closed.then_some(sku))
    }
}

async fn lock_product(connection: &mut MySqlConnection, sku: &Sku) -> Result<()> {
    let lock = sqlx::query!("SELECT stock FROM product WHERE sku = ? FOR UPDATE", sku.as_str());
    lock.fetch_one(connection).await?;
    Ok(())
}

async fn depleted(connection: &mut MySqlConnection) -> Result<Vec<Depletion>> {
    let rows = sqlx::query!(
        "SELECT sku, stock, restock_cycle FROM product
         WHERE stock <= reorder_point
         AND NOT EXISTS (SELECT 1 FROM restock WHERE open_sku = product.sku)
         LIMIT ?",
        LARGEST_SWEEP
    )
    .fetch_all(connection)
    .await?;
    let depletions = rows.into_iter().map(|row| {
        Ok(Depletion {
            sku: row.sku.parse()?,
            restock_cycle: row.restock_cycle.try_into()?,
            stock: u32::try_from(row.stock).ok(),
            reason: Reason::Sweep,
            purchase_id: None,
        })
    });
    depletions.collect()
}
