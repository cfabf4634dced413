//! `IncrementStock`, which two machines and the sweep have in common.

use crate::{
    By, OrderId, Scenario, Verdict,
    completion::At as CompletionAt,
    restock::{At as RestockAt, Ended},
    state::{Answer, State},
};

impl State {
    /// Credits an order's goods, unless that was done: at once under the order's lock, else in two
    /// steps, of which the first only looks.
    pub fn increment_stock(&mut self, scenario: &Scenario, by: By, answer: Answer) {
        let order = self.order_of(by);
        let guards = &scenario.guards;
        let looked = self.has_looked(by);
        let uncredited = self.database.is_uncredited(order);
        if !looked && uncredited && !guards.second_line.order_lock {
            return self.look(by);
        }
        let half = answer == Answer::Lost && !guards.one_transaction;
        let done = !looked && !uncredited || self.database.credit(guards, order, half);
        match answer {
            Answer::Heard if done => self.credited(by),
            // The key forbade it, or nobody heard: it is tried again, and looks again.
            _ => self.try_again(by),
        }
    }

    fn order_of(&self, by: By) -> OrderId {
        match by {
            By::Restock(id) => self.restocks[id].order,
            By::Completion(order) => order,
        }
    }

    fn has_looked(&mut self, by: By) -> bool {
        match by {
            By::Restock(id) => self.restocks[id].at == RestockAt::Crediting,
            By::Completion(order) => self.completion(order).at == CompletionAt::Crediting,
        }
    }

    fn look(&mut self, by: By) {
        match by {
            By::Restock(id) => self.restocks[id].at = RestockAt::Crediting,
            By::Completion(order) => self.completion(order).at = CompletionAt::Crediting,
        }
    }

    fn try_again(&mut self, by: By) {
        match by {
            By::Restock(id) => self.restocks[id].at = RestockAt::IncrementStock,
            By::Completion(order) => self.completion(order).at = CompletionAt::IncrementStock,
        }
    }

    fn credited(&mut self, by: By) {
        match by {
            By::Restock(id) => self.restocks[id].end(Ended::Restocked),
            By::Completion(order) => {
                self.completion(order).at = CompletionAt::Ended(Verdict::Late);
            }
        }
    }
}
