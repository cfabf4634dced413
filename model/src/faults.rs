//! What may go wrong, where, and what comes of it.
//!
//! Nothing goes wrong any more once all is at rest: only then is a state without a next one the end
//! of a path, at which the "eventually" properties are asked.

use crate::{
    By, Depletion, ExecutionId, Fault, Reason, Scenario, Step,
    completion::At as CompletionAt,
    purchase::{Purchase, Told},
    restock::{At, Ended},
    state::{Answer, State, put, take},
};

impl State {
    /// What may go wrong now, given the steps that may be taken.
    pub fn faults(&self, scenario: &Scenario, steps: &[Step]) -> Vec<Fault> {
        if self.faults_left == 0 || steps.is_empty() {
            return Vec::new();
        }
        let mut faults = Vec::new();
        for &step in steps {
            self.faults_of_step(step, &mut faults);
        }
        self.faults_of_waiting(&mut faults);
        self.faults_of_sweep(scenario, &mut faults);
        faults.push(Fault::FactoryCrashes);
        let dead_letters = self.dead_letters.iter().copied();
        faults.extend(dead_letters.map(Fault::Redriven));
        faults.retain(|fault| scenario.faults.contains(&fault.kind()) && self.can_be(*fault));
        faults
    }

    fn faults_of_step(&self, step: Step, faults: &mut Vec<Fault>) {
        if self.is_written_by(step) {
            faults.push(Fault::AnswerLost(step));
        }
        match step {
            Step::DecrementStock(number) => faults.push(Fault::NotKnown(number)),
            Step::PublishDepletion(number) => faults.push(Fault::MessageLost(number)),
            Step::StartRestock(depletion) => faults.push(Fault::MessageRepeated(depletion)),
            Step::ReceiveCompletion(order) => faults.extend([
                Fault::CallbackLost(order),
                Fault::CallbackRepeated(order),
                Fault::FewerDelivered(order),
            ]),
            Step::PlaceOrder(id) => faults.push(Fault::OrderLost(id)),
            _ => {}
        }
        if may_fail(step) {
            faults.push(Fault::StepFails(step));
        }
        if self.may_die_before(step) {
            faults.push(Fault::ExecutionDies(step));
        }
    }

    /// A factory that makes one thing delivers it or does not; to crash is to lose more than one callback.
    fn can_be(&self, fault: Fault) -> bool {
        match fault {
            Fault::FewerDelivered(order) => self.database.orders[order].quantity > 1,
            Fault::FactoryCrashes => self.making.len() > 1,
            _ => true,
        }
    }

    /// Whether the step writes something, so that it matters whether its answer is heard.
    fn is_written_by(&self, step: Step) -> bool {
        match step {
            Step::DecrementStock(number) => self.purchases[number] == Purchase::Selling,
            Step::OpenRestock(_) | Step::AwaitCompletion(_) | Step::IncrementStock(_) => true,
            Step::CloseRestock(id) => self.restocks[id].at == At::Closing,
            Step::CompleteTask(_) => true,
            Step::RecordArrival(order) => self.is_recording(order),
            _ => false,
        }
    }

    fn is_recording(&self, order: usize) -> bool {
        let recording = |at| matches!(at, CompletionAt::Recording(_));
        self.completions.iter().any(|c| c.order == order && recording(c.at))
    }

    /// A callback that was received and not yet recorded is in the input of its execution alone. An
    /// execution of `completion` is not stopped there: nobody but an operator could do it.
    fn may_die_before(&self, step: Step) -> bool {
        match step {
            Step::CompleteTask(_) | Step::IncrementStock(_) => true,
            _ => restock_of(step).is_some(),
        }
    }

    fn faults_of_waiting(&self, faults: &mut Vec<Fault>) {
        for (id, restock) in self.restocks.iter().enumerate() {
            if restock.at == At::Waiting {
                faults.push(Fault::WaiterDies(id));
                if self.may_call_back(restock.order) {
                    faults.push(Fault::TimesOutEarly(id));
                }
            }
        }
    }

