//! `CloseRestock`: closes a restock that failed and moves the product to its next cycle.

use domain::RestockStatus;
use lambda_support::StepOutput;
use warehouse::{CloseRequest, ClosedRestock, ProductError, Warehouse};

/// Closes the restock that the execution opened.
pub async fn handle(
    warehouse: &Warehouse,
    request: CloseRequest,
) -> Result<StepOutput<ClosedRestock>, ProductError> {
    let closed = warehouse.close_restock(&request).await?;
    let CloseRequest { sku, restock_cycle: cycle, failure, .. } = request;
    let sentence = match closed.status {
        None => format!("restock {sku}_{cycle} was never opened: {failure}"),
        Some(status) => format!("restock {sku}_{cycle} is {status} after {failure}"),
    };
    let failed = u64::from(closed.status == Some(RestockStatus::Failed));
    Ok(StepOutput::new(closed, sentence).counted("RestocksFailed", failed))
}
