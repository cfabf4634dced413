//! Reads the whole ledger.

use domain::{MovementKind, Sku};

use serde::{Deserialize, Serialize};

use crate::{Result, Warehouse};

/// One row of the ledger. The numbers are those of the database, so that a check can also find values that should be
/// impossible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockMovement {
    pub sku: Sku,
    pub kind: MovementKind,
    /// Units added (positive) or removed (negative).
    pub quantity: i64,
    /// The purchase id, the production order, or the name of the count.
    pub reference: String,
    /// Stock of the product after the movement.
    pub stock_after: i64,
}

impl Warehouse {
    /// Returns every movement of every product. The movements of one product are in the order in which they were made,
    /// because each gets its number while the row of the product is locked.
    pub async fn movements(&self) -> Result<Vec<StockMovement>> {
        let rows = self
            .run(async |connection| {
                let all = sqlx::query!(
                    r#"SELECT sku, kind AS "kind!: String", quantity, reference, stock_after
                       FROM stock_movement ORDER BY id"#
                );
                Ok(all.fetch_all(connection).await?)
            })
            .await?;
        let movements = rows.into_iter().map(|row| {
            Ok(StockMovement {
                sku: row.sku.parse()?,
                kind: row.kind.parse()?,
                quantity: row.quantity.into(),
                reference: row.reference,
                stock_after: row.stock_after.into(),
            })
        });
        movements.collect()
    }
}