    fn faults_of_sweep(&self, scenario: &Scenario, faults: &mut Vec<Fault>) {
        let due = self.sweep_steps(scenario);
        let mut found = self.found(scenario);
        found.retain(|found| !due.contains(&Step::FindDepleted(*found)));
        faults.extend(found.into_iter().map(Fault::SweepsEarly));
    }

    /// What comes of it.
    pub fn suffer(&mut self, scenario: &Scenario, fault: Fault) {
        self.faults_left -= 1;
        match fault {
            Fault::AnswerLost(step) => self.take_step(scenario, step, Answer::Lost),
            Fault::StepFails(step) => self.fail(step),
            Fault::ExecutionDies(step) => self.die(step),
            Fault::WaiterDies(id) => self.restocks[id].end(Ended::Died),
            Fault::NotKnown(number) => self.purchases[number] = Purchase::Ended(Told::NotKnown),
            Fault::MessageLost(number) => self.publish_depletion(number, false),
            Fault::MessageRepeated(depletion) => {
                self.start_restock(scenario, depletion);
                put(&mut self.queue, depletion);
            }
            Fault::OrderLost(id) => self.place_order(id, false),
            Fault::CallbackLost(order) => take(&mut self.making, &order),
            Fault::CallbackRepeated(order) => {
                self.receive_completion(order, false);
                put(&mut self.making, order);
            }
            Fault::FactoryCrashes => self.making.clear(),
            Fault::FewerDelivered(order) => self.receive_completion(order, true),
            Fault::TimesOutEarly(id) => self.await_timed_out(id),
            Fault::SweepsEarly(found) => self.find_depleted(scenario, found),
            Fault::Redriven(cycle) => self.redrive(cycle),
        }
    }

    /// The step's `Catch`, once its repetitions are used up.
    fn fail(&mut self, step: Step) {
        match step {
            Step::CloseRestock(id) => {
                let next = self.restocks[id].cycle;
                self.restocks[id].at = At::ReportFailure(next);
            }
            Step::CompleteTask(order) => self.completion(order).at = CompletionAt::IncrementStock,
            Step::IncrementStock(By::Completion(order)) => {
                self.completion(order).at = CompletionAt::Died;
            }
            _ => {
                if let Some(id) = restock_of(step) {
                    self.restocks[id].at = At::CloseRestock;
                }
            }
        }
    }

    fn die(&mut self, step: Step) {
        match step {
            Step::CompleteTask(order) | Step::IncrementStock(By::Completion(order)) => {
                self.completion(order).at = CompletionAt::Died;
            }
            _ => {
                if let Some(id) = restock_of(step) {
                    self.restocks[id].end(Ended::Died);
                }
            }
        }
    }

    fn redrive(&mut self, cycle: u8) {
        take(&mut self.dead_letters, &cycle);
        put(&mut self.queue, Depletion { cycle, reason: Reason::Redrive });
    }
}

/// Whether a step has a `Catch` that goes elsewhere. `RecordArrival` has one too, which only reports:
/// whoever gets the mail must send the callback again.
fn may_fail(step: Step) -> bool {
    match step {
        Step::CompleteTask(_) | Step::IncrementStock(_) => true,
        Step::AwaitTimedOut(_) | Step::ReportFailure(_) => false,
        _ => restock_of(step).is_some(),
    }
}

/// The execution of `restock` that takes the step.
fn restock_of(step: Step) -> Option<ExecutionId> {
    match step {
        Step::OpenRestock(id)
        | Step::PlaceOrder(id)
        | Step::AwaitCompletion(id)
        | Step::IncrementStock(By::Restock(id))
        | Step::CloseRestock(id)
        | Step::ReportFailure(id) => Some(id),
        _ => None,
    }
}
