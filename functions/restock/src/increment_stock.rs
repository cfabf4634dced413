//! `IncrementStock`: puts the goods of an order in stock, once, and closes the restock they end.

use domain::ProductionOrderId;
use lambda_support::Answer;
use serde::Deserialize;
use warehouse::{CreditError, Credited, Warehouse};

/// The order whose goods have come.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credit {
    production_order: ProductionOrderId,
}

/// Credits the goods of an order.
pub async fn handle(
    warehouse: &Warehouse,
    credit: Credit,
) -> Result<Answer<Credited>, CreditError> {
    let order = credit.production_order;
    let credited = warehouse.increment_stock(order).await?;
    let Credited { sku, quantity, stock, restock_status, lead_time_seconds, .. } = &credited;
    let sentence = format!(
        "{quantity} {sku} of production order {order} are in stock, which is {stock} now; \
         its restock is {restock_status}"
    );
    let arrived = u64::from(credited.credited_here);
    let lead_time = *lead_time_seconds;
    let answer = Answer::new(credited, sentence).counted("Arrivals", arrived);
    Ok(match lead_time {
        Some(seconds) => answer.counted("RestocksCompleted", 1).counted("LeadTimeSeconds", seconds),
        None => answer,
    })
}
