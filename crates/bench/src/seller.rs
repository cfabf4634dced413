//! Who sells: an environment of a function, or the plainest client.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use domain::{Purchase, PurchaseOutcome, PurchaseResult, Quantity, Sku};
use futures::future::try_join_all;
use runtime_api::{Environment, InvocationResult};
use uuid::Uuid;
use warehouse::bench_support::CeilingClient;

/// The error of a step that has waited too long for the lock of a row. State machines retry it.
const BUSY: &str = "Database.Busy";

/// Decides one purchase after the other.
pub(crate) trait Seller {
    /// Decides a purchase of one unit of a row. Returns whether it is decided: the row may be locked for too long.
    async fn decide(&mut self, row: u32) -> Result<bool>;
}

/// One environment of a function that decides purchases.
pub(crate) struct Function {
    pub environment: Environment,
    /// The product of each row.
    pub skus: Vec<Sku>,
    /// The outcome of each purchase. Any other is an error.
    pub expected: PurchaseOutcome,
}

impl Seller for Function {
    async fn decide(&mut self, row: u32) -> Result<bool> {
        let sku = self.skus.get(usize::try_from(row)?).context("a row without a product")?;
        let purchase_id = Uuid::new_v4().to_string().try_into()?;
        let quantity = Quantity::try_from(1)?;
        let purchase = Purchase { purchase_id, sku: sku.clone(), quantity };
        let result = self.environment.exchange(serde_json::to_vec(&purchase)?.into()).await?;
        match result {
            InvocationResult::Output(output) => self.check(&output),
            InvocationResult::Failed(error) if error == BUSY => Ok(false),
            InvocationResult::Failed(error) => bail!("a purchase failed: {error}"),
        }
    }
}

impl Function {
    fn check(&self, output: &[u8]) -> Result<bool> {
        let PurchaseResult { outcome, .. } = serde_json::from_slice(output)?;
        let expected = self.expected;
        if outcome != expected {
            bail!("the outcome of a purchase is {outcome} and not {expected}")
        }
        Ok(true)
    }
}

impl Seller for CeilingClient {
    async fn decide(&mut self, row: u32) -> Result<bool> {
        match self.sell(row, &Uuid::new_v4().to_string()).await {
            Ok(()) => Ok(true),
            Err(warehouse::Error::Busy(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

/// The decisions a second of all sellers together, each of which decides one purchase after the other.
pub(crate) async fn rate(sellers: &mut [impl Seller], rows: u32, slice: Duration) -> Result<f64> {
    let began = Instant::now();
    let selling = sellers.iter_mut().map(async |seller| {
        let mut decided = 0_u32;
        while began.elapsed() < slice {
            decided += u32::from(seller.decide(fastrand::u32(0..rows)).await?);
        }
        anyhow::Ok(decided)
    });
    let decided: u32 = try_join_all(selling).await?.into_iter().sum();
    Ok(f64::from(decided) / began.elapsed().as_secs_f64())
}
