//! The whole ledger, movement by movement.

use domain::Sku;

use crate::{Result, Warehouse};

/// One row of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// The product.
    pub sku: Sku,
    /// `sale`, `arrival` or `count`.
    pub kind: String,
    /// Goods that came (above zero) or went (below).
    pub quantity: i64,
    /// The purchase's key, the production order, or the count's name.
    pub reference: String,
    /// The product's stock right after.
    pub stock_after: i64,
}

impl Warehouse {
    /// Every movement of every product. Those of one product are in the order in which they were made:
    /// each is numbered while the product's row is locked.
    pub async fn movements(&self) -> Result<Vec<Movement>> {
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
            Ok(Movement {
                sku: row.sku.parse()?,
                kind: row.kind,
                quantity: row.quantity.into(),
                reference: row.reference,
                stock_after: row.stock_after.into(),
            })
        });
        movements.collect()
    }
}
