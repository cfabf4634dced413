//! `CheckStock`: a look at the stock. Advice only: it spares the hot row the purchases that cannot be.

use domain::Purchase;
use lambda_support::Answer;
use warehouse::{StockCheck, Warehouse};

/// Looks at the stock for a purchase.
pub async fn handle(
    warehouse: &Warehouse,
    purchase: Purchase,
) -> Result<Answer<StockCheck>, warehouse::Error> {
    let check = warehouse.check_stock(&purchase).await?;
    let Purchase { purchase_id, sku, quantity } = purchase;
    let sentence = match &check {
        StockCheck::Available(shelf) => {
            format!(
                "purchase {purchase_id} of {quantity} {sku} may go on: {} in stock",
                shelf.stock
            )
        }
        StockCheck::SoldOut(shelf) => {
            format!(
                "purchase {purchase_id} of {quantity} {sku} cannot be: {} in stock",
                shelf.stock
            )
        }
        StockCheck::UnknownProduct => {
            format!("purchase {purchase_id} cannot be: there is no product {sku}")
        }
    };
    Ok(Answer::new(check, sentence))
}
