//! The movements that the requests of a round may have made.

use std::{collections::HashMap, time::Duration};

use super::{Rule, Violation, timeline::Bounds, transactions::Transaction};
use crate::history::{Exchange, History};
use domain::{MovementKind, ProductionOrderId, PurchaseOutcome, Sku};

/// Each transaction that was requested, and when it may have been made.
pub(super) struct RequestedMovements<'a>(HashMap<Requested<'a>, Bounds>);

#[derive(PartialEq, Eq, Hash)]
struct Requested<'a> {
    kind: MovementKind,
    reference: String,
    sku: &'a Sku,
    quantity: i64,
}

impl<'a> RequestedMovements<'a> {
    pub fn of(history: &'a History) -> Self {
        let mut requested = Self(HashMap::new());
        requested.sales(history);
        requested.arrivals(history);
        requested.moves(history);
        for (sku, (name, counted)) in &history.openings {
            let before = Bounds { earliest: Duration::ZERO, latest: Duration::ZERO };
            let counted = i64::from(counted.get());
            requested.add(MovementKind::Count, name.clone(), sku, counted, before);
        }
        requested
    }

    fn sales(&mut self, history: &'a History) {
        for exchange in &history.purchases {
            let purchase = &exchange.request;
            let sold =
                exchange.received().is_some_and(|result| result.outcome == PurchaseOutcome::Sold);
            let purchase_id = purchase.purchase_id.to_string();
            let quantity = -i64::from(purchase.quantity.get());
            let bounds = bounds(exchange, sold);
            self.add(MovementKind::Sale, purchase_id, &purchase.sku, quantity, bounds);
        }
    }

    /// A reported arrival may have been credited when its credit was requested.
    fn arrivals(&mut self, history: &'a History) {
        let mut credits: HashMap<ProductionOrderId, Bounds> = HashMap::new();
        for exchange in &history.credits {
            let bounds = bounds(exchange, exchange.received().is_some());
            let order = exchange.request.production_order;
            credits.entry(order).and_modify(|all| *all = all.and(bounds)).or_insert(bounds);
        }
        let skus: HashMap<_, _> =
            history.orders().map(|order| (order.production_order, &order.sku)).collect();
        for exchange in &history.arrivals {
            let order = exchange.request.production_order;
            if let (Some(bounds), Some(sku)) = (credits.get(&order), skus.get(&order)) {
                let quantity = i64::from(exchange.request.quantity.get());
                self.add(MovementKind::Arrival, order.to_string(), sku, quantity, *bounds);
            }
        }
    }

    /// A change of the number of buckets moves goods between them, and leaves the stock as it is.
    fn moves(&mut self, history: &'a History) {
        for exchange in &history.bucket_changes {
            let bounds = bounds(exchange, exchange.received().is_some());
            if let Some(sku) = exchange.request.change.sku() {
                let reference = exchange.request.id.to_string();
                self.add(MovementKind::Move, reference, sku, 0, bounds);
            }
        }
    }

    fn add(
        &mut self,
        kind: MovementKind,
        reference: String,
        sku: &'a Sku,
        quantity: i64,
        bounds: Bounds,
    ) {
        let requested = Requested { kind, reference, sku, quantity };
        self.0.entry(requested).and_modify(|all| *all = all.and(bounds)).or_insert(bounds);
    }

    fn get(&self, made: &Transaction<'_>) -> Option<Bounds> {
        let &Transaction { kind, reference, sku, .. } = made;
        let (reference, quantity) = (reference.to_owned(), made.quantity());
        self.0.get(&Requested { kind, reference, sku, quantity }).copied()
    }

    /// When the transaction may have been made, according to its own requests.
    pub fn bounds(&self, made: &Transaction<'_>) -> Bounds {
        self.get(made).unwrap_or(Bounds::ANY)
    }

    /// Returns a violation if no request asked for the transaction.
    pub fn check(&self, made: &Transaction<'_>) -> Option<Violation> {
        let requested = self.get(made).is_some();
        (!requested).then(|| Violation { rule: Rule::NotRequested, found: format!("{made:?}") })
    }
}

/// When a movement may have been made, according to one of its requests. A response that confirms the movement bounds
/// the time from above.
fn bounds<Q, A>(exchange: &Exchange<Q, A>, confirmed: bool) -> Bounds {
    let latest = if confirmed { exchange.ended } else { Duration::MAX };
    Bounds { earliest: exchange.began, latest }
}
