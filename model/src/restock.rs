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
    /// The suffix of its name.
    pub number: u8,
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
    /// About to close as failed.
    CloseRestock,
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
    fn new(named: Cycle, number: u8) -> Self {
        let at = At::OpenRestock;
        Self { named, number, cycle: named, attempt: 1, order: NO_ORDER, wait: 0, at }
    }

    /// Whether it is not over.
    pub fn runs(&self) -> bool {
        !matches!(self.at, At::Ended(_))
    }

    /// Whether it has answered `restocked`.
    fn has_restocked(&self) -> bool {
        matches!(self.at, At::Ended(Ended::Restocked | Ended::CompletedAfterAll))
    }

    /// Ends it. Only its name and how it ended are ever asked for again.
    pub fn end(&mut self, ended: Ended) {
        *self = Self { at: At::Ended(ended), ..Self::new(self.named, self.number) };
    }
}

impl State {
    /// `start-restock`: by name. What a purchase noticed is not started again once it is restocked.
    pub fn start_restock(&mut self, scenario: &Scenario, depletion: Depletion) {
        take(&mut self.queue, &depletion);
        let Depletion { cycle, reason } = depletion;
        if !scenario.guards.second_line.names_coalesce {
            return self.restocks.push(Execution::new(cycle, 1));
        }
        for number in 1..=scenario.names {
            let named = |x: &&Execution| x.named == cycle && x.number == number;
            match self.restocks.iter().find(named) {
                None => return self.restocks.push(Execution::new(cycle, number)),
                Some(other) if other.runs() => return,
                Some(other) if other.has_restocked() && reason == Reason::Purchase => return,
                Some(_) => {}
            }
        }
        self.names_exhausted = Some(cycle);
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
                At::CloseRestock => Some(Step::CloseRestock(number)),
                At::ReportFailure(_) => Some(Step::ReportFailure(number)),
                _ => None,
            });
        }
    }

    /// Opens a restock or goes on with it: at once under the product's lock, else in two steps.
    pub fn open_restock(&mut self, scenario: &Scenario, id: ExecutionId, answer: Answer) {
        let Execution { cycle, attempt, at, .. } = self.restocks[id];
        let request = Request { execution: id, cycle, attempt };
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

    /// Closes as failed. Goods that were credited after all make it no failure.
    pub fn close_restock(&mut self, id: ExecutionId, answer: Answer) {
        let status = self.database.close_restock(id);
        let next = self.database.cycle.max(self.restocks[id].cycle);
        match (answer, status) {
            (Answer::Lost, _) => {}
            (_, Some(Status::Completed)) => self.restocks[id].end(Ended::CompletedAfterAll),
            _ => self.restocks[id].at = At::ReportFailure(next),
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
