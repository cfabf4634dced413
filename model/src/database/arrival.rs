use super::{Database, ExecutionId, Order, OrderId, Status};
use crate::Guards;

/// What an execution that waits is told with. Each time it begins to wait it has a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Token {
    /// The execution.
    pub execution: ExecutionId,
    /// Its how-manieth wait.
    pub wait: u8,
}

/// What `RecordArrival` finds a callback to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Verdict {
    Awaited(Token),
    Early,
    Late,
    Duplicate,
}

impl Database {
    /// `await_arrival`: leaves the token, unless the goods are there. Whether it did.
    pub fn await_arrival(&mut self, guards: &Guards, order: OrderId, token: Token) -> bool {
        let Some(order) = self.orders.get_mut(order) else { return false };
        let waits = order.arrived.is_none();
        if waits {
            order.token = Some(token);
        }
        waits || !guards.arrival_seen_by_await
    }

    /// `record_arrival`, as it reads: what the callback is.
    pub fn judge_arrival(&self, id: OrderId) -> Verdict {
        let Some(order) = self.orders.get(id) else { return Verdict::Late };
        let open = self.restock_of(order).is_some_and(|restock| restock.status == Status::Open);
        match order.token {
            _ if order.credits > 0 => Verdict::Duplicate,
            _ if !open || self.has_later(order) => Verdict::Late,
            Some(token) => Verdict::Awaited(token),
            None => Verdict::Early,
        }
    }

    /// `record_arrival`, as it commits. The first count stands.
    pub fn record_arrival(&mut self, order: OrderId, delivered: i8) {
        if let Some(order) = self.orders.get_mut(order) {
            order.arrived.get_or_insert(delivered);
        }
    }

    /// `increment_stock`, as it reads: whether there is something to credit.
    pub fn is_uncredited(&self, order: OrderId) -> bool {
        self.orders.get(order).is_some_and(|order| order.arrived.is_some() && order.credits == 0)
    }

    /// `increment_stock`, as it writes. Whether no key forbade it. `half` of it is what happens to a
    /// server that crashes where it is not one transaction.
    pub fn credit(&mut self, guards: &Guards, id: OrderId, half: bool) -> bool {
        let Some(order) = self.orders.get_mut(id) else { return false };
        if guards.unique_arrival_key && order.credits > 0 {
            return false;
        }
        self.stock += order.arrived.unwrap_or_default();
        if half {
            return true;
        }
        order.credits += 1;
        let order = order.clone();
        let closes = self.open_restocks().any(|open| open.cycle == order.cycle);
        if closes && !self.has_later(&order) {
            self.close(Status::Completed);
        }
        true
    }

    /// `credit_arrived`: the goods of the latest order of the execution's open restock.
    pub fn credit_arrived(&mut self, guards: &Guards, execution: ExecutionId) {
        let open = self.open_restocks().find(|open| open.owner == execution).map(|open| open.cycle);
        let latest = self.orders.iter().rposition(|order| Some(order.cycle) == open);
        if let Some(latest) = latest.filter(|latest| self.is_uncredited(*latest)) {
            self.credit(guards, latest, false);
        }
    }

    fn has_later(&self, this: &Order) -> bool {
        let mut later = self.orders.iter().filter(|order| order.cycle == this.cycle);
        later.any(|order| order.attempt > this.attempt)
    }
}
