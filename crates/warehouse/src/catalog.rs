//! The catalog: adds products.

use domain::{DisplayName, FactoryId, Sku, Stock, Units};

use serde::{Deserialize, Serialize};
use sqlx::MySqlConnection;

use crate::{Result, Warehouse};

/// A product to be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewProduct {
    pub sku: Sku,
    /// Display name.
    pub name: DisplayName,
    /// Price of one unit in won.
    pub price: u32,
    /// A restock starts when the stock is at or below this level.
    pub reorder_point: Stock,
    /// A restock orders the units that are missing to this level. Above the reorder point.
    pub target_stock: Units,
    pub factory: FactoryId,
}

impl Warehouse {
    /// Adds a product with no stock. If the SKU exists, its product is not changed.
    pub async fn add_product(&self, product: &NewProduct) -> Result<()> {
        self.transaction(async |connection| {
            let add = sqlx::query!(
                "INSERT INTO product (sku, name, price, reorder_point, target_stock, factory)
                 VALUES (?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE sku = product.sku",
                product.sku.as_str(),
                product.name.as_str(),
                product.price,
                product.reorder_point.get(),
                product.target_stock.get(),
                product.factory.to_string()
            );
            add.execute(&mut *connection).await?;
            insert_buckets(connection, &product.sku).await
        })
        .await
    }
}

/// Inserts the buckets of a new product.
pub(crate) async fn insert_buckets(connection: &mut MySqlConnection, sku: &Sku) -> Result<()> {
    let call = sqlx::query("CALL insert_missing_buckets(?)").bind(sku.as_str());
    call.execute(connection).await?;
    Ok(())
}
