//! Reads the whole ledger.

use domain::{MovementKind, Sku};

use serde::{Deserialize, Serialize};

use crate::{Result, Warehouse};

/// One row of the ledger. The numbers are those of the database, so that a check can also find values that should be
/// impossible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockMovement {
    pub sku: Sku,
    pub bucket: u8,
    pub kind: MovementKind,
    /// Number of the row among those of its kind and reference, starting at 0.
    pub part: u8,
    /// Units added (positive) or removed (negative).
    pub quantity: i64,
    /// The purchase id, the production order, the name of the count, or the operator's change that moved goods.
    pub reference: String,
    /// Stock of the bucket after the movement.
    pub stock_after: i64,
}

impl Warehouse {
    /// Returns every movement of every product. The movements of one bucket are in the order in which they were made,
    /// because each gets its number while the bucket is locked.
    pub async fn movements(&self) -> Result<Vec<StockMovement>> {
        let rows = self
            .run(async |connection| {
                let all = sqlx::query!(
                    r#"SELECT sku, bucket, kind AS "kind!: String", part, quantity, reference, stock_after
                       FROM stock_movement ORDER BY id"#
                );
                Ok(all.fetch_all(connection).await?)
            })
            .await?;
        let movements = rows.into_iter().map(|row| {
            Ok(StockMovement {
                sku: row.sku.parse()?,
                bucket: row.bucket,
                kind: row.kind.parse()?,
                part: row.part,
                quantity: row.quantity.into(),
                reference: row.reference,
                stock_after: row.stock_after.into(),
            })
        });
        movements.collect()
    }
}
