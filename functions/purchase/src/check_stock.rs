//! `CheckStock`: an advisory check. Purchases that cannot succeed end here and never lock the contended row of the
//! product.

use std::time::{Duration, Instant};

use domain::{Purchase, PurchaseOutcome};
use lambda_support::StepOutput;
use warehouse::{Decision, StockCheck, Warehouse};

/// Checks whether a purchase can succeed.
pub async fn handle(
    warehouse: &Warehouse,
    purchase: Purchase,
) -> Result<StepOutput<StockCheck>, warehouse::Error> {
    let began = Instant::now();
    let check = warehouse.check_stock(&purchase).await?;
    let sold_out = matches!(&check, StockCheck::Refused(decision) if decision.outcome == PurchaseOutcome::SoldOut);
    let counted = count(warehouse, &purchase, sold_out, began.elapsed()).await;
    let Purchase { purchase_id, sku, quantity } = &purchase;
    let sentence = match &check {
        StockCheck::Available(level) => {
            let stock = level.stock;
            format!("purchase {purchase_id} of {quantity} {sku} can continue: {stock} in stock")
        }
        StockCheck::Refused(decision) => refused(&purchase, decision),
    };
    Ok(StepOutput::new(check, sentence + &counted))
}

/// Counts a purchase that was refused for lack of stock. Returns the end of the sentence: a count that fails must not fail
/// the purchase.
pub(crate) async fn count(
    warehouse: &Warehouse,
    purchase: &Purchase,
    sold_out: bool,
    took: Duration,
) -> String {
    if sold_out {
        warehouse.count_refusal(purchase);
    }
    let written = warehouse.write_refusals(took).await;
    written.err().map_or_else(String::new, |error| format!("; refusals were not counted: {error}"))
}

/// The sentence for a purchase that cannot succeed.
pub(crate) fn refused(purchase: &Purchase, decision: &Decision) -> String {
    let Purchase { purchase_id, sku, quantity } = purchase;
    let stock = decision.level.as_ref().map(|level| level.stock.to_string());
    let reason = match decision.outcome {
        PurchaseOutcome::UnknownProduct => "there is no such product".to_owned(),
        PurchaseOutcome::KeyReused => "the key was used for another purchase".to_owned(),
        outcome => format!("{outcome}, {} in stock", stock.unwrap_or_default()),
    };
    format!("purchase {purchase_id} of {quantity} {sku} is refused: {reason}")
}
