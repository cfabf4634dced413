//! The products and what their restocks wait for.

use std::time::{Duration, SystemTime};

use anyhow::Result;
use serde::Serialize;
use warehouse::audit::{ProductOverview, RestockOverview};

use crate::executions::{Current, Executions};

/// A product, its stock and its open restock.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProductStatus {
    pub sku: String,
    /// Display name.
    pub name: String,
    pub stock: i64,
    pub reorder_point: i64,
    pub target_stock: i64,
    pub factory: String,
    /// Whether it is neither sold nor restocked any more.
    pub is_retired: bool,
    /// `None` if no restock is open.
    pub restock: Option<RestockStatus>,
}

/// An open restock and its execution.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RestockStatus {
    #[serde(flatten)]
    pub overview: RestockOverview,
    pub waiting: Waiting,
    /// A link to the execution in the AWS console, or its ARN on this machine.
    pub link: String,
}

/// What the execution of a restock is doing.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Waiting {
    /// It waits for the callback of the factory for so many seconds more.
    Callback { seconds_left: u64 },
    /// It is in another state, perhaps because a step is retried after this error.
    Step { step: String, error: Option<String> },
    /// It has ended with this status. The sweep closes the restock.
    Ended { status: String },
    /// It does not exist.
    Gone,
}

/// The products, each with the state of its restock's execution.
///
/// # Errors
/// If Step Functions does not answer.
pub async fn product_statuses(
    products: Vec<ProductOverview>,
    restocks: &Executions,
) -> Result<Vec<ProductStatus>> {
    let mut all = Vec::new();
    for product in products {
        let restock = match product.restock {
            Some(restock) => Some(open_restock(restock, restocks).await?),
            None => None,
        };
        let ProductOverview { sku, name, stock, reorder_point, target_stock, .. } = product;
        let (factory, is_retired) = (product.factory, product.is_retired);
        all.push(ProductStatus {
            sku,
            name,
            stock,
            reorder_point,
            target_stock,
            factory,
            is_retired,
            restock,
        });
    }
    Ok(all)
}

async fn open_restock(overview: RestockOverview, restocks: &Executions) -> Result<RestockStatus> {
    let waiting = match restocks.current(&overview.execution).await? {
        Some(current) => waiting(current),
        None => Waiting::Gone,
    };
    let link = restocks.link(&overview.execution);
    Ok(RestockStatus { overview, waiting, link })
}

fn waiting(Current { status, state, entered, timeout, last_error }: Current) -> Waiting {
    match (status.as_str(), state.as_str(), timeout) {
        ("RUNNING", "AwaitCompletion", Some(timeout)) => {
            let waited = SystemTime::now().duration_since(entered).unwrap_or_default();
            Waiting::Callback { seconds_left: timeout.saturating_sub(waited).as_secs() }
        }
        ("RUNNING", _, _) => Waiting::Step { step: state, error: last_error },
        _ => Waiting::Ended { status },
    }
}

impl ProductStatus {
    /// What an operator should know about the product, as a sentence.
    pub(super) fn attention(&self) -> Option<String> {
        let Self { sku, stock, reorder_point, .. } = self;
        match &self.restock {
            Some(restock) => restock.attention(sku),
            None if stock <= reorder_point && !self.is_retired => Some(format!(
                "{sku} is at its reorder point ({stock} in stock) and no restock is open: the next sweep requests one"
            )),
            None => None,
        }
    }
}

impl RestockStatus {
    fn attention(&self, sku: &str) -> Option<String> {
        let RestockOverview { cycle, execution, .. } = &self.overview;
        match &self.waiting {
            Waiting::Step { step, error: Some(error) } => {
                Some(format!("restock {cycle} of {sku} repeats {step} after {error}"))
            }
            Waiting::Ended { status } => Some(format!(
                "restock {cycle} of {sku} is open, and its execution {execution} has ended with {status}: the sweep \
                 closes it"
            )),
            Waiting::Gone => Some(format!(
                "restock {cycle} of {sku} is open, and its execution {execution} does not exist: run `restock audit`"
            )),
            Waiting::Callback { .. } | Waiting::Step { error: None, .. } => None,
        }
    }

    /// How long the restock has been open.
    pub fn age(&self) -> Duration {
        Duration::from_secs(self.overview.open_seconds.unsigned_abs())
    }
}
