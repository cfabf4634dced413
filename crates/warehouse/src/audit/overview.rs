//! All products at one moment: stock, restock under way, last failures. For `restock status`.

use serde::{Deserialize, Serialize};
use sqlx::MySqlConnection;

use super::Snapshot;
use crate::Result;

/// So many failed restocks are listed.
const FAILURES: u32 = 10;

/// All products and the latest failed restocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// By SKU.
    pub products: Vec<ProductOverview>,
    /// The latest of each product: at most ten, the latest first.
    pub failures: Vec<FailureOverview>,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductOverview {
    pub sku: String,
    /// Display name.
    pub name: String,
    pub stock: i64,
    /// Number of buckets that hold the stock.
    pub buckets: u8,
    pub reorder_point: i64,
    pub target_stock: i64,
    pub factory: String,
    /// Whether it is neither sold nor restocked any more.
    pub is_retired: bool,
    /// `None` if no restock is open.
    pub restock: Option<RestockOverview>,
}

/// The open restock of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestockOverview {
    pub cycle: u32,
    pub execution: String,
    /// How long it has been open.
    pub open_seconds: i64,
    /// `None` before the first order is recorded.
    pub order: Option<OrderOverview>,
}

/// The latest production order of an open restock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderOverview {
    pub production_order: String,
    /// Attempt number, starting at 1.
    pub attempt: u32,
    pub quantity: i32,
    /// How long ago it was recorded.
    pub seconds: i64,
    /// Whether its goods have arrived.
    pub has_arrived: bool,
}

/// A failed restock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureOverview {
    pub sku: String,
    pub cycle: u32,
    pub execution: String,
    /// Name of the error.
    pub failure: String,
    /// UTC, for example `2026-11-22 10:00:00.000000`.
    pub closed_at: String,
    /// Whether the product was restocked since.
    pub is_over: bool,
    /// How many restocks of the product failed in a row, this one included.
    pub in_a_row: i64,
}

impl Snapshot {
    /// Returns all products and the latest failed restocks.
    pub async fn overview(&mut self) -> Result<Overview> {
        let connection = &mut self.connection;
        Ok(Overview {
            products: products(connection).await?,
            failures: failures(connection).await?,
        })
    }
}

async fn products(connection: &mut MySqlConnection) -> Result<Vec<ProductOverview>> {
    let rows = sqlx::query!(
        r#"SELECT product.sku, product.name, product.factory,
                  product.retired_at IS NOT NULL AS "is_retired!: bool",
                  (SELECT CAST(COALESCE(SUM(stock), 0) AS SIGNED) FROM stock_bucket
                   WHERE stock_bucket.sku = product.sku) AS "stock!: i64",
                  product.buckets AS "buckets!: u8",
                  CAST(product.reorder_point AS SIGNED) AS "reorder_point!: i64",
                  CAST(product.target_stock AS SIGNED) AS "target_stock!: i64",
                  restock.cycle AS "cycle?", restock.execution AS "execution?",
                  TIMESTAMPDIFF(SECOND, restock.opened_at, CURRENT_TIMESTAMP(6)) AS "open_seconds?: i64",
                  ordered.id AS "production_order?", ordered.attempt AS "attempt?",
                  ordered.quantity AS "quantity?",
                  TIMESTAMPDIFF(SECOND, ordered.ordered_at, CURRENT_TIMESTAMP(6)) AS "seconds?: i64",
                  ordered.arrived_at IS NOT NULL AS "has_arrived!: bool"
           FROM product
           LEFT JOIN restock ON restock.open_sku = product.sku
           LEFT JOIN production_order AS ordered
               ON ordered.sku = restock.sku AND ordered.cycle = restock.cycle
               AND ordered.attempt = (SELECT MAX(attempt) FROM production_order AS latest
                                      WHERE latest.sku = restock.sku AND latest.cycle = restock.cycle)
           ORDER BY product.sku"#
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    let products = rows.map(|row| {
        let order = order(row.production_order, row.attempt, row.quantity, row.seconds);
        let order = order.map(|order| OrderOverview { has_arrived: row.has_arrived, ..order });
        ProductOverview {
            sku: row.sku,
            name: row.name,
            stock: row.stock,
            buckets: row.buckets,
            reorder_point: row.reorder_point,
            target_stock: row.target_stock,
            factory: row.factory,
            is_retired: row.is_retired,
            restock: restock(row.cycle, row.execution, row.open_seconds, order),
        }
    });
    Ok(products.collect())
}

/// `None` if a column is NULL: then the product has no open restock, or the restock has no order.
fn order(
    production_order: Option<String>,
    attempt: Option<u32>,
    quantity: Option<i32>,
    seconds: Option<i64>,
) -> Option<OrderOverview> {
    let (production_order, attempt) = (production_order?, attempt?);
    let (quantity, seconds) = (quantity?, seconds?);
    Some(OrderOverview { production_order, attempt, quantity, seconds, has_arrived: false })
}

fn restock(
    cycle: Option<u32>,
    execution: Option<String>,
    open_seconds: Option<i64>,
    order: Option<OrderOverview>,
) -> Option<RestockOverview> {
    let (cycle, execution, open_seconds) = (cycle?, execution?, open_seconds?);
    Some(RestockOverview { cycle, execution, open_seconds, order })
}

async fn failures(connection: &mut MySqlConnection) -> Result<Vec<FailureOverview>> {
    let failures = sqlx::query_as!(
        FailureOverview,
        r#"SELECT sku, cycle, execution, failure AS "failure!",
                  DATE_FORMAT(closed_at, '%Y-%m-%d %H:%i:%s.%f') AS "closed_at!: String",
                  EXISTS (SELECT 1 FROM restock AS good
                          WHERE good.sku = restock.sku AND good.cycle > restock.cycle
                          AND good.status = 'completed') AS "is_over!: bool",
                  (SELECT COUNT(*) FROM restock AS earlier
                   WHERE earlier.sku = restock.sku AND earlier.status = 'failed'
                   AND earlier.cycle > COALESCE((SELECT MAX(good.cycle) FROM restock AS good
                                                 WHERE good.sku = restock.sku AND good.cycle < restock.cycle
                                                 AND good.status = 'completed'), 0)) AS "in_a_row!: i64"
           FROM restock WHERE status = 'failed'
           AND NOT EXISTS (SELECT 1 FROM restock AS later WHERE later.sku = restock.sku
                           AND later.cycle > restock.cycle AND later.status = 'failed')
           ORDER BY restock.closed_at DESC, sku, cycle LIMIT ?"#,
        FAILURES
    );
    Ok(failures.fetch_all(connection).await?)
}
