//! `sweep`.
//!
//! On AWS the sweep runs every five minutes without end, which would make the number of states infinite. Here it
//! runs only when no execution is going to handle what it would find: its thresholds are longer than any
//! execution can run. A sweep that runs while executions are still working is a fault (`SweepsEarly`), and
//! the number of faults is bounded.

use crate::{
    executions::RestockExecution,
    ids::{Depletion, OrderId, Reason},
    scenario::Scenario,
    state::{State, insert_sorted},
    step::{Finding, Step},
};

impl State {
    /// What the sweep would find if it ran now.
    pub(super) fn findings(&self, scenario: &Scenario) -> Vec<Finding> {
        if !scenario.guards.sweep {
            return Vec::new();
        }
        let credits = |order: &OrderId| {
            self.database.is_uncredited(*order) && !self.is_locked(scenario, *order)
        };
        let orders = 0..self.database.orders.len();
        let mut findings: Vec<_> = orders.filter(credits).map(Finding::UncreditedArrival).collect();
        findings.extend(self.has_abandoned_restock().then_some(Finding::AbandonedRestock));
        findings.extend(self.needs_depletion(scenario).then_some(Finding::Depletion));
        findings
    }

    /// What the sweep would find and no execution is going to handle.
    pub(super) fn sweep_steps(&self, scenario: &Scenario) -> Vec<Step> {
        let mut findings = self.findings(scenario);
        findings.retain(|finding| !self.is_being_handled(*finding));
        // A sweep credits and closes before it lists the products that need a restock.
        if findings.len() > 1 {
            findings.retain(|finding| *finding != Finding::Depletion);
        }
        findings.into_iter().map(Step::Sweep).collect()
    }

    fn is_being_handled(&self, finding: Finding) -> bool {
        match finding {
            Finding::UncreditedArrival(order) => self.is_being_credited(order),
            Finding::AbandonedRestock => false,
            Finding::Depletion => self.is_restocking() || !self.queue.is_empty(),
        }
    }

    fn is_being_credited(&self, order: OrderId) -> bool {
        let credits = |x: &RestockExecution| x.runs() && x.order == Some(order);
        self.is_completing(order) || self.restocks.iter().any(credits)
    }

    /// Whether the execution of an open restock has ended. The deployed sweep finds such a restock because
    /// it has been open for longer than an execution can run.
    fn has_abandoned_restock(&self) -> bool {
        self.database.open_restocks().any(|open| !self.restocks[open.owner].runs())
    }

    /// Whether the product is at its reorder point without an open restock. If `start-restock` ignored the
    /// sweep's last request, the sweep would repeat the request without end. Here it stops, so that the path
    /// ends and the check finds that the depletion is forgotten.
    fn needs_depletion(&self, scenario: &Scenario) -> bool {
        self.database.stock() <= scenario.reorder_point
            && self.database.open_restocks().next().is_none()
            && self.ignored_request != Some(self.database.cycle)
    }

    /// Repairs what was found.
    pub(super) fn sweep(&mut self, scenario: &Scenario, finding: Finding) {
        match finding {
            Finding::Depletion => {
                let (cycle, reason) = (self.database.cycle, Reason::Sweep);
                insert_sorted(&mut self.queue, Depletion { cycle, reason });
            }
            Finding::AbandonedRestock => self.close_abandoned(scenario),
            Finding::UncreditedArrival(order) => {
                self.database.credit(&scenario.guards, order, false);
            }
        }
    }

    /// Closes the open restock as failed, and sends a dead letter and a mail.
    fn close_abandoned(&mut self, scenario: &Scenario) {
        let Some(owner) = self.database.open_restocks().next().map(|open| open.owner) else {
            return;
        };
        self.database.close_restock(owner);
        if scenario.guards.abandoned_restocks_reported {
            self.database.note_report(owner);
            insert_sorted(&mut self.dead_letters, self.database.cycle);
        }
    }
}
