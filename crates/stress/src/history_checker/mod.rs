//! The history checker: finds responses and movements that cannot both be correct.

mod ledger;
mod product;
mod purchases;
mod requested;
mod restocks;
#[cfg(test)]
mod tests;
mod timeline;
mod totals;
mod transactions;
mod violation;

use std::{collections::BTreeMap, fmt::Debug};

use domain::Sku;
use warehouse::StockMovement;

use super::history::{Decided, Exchange, History, Response};
use product::ProductLedgers;
use requested::RequestedMovements;
use transactions::Transactions;
pub use violation::{Rule, Violation};

/// The database at the end of a round.
#[derive(Debug, Clone, Default)]
pub(super) struct FinalState {
    pub stocks: BTreeMap<Sku, i64>,
    /// The movements of one bucket are in the order in which they were made. Those of different buckets are not.
    pub movements: Vec<StockMovement>,
}

/// Returns everything that is wrong with a round.
pub(super) fn violations(history: &History, state: &FinalState) -> Vec<Violation> {
    let requested = RequestedMovements::of(history);
    let transactions = Transactions::of(&state.movements);
    let ledgers = ProductLedgers::of(&requested, &transactions, state);
    let mut wrong = Vec::new();
    wrong.extend(ledger::moved_twice(&transactions.all));
    wrong.extend(transactions.all.iter().filter_map(|made| requested.check(made)));
    wrong.extend(ledgers.check(&state.stocks));
    wrong.extend(purchases::check(&history.purchases, &transactions, &ledgers));
    wrong.extend(ledger::lost(&history.credits, &transactions.all));
    wrong.extend(restocks::ordered_twice(history));
    wrong.extend(failed(&history.purchases));
    wrong.extend(failed(&history.restocks));
    wrong.extend(failed(&history.arrivals));
    wrong.extend(failed(&history.credits));
    wrong.extend(failed(&history.bucket_changes));
    wrong
}

/// Finds requests that failed with an error that nothing in a round causes.
fn failed<Q: Debug, A: Debug>(exchanges: &[Exchange<Q, A>]) -> impl Iterator<Item = Violation> {
    exchanges
        .iter()
        .filter(|exchange| matches!(exchange.response, Response::Failed(_)))
        .map(|exchange| Violation { rule: Rule::Unexpected, found: format!("{exchange:?}") })
}

fn described(movement: &StockMovement) -> String {
    let StockMovement { sku, bucket, kind, part, quantity, reference, stock_after } = movement;
    format!(
        "{kind} of {quantity} {sku} in bucket {bucket} for {reference} (part {part}), recorded stock afterwards \
         {stock_after}"
    )
}
