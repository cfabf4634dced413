//! The ledger: what it says of a product, and what people count.

use domain::Sku;
use sqlx::MySqlConnection;

use crate::{ProductError, Result, Warehouse};

/// What the books say of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Books {
    /// Goods on hand.
    pub stock: i64,
    /// The sum of the product's movements: the same, always.
    pub ledger: i64,
    /// Goods that were sold.
    pub sold: i64,
    /// Goods that came from the factory.
    pub arrived: i64,
    /// Restocks that are under way: one at most.
    pub open_restocks: i64,
    /// Restocks whose goods came.
    pub completed_restocks: i64,
    /// Restocks that failed.
    pub failed_restocks: i64,
    /// Orders to the factory.
    pub production_orders: i64,
}

impl Warehouse {
    /// What the books say of a product.
    pub async fn books(&self, sku: &Sku) -> Result<Books, ProductError> {
        let books = self
            .run(async |connection| {
                Ok(sqlx::query_as!(
                    Books,
                    r#"SELECT CAST(stock AS SIGNED) AS "stock!: i64",
                              (SELECT CAST(COALESCE(SUM(quantity), 0) AS SIGNED) FROM stock_movement
                               WHERE sku = product.sku) AS "ledger!: i64",
                              (SELECT CAST(COALESCE(-SUM(quantity), 0) AS SIGNED) FROM stock_movement
                               WHERE sku = product.sku AND kind = 'sale') AS "sold!: i64",
                              (SELECT CAST(COALESCE(SUM(quantity), 0) AS SIGNED) FROM stock_movement
                               WHERE sku = product.sku AND kind = 'arrival') AS "arrived!: i64",
                              (SELECT COUNT(*) FROM restock
                               WHERE sku = product.sku AND status = 'open') AS "open_restocks!: i64",
                              (SELECT COUNT(*) FROM restock
                               WHERE sku = product.sku AND status = 'completed') AS "completed_restocks!: i64",
                              (SELECT COUNT(*) FROM restock
                               WHERE sku = product.sku AND status = 'failed') AS "failed_restocks!: i64",
                              (SELECT COUNT(*) FROM production_order
                               WHERE sku = product.sku) AS "production_orders!: i64"
                       FROM product WHERE sku = ?"#,
                    sku.as_str()
                )
                .fetch_optional(connection)
                .await?)
            })
            .await?;
        books.ok_or_else(|| ProductError::Unknown(sku.clone()))
    }

    /// Sets a product's stock to what was counted. The difference goes into the ledger under the
    /// count's name, once.
    pub async fn count_stock(
        &self,
        sku: &Sku,
        counted: u32,
        reference: &str,
    ) -> Result<(), ProductError> {
        let found = self.transaction(async |connection| {
            let stock = sqlx::query_scalar!(
                "SELECT stock FROM product WHERE sku = ? FOR UPDATE",
                sku.as_str()
            )
            .fetch_optional(&mut *connection)
            .await?;
            let Some(stock) = stock else { return Ok(None) };
            let difference = i64::from(counted) - i64::from(stock);
            if difference != 0 {
                correct(connection, sku, difference, reference).await?;
            }
            Ok(Some(()))
        });
        found.await?.ok_or_else(|| ProductError::Unknown(sku.clone()))
    }
}

async fn correct(
    connection: &mut MySqlConnection,
    sku: &Sku,
    difference: i64,
    reference: &str,
) -> Result<()> {
    let correct = sqlx::query!(
        "UPDATE product SET stock = stock + ? WHERE sku = ?",
        difference,
        sku.as_str()
    );
    correct.execute(&mut *connection).await?;
    sqlx::query!(
        "INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after)
         SELECT sku, 'count', ?, ?, stock FROM product WHERE sku = ?",
        difference,
        reference,
        sku.as_str()
    )
    .execute(connection)
    .await?;
    Ok(())
}
