//! `IncrementStock`, a state of both `restock` and `completion`.

use crate::{
    database::CallbackClass,
    executions::{CompletionPosition, RestockOutcome, RestockPosition},
    ids::OrderId,
    scenario::Scenario,
    state::State,
    step::{Caller, Response},
};

impl State {
    /// Credits the goods of an order, unless they are credited already: one step with the lock of the
    /// order, two steps without, of which the first only reads.
    pub(super) fn increment_stock(
        &mut self,
        scenario: &Scenario,
        caller: Caller,
        response: Response,
    ) {
        let Some(order) = self.order_of(caller) else { return };
        let guards = &scenario.guards;
        let has_read = self.has_read(caller);
        let uncredited = self.database.is_uncredited(order);
        if !has_read && uncredited && !guards.secondary.order_lock {
            return self.note_read(caller);
        }
        let stock_only = response == Response::Lost && !guards.one_transaction;
        let credited = !has_read && !uncredited || self.database.credit(guards, order, stock_only);
        match response {
            Response::Received if credited => self.end_credited(caller),
            // The unique key rejected the movement, or the response was lost: the step is retried.
            _ => self.repeat_increment(caller),
        }
    }

    fn order_of(&self, caller: Caller) -> Option<OrderId> {
        match caller {
            Caller::Restock(id) => self.restocks[id].order,
            Caller::Completion(order) => Some(order),
        }
    }

    fn has_read(&mut self, caller: Caller) -> bool {
        match caller {
            Caller::Restock(id) => self.restocks[id].position == RestockPosition::Crediting,
            Caller::Completion(order) => {
                self.completion(order).position == CompletionPosition::Crediting
            }
        }
    }

    fn note_read(&mut self, caller: Caller) {
        match caller {
            Caller::Restock(id) => self.restocks[id].position = RestockPosition::Crediting,
            Caller::Completion(order) => {
                self.completion(order).position = CompletionPosition::Crediting;
            }
        }
    }

    fn repeat_increment(&mut self, caller: Caller) {
        match caller {
            Caller::Restock(id) => self.restocks[id].position = RestockPosition::IncrementStock,
            Caller::Completion(order) => {
                self.completion(order).position = CompletionPosition::IncrementStock;
            }
        }
    }

    fn end_credited(&mut self, caller: Caller) {
        match caller {
            Caller::Restock(id) => self.restocks[id].end(RestockOutcome::Restocked),
            Caller::Completion(order) => {
                self.completion(order).position = CompletionPosition::Ended(CallbackClass::Late);
            }
        }
    }
}
