//! Checks that the history of each product with one bucket is linearizable: each response is correct at some moment
//! between the request and the response.
//!
//! The movements of a product with several buckets have no known order, and the search would try all of them. Only the
//! history checker checks such a product.
//!
//! `todc-utils` searches for these moments. This check shares no rules with the history checker, so that one defect
//! cannot disable both. Each movement of the ledger is an operation that begins with its first request,
//! and the movements happen in the order of the ledger. Each response is an operation that reads the product. Each
//! product is checked by itself, because a purchase id is planned for one product only.

mod specification;
#[cfg(test)]
mod tests;

use std::{collections::HashMap, time::Duration};

use domain::{MovementKind, ProductionOrderRef, Purchase, Sku};
use todc_utils::linearizability::{
    WGLChecker,
    history::{Action, History as Actions},
};
use warehouse::{Credited, StockMovement};

use super::{
    history::{Decided, Exchange, History},
    history_checker::{FinalState, Rule, Violation},
};
use specification::{Moved, Operation, Product};

/// Number of observations in one search. A search without a result tries every subset of them, so its time grows
/// exponentially with this number. Observations of different searches are not compared with each other.
const GROUP: usize = 12;

/// An operation, and the times between which it happened.
type Timed = (Operation, Duration, Duration);

/// Returns a violation for each product with one bucket whose history is not linearizable.
pub(super) fn violations(history: &History, state: &FinalState) -> Vec<Violation> {
    let began = first_requests(history);
    let in_one_bucket = state.stocks.iter().filter(|(sku, _)| has_one_bucket(state, sku));
    let unexplained = in_one_bucket.filter_map(|(sku, stock)| {
        unexplained(&movements(state, sku, &began), observations(history, sku), *stock)
    });
    let violation = |found: String| Violation { rule: Rule::NotLinearizable, found };
    unexplained.map(violation).collect()
}

/// Whether the product had one bucket all the time.
fn has_one_bucket(state: &FinalState, sku: &Sku) -> bool {
    state.movements.iter().all(|movement| movement.sku != *sku || movement.bucket == 0)
}

/// Describes the first group of observations that is not linearizable together with the movements and the final stock.
fn unexplained(
    movements: &[Timed],
    mut observations: Vec<Timed>,
    final_stock: i64,
) -> Option<String> {
    observations.sort_by_key(|(_, began, _)| *began);
    // Without observations, the final stock is still checked.
    let mut groups = observations.chunks(GROUP).chain(observations.is_empty().then_some(&[][..]));
    let wrong =
        groups.find(|group| !is_linearizable(&[movements, *group].concat(), final_stock))?;
    Some(format!("the ledger and the final stock {final_stock} do not explain {wrong:?}"))
}

fn is_linearizable(operations: &[Timed], final_stock: i64) -> bool {
    WGLChecker::<Product>::is_linearizable(Actions::from_actions(actions(operations, final_stock)))
}

/// The movements of a product. Each begins with its first request and has no end, because its response may be lost. The
/// opening stock was counted before all requests.
fn movements(state: &FinalState, sku: &Sku, began: &HashMap<String, Duration>) -> Vec<Timed> {
    let of_product = state.movements.iter().filter(|movement| movement.sku == *sku);
    let operation = |(number, movement): (usize, &StockMovement)| {
        let began = began.get(movement.reference.as_str()).copied().unwrap_or_default();
        let moved = Moved { quantity: movement.quantity, stock_after: movement.stock_after };
        let is_opening = movement.kind == MovementKind::Count;
        let ended = if is_opening { Duration::ZERO } else { Duration::MAX };
        let reference = movement.reference.clone();
        (Operation::Move { number, reference, moved }, began, ended)
    };
    of_product.enumerate().map(operation).collect()
}

/// When the first request for each reference began.
fn first_requests(history: &History) -> HashMap<String, Duration> {
    let sales = history.purchases.iter().map(|e| (e.request.purchase_id.to_string(), e.began));
    let credits = history.credits.iter().map(|e| (e.request.production_order.to_string(), e.began));
    let mut first = HashMap::new();
    for (reference, began) in sales.chain(credits) {
        let earliest = first.entry(reference).or_insert(began);
        *earliest = began.min(*earliest);
    }
    first
}

fn observations(history: &History, sku: &Sku) -> Vec<Timed> {
    let purchases = history.purchases.iter().filter(|exchange| exchange.request.sku == *sku);
    let credits = history.credits.iter();
    purchases.filter_map(purchase).chain(credits.filter_map(|e| credit(e, sku))).collect()
}

fn purchase(exchange: &Exchange<Purchase, Decided>) -> Option<Timed> {
    let operation = Operation::of_purchase(&exchange.request, exchange.received()?);
    Some((operation, exchange.began, exchange.ended))
}

/// The response to a credit holds the stock of a later moment, so only the credited quantity is observed.
fn credit(exchange: &Exchange<ProductionOrderRef, Credited>, sku: &Sku) -> Option<Timed> {
    let credited = exchange.received().filter(|credited| credited.sku == *sku)?;
    let operation = Operation::Credited {
        reference: exchange.request.production_order.to_string(),
        quantity: credited.quantity.get().into(),
    };
    Some((operation, exchange.began, exchange.ended))
}

/// Returns the calls and responses in the order of time. Each operation is a process of its own. At equal times, calls
/// come before responses: an operation that begins when another one ends is concurrent with it. The final stock is read
/// last.
fn actions(operations: &[Timed], final_stock: i64) -> Vec<(usize, Action<Operation>)> {
    let mut moments = Vec::with_capacity(2 * operations.len());
    for (process, (operation, began, ended)) in operations.iter().enumerate() {
        moments.push(((*began, false), process, Action::Call(operation.clone())));
        moments.push(((*ended, true), process, Action::Response(operation.clone())));
    }
    moments.sort_by_key(|(moment, ..)| *moment);
    let read = Operation::Stock(final_stock);
    let last = [Action::Call(read.clone()), Action::Response(read)];
    let last = last.map(|action| (operations.len(), action));
    moments.into_iter().map(|(_, process, action)| (process, action)).chain(last).collect()
}
