//! The sweep: reads from the database what was lost elsewhere.

use domain::{Depletion, Reason, RestockCycle, Sku, Stock};
use serde::{Deserialize, Serialize};
use sqlx::MySqlConnection;

use crate::{Result, Warehouse};

/// Maximum number of rows of each kind in one result, so that the result fits into the 256 KiB of a state. The next
/// sweep finds the rest.
const LARGEST_SWEEP: i64 = 200;

/// Ages from which the sweep takes over from executions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadlines {
    /// Longer than any execution runs: the execution of a restock that is open longer has ended.
    pub restock_abandoned_after_seconds: u32,
    /// Longer than any execution needs to credit an arrival.
    pub arrival_forgotten_after_seconds: u32,
}

/// What a sweep found. The sweep only reads. Other steps act on the result, each idempotently, so nothing is lost with
/// the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SweepResult {
    /// Production orders whose goods have arrived and are not credited. Plain text, so that an invalid id in one row
    /// does not stop the sweep.
    pub forgotten: Vec<String>,
    /// Open restocks whose execution has ended.
    pub abandoned: Vec<AbandonedRestock>,
    /// Products to restock.
    pub depletions: Vec<Depletion>,
    /// Age of the oldest open restock; 0 if none is open. Only for the metric.
    #[serde(skip)]
    pub oldest_open_seconds: u64,
}

/// A restock that has been open longer than any execution runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AbandonedRestock {
    pub sku: Sku,
    pub restock_cycle: RestockCycle,
    /// The execution that opened the restock.
    pub execution: String,
}

impl Warehouse {
    /// Lists forgotten arrivals, abandoned restocks, and products at or below their reorder point without an open
    /// restock.
    pub async fn sweep(&self, deadlines: Deadlines) -> Result<SweepResult> {
        self.run(async |connection| {
            Ok(SweepResult {
                forgotten: forgotten(connection, deadlines).await?,
                abandoned: abandoned(connection, deadlines).await?,
                depletions: depletions(connection).await?,
                oldest_open_seconds: oldest_open(connection).await?,
            })
        })
        .await
    }
}

/// Lists orders whose goods arrived long ago and are not credited. Includes recent arrivals of abandoned restocks:
/// crediting them completes the restock, so that nothing has to be ordered again.
async fn forgotten(connection: &mut MySqlConnection, deadlines: Deadlines) -> Result<Vec<String>> {
    let forgotten = sqlx::query_scalar!(
        "SELECT id FROM production_order
         WHERE arrived_at IS NOT NULL
         AND (arrived_at < CURRENT_TIMESTAMP(6) - INTERVAL ? SECOND
              OR EXISTS (SELECT 1 FROM restock
                         WHERE open_sku = production_order.sku AND cycle = production_order.cycle
                         AND opened_at < CURRENT_TIMESTAMP(6) - INTERVAL ? SECOND))
         AND NOT EXISTS (SELECT 1 FROM stock_movement
                         WHERE kind = 'arrival' AND reference = production_order.id)
         ORDER BY arrived_at LIMIT ?",
        deadlines.arrival_forgotten_after_seconds,
        deadlines.restock_abandoned_after_seconds,
        LARGEST_SWEEP
    );
    Ok(forgotten.fetch_all(connection).await?)
}

async fn abandoned(
    connection: &mut MySqlConnection,
    deadlines: Deadlines,
) -> Result<Vec<AbandonedRestock>> {
    let rows = sqlx::query!(
        "SELECT sku, cycle AS restock_cycle, execution FROM restock
         WHERE status = 'open' AND opened_at < CURRENT_TIMESTAMP(6) - INTERVAL ? SECOND
         ORDER BY opened_at LIMIT ?",
        deadlines.restock_abandoned_after_seconds,
        LARGEST_SWEEP
    )
    .fetch_all(connection)
    .await?;
    let abandoned = rows.into_iter().map(|row| {
        Ok(AbandonedRestock {
            sku: row.sku.parse()?,
            restock_cycle: row.restock_cycle.try_into()?,
            execution: row.execution,
        })
    });
    abandoned.collect()
}

/// Lists products at or below their reorder point without an open restock. In random order, so that with more products
/// than one result holds each gets its turn.
async fn depletions(connection: &mut MySqlConnection) -> Result<Vec<Depletion>> {
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
            stock: Stock::try_from(row.stock).ok(),
            reason: Reason::Sweep,
            purchase_id: None,
        })
    });
    depletions.collect()
}

/// Returns the age of the oldest open restock in seconds.
async fn oldest_open(connection: &mut MySqlConnection) -> Result<u64> {
    let seconds = sqlx::query_scalar!(
        r#"SELECT COALESCE(MAX(TIMESTAMPDIFF(SECOND, opened_at, CURRENT_TIMESTAMP(6))), 0) AS "seconds!: i64"
           FROM restock WHERE status = 'open'"#
    );
    // Negative only if the clock of the server was set back.
    Ok(seconds.fetch_one(connection).await?.try_into().unwrap_or_default())
}
