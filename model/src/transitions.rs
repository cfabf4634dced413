//! The steps that are possible in a state, and their effects.

mod completion;
mod faults;
mod increment_stock;
mod purchase;
mod restock;
mod sweep;

use crate::{
    executions::{CompletionExecution, PurchaseExecution},
    scenario::Scenario,
    state::State,
    step::{Response, Step},
};

impl State {
    /// The steps that are possible.
    pub fn steps(&self, scenario: &Scenario) -> Vec<Step> {
        let mut steps = Vec::new();
        self.purchase_steps(&mut steps);
        steps.extend(self.bucket_changes.first().copied().map(Step::SetBuckets));
        self.queue_steps(&mut steps);
        self.restock_steps(scenario, &mut steps);
        self.factory_steps(&mut steps);
        self.completion_steps(scenario, &mut steps);
        steps.extend(self.sweep_steps(scenario));
        steps
    }

    /// Takes a step.
    pub fn take_step(&mut self, scenario: &Scenario, step: Step, response: Response) {
        match step {
            Step::CheckStock(purchase) => self.check_stock(scenario, purchase),
            Step::DecrementStock(purchase) => self.decrement_stock(scenario, purchase, response),
            Step::PublishDepletion(purchase) => self.publish_depletion(purchase, true),
            Step::StartRestock(depletion) => self.start_restock(scenario, depletion),
            Step::OpenRestock(id) => self.open_restock(scenario, id, response),
            Step::PlaceOrder(id) => self.place_order(id, true),
            Step::AwaitCompletion(id) => self.await_completion(scenario, id, response),
            Step::AwaitTimedOut(id) => self.await_timed_out(id),
            Step::IncrementStock(caller) => self.increment_stock(scenario, caller, response),
            Step::CloseRestock(id) => self.close_restock(scenario, id, response),
            Step::ReportFailure(id) => self.report_failure(id),
            Step::ReceiveCompletion(order) => self.receive_completion(order, false),
            Step::RecordArrival(order) => self.record_arrival(order, response),
            Step::CompleteTask(order) => self.complete_task(scenario, order, response),
            Step::Sweep(finding) => self.sweep(scenario, finding),
            Step::SetBuckets(buckets) => {
                self.bucket_changes.remove(0);
                self.database.set_buckets(buckets);
            }
        }
    }

    /// Whether nothing is left to do: every execution has ended, operators set nothing, no message or callback is under way, and
    /// the sweep would find nothing.
    pub fn is_at_rest(&self, scenario: &Scenario) -> bool {
        let purchases_ended = self.purchases.iter().all(PurchaseExecution::has_ended);
        let completions_ended = !self.completions.iter().any(CompletionExecution::runs);
        let executions_ended = purchases_ended && completions_ended && !self.is_restocking();
        let operators_ended = self.bucket_changes.is_empty();
        let delivered = self.queue.is_empty() && self.in_production.is_empty();
        executions_ended && operators_ended && delivered && self.sweep_steps(scenario).is_empty()
    }
}
