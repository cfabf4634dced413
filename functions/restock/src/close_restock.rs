//! `CloseRestock`: closes a restock that failed and begins the product's next cycle.

use lambda_support::Answer;
use warehouse::{CloseReason, Closed, ProductError, Warehouse};

/// Closes the restock of the execution that gives up.
pub async fn handle(
    warehouse: &Warehouse,
    reason: CloseReason,
) -> Result<Answer<Closed>, ProductError> {
    let closed = warehouse.close_restock(&reason).await?;
    let CloseReason { sku, restock_cycle: cycle, failure, .. } = reason;
    let sentence = match closed.status.as_str() {
        "none" => format!("restock {sku}_{cycle} was never opened: {failure}"),
        status => format!("restock {sku}_{cycle} is {status} after {failure}"),
    };
    let failed = u64::from(closed.status == "failed");
    Ok(Answer::new(closed, sentence).counted("RestocksFailed", failed))
}
