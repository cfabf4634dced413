//! One order at a time.

use std::collections::BTreeMap;

use super::{History, Rule, Violation};

/// Orders for an attempt that another order is for: two executions restock one product.
pub(super) fn ordered_twice(history: &History) -> impl Iterator<Item = Violation> {
    let mut seen = BTreeMap::new();
    history.orders().filter_map(move |order| {
        let attempt = (&order.sku, order.restock_cycle, order.attempt);
        let first = *seen.entry(attempt).or_insert(order.production_order);
        let twice = first != order.production_order;
        twice.then(|| Violation { rule: Rule::OrderedTwice, found: format!("{order:?}") })
    })
}
