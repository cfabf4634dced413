//! What came of a product and what was sold.

use domain::Sku;
use serde::{Deserialize, Serialize};

use super::Snapshot;
use crate::Result;

/// The goods of a product, by its ledger. In units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goods {
    /// All that ever came: arrivals and counts. Moves between buckets add up to 0.
    pub came: i64,
    /// All that was ever sold.
    pub sold: i64,
}

impl Goods {
    /// What is left.
    pub fn stock(self) -> i64 {
        self.came - self.sold
    }
}

impl Snapshot {
    /// Adds up the ledger of a product: zero if it has none.
    pub async fn goods(&mut self, sku: &Sku) -> Result<Goods> {
        let goods = sqlx::query_as!(
            Goods,
            r#"SELECT CAST(COALESCE(SUM(IF(kind = 'sale', 0, quantity)), 0) AS SIGNED) AS "came!: i64",
                      CAST(COALESCE(-SUM(IF(kind = 'sale', quantity, 0)), 0) AS SIGNED) AS "sold!: i64"
               FROM stock_movement WHERE sku = ?"#,
            sku.as_str()
        );
        Ok(goods.fetch_one(&mut self.connection).await?)
    }
}
