//! Who sells: an environment of `decrement-stock`, or the plainest client.

use anyhow::{Context, Result, bail};
use domain::{Purchase, PurchaseOutcome, PurchaseResult, Quantity, Sku};
use runtime_api::{Environment, InvocationResult};
use uuid::Uuid;
use warehouse::ceiling::CeilingClient;

/// The error of a step that has waited too long for the lock of a row. State machines retry it.
const BUSY: &str = "Database.Busy";

/// Makes one sale after the other.
pub(super) trait Seller {
    /// Tries to sell one unit of a row. Returns whether it was sold: the row may be locked for too long.
    async fn sell(&mut self, row: u32) -> Result<bool>;
}

/// One environment of `decrement-stock`.
pub(super) struct Function {
    pub environment: Environment,
    /// The product of each row.
    pub skus: Vec<Sku>,
}

impl Seller for Function {
    async fn sell(&mut self, row: u32) -> Result<bool> {
        let sku = self.skus.get(usize::try_from(row)?).context("a row without a product")?;
        let purchase_id = Uuid::new_v4().to_string().try_into()?;
        let quantity = Quantity::try_from(1)?;
        let purchase = Purchase { purchase_id, sku: sku.clone(), quantity };
        let result = self.environment.exchange(serde_json::to_vec(&purchase)?.into()).await?;
        match result {
            InvocationResult::Output(output) => sold(&output),
            InvocationResult::Failed(error) if error == BUSY => Ok(false),
            InvocationResult::Failed(error) => bail!("decrement-stock failed: {error}"),
        }
    }
}

fn sold(output: &[u8]) -> Result<bool> {
    let result: PurchaseResult = serde_json::from_slice(output)?;
    match result.outcome {
        PurchaseOutcome::Sold => Ok(true),
        outcome => bail!("decrement-stock has not sold: {outcome}"),
    }
}

impl Seller for CeilingClient {
    async fn sell(&mut self, row: u32) -> Result<bool> {
        match self.sell(row, &Uuid::new_v4().to_string()).await {
            Ok(()) => Ok(true),
            Err(warehouse::Error::Busy(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}
