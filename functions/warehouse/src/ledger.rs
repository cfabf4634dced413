//! What people count: how stock gets in or out other than by sales and arrivals.

use domain::Sku;
use sqlx::MySqlConnection;

use crate::{Error, Result, Warehouse};

impl Warehouse {
    /// Sets a product's stock to what was counted. The difference goes into the ledger under the
    /// count's name, once.
    pub async fn count_stock(&self, sku: &Sku, counted: u32, reference: &str) -> Result<()> {
        self.transaction(async |connection| {
            let stock = sqlx::query_scalar!(
                "SELECT stock FROM product WHERE sku = ? FOR UPDATE",
                sku.as_str()
            )
            .fetch_optional(&mut *connection)
            .await?
            .ok_or_else(|| Error::UnknownProduct(sku.clone()))?;
            let difference = i64::from(counted) - i64::from(stock);
            if difference == 0 {
                Ok(())
            } else {
                correct(connection, sku, difference, reference).await
            }
        })
        .await
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
