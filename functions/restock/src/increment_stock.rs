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
    let metrics = metrics(&credited);
    let output = StepOutput::new(credited, sentence);
    Ok(metrics.into_iter().fold(output, |output, (name, number)| output.counted(name, number)))
}

/// Only the call that credits the arrival counts it, so that a repeated call counts nothing.
fn metrics(credited: &Credited) -> Vec<(&'static str, u64)> {
    let mut metrics = vec![("Arrivals", u64::from(credited.credited_here))];
    if credited.credited_here {
        metrics.push(("LeadTimeSeconds", credited.lead_time_seconds));
    }
    if credited.completed_here {
        metrics.push(("RestocksCompleted", 1));
    }
    metrics
}
