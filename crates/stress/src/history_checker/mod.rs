//! The history checker: finds responses and movements that cannot both be correct.

mod ledger;
mod purchases;
mod requested;
mod restocks;
#[cfg(test)]
mod tests;
mod timeline;
mod violation;

use std::{collections::BTreeMap, fmt::Debug};

use domain::Sku;
use warehouse::StockMovement;

use super::history::{Exchange, History, Response};
use requested::RequestedMovements;
use timeline::{Bounds, Timeline};
pub use violation::{Rule, Violation};

/// The database at the end of a round.
#[derive(Debug, Clone, Default)]
pub(super) struct FinalState {
    pub stocks: BTreeMap<Sku, i64>,
    /// The movements of one product are in the order in which they were made.
    pub movements: Vec<StockMovement>,
}

/// The movements of one product, and when they may have been made.
struct ProductLedger<'a> {
    movements: Vec<&'a StockMovement>,
    timeline: Timeline,
}

type ProductLedgers<'a> = BTreeMap<&'a Sku, ProductLedger<'a>>;

/// Returns everything that is wrong with a round.
pub(super) fn violations(history: &History, state: &FinalState) -> Vec<Violation> {
    let requested = RequestedMovements::of(history);
    let ledgers = product_ledgers(&requested, state);
    let mut wrong = Vec::new();
    wrong.extend(ledger::moved_twice(&state.movements));
    wrong.extend(state.movements.iter().filter_map(|movement| requested.check(movement)));
    for (sku, ledger) in &ledgers {
        wrong.extend(ledger::sums(&ledger.movements, state.stocks[*sku]));
        wrong.extend(ledger.out_of_order());
    }
    wrong.extend(purchases::check(&history.purchases, &ledgers));
    wrong.extend(ledger::lost(&history.credits, &state.movements));
    wrong.extend(restocks::ordered_twice(history));
    wrong.extend(failed(&history.purchases));
    wrong.extend(failed(&history.restocks));
    wrong.extend(failed(&history.arrivals));
    wrong.extend(failed(&history.credits));
    wrong
}

fn product_ledgers<'a>(
    requested: &RequestedMovements<'_>,
    state: &'a FinalState,
) -> ProductLedgers<'a> {
    let ledger = |sku: &'a Sku| {
        let movements: Vec<&StockMovement> =
            state.movements.iter().filter(|movement| movement.sku == *sku).collect();
        let bounds =
            movements.iter().map(|movement| (movement.quantity, requested.bounds(movement)));
        let timeline = Timeline::new(&bounds.collect::<Vec<_>>());
        (sku, ProductLedger { movements, timeline })
    };
    state.stocks.keys().map(ledger).collect()
}

impl ProductLedger<'_> {
    fn out_of_order(&self) -> Option<Violation> {
        let first = self.timeline.contradiction()?;
        let Bounds { earliest, latest } = self.timeline.of(first);
        let movement = described(self.movements[first]);
        let found =
            format!("{movement}: it must have been made after {earliest:?} and before {latest:?}");
        Some(Violation { rule: Rule::OutOfOrder, found })
    }
}

/// Finds requests that failed with an error that nothing in a round causes.
fn failed<Q: Debug, A: Debug>(exchanges: &[Exchange<Q, A>]) -> impl Iterator<Item = Violation> {
    exchanges
        .iter()
        .filter(|exchange| matches!(exchange.response, Response::Failed(_)))
        .map(|exchange| Violation { rule: Rule::Unexpected, found: format!("{exchange:?}") })
}

fn described(movement: &StockMovement) -> String {
    let StockMovement { sku, kind, quantity, reference, stock_after, .. } = movement;
    format!("{kind} of {quantity} {sku} for {reference}, recorded stock afterwards {stock_after}")
}
