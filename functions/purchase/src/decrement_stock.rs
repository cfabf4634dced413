//! `DecrementStock`: decides a purchase in one conditional, idempotent transaction.

use std::time::Instant;

use domain::{Purchase, PurchaseOutcome};
use lambda_support::StepOutput;
use warehouse::{Decision, Warehouse};

use crate::check_stock::{count, refused};

/// Decides the purchase.
pub async fn handle(
    warehouse: &Warehouse,
    purchase: Purchase,
) -> Result<StepOutput<Decision>, warehouse::Error> {
    let began = Instant::now();
    let decision = warehouse.sell(&purchase).await?;
    let sold_out = decision.outcome == PurchaseOutcome::SoldOut;
    let counted = count(warehouse, &purchase, sold_out, began.elapsed()).await;
    Ok(if decision.outcome == PurchaseOutcome::Sold {
        let sentence = sold(&purchase, &decision) + &counted;
        StepOutput::new(decision, sentence).counted("Sold", 1)
    } else {
        let sentence = refused(&purchase, &decision) + &counted;
        StepOutput::new(decision, sentence)
    })
}

fn sold(purchase: &Purchase, decision: &Decision) -> String {
    let Purchase { purchase_id, sku, quantity } = purchase;
    let left = decision.level.as_ref().map(|level| level.stock.to_string()).unwrap_or_default();
    format!("sold {quantity} {sku} to purchase {purchase_id}: {left} left")
}
