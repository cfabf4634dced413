//! `start-restock`, and `restock`: `OpenRestock`, `PlaceOrder`, `AwaitCompletion`, `CloseRestock`,
//! `ReportFailure`.

use crate::{
    database::{OpenOutcome, OpenRequest, RestockStatus},
    executions::{RestockExecution, RestockOutcome, RestockPosition as At},
    ids::{Depletion, ExecutionId, Reason, Token},
    scenario::Scenario,
    state::{State, insert_sorted, remove_one},
    step::{Caller, Response, Step},
};

impl State {
    pub(super) fn queue_steps(&self, steps: &mut Vec<Step>) {
        let mut messages = self.queue.clone();
        messages.dedup();
        steps.extend(messages.into_iter().map(Step::StartRestock));
    }

    /// `start-restock`: starts an execution for each message of the sweep or an operator. For a purchase, it starts an
    /// execution named after the cycle if there is none, and another one, with a suffix, if that one has ended and
    /// restocked nothing.
    ///
    /// The suffix is the id of the message, so a repeated message starts one execution on AWS and two here.
    /// The model therefore covers more than can happen.
    pub(super) fn start_restock(&mut self, scenario: &Scenario, depletion: Depletion) {
        remove_one(&mut self.queue, &depletion);
        let Depletion { cycle, reason } = depletion;
        let guards = &scenario.guards;
        let mut same_cycle = self.restocks.iter().filter(|x| x.name_cycle == cycle);
        let first = same_cycle.next();
        let restartable = reason != Reason::Purchase || first.is_some_and(restocked_nothing);
        let restarts = restartable && guards.ended_execution_restarts;
        if first.is_none() || restarts || !guards.secondary.names_by_cycle {
            let earlier = usize::from(first.is_some()) + same_cycle.count();
            let suffix = u8::try_from(earlier).unwrap_or(u8::MAX);
            self.restocks.push(RestockExecution::new(cycle, suffix, reason));
        } else if restartable {
            self.ignored_request = Some(cycle);
        }
    }

    pub(super) fn restock_steps(&self, scenario: &Scenario, steps: &mut Vec<Step>) {
        for (id, execution) in self.restocks.iter().enumerate() {
            steps.extend(self.next_step_of(scenario, id, execution));
        }
    }

    fn next_step_of(
        &self,
        scenario: &Scenario,
        id: ExecutionId,
        execution: &RestockExecution,
    ) -> Option<Step> {
        let locked = || execution.order.is_some_and(|order| self.is_locked(scenario, order));
        let may_be_called_back = || execution.order.is_some_and(|order| self.may_call_back(order));
        match execution.position {
            At::OpenRestock | At::Opening(_) => Some(Step::OpenRestock(id)),
            At::PlaceOrder => Some(Step::PlaceOrder(id)),
            At::Waiting if may_be_called_back() => None,
            At::Waiting => Some(Step::AwaitTimedOut(id)),
            At::ReportFailure(_) => Some(Step::ReportFailure(id)),
            At::Crediting => Some(Step::IncrementStock(Caller::Restock(id))),
            At::Closing => Some(Step::CloseRestock(id)),
            At::AwaitCompletion | At::IncrementStock | At::CloseRestock if locked() => None,
            At::AwaitCompletion => Some(Step::AwaitCompletion(id)),
            At::IncrementStock => Some(Step::IncrementStock(Caller::Restock(id))),
            At::CloseRestock => Some(Step::CloseRestock(id)),
            At::Ended(_) => None,
        }
    }

    /// `OpenRestock`: one step with the lock of the product, two steps without.
    pub(super) fn open_restock(
        &mut self,
        scenario: &Scenario,
        id: ExecutionId,
        response: Response,
    ) {
        let RestockExecution { cycle, attempt, reason, position, .. } = self.restocks[id];
        let request = OpenRequest { execution: id, cycle, attempt, reason };
        let decision = match position {
            At::Opening(decision) => decision,
            _ => self.database.decide_opening(scenario, request),
        };
        if position == At::OpenRestock && !scenario.guards.secondary.product_lock {
            self.restocks[id].position = At::Opening(decision);
            return;
        }
        let outcome = self.database.open(scenario, id, decision);
        match response {
            Response::Received => self.what_to_do(id, outcome),
            Response::Lost => self.restocks[id].position = At::OpenRestock,
        }
    }

