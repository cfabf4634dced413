//! The ledger: the totals of a product, and counts by people.

use domain::{Sku, Stock};
use sqlx::MySqlConnection;

use crate::{ProductError, Result, Warehouse};

/// What the rows of a product add up to. The numbers are those of the database, so that tests and the demo can also
/// find values that should be impossible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProductTotals {
    pub stock: i64,
    /// Sum of the product's stock movements. Always equal to the stock.
    pub ledger: i64,
    /// Units sold.
    pub sold: i64,
    /// Units credited from the factory.
    pub arrived: i64,
    /// At most 1.
    pub open_restocks: i64,
    pub completed_restocks: i64,
    pub failed_restocks: i64,
    pub production_orders: i64,
}

impl Warehouse {
    /// Adds up the rows of a product.
    pub async fn totals(&self, sku: &Sku) -> Result<ProductTotals, ProductError> {
        let totals = self
            .run(async |connection| {
                Ok(sqlx::query_as!(
                    ProductTotals,
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
        totals.ok_or_else(|| ProductError::Unknown(sku.clone()))
    }

    /// Whether the stock of the product has ever changed.
    pub async fn has_movements(&self, sku: &Sku) -> Result<bool> {
        let found = self.run(async |connection| {
            let found = sqlx::query_scalar!(
                r#"SELECT EXISTS (SELECT 1 FROM stock_movement WHERE sku = ?) AS "found!: i64""#,
                sku.as_str()
            );
            Ok(found.fetch_one(connection).await?)
        });
        Ok(found.await? != 0)
    }

    /// Sets the stock to the number that was counted. The difference is recorded in the ledger under `reference`, the
    /// name of the count.
    pub async fn count_stock(
        &self,
        sku: &Sku,
        counted: Stock,
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
            let difference = i64::from(counted.get()) - i64::from(stock);
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
