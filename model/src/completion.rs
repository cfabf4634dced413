//! `receive-completion`, and `completion`: `RecordArrival`, `CompleteTask`, `IncrementStock`.
//!
//! `RecordArrival` is one transaction that holds the order's lock, but reads the restock and the later
//! orders without one. So it judges first and commits later, and others that do not want this order's
//! lock may come between.

use crate::{
    By, OrderId, Scenario, Step, Token, Verdict,
    restock::At as RestockAt,
    state::{Answer, State, take},
};

/// An execution of `completion`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Completion {
    /// The production order, which it is named after.
    pub order: OrderId,
    /// How many the factory said it delivers.
    pub delivered: i8,
    /// Where it is.
    pub at: At,
}

/// Where an execution of `completion` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum At {
    /// About to record.
    RecordArrival,
    /// It has judged and is about to commit.
    Recording(Verdict),
    /// About to tell the execution that waits.
    CompleteTask(Token),
    /// About to credit.
    IncrementStock,
    /// It has seen, without a lock, that there is something to credit, and is about to.
    Crediting,
    /// Over: what the callback was.
    Ended(Verdict),
    /// Over: told that it waits no longer, or that it could not be told.
    EndedAfterTokenClosed,
    /// Stopped, or out of repetitions. A callback that comes again starts another.
    Died,
}

impl Completion {
    /// Whether it is not over.
    pub fn runs(&self) -> bool {
        !matches!(self.at, At::Ended(_) | At::EndedAfterTokenClosed | At::Died)
    }
}

impl State {
    /// Whether a callback for the order is still to come or under way.
    pub fn may_call_back(&self, order: OrderId) -> bool {
        let under_way = |c: &Completion| c.order == order && c.runs();
        self.making.contains(&order) || self.completions.iter().any(under_way)
    }

    /// What the factory may do next: call back for what it makes.
    pub fn factory_steps(&self, steps: &mut Vec<Step>) {
        let mut making = self.making.clone();
        making.dedup();
        steps.extend(making.into_iter().map(Step::ReceiveCompletion));
    }

    /// `receive-completion`: by name. One that runs or has succeeded is not started again.
    pub fn receive_completion(&mut self, order: OrderId, fewer: bool) {
        take(&mut self.making, &order);
        let delivered = if fewer { 1 } else { self.database.orders[order].quantity };
        let started = Completion { order, delivered, at: At::RecordArrival };
        match self.completions.iter_mut().find(|c| c.order == order) {
            Some(other) if other.at == At::Died => *other = started,
            Some(_) => {}
            None => {
                self.completions.push(started);
                self.completions.sort_by_key(|c| c.order);
            }
        }
    }

    /// The next step of each execution of `completion`.
    pub fn completion_steps(&self, scenario: &Scenario, steps: &mut Vec<Step>) {
        for &Completion { order, at, .. } in &self.completions {
            steps.extend(match at {
                At::RecordArrival | At::Recording(_) => Some(Step::RecordArrival(order)),
                At::CompleteTask(_) => Some(Step::CompleteTask(order)),
                At::IncrementStock if self.is_locked(scenario, order) => None,
                At::IncrementStock | At::Crediting => {
                    Some(Step::IncrementStock(By::Completion(order)))
                }
                _ => None,
            });
        }
    }

    /// Judges; then commits.
    pub fn record_arrival(&mut self, order: OrderId, answer: Answer) {
        let Completion { at, delivered, .. } = *self.completion(order);
        let next = match at {
            At::Recording(verdict) => {
                self.database.record_arrival(order, delivered);
                if answer == Answer::Lost { At::RecordArrival } else { what_is_it(verdict) }
            }
            _ => At::Recording(self.database.judge_arrival(order)),
        };
        self.completion(order).at = next;
    }

    /// Tells the execution that waits; where none does, credits as a late callback would.
    pub fn complete_task(&mut self, scenario: &Scenario, order: OrderId, answer: Answer) {
        let At::CompleteTask(token) = self.completion(order).at else { return };
        let open = self.waits(token);
        if open {
            self.restocks[token.execution].at = RestockAt::IncrementStock;
        }
        let closed = match scenario.guards.closed_token_credits {
            true => At::IncrementStock,
            false => At::EndedAfterTokenClosed,
        };
        self.completion(order).at = match answer {
            Answer::Lost => At::CompleteTask(token),
            Answer::Heard if open => At::Ended(Verdict::Awaited(token)),
            Answer::Heard => closed,
        };
    }

    /// The execution of `completion` for an order.
    pub fn completion(&mut self, order: OrderId) -> &mut Completion {
        let place = self.completions.partition_point(|c| c.order < order);
        &mut self.completions[place]
    }
}

/// `WhatIsIt`.
fn what_is_it(verdict: Verdict) -> At {
    match verdict {
        Verdict::Awaited(token) => At::CompleteTask(token),
        Verdict::Late => At::IncrementStock,
        Verdict::Early | Verdict::Duplicate => At::Ended(verdict),
    }
}
