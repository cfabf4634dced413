use super::tables::{Database, ProductionOrder, Restock, RestockStatus};
use crate::{
    ids::{Cycle, ExecutionId, OrderId, Reason},
    scenario::Scenario,
};

/// The input of `OpenRestock`.
#[derive(Debug, Clone, Copy)]
pub struct OpenRequest {
    /// The execution that runs the step.
    pub execution: ExecutionId,
    /// The restock cycle that it asks for.
    pub cycle: Cycle,
    /// Attempt number of the order, starting at 1.
    pub attempt: u8,
    /// Who published the depletion.
    pub reason: Reason,
}

impl OpenRequest {
    /// Whether a purchase asked for a cycle that is over. The sweep has read the current stock, and a
    /// redrive is always answered, so their requests are never outdated.
    pub fn is_outdated(&self, cycle: Cycle) -> bool {
        self.cycle < cycle && self.reason == Reason::Purchase
    }
}

/// What `open_restock` decides to write, from what it has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OpenDecision {
    /// A new restock and its first order.
    Begin {
        /// The product's cycle.
        cycle: Cycle,
        /// Number of items to order.
        quantity: i8,
    },
    /// Another order of an open restock.
    Order {
        /// The product's cycle.
        cycle: Cycle,
        /// Attempt number of the order.
        attempt: u8,
        /// Number of items to order.
        quantity: i8,
    },
    /// Completes the restock: the stock is above the reorder point again.
    Complete,
    /// Nothing to write.
    Nothing(OpenOutcome),
}

/// The outcome of `OpenRestock`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the outcomes of the deployed step")]
pub enum OpenOutcome {
    Ordered(OrderId),
    Arrived(OrderId),
    NotNeeded,
    Superseded,
    UnderWay,
    Exhausted,
}

impl Database {
    /// The first half of `open_restock`: reads, and decides what to write.
    pub fn decide_opening(&self, scenario: &Scenario, request: OpenRequest) -> OpenDecision {
        let guards = &scenario.guards;
        let outdated = request.attempt > 1 || request.is_outdated(self.cycle);
        match self.open_restocks().next() {
            Some(open) if open.owner == request.execution || !guards.restock_execution_owner => {
                self.decide_to_continue(scenario, request.attempt)
            }
            Some(_) => OpenDecision::Nothing(OpenOutcome::UnderWay),
            None if guards.superseded_by_cycle && outdated => {
                OpenDecision::Nothing(OpenOutcome::Superseded)
            }
            None => self.decide_to_begin(scenario),
        }
    }

    fn decide_to_begin(&self, scenario: &Scenario) -> OpenDecision {
        if self.stock() > scenario.reorder_point {
            return OpenDecision::Nothing(OpenOutcome::NotNeeded);
        }
        OpenDecision::Begin { cycle: self.cycle, quantity: scenario.target_stock - self.stock() }
    }

    fn decide_to_continue(&self, scenario: &Scenario, attempt: u8) -> OpenDecision {
        if let Some(outcome) = self.outcome_of_latest_order(scenario, attempt) {
            return OpenDecision::Nothing(outcome);
        }
        let (cycle, quantity) = (self.cycle, scenario.target_stock - self.stock());
        match attempt {
            _ if self.stock() > scenario.reorder_point => OpenDecision::Complete,
            _ if attempt > scenario.attempts_allowed => {
                OpenDecision::Nothing(OpenOutcome::Exhausted)
            }
            _ => OpenDecision::Order { cycle, attempt, quantity },
        }
    }

    /// The outcome if the latest order of the cycle is the requested one or has arrived.
    fn outcome_of_latest_order(&self, scenario: &Scenario, attempt: u8) -> Option<OpenOutcome> {
        let id = self.orders.iter().rposition(|order| order.cycle == self.cycle)?;
        let ProductionOrder { attempt: latest, arrived, .. } = self.orders[id];
        if latest >= attempt {
            return Some(OpenOutcome::Ordered(id));
        }
        let seen = arrived.is_some() && scenario.guards.arrival_seen_by_open;
        seen.then_some(OpenOutcome::Arrived(id))
    }

    /// The second half of `open_restock`: writes.
    pub fn open(
        &mut self,
        scenario: &Scenario,
        by: ExecutionId,
        decision: OpenDecision,
    ) -> OpenOutcome {
        match decision {
            OpenDecision::Begin { cycle, quantity } => self.begin(scenario, by, cycle, quantity),
            OpenDecision::Order { cycle, attempt, quantity } => {
                OpenOutcome::Ordered(self.order(cycle, attempt, quantity))
            }
            OpenDecision::Complete => {
                self.close(RestockStatus::Completed);
                OpenOutcome::NotNeeded
            }
            OpenDecision::Nothing(outcome) => outcome,
        }
    }

    fn begin(
        &mut self,
        scenario: &Scenario,
        owner: ExecutionId,
        cycle: Cycle,
        quantity: i8,
    ) -> OpenOutcome {
        if self.key_rejects_restock(scenario, cycle) {
            return OpenOutcome::UnderWay;
        }
        let status = RestockStatus::Open;
        self.restocks.push(Restock { cycle, status, owner, reported: false });
        OpenOutcome::Ordered(self.order(cycle, 1, quantity))
    }

    /// Whether a unique key rejects another restock.
    fn key_rejects_restock(&self, scenario: &Scenario, cycle: Cycle) -> bool {
        let guards = &scenario.guards;
        let open = self.open_restocks().next().is_some();
        let cycle_used = self.restocks.iter().any(|restock| restock.cycle == cycle);
        guards.open_restock_key && open || guards.secondary.cycle_key && cycle_used
    }

    fn order(&mut self, cycle: Cycle, attempt: u8, quantity: i8) -> OrderId {
        let (token, arrived, credits) = (None, None, 0);
        self.orders.push(ProductionOrder { cycle, attempt, quantity, token, arrived, credits });
        self.orders.len() - 1
    }
}
