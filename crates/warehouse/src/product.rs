//! What customers may know of a product.

use domain::Sku;
use serde::Serialize;

use crate::{Result, Warehouse};

/// A product, its stock and the restock under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Product {
    /// Its name in all messages.
    pub sku: Sku,
    /// Its name for people.
    pub name: String,
    /// In won.
    pub price: u32,
    /// Goods on hand.
    pub stock: i32,
    /// The restock that is open, if one is.
    pub restock: Option<RestockUnderWay>,
}

/// A restock that is open, with the order that it waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RestockUnderWay {
    /// The product's restock cycle.
    pub cycle: u32,
    /// The how-manieth order of the restock this is.
    pub attempt: u32,
    /// How many were ordered.
    pub quantity: i32,
    /// When, as `2026-11-22T10:00:00Z`.
    pub ordered_at: String,
}

impl Warehouse {
    /// The product, if there is one of that name.
    pub async fn show_product(&self, sku: &Sku) -> Result<Option<Product>> {
        let row = self
            .run(async |connection| {
                Ok(sqlx::query!(
                    r#"SELECT product.name, product.price, product.stock,
                              ordered.cycle AS "cycle?", ordered.attempt AS "attempt?",
                              ordered.quantity AS "quantity?",
                              DATE_FORMAT(ordered.ordered_at, '%Y-%m-%dT%H:%i:%sZ') AS "ordered_at?: String"
                       FROM product
                       LEFT JOIN restock ON restock.open_sku = product.sku
                       LEFT JOIN production_order AS ordered
                           ON ordered.sku = restock.sku AND ordered.cycle = restock.cycle
                       WHERE product.sku = ?
                       ORDER BY ordered.attempt DESC LIMIT 1"#,
                    sku.as_str()
                )
                .fetch_optional(connection)
                .await?)
            })
            .await?;
        Ok(row.map(|row| Product {
            sku: sku.clone(),
            name: row.name,
            price: row.price,
            stock: row.stock,
            restock: under_way(row.cycle, row.attempt, row.quantity, row.ordered_at),
        }))
    }
}

fn under_way(
    cycle: Option<u32>,
    attempt: Option<u32>,
    quantity: Option<i32>,
    ordered_at: Option<String>,
) -> Option<RestockUnderWay> {
    Some(RestockUnderWay {
        cycle: cycle?,
        attempt: attempt?,
        quantity: quantity?,
        ordered_at: ordered_at?,
    })
}
