//! Checks that each attempt of a restock has one production order.

use std::collections::BTreeMap;

use super::{History, Rule, Violation};

/// Production orders for an attempt that already has another order.
pub(super) fn duplicate_orders(history: &History) -> impl Iterator<Item = Violation> {
    let mut seen = BTreeMap::new();
    history.orders().filter_map(move |order| {
        let attempt = (&order.sku, order.restock_cycle, order.attempt);
        let first = *seen.entry(attempt).or_insert(order.production_order);
        let duplicate = first != order.production_order;
        duplicate.then(|| Violation { rule: Rule::DuplicateOrder, detail: format!("{order:?}") })
    })
}
