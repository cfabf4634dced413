//! `IncrementStock`: credits the arrival of a production order, once, and completes the restock that waits for it.

use domain::ProductionOrderRef;
use lambda_support::StepOutput;
use warehouse::{CreditError, Credited, Warehouse};

/// Credits the arrival.
pub async fn handle(
    warehouse: &Warehouse,
    ProductionOrderRef { production_order }: ProductionOrderRef,
) -> Result<StepOutput<Credited>, CreditError> {
    let credited = warehouse.increment_stock(production_order).await?;
    let Credited { sku, quantity, stock, restock_status, lead_time_seconds, .. } = &credited;
    let sentence = format!(
        "credited {quantity} {sku} of production order {production_order}: the stock is {stock}, and the \
         restock is {restock_status}"
    );
    let arrivals = u64::from(credited.credited_here);
    let lead_time = *lead_time_seconds;
    let output = StepOutput::new(credited, sentence).counted("Arrivals", arrivals);
    Ok(match lead_time {
        Some(seconds) => output.counted("RestocksCompleted", 1).counted("LeadTimeSeconds", seconds),
        None => output,
    })
}
