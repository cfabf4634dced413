//! The factory, `receive-completion`, and `completion`: `RecordArrival`, `CompleteTask`.
//!
//! `RecordArrival` is one transaction that locks the order but reads the restock and later orders without
//! a lock. So it is two steps, and other transactions that do not need the lock of this order can run
//! between them.

use crate::{
    database::CallbackClass,
    executions::{CompletionExecution, CompletionPosition as At, RestockPosition},
    ids::OrderId,
    scenario::Scenario,
    state::{State, remove_one},
    step::{Caller, Response, Step},
};

impl State {
    /// The factory calls back for each order in production.
    pub(super) fn factory_steps(&self, steps: &mut Vec<Step>) {
        let mut orders = self.in_production.clone();
        orders.dedup();
        steps.extend(orders.into_iter().map(Step::ReceiveCompletion));
    }

    /// `receive-completion`: starts an execution named after the order. If that execution is running or has
    /// succeeded, starts nothing.
    pub(super) fn receive_completion(&mut self, order: OrderId, fewer: bool) {
        remove_one(&mut self.in_production, &order);
        let delivered = if fewer { 1 } else { self.database.orders[order].quantity };
        let started = CompletionExecution { order, delivered, position: At::RecordArrival };
        match self.completions.iter_mut().find(|c| c.order == order) {
            Some(other) if other.position == At::Stopped => *other = started,
            Some(_) => {}
            None => {
                self.completions.push(started);
                self.completions.sort_by_key(|c| c.order);
            }
        }
    }

    pub(super) fn completion_steps(&self, scenario: &Scenario, steps: &mut Vec<Step>) {
        for &CompletionExecution { order, position, .. } in &self.completions {
            steps.extend(match position {
                At::RecordArrival | At::Recording(_) => Some(Step::RecordArrival(order)),
                At::CompleteTask(_) => Some(Step::CompleteTask(order)),
                At::IncrementStock if self.is_locked(scenario, order) => None,
                At::IncrementStock | At::Crediting => {
                    Some(Step::IncrementStock(Caller::Completion(order)))
                }
                At::Ended(_) | At::EndedAfterTokenClosed | At::Stopped => None,
            });
        }
    }

    /// `RecordArrival`: the first half classifies the callback, the second half commits.
    pub(super) fn record_arrival(&mut self, order: OrderId, response: Response) {
        let CompletionExecution { position, delivered, .. } = *self.completion(order);
        self.completion(order).position = match position {
            At::Recording(class) => {
                self.database.record_arrival(order, delivered);
                if response == Response::Lost { At::RecordArrival } else { what_is_it(class) }
            }
            _ => At::Recording(self.database.classify_callback(order)),
        };
    }

    /// `CompleteTask`: sends task success. If the token is closed, the callback is handled like a late one.
    pub(super) fn complete_task(
        &mut self,
        scenario: &Scenario,
        order: OrderId,
        response: Response,
    ) {
        let At::CompleteTask(token) = self.completion(order).position else { return };
        let is_open = self.waits(token);
        if is_open {
            self.restocks[token.execution].position = RestockPosition::IncrementStock;
        }
        let after_closed_token = match scenario.guards.closed_token_credits {
            true => At::IncrementStock,
            false => At::EndedAfterTokenClosed,
        };
        self.completion(order).position = match response {
            Response::Lost => At::CompleteTask(token),
            Response::Received if is_open => At::Ended(CallbackClass::Awaited(token)),
            Response::Received => after_closed_token,
        };
    }
}

/// The Choice state `WhatIsIt`.
fn what_is_it(class: CallbackClass) -> At {
    match class {
        CallbackClass::Awaited(token) => At::CompleteTask(token),
        CallbackClass::Late => At::IncrementStock,
        CallbackClass::Early | CallbackClass::Duplicate => At::Ended(class),
    }
}
