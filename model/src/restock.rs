//! `start-restock`, and `restock`: `OpenRestock`, `PlaceOrder`, `AwaitCompletion`, `IncrementStock`,
//! `CloseRestock`, `ReportFailure`.

use crate::{
    By, Cycle, Depletion, ExecutionId, Opened, Opening, OrderId, Reason, Request, Scenario, Status,
    Step, Token,
    state::{Answer, State, put, take},
};

/// An execution of `restock`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Execution {
    /// The cycle in its name.
    pub named: Cycle,
    /// How many before it were named after that cycle; from the second on they have a suffix.
    pub number: u8,
    /// What noticed the depletion.
    pub reason: Reason,
    /// `$restock_cycle`.
    pub cycle: Cycle,
    /// `$attempt`.
    pub attempt: u8,
    /// `$order`; `NO_ORDER` before there is one.
    pub order: OrderId,
    /// How many tokens it has had.
    pub wait: u8,
    /// Where it is.
    pub at: At,
}

/// The order of an execution that has none yet.
pub const NO_ORDER: OrderId = OrderId::MAX;

/// Where an execution of `restock` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum At {
    /// About to open.
    OpenRestock,
    /// It has read, without a lock, and is about to write.
    Opening(Opening),
    /// About to ask the factory.
    PlaceOrder,
    /// About to leave its token.
    AwaitCompletion,
    /// Its token is there; it waits.
    Waiting,
    /// About to credit.
    IncrementStock,
    /// It has seen, without a lock, that there is something to credit, and is about to.
    Crediting,
    /// About to credit goods that may have come, in order to close.
    CloseRestock,
    /// About to close as failed.
    Closing,
    /// About to leave a dead letter that asks for this cycle.
    ReportFailure(Cycle),
    /// Over.
    Ended(Ended),
}

/// How an execution of `restock` ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Ended {
    Restocked,
    CompletedAfterAll,
    NotNeeded,
    Superseded,
    UnderWay,
    Failed,
    Died,
}

impl Execution {
    fn new(named: Cycle, number: u8, reason: Reason) -> Self {
        let (order, at) = (NO_ORDER, At::OpenRestock);
        Self { named, number, reason, cycle: named, attempt: 1, order, wait: 0, at }
    }

    /// Whether it is not over.
    pub fn runs(&self) -> bool {
        !matches!(self.at, At::Ended(_))
    }

    /// Ends it. Only its name and how it ended are ever asked for again.
    pub fn end(&mut self, ended: Ended) {
        let Self { named, number, reason, .. } = *self;
        *self = Self { at: At::Ended(ended), ..Self::new(named, number, reason) };
    }
}

impl State {
    /// `start-restock`: by name. What a purchase noticed is not started again; what the sweep or an
    /// operator asks for is, under a suffix, if the execution of that name has ended.
    ///
    /// The suffix is the message's id. A message that is repeated may start two executions here, which in
    /// truth it may only once: that is more than can be.
    pub fn start_restock(&mut self, scenario: &Scenario, depletion: Depletion) {
        take(&mut self.queue, &depletion);
        let Depletion { cycle, reason } = depletion;
        let guards = &scenario.guards;
        let named = self.restocks.iter().filter(|x| x.named == cycle).count();
        let first = self.restocks.iter().find(|x| x.named == cycle);
        let ended = first.is_some_and(|first| !first.runs());
        let outlasts = reason != Reason::Purchase;
        let anew = ended && outlasts && guards.sweep_starts_anew;
        if first.is_none() || anew || !guards.second_line.names_coalesce {
            let number = u8::try_from(named).unwrap_or(u8::MAX);
            self.restocks.push(Execution::new(cycle, number, reason));
        } else if ended && outlasts {
            self.unheard = Some(cycle);
        }
    }

    /// The next step of each execution of `restock`.
    pub fn restock_steps(&self, scenario: &Scenario, steps: &mut Vec<Step>) {
        for (number, restock) in self.restocks.iter().enumerate() {
            let locked = || self.is_locked(scenario, restock.order);
            steps.extend(match restock.at {
                At::OpenRestock | At::Opening(_) => Some(Step::OpenRestock(number)),
                At::PlaceOrder => Some(Step::PlaceOrder(number)),
                At::AwaitCompletion if !locked() => Some(Step::AwaitCompletion(number)),
                At::Waiting if !self.may_call_back(restock.order) => {
                    Some(Step::AwaitTimedOut(number))
                }
                At::IncrementStock if !locked() => Some(Step::IncrementStock(By::Restock(number))),
                At::Crediting => Some(Step::IncrementStock(By::Restock(number))),
                At::CloseRestock if locked() => None,
                At::CloseRestock | At::Closing => Some(Step::CloseRestock(number)),
                At::ReportFailure(_) => Some(Step::ReportFailure(number)),
                _ => None,
            });
        }
    }

