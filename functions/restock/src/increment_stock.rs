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
    let Credited { sku, quantity, stock, restock_status, .. } = &credited;
    let sentence = format!(
        "credited {quantity} {sku} of production order {production_order}: the stock is {stock}, and the \
         restock is {restock_status}"
    );
    let (credited_here, seconds) = (credited.credited_here, credited.lead_time_seconds);
    let completed_here = u64::from(credited.completed_here);
    let output = StepOutput::new(credited, sentence)
        .counted("Arrivals", u64::from(credited_here))
        .counted("RestocksCompleted", completed_here);
    // Only the call that credits the arrival counts it, so that a repeated call counts nothing.
    Ok(if credited_here { output.counted("LeadTimeSeconds", seconds) } else { output })
}
