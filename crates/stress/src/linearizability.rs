//! A second check of a round: whether the responses about each product could have come from a shop that does one thing
//! after the other.
//!
//! The search is that of `todc-utils`, which knows nothing of this shop and shares no code with the history checker. A
//! product is an object that makes the movements of the ledger in their order, each not before its first request began.
//! Each response is an observation of the product at one moment of its request. Products do not depend on each other,
//! because a purchase id is planned for one product only.

mod specification;
#[cfg(test)]
mod tests;

use std::{collections::HashMap, time::Duration};

use domain::{MovementKind, ProductionOrderRef, Purchase, PurchaseResult, Sku};
use todc_utils::linearizability::{
    WGLChecker,
    history::{Action, History as Actions},
};
use warehouse::{Credited, StockMovement};

use super::{
    history::{Exchange, History},
    history_checker::{FinalState, Rule, Violation},
};
use specification::{Moved, Operation, Product};

/// Observations that are searched together. If no order explains them, the search tries each subset of them, so the
/// number is small.
const GROUP: usize = 12;

/// An operation, and when it may have happened.
type Timed = (Operation, Duration, Duration);

/// Returns a violation for each product whose responses have no order that explains them.
pub(super) fn violations(history: &History, state: &FinalState) -> Vec<Violation> {
    let unexplained = state.stocks.iter().filter_map(|(sku, stock)| {
        let movements = movements(history, state, sku);
        let final_stock = (Operation::Stock(*stock), Duration::MAX, Duration::MAX);
        unexplained(&movements, observations(history, sku), final_stock)
    });
    let violation = |found: String| Violation { rule: Rule::NotLinearizable, found };
    unexplained.map(violation).collect()
}

/// Returns the first group of observations that no order explains.
fn unexplained(
    movements: &[Timed],
    mut observations: Vec<Timed>,
    final_stock: Timed,
) -> Option<String> {
    observations.sort_by_key(|(_, began, _)| *began);
    // Without observations, the final stock is still one.
    let groups = observations.chunks(GROUP).chain(observations.is_empty().then_some(&[][..]));
    let mut groups =
        groups.map(|group| [movements, group, std::slice::from_ref(&final_stock)].concat());
    let wrong = groups.find(|operations| !is_linearizable(operations))?;
    Some(format!("no order of the movements explains {:?}", &wrong[movements.len()..]))
}

fn is_linearizable(operations: &[Timed]) -> bool {
    WGLChecker::<Product>::is_linearizable(Actions::from_actions(actions(operations)))
}

/// The movements of the ledger, each from the moment when its first request began. The opening stock was counted before
/// all requests.
fn movements(history: &History, state: &FinalState, sku: &Sku) -> Vec<Timed> {
    let began = first_requests(history);
    let of_product = state.movements.iter().filter(|movement| movement.sku == *sku);
    let operation = |(number, movement): (usize, &StockMovement)| {
        let began = began.get(movement.reference.as_str()).copied().unwrap_or_default();
        let moved = Moved {
            reference: movement.reference.clone(),
            quantity: movement.quantity,
            stock_after: movement.stock_after,
        };
        let is_opening = movement.kind == MovementKind::Count;
        let ended = if is_opening { Duration::ZERO } else { Duration::MAX };
        (Operation::Move { number, moved }, began, ended)
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

fn purchase(exchange: &Exchange<Purchase, PurchaseResult>) -> Option<Timed> {
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

/// Calls and responses in the order of time, each operation as a process of its own. At the same moment, calls come
/// first, so that operations that touch count as concurrent. The final stock is read after everything else.
fn actions(operations: &[Timed]) -> Vec<(usize, Action<Operation>)> {
    let mut moments = Vec::with_capacity(2 * operations.len());
    for (process, (operation, began, ended)) in operations.iter().enumerate() {
        let is_final = u8::from(*began == Duration::MAX);
        let call = (*began, 2 * is_final, process);
        let response = (*ended, 1 + 2 * is_final, process);
        moments.push((call, Action::Call(operation.clone())));
        moments.push((response, Action::Response(operation.clone())));
    }
    moments.sort_by_key(|(moment, _)| *moment);
    moments.into_iter().map(|((_, _, process), action)| (process, action)).collect()
}