    /// Opens a restock or goes on with it: at once under the product's lock, else in two steps.
    pub fn open_restock(&mut self, scenario: &Scenario, id: ExecutionId, answer: Answer) {
        let Execution { cycle, attempt, reason, at, .. } = self.restocks[id];
        let request = Request { execution: id, cycle, attempt, reason };
        let opening = match at {
            At::Opening(opening) => opening,
            _ => self.database.decide_opening(scenario, request),
        };
        if at == At::OpenRestock && !scenario.guards.second_line.product_lock {
            self.restocks[id].at = At::Opening(opening);
            return;
        }
        let opened = self.database.open(scenario, id, opening);
        match answer {
            Answer::Heard => self.what_to_do(id, opened),
            Answer::Lost => self.restocks[id].at = At::OpenRestock,
        }
    }

    /// `WhatToDo`.
    fn what_to_do(&mut self, id: ExecutionId, opened: Opened) {
        let execution = &mut self.restocks[id];
        match opened {
            Opened::Ordered(order) => {
                let cycle = self.database.orders[order].cycle;
                *execution = Execution { order, cycle, at: At::PlaceOrder, ..*execution };
            }
            Opened::Arrived(order) => {
                *execution = Execution { order, at: At::IncrementStock, ..*execution };
            }
            Opened::NotNeeded => execution.end(Ended::NotNeeded),
            Opened::Superseded => execution.end(Ended::Superseded),
            Opened::UnderWay => execution.end(Ended::UnderWay),
            Opened::Exhausted => execution.at = At::CloseRestock,
        }
    }

    /// Asks the factory, once. It may be that it does not get the order.
    pub fn place_order(&mut self, id: ExecutionId, is_taken: bool) {
        let order = self.restocks[id].order;
        if is_taken {
            put(&mut self.making, order);
            put(&mut self.taken, order);
        }
        self.restocks[id].at = At::AwaitCompletion;
    }

    /// Leaves a token, or finds the goods there. Who asks again has another token.
    pub fn await_completion(&mut self, scenario: &Scenario, id: ExecutionId, answer: Answer) {
        let execution = &mut self.restocks[id];
        execution.wait += 1;
        let token = Token { execution: id, wait: execution.wait };
        let waits = self.database.await_arrival(&scenario.guards, execution.order, token);
        execution.at = match (answer, waits) {
            (Answer::Lost, _) => At::AwaitCompletion,
            (Answer::Heard, true) => At::Waiting,
            (Answer::Heard, false) => At::IncrementStock,
        };
    }

    /// Waits no longer: tries the next attempt.
    pub fn await_timed_out(&mut self, id: ExecutionId) {
        let execution = &mut self.restocks[id];
        execution.attempt += 1;
        execution.at = At::OpenRestock;
    }

    /// Whether somebody waits under this token.
    pub fn waits(&self, token: Token) -> bool {
        let execution = &self.restocks[token.execution];
        execution.at == At::Waiting && execution.wait == token.wait
    }

    /// Credits goods that have come; then closes as failed. Goods that were credited make it no failure.
    pub fn close_restock(&mut self, scenario: &Scenario, id: ExecutionId, answer: Answer) {
        if self.restocks[id].at == At::CloseRestock {
            if scenario.guards.close_credits {
                self.database.credit_arrived(&scenario.guards, id);
            }
            self.restocks[id].at = At::Closing;
            return;
        }
        let status = self.database.close_restock(id);
        match answer {
            Answer::Lost => self.restocks[id].at = At::CloseRestock,
            Answer::Heard => self.is_failed(id, status),
        }
    }

    /// `IsFailed`.
    fn is_failed(&mut self, id: ExecutionId, status: Option<Status>) {
        let next = self.database.cycle;
        let said = self.database.failures_in_a_row() > 1;
        let execution = &mut self.restocks[id];
        match status {
            Some(Status::Completed) => execution.end(Ended::CompletedAfterAll),
            _ if said && execution.reason != Reason::Redrive => execution.end(Ended::Failed),
            _ => execution.at = At::ReportFailure(next),
        }
    }

    /// Leaves a dead letter and a mail.
    pub fn report_failure(&mut self, id: ExecutionId) {
        if let At::ReportFailure(next) = self.restocks[id].at {
            put(&mut self.dead_letters, next);
            self.database.note_report(id);
            self.restocks[id].end(Ended::Failed);
        }
    }
}
