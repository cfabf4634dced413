//! What was asked and what was answered, and when: all that the outside world knows of a round.

use std::{collections::BTreeMap, time::Duration};

use domain::{Arrival, ProductionOrder, ProductionOrderId, Purchase, Sku};
use serde::{Deserialize, Serialize};
use warehouse::OpenRestock;

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

/// What there is to do for a restock: perhaps there is an order.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Opened {
    pub order: Option<ProductionOrder>,
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
    pub purchases: Vec<Exchange<Purchase, Sale>>,
    pub restocks: Vec<Exchange<OpenRestock, Opened>>,
    pub arrivals: Vec<Exchange<Arrival, Recorded>>,
    pub credits: Vec<Exchange<Credit, Credited>>,
}

impl History {
    /// Every order to the factory that an execution was told of, as often as it was.
    pub fn orders(&self) -> impl Iterator<Item = &ProductionOrder> {
        self.restocks.iter().filter_map(|exchange| exchange.known()?.order.as_ref())
    }

    pub fn extend(&mut self, more: Self) {
        self.openings.extend(more.openings);
        self.purchases.extend(more.purchases);
        self.restocks.extend(more.restocks);
        self.arrivals.extend(more.arrivals);
        self.credits.extend(more.credits);
    }
}
