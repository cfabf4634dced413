use super::{Cycle, Database, ExecutionId, Order, OrderId, Restock, Status};
use crate::{Reason, Scenario};

/// What `OpenRestock` is asked.
#[derive(Debug, Clone, Copy)]
pub struct Request {
    /// The execution that asks.
    pub execution: ExecutionId,
    /// The cycle that it asks for.
    pub cycle: Cycle,
    /// The how-manieth order this would be.
    pub attempt: u8,
    /// What noticed the depletion.
    pub reason: Reason,
}

impl Request {
    /// Whether the product has moved on. The sweep has looked just now, and an operator insists.
    fn is_old(&self, cycle: Cycle) -> bool {
        self.cycle < cycle && self.reason == Reason::Purchase
    }
}

/// What `open_restock` decides to write, from what it read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Opening {
    /// A new restock and its first order.
    Begin {
        /// The product's cycle.
        cycle: Cycle,
        /// How many to order.
        quantity: i8,
    },
    /// Another order.
    Order {
        /// The product's cycle.
        cycle: Cycle,
        /// The how-manieth.
        attempt: u8,
        /// How many to order.
        quantity: i8,
    },
    /// That goods have come another way.
    Complete,
    /// Nothing.
    Nothing(Opened),
}

/// What `OpenRestock` answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Opened {
    Ordered(OrderId),
    Arrived(OrderId),
    NotNeeded,
    Superseded,
    UnderWay,
    Exhausted,
}

impl Database {
    /// The reading half of `open_restock`.
    pub fn decide_opening(&self, scenario: &Scenario, request: Request) -> Opening {
        let guards = &scenario.guards;
        let old = request.attempt > 1 || request.is_old(self.cycle);
        let Request { execution, .. } = request;
        match self.open_restocks().next() {
            Some(open) if open.owner == execution || !guards.restock_execution_owner => {
                self.decide_to_go_on(scenario, request)
            }
            Some(_) => Opening::Nothing(Opened::UnderWay),
            _ if guards.superseded_by_cycle && old => Opening::Nothing(Opened::Superseded),
            _ if self.stock > scenario.reorder_point => Opening::Nothing(Opened::NotNeeded),
            _ => Opening::Begin { cycle: self.cycle, quantity: scenario.target_stock - self.stock },
        }
    }

    fn decide_to_go_on(&self, scenario: &Scenario, request: Request) -> Opening {
        let (cycle, attempt) = (self.cycle, request.attempt);
        let latest = self.orders.iter().rposition(|order| order.cycle == cycle);
        let order = latest.and_then(|id| self.orders.get(id).map(|order| (id, order)));
        match order {
            Some((id, order)) if order.attempt >= attempt => Opening::Nothing(Opened::Ordered(id)),
            Some((id, order))
                if order.arrived.is_some() && scenario.guards.arrival_seen_by_open =>
            {
                Opening::Nothing(Opened::Arrived(id))
            }
            _ if self.stock > scenario.reorder_point => Opening::Complete,
            _ if attempt > scenario.attempts_allowed => Opening::Nothing(Opened::Exhausted),
            _ => Opening::Order { cycle, attempt, quantity: scenario.target_stock - self.stock },
        }
    }

    /// The writing half of `open_restock`.
    pub fn open(&mut self, scenario: &Scenario, by: ExecutionId, opening: Opening) -> Opened {
        match opening {
            Opening::Begin { cycle, .. } if self.is_taken(scenario, cycle) => Opened::UnderWay,
            Opening::Begin { cycle, quantity } => {
                let status = Status::Open;
                self.restocks.push(Restock { cycle, status, owner: by, reported: false });
                Opened::Ordered(self.order(cycle, 1, quantity))
            }
            Opening::Order { cycle, attempt, quantity } => {
                Opened::Ordered(self.order(cycle, attempt, quantity))
            }
            Opening::Complete => {
                self.close(Status::Completed);
                Opened::NotNeeded
            }
            Opening::Nothing(opened) => opened,
        }
    }

    /// Whether a key forbids the restock.
    fn is_taken(&self, scenario: &Scenario, cycle: Cycle) -> bool {
        let guards = &scenario.guards;
        let open = self.open_restocks().next().is_some();
        let cycle_used = self.restocks.iter().any(|restock| restock.cycle == cycle);
        guards.open_restock_key && open || guards.second_line.cycle_key && cycle_used
    }

    fn order(&mut self, cycle: Cycle, attempt: u8, quantity: i8) -> OrderId {
        let (token, arrived, credits) = (None, None, 0);
        self.orders.push(Order { cycle, attempt, quantity, token, arrived, credits });
        self.orders.len() - 1
    }
}
