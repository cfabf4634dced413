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
                    r#"SELECT (SELECT CAST(COALESCE(SUM(stock), 0) AS SIGNED) FROM stock_bucket
                               WHERE stock_bucket.sku = product.sku) AS "stock!: i64",
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
            if !lock_product(connection, sku).await? {
                return Ok(None);
            }
            let difference = i64::from(counted.get()) - lock_buckets(connection, sku).await?;
            if difference != 0 {
                adjust(connection, sku, difference, reference).await?;
            }
            Ok(Some(()))
        });
        found.await?.ok_or_else(|| ProductError::Unknown(sku.clone()))
    }
}

/// Locks the row of the product. Returns false if the product is unknown.
pub(crate) async fn lock_product(connection: &mut MySqlConnection, sku: &Sku) -> Result<bool> {
    let lock =
        sqlx::query_scalar!("SELECT sku FROM product WHERE sku = ? FOR UPDATE", sku.as_str());
    Ok(lock.fetch_optional(connection).await?.is_some())
}

/// Locks all buckets of the product, and returns their stock. Call this after the product is locked.
async fn lock_buckets(connection: &mut MySqlConnection, sku: &Sku) -> Result<i64> {
    let lock = sqlx::query_scalar!(
        r#"SELECT CAST(COALESCE(SUM(stock), 0) AS SIGNED) AS "stock!: i64"
           FROM stock_bucket WHERE sku = ? FOR UPDATE"#,
        sku.as_str()
    );
    Ok(lock.fetch_one(connection).await?)
}

/// Returns the stock of a product, the sum of its buckets at one moment. A statement of its own: a statement that waits
/// for a lock reads the buckets as they were before it waited.
pub(crate) async fn stock(connection: &mut MySqlConnection, sku: &Sku) -> Result<i64> {
    let stock = sqlx::query_scalar!(
        r#"SELECT CAST(COALESCE(SUM(stock), 0) AS SIGNED) AS "stock!: i64"
           FROM stock_bucket WHERE sku = ?"#,
        sku.as_str()
    );
    Ok(stock.fetch_one(connection).await?)
}

/// Adds units to the stock, or removes them, and records a count. Returns the stock afterwards, or `None` if the product is
/// unknown.
pub(crate) async fn adjust(
    connection: &mut MySqlConnection,
    sku: &Sku,
    units: i64,
    reference: &str,
) -> Result<Option<i64>> {
    let call = sqlx::query_scalar("CALL adjust_stock(?, ?, ?)");
    let call = call.bind(sku.as_str()).bind(units).bind(reference);
    Ok(call.fetch_optional(connection).await?)
}
