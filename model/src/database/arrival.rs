use super::tables::{CallbackClass, Database, ProductionOrder, RestockStatus};
use crate::{
    guards::Guards,
    ids::{ExecutionId, OrderId, Token},
};

impl Database {
    /// `await_arrival`: stores the task token unless the goods have arrived. Returns whether the execution
    /// has to wait.
    pub fn await_arrival(&mut self, guards: &Guards, order: OrderId, token: Token) -> bool {
        let Some(order) = self.orders.get_mut(order) else { return false };
        let waits = order.arrived.is_none();
        if waits {
            order.token = Some(token);
        }
        waits || !guards.arrival_seen_by_await
    }

    /// The first half of `record_arrival`: reads, and classifies the callback.
    pub fn classify_callback(&self, id: OrderId) -> CallbackClass {
        let Some(order) = self.orders.get(id) else { return CallbackClass::Late };
        let restock = self.restock_of(order);
        let open = restock.is_some_and(|restock| restock.status == RestockStatus::Open);
        match order.token {
            _ if order.credits > 0 => CallbackClass::Duplicate,
            _ if !open || self.has_later(order) => CallbackClass::Late,
            Some(token) => CallbackClass::Awaited(token),
            None => CallbackClass::Early,
        }
    }

    /// The second half of `record_arrival`: writes. The count of the first callback is kept.
    pub fn record_arrival(&mut self, order: OrderId, delivered: i8) {
        if let Some(order) = self.orders.get_mut(order) {
            order.arrived.get_or_insert(delivered);
        }
    }

    /// The first half of `increment_stock`: whether goods have arrived and are not credited.
    pub fn is_uncredited(&self, order: OrderId) -> bool {
        self.orders.get(order).is_some_and(|order| order.arrived.is_some() && order.credits == 0)
    }

    /// The second half of `increment_stock`: writes. Returns `false` if the unique key rejects the movement.
    /// With `stock_only`, the server crashes before it writes the movement, which is possible only without
    /// a transaction.
    pub fn credit(&mut self, guards: &Guards, id: OrderId, stock_only: bool) -> bool {
        let Some(order) = self.orders.get_mut(id) else { return false };
        if guards.unique_arrival_key && order.credits > 0 {
            return false;
        }
        let arrived = order.arrived.unwrap_or_default();
        order.credits += u8::from(!stock_only);
        self.spread(arrived, stock_only);
        if guards.buckets.arrival_resets_claim {
            self.crossed_by = None;
        }
        if !stock_only {
            self.complete_restock_of(id);
        }
        true
    }

    /// Completes the open restock if this is its latest order.
    fn complete_restock_of(&mut self, id: OrderId) {
        let order = &self.orders[id];
        let is_open = self.open_restocks().any(|open| open.cycle == order.cycle);
        if is_open && !self.has_later(order) {
            self.close(RestockStatus::Completed);
        }
    }

    /// `credit_arrived`: credits the latest order of the execution's open restock, if its goods have arrived.
    pub fn credit_arrived(&mut self, guards: &Guards, execution: ExecutionId) {
        if let Some(latest) = self.arrived_for(execution) {
            self.credit(guards, latest, false);
        }
    }

    /// The latest order of the execution's open restock, if its goods have arrived and are not credited.
    pub fn arrived_for(&self, execution: ExecutionId) -> Option<OrderId> {
        let open = self.open_restocks().find(|open| open.owner == execution).map(|open| open.cycle);
        let latest = self.orders.iter().rposition(|order| Some(order.cycle) == open);
        latest.filter(|latest| self.is_uncredited(*latest))
    }

    fn has_later(&self, this: &ProductionOrder) -> bool {
        let mut later = self.orders.iter().filter(|order| order.cycle == this.cycle);
        later.any(|order| order.attempt > this.attempt)
    }
}
