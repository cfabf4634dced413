//! The history of a round: every call of a function with its answer and its times.

use std::{collections::BTreeMap, time::Duration};

use domain::{Arrival, ProductionOrder, ProductionOrderId, Purchase, Sku};
use serde::{Deserialize, Serialize};
use warehouse::OpenRestock;

/// A call of a function. Times are measured from the beginning of the round.
#[derive(Debug, Clone)]
pub(super) struct Call<I, O> {
    pub input: I,
    pub began: Duration,
    pub ended: Duration,
    pub answer: Answer<O>,
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer<O> {
    /// The function returned this.
    Known(O),
    /// The function may or may not have done its work. The call is repeated.
    Lost,
    /// The function failed with an error that no state machine retries.
    Failed(String),
}

impl<I, O> Call<I, O> {
    pub fn known(&self) -> Option<&O> {
        match &self.answer {
            Answer::Known(output) => Some(output),
            Answer::Lost | Answer::Failed(_) => None,
        }
    }
}

/// The output of `decrement-stock`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub(super) enum PurchaseOutcome {
    Sold { stock: i64 },
    SoldOut { stock: i64 },
    KeyReused,
    UnknownProduct,
}

/// The output of `open-restock`: the production order, if one is needed.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct OpenedRestock {
    pub order: Option<ProductionOrder>,
}

/// The input of `increment-stock`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Credit {
    pub production_order: ProductionOrderId,
}

/// The output of `increment-stock`: the quantity added to the stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) struct Credited {
    pub quantity: i64,
}

/// The output of `record-arrival`, of which the checker needs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) struct RecordedArrival {}

/// All calls of a round.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    /// The opening count of each product: its reference and quantity.
    pub openings: BTreeMap<Sku, (String, i64)>,
    pub purchases: Vec<Call<Purchase, PurchaseOutcome>>,
    pub restocks: Vec<Call<OpenRestock, OpenedRestock>>,
    pub arrivals: Vec<Call<Arrival, RecordedArrival>>,
    pub credits: Vec<Call<Credit, Credited>>,
}

impl History {
    /// The production orders in all answers, repetitions included.
    pub fn orders(&self) -> impl Iterator<Item = &ProductionOrder> {
        self.restocks.iter().filter_map(|call| call.known()?.order.as_ref())
    }

    pub fn extend(&mut self, more: Self) {
        self.openings.extend(more.openings);
        self.purchases.extend(more.purchases);
        self.restocks.extend(more.restocks);
        self.arrivals.extend(more.arrivals);
        self.credits.extend(more.credits);
    }
}
