//! A purchase: looked at first, then decided.

use domain::{Purchase, RestockCycle};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Error, Result, Warehouse};

/// A product's stock, and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shelf {
    /// Goods on hand.
    pub stock: u32,
    /// Whether that is at or below the reorder point.
    pub depleted: bool,
    /// The restock that is under way or comes next.
    pub restock_cycle: RestockCycle,
}

impl Shelf {
    pub(crate) fn new(stock: i32, reorder_point: i32, cycle: u32) -> Result<Self> {
        Ok(Self {
            stock: stock.max(0).unsigned_abs(),
            depleted: stock <= reorder_point,
            restock_cycle: cycle.try_into()?,
        })
    }
}

/// What a look at the stock says: advice, for it may be otherwise a moment later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum StockCheck {
    /// Enough is there, or the purchase has been made before: to be decided.
    Available(Shelf),
    /// Not enough is there.
    SoldOut(Shelf),
    /// No such product.
    UnknownProduct,
}

/// What became of a purchase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Sale {
    /// The goods are the customer's. `stock` is what the sale left; `depleted` says that this one
    /// sale crossed the reorder point.
    Sold(Shelf),
    /// Not enough was there.
    SoldOut(Shelf),
    /// No such product.
    UnknownProduct,
    /// Under this key something else was sold.
    KeyReused,
}

impl Warehouse {
    /// Whether a purchase can be made, as far as a look says.
    pub async fn check_stock(&self, purchase: &Purchase) -> Result<StockCheck> {
        let (key, sku) = (purchase.purchase_id.as_str(), purchase.sku.as_str());
        self.run(async |connection| {
            let seen = sqlx::query!(
                r#"SELECT product.stock AS "stock?", product.reorder_point AS "reorder_point?",
                          product.restock_cycle AS "restock_cycle?", movement.id AS "sale?"
                   FROM (SELECT 1 AS one) AS always
                   LEFT JOIN product ON product.sku = ?
                   LEFT JOIN stock_movement AS movement
                       ON movement.kind = 'sale' AND movement.reference = ?"#,
                sku,
                key
            )
            .fetch_one(connection)
            .await?;
            let (Some(stock), Some(reorder_point), Some(cycle)) =
                (seen.stock, seen.reorder_point, seen.restock_cycle)
            else {
                return Ok(StockCheck::UnknownProduct);
            };
            let enough = i64::from(stock) >= i64::from(purchase.quantity.get());
            let shelf = Shelf::new(stock, reorder_point, cycle)?;
            Ok(if enough || seen.sale.is_some() {
                StockCheck::Available(shelf)
            } else {
                StockCheck::SoldOut(shelf)
            })
        })
        .await
    }

    /// Makes the purchase, once for its key, if enough is there.
    pub async fn sell(&self, purchase: &Purchase) -> Result<Sale> {
        let row: SaleRow = self
            .run(async |connection| {
                let call = sqlx::query_as("CALL sell(?, ?, ?)")
                    .bind(purchase.purchase_id.as_str())
                    .bind(purchase.sku.as_str())
                    .bind(purchase.quantity.get());
                call.fetch_one(connection).await.map_err(Error::from)
            })
            .await?;
        row.read_as(purchase)
    }
}

/// What `sell` answers.
#[derive(FromRow)]
struct SaleRow {
    stock: Option<i32>,
    reorder_point: Option<i32>,
    restock_cycle: Option<u32>,
    sold_sku: Option<String>,
    sold_quantity: Option<i64>,
    stock_after: Option<i32>,
}

impl SaleRow {
    fn read_as(self, purchase: &Purchase) -> Result<Sale> {
        if let (Some(sku), Some(sold), Some(stock_after)) =
            (&self.sold_sku, self.sold_quantity, self.stock_after)
        {
            let same = sku == purchase.sku.as_str() && sold == i64::from(purchase.quantity.get());
            return if same { self.sold(stock_after, sold) } else { Ok(Sale::KeyReused) };
        }
        match (self.stock, self.reorder_point, self.restock_cycle) {
            (Some(stock), Some(reorder_point), Some(cycle)) => {
                Ok(Sale::SoldOut(Shelf::new(stock, reorder_point, cycle)?))
            }
            _ => Ok(Sale::UnknownProduct),
        }
    }

    /// A repeated call says again that the sale crossed the reorder point, because the first answer
    /// may have been lost before anybody heard of it; but not when the product has goods again.
    fn sold(self, stock_after: i32, quantity: i64) -> Result<Sale> {
        let (Some(stock), Some(reorder_point), Some(cycle)) =
            (self.stock, self.reorder_point, self.restock_cycle)
        else {
            return Ok(Sale::UnknownProduct);
        };
        let left = Shelf::new(stock_after, reorder_point, cycle)?;
        let was_above = i64::from(stock_after) + quantity > i64::from(reorder_point);
        let crossed = was_above && left.depleted && stock <= reorder_point;
        Ok(Sale::Sold(Shelf { depleted: crossed, ..left }))
    }
}
