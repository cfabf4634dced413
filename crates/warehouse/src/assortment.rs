//! What the shop begins to sell.

use domain::{FactoryId, Sku};

use crate::{Result, Warehouse};

/// A product that is not sold yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProduct {
    /// Its name in all messages.
    pub sku: Sku,
    /// Its name for people.
    pub name: String,
    /// In won.
    pub price: u32,
    /// At or below this stock it is depleted.
    pub reorder_point: u32,
    /// A restock orders what is missing to this stock.
    pub target_stock: u32,
    /// Who makes it.
    pub factory: FactoryId,
}

impl Warehouse {
    /// Adds a product with nothing on hand. One that is there stays as it is.
    pub async fn add_product(&self, product: &NewProduct) -> Result<()> {
        self.run(async |connection| {
            let add = sqlx::query!(
                "INSERT INTO product (sku, name, price, reorder_point, target_stock, factory)
                 VALUES (?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE sku = product.sku",
                product.sku.as_str(),
                product.name,
                product.price,
                product.reorder_point,
                product.target_stock,
                product.factory.to_string()
            );
            add.execute(connection).await?;
            Ok(())
        })
        .await
    }
}
