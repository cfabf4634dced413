//! `restock status`: the products, their restocks, the dead letters and the last failures of a deployment.

mod failed_callbacks;
mod letters;
mod products;
mod text;

use anyhow::Result;
use deployment::outputs::Outputs;
use serde::Serialize;
use warehouse::audit::FailureOverview;

use crate::{access::WarehouseAccess, executions::Executions, stop::Stop};

pub use failed_callbacks::FailedCallback;
pub use letters::{CallbackCounts, LetterStatus};
pub use text::failures_in_a_row;

pub use products::{ProductStatus, RestockStatus, Waiting, product_statuses};

/// A deployment at one moment.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Status {
    /// By SKU.
    pub products: Vec<ProductStatus>,
    pub dead_letters: LetterStatus,
    /// The latest of each product: at most ten, the latest first.
    pub failures: Vec<FailureOverview>,
    /// Callbacks of the last 24 hours that were not counted.
    pub callbacks: CallbackCounts,
    /// Callbacks of the last 24 hours that could not be handled, the latest first.
    pub failed_callbacks: Vec<FailedCallback>,
    /// What somebody should look at, each as a sentence. Empty if all is well.
    pub attention: Vec<String>,
}

impl Status {
    /// Reads a deployment.
    ///
    /// # Errors
    /// If the database, an execution, a queue or a log cannot be read.
    pub async fn of(outputs: &Outputs, warehouse: &WarehouseAccess, stop: &Stop) -> Result<Self> {
        let overview = warehouse.overview().await?;
        let machines = outputs.clients().await.machines;
        let restocks = Executions::of(machines.clone(), &outputs.restock_machine_arn);
        let completions = Executions::of(machines, &outputs.completion_machine_arn);
        let mut status = Self {
            products: product_statuses(overview.products, &restocks).await?,
            dead_letters: LetterStatus::of(outputs, stop).await?,
            failures: overview.failures,
            callbacks: CallbackCounts::of(outputs).await?,
            failed_callbacks: FailedCallback::all(&completions, warehouse).await?,
            attention: Vec::new(),
        };
        status.attention = status.to_look_at();
        Ok(status)
    }

    /// 0 if all is well, 1 if somebody should look.
    pub fn exit_status(&self) -> u8 {
        u8::from(!self.attention.is_empty())
    }

    fn to_look_at(&self) -> Vec<String> {
        let products = self.products.iter().filter_map(ProductStatus::attention);
        let failures = self.failures.iter().filter(|failure| !failure.is_over);
        let failures = failures.map(|failure| {
            let FailureOverview { sku, cycle, failure, .. } = failure;
            format!(
                "restock {cycle} of {sku} failed with {failure}, and {sku} was not restocked since"
            )
        });
        let letters = self.dead_letters.attention();
        let callbacks = self.failed_callbacks.iter().map(FailedCallback::attention);
        let callbacks = callbacks.chain(self.callbacks.attention());
        products.chain(failures).chain(letters).chain(callbacks).collect()
    }
}
