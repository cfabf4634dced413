//! The step of the sweep: what nobody noticed, the database knows.

use lambda_support::Answer;
use warehouse::{Deadlines, Swept, Warehouse};

/// Lists what executions left behind and the products to restock. Changes nothing.
pub async fn find_depleted(
    warehouse: &Warehouse,
    deadlines: Deadlines,
) -> Result<Answer<Swept>, warehouse::Error> {
    let swept = warehouse.sweep(deadlines).await?;
    let (depleted, abandoned) = (swept.depletions.len(), swept.abandoned.len());
    let oldest = swept.oldest_open_seconds;
    let sentence = format!(
        "{depleted} products are depleted and have no restock; {} arrivals are forgotten; \
         {abandoned} restocks are abandoned",
        swept.forgotten.len()
    );
    Ok(Answer::new(swept, sentence)
        .counted("SweptDepletions", depleted as u64)
        .counted("RestocksAbandoned", abandoned as u64)
        .counted("OldestOpenRestockSeconds", oldest))
}
