//! What was asked and what was answered, and when: all that the outside world knows of a round.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use domain::{Arrival, ProductionOrderId, Purchase, Sku};
use serde::{Deserialize, Serialize};

/// A request and what became of it. Times are counted from the beginning of the round.
#[derive(Debug, Clone)]
pub(super) struct Exchange<Q, A> {
    pub question: Q,
    pub began: Duration,
    pub ended: Duration,
    pub answer: Answer<A>,
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer<A> {
    /// This was answered.
    Known(A),
    /// It is not known whether it was done: asked again.
    Lost,
    /// It failed under a name that no machine repeats.
    Failed(String),
}

impl<Q, A> Exchange<Q, A> {
    pub fn known(&self) -> Option<&A> {
        match &self.answer {
            Answer::Known(answer) => Some(answer),
            Answer::Lost | Answer::Failed(_) => None,
        }
    }

    pub fn into_known(self) -> Option<A> {
        match self.answer {
            Answer::Known(answer) => Some(answer),
            Answer::Lost | Answer::Failed(_) => None,
        }
    }
}

/// What a customer is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub(super) enum Sale {
    Sold { stock: i64 },
    SoldOut { stock: i64 },
    KeyReused,
    UnknownProduct,
}

/// Whose goods are to be put in stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Credit {
    pub production_order: ProductionOrderId,
}

/// How many were put in stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) struct Credited {
    pub quantity: i64,
}

/// What a callback is judged to be; nothing of it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) struct Recorded {}

/// All of a round.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    /// What was counted before it began: under which name, and how many.
    pub openings: BTreeMap<Sku, (String, i64)>,
    /// What the orders to the factory are for.
    pub orders: HashMap<ProductionOrderId, Sku>,
    pub purchases: Vec<Exchange<Purchase, Sale>>,
    pub arrivals: Vec<Exchange<Arrival, Recorded>>,
    pub credits: Vec<Exchange<Credit, Credited>>,
}

impl History {
    pub fn extend(&mut self, more: Self) {
        self.openings.extend(more.openings);
        self.orders.extend(more.orders);
        self.purchases.extend(more.purchases);
        self.arrivals.extend(more.arrivals);
        self.credits.extend(more.credits);
    }
}
