//! What nobody noticed: the sweep asks the database itself, which forgets nothing.

use domain::{Depletion, ProductionOrderId, Reason, RestockCycle, Sku};
use serde::{Deserialize, Serialize};
use sqlx::MySqlConnection;

use crate::{
    Credited, Error, Result, Warehouse,
    arrival::credit,
    restock::{fail, lock_product},
};

/// What one sweep looks at of each kind, at most: its answer must fit a state's 256 KiB. The next sweep
/// goes on.
const LARGEST_SWEEP: i64 = 200;

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
    pub credited: Vec<Forgotten>,
    /// Restocks without an execution, closed.
    pub abandoned: Vec<Abandoned>,
    /// What could not be put right, and why. It does not keep the rest from being so.
    pub skipped: Vec<String>,
}

/// Goods that had arrived and were credited only now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Forgotten {
    /// The order that they were made for.
    pub production_order: ProductionOrderId,
    /// What the credit did.
    #[serde(flatten)]
    pub credited: Credited,
}

/// A restock that was open for longer than an execution lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Abandoned {
    /// The product.
    pub sku: Sku,
    /// The restock.
    pub restock_cycle: RestockCycle,
    /// The cycle that has begun.
    pub next_cycle: RestockCycle,
    /// The product's stock.
    pub stock: i32,
    /// How many orders were sent, perhaps.
    pub attempts: i64,
    /// The execution that had opened it.
    pub execution: String,
}

impl Warehouse {
    /// Credits forgotten arrivals, closes abandoned restocks, and lists the products that are at or
    /// below their reorder point and have no open restock.
    pub async fn sweep(&self, deadlines: Deadlines) -> Result<Swept> {
        let mut skipped = Vec::new();
        let credited = self.credit_forgotten(deadlines, &mut skipped).await?;
        let abandoned = self.close_abandoned(deadlines, &mut skipped).await?;
        let depletions = self.run(async |connection| depleted(connection).await).await?;
        Ok(Swept { depletions, credited, abandoned, skipped })
    }

    async fn credit_forgotten(
        &self,
        deadlines: Deadlines,
        skipped: &mut Vec<String>,
    ) -> Result<Vec<Forgotten>> {
        let seconds = deadlines.arrival_forgotten_after_seconds;
        let mut credited = Vec::new();
        for order in self.run(async |connection| forgotten(connection, seconds).await).await? {
            let done = async {
                let production_order: ProductionOrderId = order.parse()?;
                let credited =
                    self.run(async |connection| credit(connection, production_order).await).await?;
                Ok(Some(Forgotten { production_order, credited }))
            };
            credited.extend(or_skip(done.await, "production order", &order, skipped)?);
        }
        Ok(credited)
    }

    async fn close_abandoned(
        &self,
        deadlines: Deadlines,
        skipped: &mut Vec<String>,
    ) -> Result<Vec<Abandoned>> {
        let seconds = deadlines.restock_abandoned_after_seconds;
        let mut closed = Vec::new();
        for sku in self.run(async |connection| abandoned(connection, seconds).await).await? {
            let done = self.transaction(async |connection| close(connection, &sku, seconds).await);
            closed.extend(or_skip(done.await, "restock of", &sku, skipped)?);
        }
        Ok(closed)
    }
}

/// One that cannot be put right is skipped; a database that is away is the same for all.
fn or_skip<T>(
    done: Result<Option<T>>,
    what: &str,
    name: &str,
    skipped: &mut Vec<String>,
) -> Result<Option<T>> {
    match done {
        Err(error @ Error::Unavailable(_)) => Err(error),
        Err(error) => {
            skipped.push(format!("{what} {name}: {}", error.name()));
            Ok(None)
        }
        done => done,
    }
}

/// Orders whose goods arrived long ago and are not in stock.
async fn forgotten(connection: &mut MySqlConnection, seconds: u32) -> Result<Vec<String>> {
    let forgotten = sqlx::query_scalar!(
        "SELECT id FROM production_order
         WHERE arrived_at < CURRENT_TIMESTAMP(6) - INTERVAL ? SECOND
         AND NOT EXISTS (SELECT 1 FROM stock_movement
                         WHERE kind = 'arrival' AND reference = production_order.id)
         ORDER BY arrived_at LIMIT ?",
        seconds,
        LARGEST_SWEEP
    );
    Ok(forgotten.fetch_all(connection).await?)
}

/// Products whose restock has been open for too long.
async fn abandoned(connection: &mut MySqlConnection, seconds: u32) -> Result<Vec<String>> {
    let abandoned = sqlx::query_scalar!(
        "SELECT sku FROM restock
         WHERE status = 'open' AND opened_at < CURRENT_TIMESTAMP(6) - INTERVAL ? SECOND
         ORDER BY opened_at LIMIT ?",
        seconds,
        LARGEST_SWEEP
    );
    Ok(abandoned.fetch_all(connection).await?)
}

/// Looks again under the product's lock: the restock may have ended, and the next one begun.
async fn close(
    connection: &mut MySqlConnection,
    sku: &str,
    seconds: u32,
) -> Result<Option<Abandoned>> {
    let sku: Sku = sku.parse()?;
    let product = lock_product(connection, &sku).await?;
    let still = sqlx::query!(
        r#"SELECT cycle, execution,
                  (SELECT COUNT(*) FROM production_order
                   WHERE sku = restock.sku AND cycle = restock.cycle) AS "attempts!: i64"
           FROM restock
           WHERE open_sku = ? AND opened_at < CURRENT_TIMESTAMP(6) - INTERVAL ? SECOND"#,
        sku.as_str(),
        seconds
    );
    let Some(restock) = still.fetch_optional(&mut *connection).await? else { return Ok(None) };
    fail(connection, &sku, "Restock.Abandoned").await?;
    let restock_cycle: RestockCycle = restock.cycle.try_into()?;
    Ok(Some(Abandoned {
        sku,
        restock_cycle,
        next_cycle: restock_cycle.next(),
        stock: product.stock,
        attempts: restock.attempts,
        execution: restock.execution,
    }))
}

async fn depleted(connection: &mut MySqlConnection) -> Result<Vec<Depletion>> {
    let rows = sqlx::query!(
        "SELECT sku, stock, restock_cycle FROM product
         WHERE stock <= reorder_point
         AND NOT EXISTS (SELECT 1 FROM restock WHERE open_sku = product.sku)
         ORDER BY RAND() LIMIT ?",
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
