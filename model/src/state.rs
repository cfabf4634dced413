//! One state of everything.

use crate::{
    Cycle, Database, Depletion, OrderId, Scenario,
    completion::{self, Completion},
    purchase::Purchase,
    restock::Execution,
};

/// Everything at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct State {
    /// The database.
    pub database: Database,
    /// Executions of `purchase`, one for each time a customer sends.
    pub purchases: Vec<Purchase>,
    /// `stock_queue`. A queue that is not first in, first out, has no order.
    pub queue: Vec<Depletion>,
    /// `dead_letter_queue`: the cycles that a redrive would ask for.
    pub dead_letters: Vec<Cycle>,
    /// Executions of `restock`, as they were started.
    pub restocks: Vec<Execution>,
    /// Executions of `completion`, by order. One that died is replaced by the next.
    pub completions: Vec<Completion>,
    /// What the factory makes and has not called back for.
    pub making: Vec<OrderId>,
    /// Every order that the factory took. One that is in here twice is made twice.
    pub taken: Vec<OrderId>,
    /// A cycle for which the sweep asks in vain.
    pub unheard: Option<Cycle>,
    /// How many things may yet go wrong.
    pub faults_left: u8,
}

/// Whether who asked for a step hears that it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It goes on.
    Heard,
    /// It asks again.
    Lost,
}

impl State {
    /// Before anything has happened.
    pub fn new(scenario: &Scenario) -> Self {
        Self {
            database: Database::new(scenario.stock),
            purchases: vec![Purchase::CheckStock; scenario.purchases.len()],
            queue: Vec::new(),
            dead_letters: Vec::new(),
            restocks: Vec::new(),
            completions: Vec::new(),
            making: Vec::new(),
            taken: Vec::new(),
            unheard: None,
            faults_left: scenario.faults_at_most,
        }
    }

    /// Whether a transaction of `completion` holds the lock of an order.
    pub fn is_locked(&self, scenario: &Scenario, order: OrderId) -> bool {
        let recording = |at| matches!(at, completion::At::Recording(_));
        scenario.guards.second_line.order_lock
            && self.completions.iter().any(|c| c.order == order && recording(c.at))
    }

    /// Whether an execution of `restock` runs.
    pub fn is_restocking(&self) -> bool {
        self.restocks.iter().any(Execution::runs)
    }

    /// Whether nothing is left to be done but what a fault would bring.
    pub fn is_at_rest(&self, scenario: &Scenario) -> bool {
        let sold = self.purchases.iter().all(Purchase::has_ended);
        let completed = !self.completions.iter().any(Completion::runs);
        let quiet = sold && completed && !self.is_restocking();
        let heard = self.queue.is_empty() && self.making.is_empty();
        quiet && heard && self.sweep_steps(scenario).is_empty()
    }
}

/// Puts something where it belongs in a collection that is kept sorted.
pub fn put<T: Ord>(into: &mut Vec<T>, item: T) {
    let place = into.partition_point(|other| *other <= item);
    into.insert(place, item);
}

/// Takes one of its kind out.
pub fn take<T: PartialEq>(from: &mut Vec<T>, item: &T) {
    if let Some(place) = from.iter().position(|other| other == item) {
        from.remove(place);
    }
}
