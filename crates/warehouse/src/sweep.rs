//! What nobody noticed: the sweep asks the database itself, which forgets nothing.

use domain::{Depletion, Reason};
use serde::{Deserialize, Serialize};
use sqlx::MySqlConnection;

use crate::{Result, Warehouse};

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

/// What a sweep found. It only looks: what is to be done is done by steps of its own, each of which may be
/// repeated, so that nothing of it is lost with an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Swept {
    /// Orders whose goods have arrived and are not in stock.
    pub forgotten: Vec<String>,
    /// Restocks without an execution.
    pub abandoned: Vec<Abandoned>,
    /// Products to restock.
    pub depletions: Vec<Depletion>,
    /// How long the oldest open restock is open; 0 where none is. For the metrics alone.
    #[serde(skip)]
    pub oldest_open_seconds: u64,
}

/// A restock that is open for longer than an execution lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Abandoned {
    /// The product.
    pub sku: String,
    /// The restock.
    pub restock_cycle: u32,
    /// The execution that had opened it.
    pub execution: String,
}

impl Warehouse {
    /// Lists forgotten arrivals, abandoned restocks, and the products that are at or below their reorder
    /// point and have no open restock.
    pub async fn sweep(&self, deadlines: Deadlines) -> Result<Swept> {
        self.run(async |connection| {
            Ok(Swept {
                forgotten: forgotten(connection, deadlines).await?,
                abandoned: abandoned(connection, deadlines).await?,
                depletions: depleted(connection).await?,
                oldest_open_seconds: oldest_open(connection).await?,
            })
        })
        .await
    }
}

/// Orders whose goods arrived long ago and are not in stock; or lately, where the restock that ordered
/// them is abandoned: it is completed by them, and nothing is ordered again.
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

/// Restocks that have been open for too long.
async fn abandoned(
    connection: &mut MySqlConnection,
    deadlines: Deadlines,
) -> Result<Vec<Abandoned>> {
    let abandoned = sqlx::query_as!(
        Abandoned,
        "SELECT sku, cycle AS restock_cycle, execution FROM restock
         WHERE status = 'open' AND opened_at < CURRENT_TIMESTAMP(6) - INTERVAL ? SECOND
         ORDER BY opened_at LIMIT ?",
        deadlines.restock_abandoned_after_seconds,
        LARGEST_SWEEP
    );
    Ok(abandoned.fetch_all(connection).await?)
}

/// Products that nobody restocks.
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

/// How long the oldest open restock is open.
async fn oldest_open(connection: &mut MySqlConnection) -> Result<u64> {
    let seconds = sqlx::query_scalar!(
        r#"SELECT COALESCE(MAX(TIMESTAMPDIFF(SECOND, opened_at, CURRENT_TIMESTAMP(6))), 0) AS "seconds!: i64"
           FROM restock WHERE status = 'open'"#
    );
    // Below 0 only where the server's clock was put back.
    Ok(seconds.fetch_one(connection).await?.try_into().unwrap_or_default())
}
