//! Purchases: a check of the stock, and the decision.

use domain::{Purchase, PurchaseOutcome, RestockCycle, Stock};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Error, Result, Warehouse};

/// How often a purchase is decided if goods come after each refusal. Each decision takes a few milliseconds, or longer if it
/// waits for locks. The time of the function may then end first, and the purchase is sent again.
const DECISIONS: u32 = 5;

/// The stock of a product in relation to its reorder point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StockLevel {
    pub stock: Stock,
    /// Whether `stock` is at or below the reorder point.
    pub at_reorder_point: bool,
    /// The open restock, or the next one if none is open.
    pub restock_cycle: RestockCycle,
}

impl StockLevel {
    fn new(number: i64, reorder_point: i32, cycle: u32) -> Result<Self> {
        Ok(Self {
            stock: stock(number),
            at_reorder_point: number <= reorder_point.into(),
            restock_cycle: cycle.try_into()?,
        })
    }
}

/// Converts a stock from the database. A constraint forbids negative numbers; should it be missing, the shop treats
/// the product as sold out, and the audit reports the number.
pub(crate) fn stock(number: i64) -> Stock {
    Stock::new(number.clamp(0, u32::MAX.into()).try_into().unwrap_or(u32::MAX))
}

/// The decision on a purchase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    pub outcome: PurchaseOutcome,
    /// After a sale: the level that this sale left. With several buckets: the current level, perhaps after other sales too. If
    /// their number has changed, the stock may be what one bucket held after the sale. If the product is sold out: the current
    /// level. Otherwise `None`.
    #[serde(flatten)]
    pub level: Option<StockLevel>,
    /// Whether this sale took the stock from above the reorder point to at or below it.
    pub crossed_reorder_point: bool,
}

impl Decision {
    fn without_level(outcome: PurchaseOutcome) -> Self {
        Self { outcome, level: None, crossed_reorder_point: false }
    }

    fn sold_out(level: StockLevel) -> Self {
        Self { level: Some(level), ..Self::without_level(PurchaseOutcome::SoldOut) }
    }

    /// Whether it refuses a purchase with a stock that suffices.
    fn contradicts_itself(&self, purchase: &Purchase) -> bool {
        let level = self.level.as_ref();
        self.outcome == PurchaseOutcome::SoldOut
            && level.is_some_and(|level| level.stock.get() >= purchase.quantity.get())
    }
}

/// The result of a check. It is advisory, because the stock may change at any time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum StockCheck {
    /// The stock is sufficient, or the purchase was made before. It has to be decided.
    Available(StockLevel),
    /// The purchase cannot succeed: sold out or unknown product.
    #[serde(untagged)]
    Refused(Decision),
}

impl Warehouse {
    /// Checks whether a purchase can succeed. Takes no lock.
    pub async fn check_stock(&self, purchase: &Purchase) -> Result<StockCheck> {
        let (purchase_id, sku) = (purchase.purchase_id.as_str(), purchase.sku.as_str());
        self.run(async |connection| {
            let row = sqlx::query!(
                r#"SELECT (SELECT CAST(COALESCE(SUM(stock), 0) AS SIGNED) FROM stock_bucket
                           WHERE stock_bucket.sku = product.sku) AS "stock!: i64",
                          product.reorder_point AS "reorder_point?",
                          product.restock_cycle AS "restock_cycle?", movement.id AS "sale?"
                   FROM (SELECT 1 AS one) AS always
                   LEFT JOIN stock_movement AS movement
                       ON movement.kind = 'sale' AND movement.reference = ?
                   LEFT JOIN product
                       ON product.sku = ? AND (product.retired_at IS NULL OR movement.id IS NOT NULL)"#,
                purchase_id,
                sku
            )
            .fetch_one(connection)
            .await?;
            let (Some(reorder_point), Some(cycle)) = (row.reorder_point, row.restock_cycle) else {
                let unknown = Decision::without_level(PurchaseOutcome::UnknownProduct);
                return Ok(StockCheck::Refused(unknown));
            };
            let enough = row.stock >= i64::from(purchase.quantity.get());
            let level = StockLevel::new(row.stock, reorder_point, cycle)?;
            Ok(if enough || row.sale.is_some() {
                StockCheck::Available(level)
            } else {
                StockCheck::Refused(Decision::sold_out(level))
            })
        })
        .await
    }

    /// Decides a purchase. Sells at most once for each purchase id, and only if the stock is sufficient.
    ///
    /// A refusal is decided under a lock, but its stock is read after the commit. If that stock suffices, goods have come
    /// meanwhile, and the purchase is decided again.
    pub async fn sell(&self, purchase: &Purchase) -> Result<Decision> {
        for _ in 0..DECISIONS {
            let decision = self.sell_once(purchase).await?;
            if !decision.contradicts_itself(purchase) {
                return Ok(decision);
            }
        }
        Err(Error::StockChanges)
    }

    async fn sell_once(&self, purchase: &Purchase) -> Result<Decision> {
        let row: SaleRow = self
            .run(async |connection| {
                let call = sqlx::query_as("CALL sell(?, ?, ?)")
                    .bind(purchase.purchase_id.as_str())
                    .bind(purchase.sku.as_str())
                    .bind(purchase.quantity.get());
                call.fetch_one(connection).await.map_err(Error::from)
            })
            .await?;
        row.decision(purchase)
    }
}

/// The row that the procedure `sell` returns.
#[derive(FromRow)]
struct SaleRow {
    stock: Option<i64>,
    reorder_point: Option<i32>,
    restock_cycle: Option<u32>,
    sold_sku: Option<String>,
    sold_quantity: Option<i64>,
    stock_after: Option<i64>,
    crossed: bool,
}

impl SaleRow {
    fn decision(self, purchase: &Purchase) -> Result<Decision> {
        if let (Some(sku), Some(sold), Some(stock_after)) =
            (&self.sold_sku, self.sold_quantity, self.stock_after)
        {
            let same = sku == purchase.sku.as_str() && sold == i64::from(purchase.quantity.get());
            return if same {
                self.sold(stock_after)
            } else {
                Ok(Decision::without_level(PurchaseOutcome::KeyReused))
            };
        }
        match (self.stock, self.reorder_point, self.restock_cycle) {
            (Some(stock), Some(reorder_point), Some(cycle)) => {
                Ok(Decision::sold_out(StockLevel::new(stock, reorder_point, cycle)?))
            }
            _ => Ok(Decision::without_level(PurchaseOutcome::UnknownProduct)),
        }
    }

    /// A repeated call also reports that the sale crossed the reorder point, because the first answer may have been
    /// lost before the depletion was published. It does not if goods have been added since.
    fn sold(self, stock_after: i64) -> Result<Decision> {
        let (Some(reorder_point), Some(cycle)) = (self.reorder_point, self.restock_cycle) else {
            return Ok(Decision::without_level(PurchaseOutcome::UnknownProduct));
        };
        Ok(Decision {
            outcome: PurchaseOutcome::Sold,
            level: Some(StockLevel::new(stock_after, reorder_point, cycle)?),
            crossed_reorder_point: self.crossed,
        })
    }
}