    /// The Choice state `WhatToDo`.
    fn what_to_do(&mut self, id: ExecutionId, outcome: OpenOutcome) {
        let execution = &mut self.restocks[id];
        match outcome {
            OpenOutcome::Ordered(order) => {
                execution.cycle = self.database.orders[order].cycle;
                execution.order = Some(order);
                execution.position = At::PlaceOrder;
            }
            OpenOutcome::Arrived(order) => {
                execution.order = Some(order);
                execution.position = At::IncrementStock;
            }
            OpenOutcome::NotNeeded => execution.end(RestockOutcome::NotNeeded),
            OpenOutcome::Superseded => execution.end(RestockOutcome::Superseded),
            OpenOutcome::UnderWay => execution.end(RestockOutcome::UnderWay),
            OpenOutcome::Exhausted => execution.position = At::CloseRestock,
        }
    }

    /// `PlaceOrder`: sends the order once. The execution continues even if the factory did not accept it.
    pub(super) fn place_order(&mut self, id: ExecutionId, is_accepted: bool) {
        let execution = &mut self.restocks[id];
        execution.position = At::AwaitCompletion;
        if let Some(order) = execution.order.filter(|_| is_accepted) {
            insert_sorted(&mut self.in_production, order);
            insert_sorted(&mut self.accepted_orders, order);
        }
    }

    /// `AwaitCompletion`: stores a new task token, or continues if the goods have arrived.
    pub(super) fn await_completion(
        &mut self,
        scenario: &Scenario,
        id: ExecutionId,
        response: Response,
    ) {
        let execution = &mut self.restocks[id];
        execution.tokens += 1;
        let token = Token { execution: id, number: execution.tokens };
        let Some(order) = execution.order else { return };
        let waits = self.database.await_arrival(&scenario.guards, order, token);
        execution.position = match (response, waits) {
            (Response::Lost, _) => At::AwaitCompletion,
            (Response::Received, true) => At::Waiting,
            (Response::Received, false) => At::IncrementStock,
        };
    }

    /// `AwaitCompletion` times out: continues with the next attempt.
    pub(super) fn await_timed_out(&mut self, id: ExecutionId) {
        let execution = &mut self.restocks[id];
        execution.attempt += 1;
        execution.position = At::OpenRestock;
    }

    /// `CloseRestock`: the first half credits goods that have arrived, the second half closes the restock.
    pub(super) fn close_restock(
        &mut self,
        scenario: &Scenario,
        id: ExecutionId,
        response: Response,
    ) {
        if self.restocks[id].position == At::CloseRestock {
            if scenario.guards.close_credits {
                self.database.credit_arrived(&scenario.guards, id);
            }
            self.restocks[id].position = At::Closing;
            return;
        }
        let status = self.database.close_restock(id);
        match response {
            Response::Lost => self.restocks[id].position = At::CloseRestock,
            Response::Received => self.is_failed(id, status),
        }
    }

    /// The Choice state `IsFailed`. While restocks keep failing, operations get one report, except after a redrive.
    fn is_failed(&mut self, id: ExecutionId, status: Option<RestockStatus>) {
        let next_cycle = self.database.cycle;
        let are_told = self.database.are_failures_told();
        let execution = &mut self.restocks[id];
        match status {
            Some(RestockStatus::Completed) => execution.end(RestockOutcome::CompletedAfterAll),
            _ if are_told && execution.reason != Reason::Redrive => {
                execution.end(RestockOutcome::Failed);
            }
            _ => execution.position = At::ReportFailure(next_cycle),
        }
    }

    /// `ReportFailure`: sends a dead letter and a mail.
    pub(super) fn report_failure(&mut self, id: ExecutionId) {
        if let At::ReportFailure(next_cycle) = self.restocks[id].position {
            insert_sorted(&mut self.dead_letters, next_cycle);
            self.database.note_report(id);
            self.restocks[id].end(RestockOutcome::Failed);
        }
    }
}

/// Whether the execution has ended and did not restock the product, so that its name is free for a purchase.
fn restocked_nothing(execution: &RestockExecution) -> bool {
    use RestockOutcome::{CompletedAfterAll, Restocked};
    !execution.runs() && !matches!(execution.position, At::Ended(Restocked | CompletedAfterAll))
}
