//! Closes a restock that failed.

use domain::{RestockCycle, RestockStatus, Sku, Stock};
use serde::{Deserialize, Serialize};
use sqlx::MySqlConnection;

use super::{lock_product, next_cycle, open_execution};
use crate::{ProductError, Result, Warehouse, arrival::credit, sale::stock};

/// Asks to close a restock whose goods did not arrive.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseRequest {
    pub sku: Sku,
    pub restock_cycle: RestockCycle,
    /// The execution that opened the restock. The restock of another execution is not closed.
    pub execution: String,
    /// Name of the error, for example `Restock.Exhausted`.
    pub failure: String,
}

/// A restock after a request to close it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClosedRestock {
    /// `Completed` if the goods had arrived and were credited now. `None` if the execution never opened a restock.
    pub status: Option<RestockStatus>,
    /// Current stock of the product.
    pub stock: Stock,
    /// Current cycle of the product, which a redrive asks for.
    pub next_cycle: RestockCycle,
    /// Number of orders recorded. The last one may not have been sent.
    pub attempts: u32,
    /// Number of restocks of the product that failed since the last completed one, including this one.
    pub failures_in_a_row: u32,
}

impl Warehouse {
    /// Closes the restock as failed and moves the product to the next cycle. If the goods of the latest order have
    /// arrived, credits them instead, which completes the restock.
    pub async fn close_restock(
        &self,
        request: &CloseRequest,
    ) -> Result<ClosedRestock, ProductError> {
        self.run(async |connection| credit_arrived(connection, request).await).await?;
        let closed = self.transaction(async |connection| {
            let Some(product) = lock_product(connection, &request.sku).await? else {
                return Ok(None);
            };
            let open = open_execution(connection, &request.sku).await?;
            if open.as_deref() == Some(&request.execution) {
                fail(connection, &request.sku, &request.failure).await?;
            }
            closed(connection, request, stock(product.stock)).await.map(Some)
        });
        closed.await?.ok_or_else(|| ProductError::Unknown(request.sku.clone()))
    }
}

/// Closes the product's open restock as failed.
async fn fail(connection: &mut MySqlConnection, sku: &Sku, failure: &str) -> Result<()> {
    sqlx::query!(
        "UPDATE restock SET status = 'failed', failure = LEFT(?, 256), closed_at = CURRENT_TIMESTAMP(6)
         WHERE open_sku = ?",
        failure,
        sku.as_str()
    )
    .execute(&mut *connection)
    .await?;
    next_cycle(connection, sku).await
}

/// Credits the latest order of the execution's open restock, if its goods have arrived.
async fn credit_arrived(connection: &mut MySqlConnection, request: &CloseRequest) -> Result<()> {
    let latest = sqlx::query!(
        r#"SELECT production_order.id, arrived_at IS NOT NULL AS "arrived!: bool"
           FROM restock JOIN production_order USING (sku, cycle)
           WHERE restock.open_sku = ? AND restock.execution = ?
           ORDER BY attempt DESC LIMIT 1"#,
        request.sku.as_str(),
        request.execution
    )
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(order) = latest.filter(|order| order.arrived) {
        credit(connection, &order.id).await?;
    }
    Ok(())
}

/// Reads the restock of the execution.
async fn closed(
    connection: &mut MySqlConnection,
    request: &CloseRequest,
    stock: Stock,
) -> Result<ClosedRestock> {
    let row = sqlx::query!(
        r#"SELECT product.restock_cycle, restock.status AS "status?: String",
                  (SELECT COUNT(*) FROM production_order
                   WHERE production_order.sku = restock.sku AND production_order.cycle = restock.cycle)
                  AS "attempts!: i64",
                  (SELECT COUNT(*) FROM restock AS failed
                   WHERE failed.sku = product.sku AND failed.status = 'failed'
                   AND failed.cycle > (SELECT COALESCE(MAX(cycle), 0) FROM restock AS good
                                       WHERE good.sku = product.sku AND good.status = 'completed'))
                  AS "failures_in_a_row!: i64"
           FROM product
           LEFT JOIN restock ON restock.sku = product.sku AND restock.execution = ?
           WHERE product.sku = ?"#,
        request.execution,
        request.sku.as_str()
    )
    .fetch_one(connection)
    .await?;
    Ok(ClosedRestock {
        status: row.status.map(|status| status.parse()).transpose()?,
        stock,
        next_cycle: row.restock_cycle.try_into()?,
        attempts: row.attempts.try_into().unwrap_or(u32::MAX),
        failures_in_a_row: row.failures_in_a_row.try_into().unwrap_or(u32::MAX),
    })
}
