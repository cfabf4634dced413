//! The public view of a product.

use domain::{RestockCycle, Sku, Stock, Units};
use serde::Serialize;

use crate::{Result, Warehouse, arrival::units, sale::stock};

/// A product, its stock and its open restock. This is the answer of `GET /products/{sku}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Product {
    pub sku: Sku,
    /// Display name.
    pub name: String,
    /// Price of one unit in won.
    pub price: u32,
    pub stock: Stock,
    /// `None` if no restock is open.
    pub restock: Option<OpenRestockSummary>,
}

/// The latest production order of the open restock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenRestockSummary {
    pub cycle: RestockCycle,
    /// Attempt number of the order, starting at 1.
    pub attempt: u32,
    pub quantity: Units,
    /// UTC, for example `2026-11-22T10:00:00Z`.
    pub ordered_at: String,
}

/// A row without an open restock has `NULL` in these columns.
pub(crate) struct OrderColumns {
    pub cycle: Option<u32>,
    pub attempt: Option<u32>,
    pub quantity: Option<i32>,
    pub ordered_at: Option<String>,
}

impl Warehouse {
    /// Returns the product, or `None` if the SKU is unknown.
    pub async fn show_product(&self, sku: &Sku) -> Result<Option<Product>> {
        let row = self
            .run(async |connection| {
                Ok(sqlx::query!(
                    r#"SELECT product.name, product.price,
                              (SELECT CAST(COALESCE(SUM(stock), 0) AS SIGNED) FROM stock_bucket
                               WHERE stock_bucket.sku = product.sku) AS "stock!: i64",
                              ordered.cycle AS "cycle?", ordered.attempt AS "attempt?",
                              ordered.quantity AS "quantity?",
                              DATE_FORMAT(ordered.ordered_at, '%Y-%m-%dT%H:%i:%sZ') AS "ordered_at?: String"
                       FROM product
                       LEFT JOIN restock ON restock.open_sku = product.sku
                       LEFT JOIN production_order AS ordered
                           ON ordered.sku = restock.sku AND ordered.cycle = restock.cycle
                       WHERE product.sku = ? AND product.retired_at IS NULL
                       ORDER BY ordered.attempt DESC LIMIT 1"#,
                    sku.as_str()
                )
                .fetch_optional(connection)
                .await?)
            })
            .await?;
        let Some(row) = row else { return Ok(None) };
        let (cycle, attempt) = (row.cycle, row.attempt);
        let (quantity, ordered_at) = (row.quantity, row.ordered_at);
        let order = OrderColumns { cycle, attempt, quantity, ordered_at };
        product(sku.clone(), row.name, row.price, row.stock, order).map(Some)
    }
}

pub(crate) fn product(
    sku: Sku,
    name: String,
    price: u32,
    units: i64,
    order: OrderColumns,
) -> Result<Product> {
    Ok(Product { sku, name, price, stock: stock(units), restock: order.summary()? })
}

impl OrderColumns {
    fn summary(self) -> Result<Option<OpenRestockSummary>> {
        let Self {
            cycle: Some(cycle),
            attempt: Some(attempt),
            quantity: Some(quantity),
            ordered_at: Some(ordered_at),
        } = self
        else {
            return Ok(None);
        };
        let (cycle, quantity) = (cycle.try_into()?, units(quantity)?);
        Ok(Some(OpenRestockSummary { cycle, attempt, quantity, ordered_at }))
    }
}
