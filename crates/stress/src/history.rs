//! The history of a round: each request, its response, and their times.

use std::{collections::BTreeMap, time::Duration};

use domain::{Arrival, ProductionOrder, ProductionOrderRef, Purchase, PurchaseOutcome, Sku, Stock};
use serde::Deserialize;
use warehouse::{ChangeRequest, Changed, Credited, OpenRequest, Opened};

/// A request and its response. Times are counted from the start of the round.
#[derive(Debug, Clone)]
pub(super) struct Exchange<Q, A> {
    pub request: Q,
    pub began: Duration,
    pub ended: Duration,
    pub response: Response<A>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Response<A> {
    Received(A),
    /// It is unknown whether the request took effect. It was sent again.
    Lost,
    /// An error that the state machines do not retry.
    Failed(String),
}

impl<Q, A> Exchange<Q, A> {
    pub fn received(&self) -> Option<&A> {
        match &self.response {
            Response::Received(response) => Some(response),
            Response::Lost | Response::Failed(_) => None,
        }
    }
}

/// Output of `decrement-stock`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) struct Decided {
    pub outcome: PurchaseOutcome,
    #[serde(default)]
    pub stock: Option<Stock>,
    pub crossed_reorder_point: bool,
}

/// Output of `record-arrival`. The checker does not use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) struct Recorded {}

/// Everything that happened in a round, as seen from outside the database.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    /// The stock counted before the round: name of the count, and number of units.
    pub openings: BTreeMap<Sku, (String, Stock)>,
    pub purchases: Vec<Exchange<Purchase, Decided>>,
    pub restocks: Vec<Exchange<OpenRequest, Opened>>,
    pub arrivals: Vec<Exchange<Arrival, Recorded>>,
    pub credits: Vec<Exchange<ProductionOrderRef, Credited>>,
    pub bucket_changes: Vec<Exchange<ChangeRequest, Changed>>,
}

impl History {
    /// All orders in responses. An order that was returned several times is listed several times.
    pub fn orders(&self) -> impl Iterator<Item = &ProductionOrder> {
        self.restocks.iter().filter_map(|exchange| exchange.received()?.order())
    }

    pub fn extend(&mut self, more: Self) {
        self.openings.extend(more.openings);
        self.purchases.extend(more.purchases);
        self.restocks.extend(more.restocks);
        self.arrivals.extend(more.arrivals);
        self.credits.extend(more.credits);
        self.bucket_changes.extend(more.bucket_changes);
    }
}
