//! What the ledger alone must be.

use std::collections::HashSet;

use warehouse::Movement;

use super::{Exchange, Rule, Violation, told};
use crate::history::{Credit, Credited};

/// Movements of a kind and a reference that another one has.
pub(super) fn twice(movements: &[Movement]) -> impl Iterator<Item = Violation> {
    let mut seen = HashSet::new();
    movements
        .iter()
        .filter(move |movement| !seen.insert((&movement.kind, &movement.reference)))
        .map(|movement| Violation { rule: Rule::MovedTwice, found: told(movement) })
}

/// A product's movements one after the other: what each left, and what all of them left.
pub(super) fn explained(movements: &[&Movement], stock: i64) -> Vec<Violation> {
    let mut wrong = Vec::new();
    let mut sum = 0;
    for movement in movements {
        sum += movement.quantity;
        if sum < 0 || movement.stock_after < 0 {
            wrong.push(Violation { rule: Rule::Oversold, found: told(movement) });
        }
        if movement.stock_after != sum {
            let found = format!("{} should have left {sum}", told(movement));
            wrong.push(Violation { rule: Rule::NotExplained, found });
        }
    }
    if stock < 0 {
        wrong.push(Violation { rule: Rule::Oversold, found: format!("a stock of {stock}") });
    }
    if stock != sum {
        let found = format!("a stock of {stock}, of which the ledger explains {sum}");
        wrong.push(Violation { rule: Rule::NotExplained, found });
    }
    wrong
}

/// Credits that were answered and are not in the ledger, or not as many.
pub(super) fn lost<'a>(
    credits: &'a [Exchange<Credit, Credited>],
    movements: &'a [Movement],
) -> impl Iterator<Item = Violation> + 'a {
    let arrivals: HashSet<(&str, i64)> = movements
        .iter()
        .filter(|movement| movement.kind == "arrival")
        .map(|movement| (movement.reference.as_str(), movement.quantity))
        .collect();
    credits
        .iter()
        .filter(move |exchange| {
            let order = exchange.question.production_order.to_string();
            let credited = exchange.known();
            credited.is_some_and(|goods| !arrivals.contains(&(order.as_str(), goods.quantity)))
        })
        .map(|exchange| Violation { rule: Rule::ArrivalLost, found: format!("{exchange:?}") })
}
