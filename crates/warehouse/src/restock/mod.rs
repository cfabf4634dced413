//! Restocks: open one, continue it with the next order, and close it if it failed. If a restock succeeds, the credit of
//! its arrival closes it (`arrival`).

mod close;
mod open;

use domain::{FactoryId, RestockCycle, Sku};
use sqlx::MySqlConnection;

pub use close::{CloseRequest, ClosedRestock};
pub use open::{OpenRequest, Opened};

use crate::Result;

struct ProductRow {
    stock: i32,
    reorder_point: i32,
    target_stock: i32,
    cycle: RestockCycle,
    factory: FactoryId,
}

/// Locks the row of the product. Returns `None` if the product is unknown. Every operation that opens or closes a
/// restock of the product takes this lock first.
async fn lock_product(connection: &mut MySqlConnection, sku: &Sku) -> Result<Option<ProductRow>> {
    let row = sqlx::query!(
        "SELECT stock, reorder_point, target_stock, restock_cycle, factory
         FROM product WHERE sku = ? FOR UPDATE",
        sku.as_str()
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(ProductRow {
        stock: row.stock,
        reorder_point: row.reorder_point,
        target_stock: row.target_stock,
        cycle: row.restock_cycle.try_into()?,
        factory: row.factory.parse()?,
    }))
}

/// Returns the execution that opened the product's open restock.
async fn open_execution(connection: &mut MySqlConnection, sku: &Sku) -> Result<Option<String>> {
    let execution =
        sqlx::query_scalar!("SELECT execution FROM restock WHERE open_sku = ?", sku.as_str());
    Ok(execution.fetch_optional(connection).await?)
}

async fn next_cycle(connection: &mut MySqlConnection, sku: &Sku) -> Result<()> {
    let next = sqlx::query!(
        "UPDATE product SET restock_cycle = restock_cycle + 1 WHERE sku = ?",
        sku.as_str()
    );
    next.execute(connection).await?;
    Ok(())
}
