//! Checks the ledger against itself, against the stock, and against the answers to credits.

use std::collections::HashSet;

use warehouse::Movement;

use super::{Call, Rule, Violation, described};
use crate::history::{Credit, Credited};

/// Movements with the kind and reference of an earlier movement.
pub(super) fn duplicates(movements: &[Movement]) -> impl Iterator<Item = Violation> {
    let mut seen = HashSet::new();
    movements
        .iter()
        .filter(move |movement| !seen.insert((&movement.kind, &movement.reference)))
        .map(|movement| Violation { rule: Rule::DuplicateMovement, detail: described(movement) })
}

/// Checks `stock_after` of each movement of a product, and the stock of the product.
pub(super) fn explained(movements: &[&Movement], stock: i64) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut sum = 0;
    for movement in movements {
        sum += movement.quantity;
        if sum < 0 || movement.stock_after < 0 {
            violations.push(Violation { rule: Rule::Oversold, detail: described(movement) });
        }
        if movement.stock_after != sum {
            let detail = format!("{} should have stock_after {sum}", described(movement));
            violations.push(Violation { rule: Rule::StockNotExplained, detail });
        }
    }
    if stock < 0 {
        violations
            .push(Violation { rule: Rule::Oversold, detail: format!("the stock is {stock}") });
    }
    if stock != sum {
        let detail = format!("the stock is {stock}, but the ledger adds up to {sum}");
        violations.push(Violation { rule: Rule::StockNotExplained, detail });
    }
    violations
}

/// Answered credits that are not in the ledger, or with another quantity.
pub(super) fn lost_credits<'a>(
    credits: &'a [Call<Credit, Credited>],
    movements: &'a [Movement],
) -> impl Iterator<Item = Violation> + 'a {
    let arrivals: HashSet<(&str, i64)> = movements
        .iter()
        .filter(|movement| movement.kind == "arrival")
        .map(|movement| (movement.reference.as_str(), movement.quantity))
        .collect();
    credits
        .iter()
        .filter(move |call| {
            let order = call.input.production_order.to_string();
            let credited = call.known();
            credited.is_some_and(|goods| !arrivals.contains(&(order.as_str(), goods.quantity)))
        })
        .map(|call| Violation { rule: Rule::CreditLost, detail: format!("{call:?}") })
}
