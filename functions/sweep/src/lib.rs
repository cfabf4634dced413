//! The step of the sweep: what nobody noticed, the database knows.

use step::{Answer, Failure};
use thiserror::Error;
use warehouse::{Deadlines, Swept, Warehouse};

/// Why the sweep failed.
#[derive(Debug, Error)]
pub enum Error {
    /// The warehouse did not answer.
    #[error(transparent)]
    Warehouse(#[from] warehouse::Error),
}

impl Failure for Error {
    fn name(&self) -> &'static str {
        let Self::Warehouse(error) = self;
        error.name()
    }
}

/// `FindDepleted`: lists the products to restock; credits and closes what executions left behind.
pub async fn find_depleted(
    warehouse: &Warehouse,
    deadlines: Deadlines,
) -> Result<Answer<Swept>, Error> {
    let swept = warehouse.sweep(deadlines).await?;
    let (depleted, abandoned) = (swept.depletions.len(), swept.abandoned.len());
    let sentence = format!(
        "{depleted} products are depleted and have no restock; {} forgotten arrivals credited; \
         {abandoned} abandoned restocks closed; skipped: [{}]",
        swept.credited.len(),
        swept.skipped.join(", ")
    );
    Ok(Answer::new(swept, sentence)
        .counted("SweptDepletions", depleted as u64)
        .counted("RestocksAbandoned", abandoned as u64))
}
