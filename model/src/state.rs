//! The state of the whole system at one moment, and questions about it that several steps ask.

use crate::{
    database::Database,
    executions::{
        CompletionExecution, CompletionPosition, PurchaseExecution, RestockExecution,
        RestockPosition,
    },
    ids::{Cycle, Depletion, OrderId, Token},
    scenario::Scenario,
};

/// The state of the whole system at one moment. Lists whose order has no meaning are kept sorted, so that
/// equal states compare equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct State {
    /// The database.
    pub database: Database,
    /// Executions of `purchase`, one for each request in [`Scenario::purchases`].
    pub purchases: Vec<PurchaseExecution>,
    /// Messages in `stock_queue`, sorted: a standard queue has no order.
    pub queue: Vec<Depletion>,
    /// Messages in `dead_letter_queue`, sorted: the restock cycles that a redrive would ask for.
    pub dead_letters: Vec<Cycle>,
    /// Executions of `restock`, in the order of their start.
    pub restocks: Vec<RestockExecution>,
    /// Executions of `completion`, sorted by order. There is one for each order.
    pub completions: Vec<CompletionExecution>,
    /// Orders in production at the factory, sorted. The factory will call back once for each.
    pub in_production: Vec<OrderId>,
    /// Every order that the factory accepted, sorted. The factory produces an order that is here twice, twice.
    pub accepted_orders: Vec<OrderId>,
    /// The numbers of buckets that operators are still going to set.
    pub bucket_changes: Vec<u8>,
    /// A purchase was refused as sold out, although the stock sufficed all the time.
    pub wrongly_sold_out: bool,
    /// A restock cycle for which `start-restock` started nothing although the sweep or an operator asked.
    pub ignored_request: Option<Cycle>,
    /// Number of faults that can still occur.
    pub faults_left: u8,
}

impl State {
    /// The state before anything has happened.
    pub fn new(scenario: &Scenario) -> Self {
        Self {
            database: Database::new(scenario.stock, scenario.buckets),
            purchases: vec![PurchaseExecution::CheckStock; scenario.purchases.len()],
            queue: Vec::new(),
            dead_letters: Vec::new(),
            restocks: Vec::new(),
            completions: Vec::new(),
            in_production: Vec::new(),
            accepted_orders: Vec::new(),
            bucket_changes: scenario.bucket_changes.clone(),
            wrongly_sold_out: false,
            ignored_request: None,
            faults_left: scenario.faults_at_most,
        }
    }

    /// Whether an execution of `completion` is between the two halves of `RecordArrival` for this order.
    pub fn is_recording(&self, order: OrderId) -> bool {
        let recording = |c: &CompletionExecution| {
            c.order == order && matches!(c.position, CompletionPosition::Recording(_))
        };
        self.completions.iter().any(recording)
    }

    /// Whether `RecordArrival` holds the lock of this order.
    pub fn is_locked(&self, scenario: &Scenario, order: OrderId) -> bool {
        scenario.guards.secondary.order_lock && self.is_recording(order)
    }

    /// Whether an execution of `completion` for this order is running.
    pub fn is_completing(&self, order: OrderId) -> bool {
        self.completions.iter().any(|c| c.order == order && c.runs())
    }

    /// Whether an execution of `restock` is running.
    pub fn is_restocking(&self) -> bool {
        self.restocks.iter().any(RestockExecution::runs)
    }

    /// Whether a callback for the order is still to come or is being handled.
    pub fn may_call_back(&self, order: OrderId) -> bool {
        self.in_production.contains(&order) || self.is_completing(order)
    }

    /// Whether an execution waits for a callback with this task token.
    pub fn waits(&self, token: Token) -> bool {
        let execution = &self.restocks[token.execution];
        execution.position == RestockPosition::Waiting && execution.tokens == token.number
    }

    /// The execution of `completion` for this order, which must exist.
    pub fn completion(&mut self, order: OrderId) -> &mut CompletionExecution {
        let index = self.completions.partition_point(|c| c.order < order);
        &mut self.completions[index]
    }
}

/// Inserts an item into a sorted list.
pub fn insert_sorted<T: Ord>(list: &mut Vec<T>, item: T) {
    let index = list.partition_point(|other| *other <= item);
    list.insert(index, item);
}

/// Removes the first item that is equal to this one, if there is one.
pub fn remove_one<T: PartialEq>(list: &mut Vec<T>, item: &T) {
    if let Some(index) = list.iter().position(|other| other == item) {
        list.remove(index);
    }
}
