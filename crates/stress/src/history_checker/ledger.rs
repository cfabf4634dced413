//! Rules of the ledger itself, and of credits.

use std::collections::HashSet;

use domain::{MovementKind, ProductionOrderRef};
use warehouse::{Credited, StockMovement};

use super::{Exchange, Rule, Violation, described};

/// Finds movements with the kind and reference of an earlier movement.
pub(super) fn moved_twice(movements: &[StockMovement]) -> impl Iterator<Item = Violation> {
    let mut seen = HashSet::new();
    movements
        .iter()
        .filter(move |movement| !seen.insert((&movement.kind, &movement.reference)))
        .map(|movement| Violation { rule: Rule::MovedTwice, found: described(movement) })
}

/// Checks the sums of a product's movements against `stock_after` and against the final stock.
pub(super) fn sums(movements: &[&StockMovement], stock: i64) -> Vec<Violation> {
    let mut wrong = Vec::new();
    let mut sum = 0;
    for movement in movements {
        sum += movement.quantity;
        if sum < 0 || movement.stock_after < 0 {
            wrong.push(Violation { rule: Rule::Oversold, found: described(movement) });
        }
        if movement.stock_after != sum {
            let found = format!("{}; the sum of the movements is {sum}", described(movement));
            wrong.push(Violation { rule: Rule::NotExplained, found });
        }
    }
    if stock < 0 {
        wrong.push(Violation { rule: Rule::Oversold, found: format!("the stock is {stock}") });
    }
    if stock != sum {
        let found = format!("the stock is {stock}, but the sum of the movements is {sum}");
        wrong.push(Violation { rule: Rule::NotExplained, found });
    }
    wrong
}

/// Finds credits that were confirmed and are not in the ledger with this quantity.
pub(super) fn lost<'a>(
    credits: &'a [Exchange<ProductionOrderRef, Credited>],
    movements: &'a [StockMovement],
) -> impl Iterator<Item = Violation> + 'a {
    let arrivals: HashSet<(&str, i64)> = movements
        .iter()
        .filter(|movement| movement.kind == MovementKind::Arrival)
        .map(|movement| (movement.reference.as_str(), movement.quantity))
        .collect();
    credits
        .iter()
        .filter(move |exchange| {
            let order = exchange.request.production_order.to_string();
            exchange.received().is_some_and(|credited| {
                let quantity = i64::from(credited.quantity.get());
                !arrivals.contains(&(order.as_str(), quantity))
            })
        })
        .map(|exchange| Violation { rule: Rule::ArrivalLost, found: format!("{exchange:?}") })
}
