//! The faults that are possible in a state, and their effects.
//!
//! No fault is possible in a state at rest. So a path ends exactly at rest, which is where the properties
//! that must hold "eventually" are checked.

use crate::{
    executions::{
        CompletionPosition, PurchaseExecution, PurchaseOutcome, RestockOutcome, RestockPosition,
    },
    fault::Fault,
    ids::{Cycle, Depletion, ExecutionId, Reason},
    scenario::Scenario,
    state::{State, insert_sorted, remove_one},
    step::{Caller, Response, Step},
};

impl State {
    /// The faults that are possible, given the steps that are possible.
    pub fn faults(&self, scenario: &Scenario, steps: &[Step]) -> Vec<Fault> {
        if self.faults_left == 0 || steps.is_empty() {
            return Vec::new();
        }
        let mut faults = Vec::new();
        for &step in steps {
            self.faults_of_execution(scenario, step, &mut faults);
            faults.extend(faults_of_network(step));
        }
        self.faults_of_waiting(&mut faults);
        self.faults_of_sweep(scenario, steps, &mut faults);
        faults.push(Fault::FactoryCrashes);
        faults.extend(self.dead_letters.iter().copied().map(Fault::DeadLetterRedriven));
        faults.retain(|fault| scenario.faults.contains(&fault.kind()) && self.has_effect(*fault));
        faults
    }

    fn faults_of_execution(&self, scenario: &Scenario, step: Step, faults: &mut Vec<Fault>) {
        if self.writes(scenario, step) {
            faults.push(Fault::ResponseLost(step));
        }
        if can_fail(step) {
            faults.push(Fault::StepFails(step));
        }
        if can_stop_before(step) {
            faults.push(Fault::ExecutionStops(step));
        }
        if let Step::DecrementStock(number) = step {
            faults.push(Fault::PurchaseStops(number));
        }
    }

    /// Leaves out faults that change nothing or repeat another fault.
    fn has_effect(&self, fault: Fault) -> bool {
        match fault {
            Fault::FewerDelivered(order) => self.database.orders[order].quantity > 1,
            Fault::FactoryCrashes => !self.in_production.is_empty(),
            _ => true,
        }
    }

    /// Whether the step writes something. Only then does it matter whether its response is received.
    fn writes(&self, scenario: &Scenario, step: Step) -> bool {
        match step {
            Step::DecrementStock(_) if scenario.has_one_bucket() => true,
            Step::DecrementStock(number) => {
                self.purchases[number] != PurchaseExecution::DecrementStock
            }
            Step::OpenRestock(_) | Step::AwaitCompletion(_) => true,
            Step::IncrementStock(_) | Step::CompleteTask(_) => true,
            Step::CloseRestock(id) => self.restocks[id].position == RestockPosition::Closing,
            Step::RecordArrival(order) => self.is_recording(order),
            _ => false,
        }
    }

    fn faults_of_waiting(&self, faults: &mut Vec<Fault>) {
        for (id, execution) in self.restocks.iter().enumerate() {
            if execution.position == RestockPosition::Waiting {
                faults.push(Fault::WaitingExecutionStops(id));
                if execution.order.is_some_and(|order| self.may_call_back(order)) {
                    faults.push(Fault::TimesOutEarly(id));
                }
            }
        }
    }

    fn faults_of_sweep(&self, scenario: &Scenario, steps: &[Step], faults: &mut Vec<Fault>) {
        let mut early = self.findings(scenario);
        early.retain(|finding| !steps.contains(&Step::Sweep(*finding)));
        faults.extend(early.into_iter().map(Fault::SweepsEarly));
    }

