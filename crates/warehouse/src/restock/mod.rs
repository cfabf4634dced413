//! Restocks: open one, continue it with the next order, and close it if it failed. If a restock succeeds, the credit of
//! its arrival closes it (`arrival`).

mod close;
mod open;
mod report_subject;

use domain::{FactoryId, RestockCycle, Sku};
use sqlx::MySqlConnection;

pub use close::{CloseRequest, ClosedRestock};
pub use open::{OpenRequest, Opened};
pub use report_subject::ReportSubject;

use crate::Result;

struct ProductRow {
    stock: i64,
    /// The execution that opened the product's open restock.
    open_execution: Option<String>,
    reorder_point: i64,
    target_stock: i64,
    cycle: RestockCycle,
    factory: FactoryId,
}

/// Locks the row of the product. Returns `None` if the product is unknown. Every operation that opens or closes a
/// restock of the product takes this lock first.
async fn lock_product(connection: &mut MySqlConnection, sku: &Sku) -> Result<Option<ProductRow>> {
    let row = sqlx::query!(
        // A retired product needs no restock, whatever its stock.
        r#"SELECT CASE WHEN retired_at IS NULL THEN reorder_point ELSE -1 END AS "reorder_point!: i64",
                  target_stock, restock_cycle, factory
           FROM product WHERE sku = ? FOR UPDATE"#,
        sku.as_str()
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let (stock, open_execution) = stock_and_open_execution(connection, sku).await?;
    Ok(Some(ProductRow {
        stock,
        open_execution,
        reorder_point: row.reorder_point,
        target_stock: row.target_stock.into(),
        cycle: row.restock_cycle.try_into()?,
        factory: row.factory.parse()?,
    }))
}

/// One statement, because each costs two round trips of the network, and one after the lock, because a statement that waits for
/// a lock reads the buckets as they were before it waited.
async fn stock_and_open_execution(
    connection: &mut MySqlConnection,
    sku: &Sku,
) -> Result<(i64, Option<String>)> {
    let row = sqlx::query!(
        r#"SELECT CAST(COALESCE(SUM(stock), 0) AS SIGNED) AS "stock!: i64",
                  (SELECT execution FROM restock WHERE open_sku = ?) AS "open_execution?: String"
           FROM stock_bucket WHERE sku = ?"#,
        sku.as_str(),
        sku.as_str()
    );
    let row = row.fetch_one(connection).await?;
    Ok((row.stock, row.open_execution))
}

/// Removes the task tokens of the execution's open restock, of all orders or of those before an attempt: nothing waits
/// for their goods any more. Call this before the product is locked. It locks the orders, so that an arrival that is
/// recorded meanwhile is early, and seen by the caller, or late, and credited when it is recorded.
async fn forget_tokens(
    connection: &mut MySqlConnection,
    sku: &Sku,
    execution: &str,
    before_attempt: Option<u32>,
) -> Result<()> {
    let cycle = sqlx::query_scalar!(
        "SELECT cycle FROM restock WHERE open_sku = ? AND execution = ?",
        sku.as_str(),
        execution
    );
    let Some(cycle) = cycle.fetch_optional(&mut *connection).await? else { return Ok(()) };
    let forget = sqlx::query!(
        "UPDATE production_order SET task_token = NULL WHERE sku = ? AND cycle = ? AND attempt < ?",
        sku.as_str(),
        cycle,
        before_attempt.unwrap_or(u32::MAX)
    );
    forget.execute(connection).await?;
    Ok(())
}

/// Restocks that open later belong to the next cycle of the product.
pub(crate) async fn next_cycle(connection: &mut MySqlConnection, sku: &Sku) -> Result<()> {
    let next = sqlx::query!(
        "UPDATE product SET restock_cycle = restock_cycle + 1 WHERE sku = ?",
        sku.as_str()
    );
    next.execute(connection).await?;
    Ok(())
}
