//! `DecrementStock`: one conditional, idempotent transaction decides the purchase.

use domain::Purchase;
use lambda_support::Answer;
use warehouse::{Sale, Warehouse};

/// Makes the purchase, if it can be.
pub async fn handle(
    warehouse: &Warehouse,
    purchase: Purchase,
) -> Result<Answer<Sale>, warehouse::Error> {
    let sale = warehouse.sell(&purchase).await?;
    let Purchase { purchase_id, sku, quantity } = purchase;
    Ok(match &sale {
        Sale::Sold(left) => {
            let sentence =
                format!("sold {quantity} {sku} to purchase {purchase_id}: {} left", left.stock);
            Answer::new(sale, sentence).counted("Sold", 1)
        }
        Sale::SoldOut(shelf) => {
            let sentence = format!(
                "sold out: purchase {purchase_id} wanted {quantity} {sku} of {}",
                shelf.stock
            );
            Answer::new(sale, sentence)
        }
        Sale::UnknownProduct => {
            Answer::new(sale, format!("purchase {purchase_id}: there is no product {sku}"))
        }
        Sale::KeyReused => {
            Answer::new(sale, format!("purchase {purchase_id} was made before, of something else"))
        }
    })
}
