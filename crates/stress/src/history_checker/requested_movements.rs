//! The movements that the calls of a round may have made, and when.

use std::{collections::HashMap, time::Duration};

use domain::{ProductionOrderId, Sku};
use warehouse::Movement;

use super::{Bounds, Rule, Violation, described};
use crate::history::{Call, History, PurchaseOutcome};

/// All requested movements and when each may have been made.
pub(super) struct RequestedMovements<'a>(HashMap<RequestedMovement<'a>, Bounds>);

/// A requested movement.
#[derive(PartialEq, Eq, Hash)]
struct RequestedMovement<'a> {
    kind: &'a str,
    reference: String,
    sku: &'a Sku,
    quantity: i64,
}

impl<'a> RequestedMovements<'a> {
    pub fn of(history: &'a History) -> Self {
        let mut requested = Self(HashMap::new());
        requested.add_sales(history);
        requested.add_arrivals(history);
        for (sku, (reference, counted)) in &history.openings {
            let before = Bounds { earliest: Duration::ZERO, latest: Duration::ZERO };
            requested.add("count", reference.clone(), sku, *counted, before);
        }
        requested
    }

    fn add_sales(&mut self, history: &'a History) {
        for call in &history.purchases {
            let purchase = &call.input;
            let sold = matches!(call.known(), Some(PurchaseOutcome::Sold { .. }));
            let (key, quantity) = (purchase.purchase_id.to_string(), purchase.quantity.get());
            self.add("sale", key, &purchase.sku, -i64::from(quantity), bounds(call, sold));
        }
    }

    /// An arrival may be credited from the time when the first credit of its order was requested.
    fn add_arrivals(&mut self, history: &'a History) {
        let mut credits: HashMap<ProductionOrderId, Bounds> = HashMap::new();
        for call in &history.credits {
            let bounds = bounds(call, call.known().is_some());
            let order = call.input.production_order;
            credits.entry(order).and_modify(|all| *all = all.and(bounds)).or_insert(bounds);
        }
        let skus: HashMap<_, _> =
            history.orders().map(|order| (order.production_order, &order.sku)).collect();
        for call in &history.arrivals {
            let order = call.input.production_order;
            if let (Some(bounds), Some(sku)) = (credits.get(&order), skus.get(&order)) {
                let delivered = i64::from(call.input.delivered.get());
                self.add("arrival", order.to_string(), sku, delivered, *bounds);
            }
        }
    }

    fn add(
        &mut self,
        kind: &'a str,
        reference: String,
        sku: &'a Sku,
        quantity: i64,
        bounds: Bounds,
    ) {
        let movement = RequestedMovement { kind, reference, sku, quantity };
        self.0.entry(movement).and_modify(|all| *all = all.and(bounds)).or_insert(bounds);
    }

    fn get(&self, movement: &Movement) -> Option<Bounds> {
        let Movement { kind, reference, sku, quantity, .. } = movement;
        let reference = reference.clone();
        self.0.get(&RequestedMovement { kind, reference, sku, quantity: *quantity }).copied()
    }

    /// When the movement may have been made, according to its own calls.
    pub fn bounds(&self, movement: &Movement) -> Bounds {
        self.get(movement).unwrap_or(Bounds::ANY)
    }

    /// A violation if no call requested the movement.
    pub fn check(&self, movement: &Movement) -> Option<Violation> {
        let detail = || described(movement);
        let violation = || Violation { rule: Rule::UnrequestedMovement, detail: detail() };
        self.get(movement).is_none().then(violation)
    }
}

/// When a call may have made its movement. If the answer reports the movement, it was made before the answer.
fn bounds<I, O>(call: &Call<I, O>, reported: bool) -> Bounds {
    let latest = if reported { call.ended } else { Duration::MAX };
    Bounds { earliest: call.began, latest }
}
