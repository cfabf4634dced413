//! What the requests say of the movements that they may have made.

use std::{collections::HashMap, time::Duration};

use domain::{ProductionOrderId, Sku};
use warehouse::Movement;

use super::{Bounds, Rule, Violation, told};
use crate::history::{Exchange, History, Sale};

/// Every movement that was asked for, and when it may have been made.
pub(super) struct Claims<'a>(HashMap<Claim<'a>, Bounds>);

/// A movement that was asked for.
#[derive(PartialEq, Eq, Hash)]
struct Claim<'a> {
    kind: &'a str,
    reference: String,
    sku: &'a Sku,
    quantity: i64,
}

impl<'a> Claims<'a> {
    pub fn of(history: &'a History) -> Self {
        let mut claims = Self(HashMap::new());
        claims.sales(history);
        claims.arrivals(history);
        for (sku, (name, counted)) in &history.openings {
            let before = Bounds { earliest: Duration::ZERO, latest: Duration::ZERO };
            claims.add("count", name.clone(), sku, *counted, before);
        }
        claims
    }

    fn sales(&mut self, history: &'a History) {
        for exchange in &history.purchases {
            let purchase = &exchange.question;
            let told = matches!(exchange.known(), Some(Sale::Sold { .. }));
            let (key, quantity) = (purchase.purchase_id.to_string(), purchase.quantity.get());
            self.add("sale", key, &purchase.sku, -i64::from(quantity), bounds(exchange, told));
        }
    }

    /// What was reported of an order may have come to stock when its credit was asked for.
    fn arrivals(&mut self, history: &'a History) {
        let mut credits: HashMap<ProductionOrderId, Bounds> = HashMap::new();
        for exchange in &history.credits {
            let bounds = bounds(exchange, exchange.known().is_some());
            let order = exchange.question.production_order;
            credits.entry(order).and_modify(|all| *all = all.and(bounds)).or_insert(bounds);
        }
        let skus: HashMap<_, _> =
            history.orders().map(|order| (order.production_order, &order.sku)).collect();
        for exchange in &history.arrivals {
            let order = exchange.question.production_order;
            if let (Some(bounds), Some(sku)) = (credits.get(&order), skus.get(&order)) {
                let delivered = i64::from(exchange.question.delivered.get());
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
        let claim = Claim { kind, reference, sku, quantity };
        self.0.entry(claim).and_modify(|all| *all = all.and(bounds)).or_insert(bounds);
    }

    fn get(&self, movement: &Movement) -> Option<Bounds> {
        let Movement { kind, reference, sku, quantity, .. } = movement;
        let claim = Claim { kind, reference: reference.clone(), sku, quantity: *quantity };
        self.0.get(&claim).copied()
    }

    /// When the movement may have been made, as far as its own requests say.
    pub fn bounds(&self, movement: &Movement) -> Bounds {
        self.get(movement).unwrap_or(Bounds::ANY)
    }

    pub fn for_nobody(&self, movement: &Movement) -> Option<Violation> {
        let nobody = self.get(movement).is_none();
        nobody.then(|| Violation { rule: Rule::MovedForNobody, found: told(movement) })
    }
}

/// When a movement was made, as far as one of its requests says: an answer may tell of it.
fn bounds<Q, A>(exchange: &Exchange<Q, A>, told: bool) -> Bounds {
    let latest = if told { exchange.ended } else { Duration::MAX };
    Bounds { earliest: exchange.began, latest }
}
