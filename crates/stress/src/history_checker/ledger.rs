//! Rules of the ledger itself, and of credits.

use std::collections::HashSet;

use domain::{MovementKind, ProductionOrderRef};
use warehouse::{Credited, StockMovement};

use super::{Exchange, Rule, Violation, described, transactions::Transaction};

/// Finds transactions with the kind and reference of an earlier one.
pub(super) fn moved_twice(transactions: &[Transaction<'_>]) -> impl Iterator<Item = Violation> {
    let repeated = transactions.iter().filter(|transaction| transaction.is_repeated);
    repeated.map(|again| Violation { rule: Rule::MovedTwice, found: format!("{again:?}") })
}

/// Checks the sums of a bucket's movements against `stock_after`.
pub(super) fn sums(movements: &[&StockMovement]) -> Vec<Violation> {
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
    wrong
}

/// Checks the final stock of a product against the sum of the movements of all buckets.
pub(super) fn final_stock(stock: i64, sum: i64) -> Vec<Violation> {
    let mut wrong = Vec::new();
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
    transactions: &'a [Transaction<'_>],
) -> impl Iterator<Item = Violation> + 'a {
    let arrivals: HashSet<(&str, i64)> = transactions
        .iter()
        .filter(|transaction| transaction.kind == MovementKind::Arrival)
        .map(|transaction| (transaction.reference, transaction.quantity()))
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
