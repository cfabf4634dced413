//! The `sweep` workflow: finds in the database what was lost elsewhere.

use lambda_support::StepOutput;
use warehouse::{SweepRequest, SweepResult, Warehouse};

/// Lists forgotten arrivals, abandoned restocks and products to restock. Changes nothing.
pub async fn find_depleted(
    warehouse: &Warehouse,
    deadlines: Deadlines,
) -> Result<StepOutput<SweepResult>, warehouse::Error> {
    let swept = warehouse.sweep(deadlines).await?;
    let (to_restock, abandoned) = (swept.depletions.len(), swept.abandoned.len());
    let oldest = swept.oldest_open_seconds;
    let sentence = format!(
        "found {to_restock} products to restock, {} forgotten arrivals and {abandoned} abandoned restocks",
        swept.forgotten.len()
    );
    Ok(StepOutput::new(swept, sentence)
        .counted("SweptDepletions", to_restock as u64)
        .counted("RestocksAbandoned", abandoned as u64)
        .counted("OldestOpenRestockSeconds", oldest))
}
