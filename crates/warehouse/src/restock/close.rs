//! Closes a restock that failed.

use domain::{RestockCycle, RestockStatus, Sku, Stock};
use serde::{Deserialize, Serialize};
use sqlx::MySqlConnection;

use super::{forget_tokens, next_cycle, stock_and_open_execution};
use crate::{ProductError, Result, Warehouse, arrival::credit, ledger::lock_product, sale::stock};

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
    /// `Completed` if the goods had arrived and were credited. `None` if the execution has no restock, because another
    /// execution has the product's open one.
    pub status: Option<RestockStatus>,
    /// Current stock of the product.
    pub stock: Stock,
    /// Current cycle of the product, which a redrive asks for.
    pub next_cycle: RestockCycle,
    /// Number of orders recorded. The last one may not have been sent.
    pub attempts: u32,
    /// Name of the error with which the restock was closed. `None` if it did not fail.
    pub failure: Option<String>,
    /// Whether operations were told that restocks of the product fail: of this one, or of one that failed since the last
    /// completed restock.
    pub reported: bool,
}

/// One try to close a restock.
enum Try {
    Closed(ClosedRestock),
    /// Not closed: goods have arrived and must be credited first.
    GoodsToCredit,
    UnknownProduct,
}

impl Warehouse {
    /// Closes the restock as failed and moves the product to the next cycle. Credits goods that have arrived for its
    /// orders; those of the latest order complete the restock instead.
    ///
    /// An execution that failed before it opened a restock gets one here, already failed and without orders, so that
    /// the failure is known and reported once. It gets none while another execution has the product's open restock.
    pub async fn close_restock(
        &self,
        request: &CloseRequest,
    ) -> Result<ClosedRestock, ProductError> {
        loop {
            self.run(async |connection| credit_arrived(connection, request).await).await?;
            let tried = self.transaction(async |connection| close(connection, request).await);
            match tried.await? {
                Try::Closed(closed) => return Ok(closed),
                Try::UnknownProduct => return Err(ProductError::Unknown(request.sku.clone())),
                // They arrived in between.
                Try::GoodsToCredit => {}
            }
        }
    }
}

/// Locks the orders before the product, as `increment_stock` does. An arrival that is recorded meanwhile waits for the
/// lock of its order, and then finds that the restock is closed.
async fn close(connection: &mut MySqlConnection, request: &CloseRequest) -> Result<Try> {
    let CloseRequest { sku, execution, failure, .. } = request;
    forget_tokens(connection, sku, execution, None).await?;
    if !arrived(connection, request).await?.is_empty() {
        return Ok(Try::GoodsToCredit);
    }
    // Reads nothing of the product that may be invalid: also the restock of such a product must be closed.
    if !lock_product(connection, sku).await? {
        return Ok(Try::UnknownProduct);
    }
    let (left, open_execution) = stock_and_open_execution(connection, sku).await?;
    match open_execution {
        Some(open) if open == *execution => fail(connection, sku, failure).await?,
        None if !has_restock(connection, request).await? => insert(connection, request).await?,
        _ => {}
    }
    closed(connection, request, stock(left)).await.map(Try::Closed)
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

async fn has_restock(connection: &mut MySqlConnection, request: &CloseRequest) -> Result<bool> {
    let found = sqlx::query_scalar!(
        "SELECT cycle FROM restock WHERE sku = ? AND execution = ? LIMIT 1",
        request.sku.as_str(),
        request.execution
    );
    Ok(found.fetch_optional(connection).await?.is_some())
}

/// Records a restock that failed before it was opened, and moves the product to the next cycle. Also if the cycle of the
/// product is behind its restocks, after a repair by hand for example.
async fn insert(connection: &mut MySqlConnection, request: &CloseRequest) -> Result<()> {
    let sku = request.sku.as_str();
    sqlx::query!(
        "INSERT INTO restock (sku, cycle, status, execution, failure, closed_at)
         SELECT sku, GREATEST(restock_cycle, 1 + COALESCE(
                    (SELECT MAX(cycle) FROM restock AS earlier WHERE earlier.sku = product.sku), 0)),
                'failed', ?, LEFT(?, 256), CURRENT_TIMESTAMP(6)
         FROM product WHERE sku = ?",
        request.execution,
        request.failure,
        sku
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "UPDATE product SET restock_cycle = 1 + (SELECT MAX(cycle) FROM restock WHERE restock.sku = product.sku)
         WHERE sku = ?",
        sku
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Lists the orders of the execution's open restock whose goods have arrived and are not credited.
async fn arrived(connection: &mut MySqlConnection, request: &CloseRequest) -> Result<Vec<String>> {
    let orders = sqlx::query_scalar!(
        "SELECT production_order.id
         FROM restock JOIN production_order USING (sku, cycle)
         WHERE restock.open_sku = ? AND restock.execution = ? AND arrived_at IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM stock_movement
                         WHERE kind = 'arrival' AND reference = production_order.id)
         ORDER BY attempt",
        request.sku.as_str(),
        request.execution
    );
    Ok(orders.fetch_all(connection).await?)
}

async fn credit_arrived(connection: &mut MySqlConnection, request: &CloseRequest) -> Result<()> {
    for order in arrived(connection, request).await? {
        credit(connection, &order).await?;
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
        r#"SELECT product.restock_cycle, restock.status AS "status?: String", restock.failure AS "failure?",
                  (SELECT COUNT(*) FROM production_order
                   WHERE production_order.sku = restock.sku AND production_order.cycle = restock.cycle)
                  AS "attempts!: i64",
                  EXISTS (SELECT 1 FROM restock AS told
                          WHERE told.sku = product.sku AND told.status = 'failed' AND told.reported_at IS NOT NULL
                          AND told.cycle > (SELECT COALESCE(MAX(cycle), 0) FROM restock AS good
                                            WHERE good.sku = product.sku AND good.status = 'completed'))
                  AS "reported!: bool"
           FROM product
           LEFT JOIN restock ON restock.sku = product.sku AND restock.execution = ?
           WHERE product.sku = ? ORDER BY restock.cycle DESC LIMIT 1"#,
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
        failure: row.failure,
        reported: row.reported,
    })
}
