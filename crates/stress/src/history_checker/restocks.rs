//! Rules of production orders.

use std::collections::BTreeMap;

use super::{History, Rule, Violation};

/// Finds attempts of a restock with more than one production order.
pub(super) fn ordered_twice(history: &History) -> impl Iterator<Item = Violation> {
    let mut seen = BTreeMap::new();
    history.orders().filter_map(move |order| {
        let attempt = (&order.sku, order.restock_cycle, order.attempt);
        let first = *seen.entry(attempt).or_insert(order.production_order);
        let twice = first != order.production_order;
        twice.then(|| Violation { rule: Rule::OrderedTwice, found: format!("{order:?}") })
    })
}