    /// Applies a fault.
    pub fn apply_fault(&mut self, scenario: &Scenario, fault: Fault) {
        self.faults_left -= 1;
        match fault {
            Fault::ResponseLost(step) => self.take_step(scenario, step, Response::Lost),
            Fault::StepFails(step) => self.fail(step),
            Fault::ExecutionStops(step) => self.stop(step),
            Fault::WaitingExecutionStops(id) => self.restocks[id].end(RestockOutcome::Stopped),
            Fault::PurchaseStops(number) => {
                self.purchases[number] = PurchaseExecution::Ended(PurchaseOutcome::NotKnown);
            }
            Fault::MessageLost(number) => self.publish_depletion(number, false),
            Fault::MessageRepeated(depletion) => {
                self.start_restock(scenario, depletion);
                insert_sorted(&mut self.queue, depletion);
            }
            Fault::OrderLost(id) => self.place_order(id, false),
            Fault::CallbackLost(order) => remove_one(&mut self.in_production, &order),
            Fault::CallbackRepeated(order) => {
                self.receive_completion(order, false);
                insert_sorted(&mut self.in_production, order);
            }
            Fault::FactoryCrashes => self.in_production.clear(),
            Fault::FewerDelivered(order) => self.receive_completion(order, true),
            Fault::TimesOutEarly(id) => self.await_timed_out(id),
            Fault::SweepsEarly(finding) => self.sweep(scenario, finding),
            Fault::DeadLetterRedriven(cycle) => self.redrive(cycle),
        }
    }

    /// Follows the `Catch` of the step.
    fn fail(&mut self, step: Step) {
        match step {
            Step::CloseRestock(id) => {
                let next_cycle = self.restocks[id].cycle;
                self.restocks[id].position = RestockPosition::ReportFailure(next_cycle);
            }
            Step::CompleteTask(order) => {
                self.completion(order).position = CompletionPosition::IncrementStock;
            }
            Step::IncrementStock(Caller::Completion(order)) => {
                self.completion(order).position = CompletionPosition::Stopped;
            }
            _ => {
                if let Some(id) = restock_of(step) {
                    self.restocks[id].position = RestockPosition::CloseRestock;
                }
            }
        }
    }

    fn stop(&mut self, step: Step) {
        match step {
            Step::CompleteTask(order) | Step::IncrementStock(Caller::Completion(order)) => {
                self.completion(order).position = CompletionPosition::Stopped;
            }
            _ => {
                if let Some(id) = restock_of(step) {
                    self.restocks[id].end(RestockOutcome::Stopped);
                }
            }
        }
    }

    fn redrive(&mut self, cycle: Cycle) {
        remove_one(&mut self.dead_letters, &cycle);
        insert_sorted(&mut self.queue, Depletion { cycle, reason: Reason::Redrive });
    }
}

/// The faults of messages, orders and callbacks.
fn faults_of_network(step: Step) -> Vec<Fault> {
    match step {
        Step::PublishDepletion(number) => vec![Fault::MessageLost(number)],
        Step::StartRestock(depletion) => vec![Fault::MessageRepeated(depletion)],
        Step::PlaceOrder(id) => vec![Fault::OrderLost(id)],
        Step::ReceiveCompletion(order) => vec![
            Fault::CallbackLost(order),
            Fault::CallbackRepeated(order),
            Fault::FewerDelivered(order),
        ],
        _ => Vec::new(),
    }
}

/// Whether the `Catch` of the step leads to another step. The `Catch` of `RecordArrival` only reports:
/// operations must send the callback again.
fn can_fail(step: Step) -> bool {
    match step {
        Step::CompleteTask(_) | Step::IncrementStock(_) => true,
        Step::ReportFailure(_) => false,
        _ => restock_of(step).is_some(),
    }
}

/// Whether the execution can stop before the step. An execution of `completion` does not stop before
/// `RecordArrival`: the callback would exist only in its input, and only an operator could stop it there.
fn can_stop_before(step: Step) -> bool {
    match step {
        Step::CompleteTask(_) | Step::IncrementStock(_) => true,
        _ => restock_of(step).is_some(),
    }
}

/// The execution of `restock` that takes the step.
fn restock_of(step: Step) -> Option<ExecutionId> {
    match step {
        Step::OpenRestock(id)
        | Step::PlaceOrder(id)
        | Step::AwaitCompletion(id)
        | Step::IncrementStock(Caller::Restock(id))
        | Step::CloseRestock(id)
        | Step::ReportFailure(id) => Some(id),
        _ => None,
    }
}
