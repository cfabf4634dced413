//! The history checker: finds answers and ledger rows that cannot both be true.

mod ledger;
mod purchases;
mod requested_movements;
mod restocks;
#[cfg(test)]
mod tests;
mod timeline;
mod violation;

use std::{collections::BTreeMap, fmt::Debug};

use domain::Sku;
use warehouse::Movement;

use super::history::{Answer, Call, History};
use requested_movements::RequestedMovements;
use timeline::{Bounds, Timeline};
pub use violation::{Rule, Violation};

/// The database after a round.
#[derive(Debug, Clone, Default)]
pub(super) struct FinalState {
    /// The stock of each product.
    pub stocks: BTreeMap<Sku, i64>,
    /// The ledger. The movements of one product are in the order in which they were made.
    pub movements: Vec<Movement>,
}

/// The movements of one product and when each of them may have been made.
struct ProductLedger<'a> {
    movements: Vec<&'a Movement>,
    timeline: Timeline,
}

type ProductLedgers<'a> = BTreeMap<&'a Sku, ProductLedger<'a>>;

/// All violations of a round.
pub(super) fn violations(history: &History, state: &FinalState) -> Vec<Violation> {
    let requested = RequestedMovements::of(history);
    let ledgers = product_ledgers(&requested, state);
    let mut violations = Vec::new();
    violations.extend(ledger::duplicates(&state.movements));
    violations.extend(state.movements.iter().filter_map(|movement| requested.check(movement)));
    for (sku, ledger) in &ledgers {
        violations.extend(ledger::explained(&ledger.movements, state.stocks[*sku]));
        violations.extend(ledger.out_of_order());
    }
    violations.extend(purchases::check(&history.purchases, &ledgers));
    violations.extend(ledger::lost_credits(&history.credits, &state.movements));
    violations.extend(restocks::duplicate_orders(history));
    violations.extend(failed(&history.purchases));
    violations.extend(failed(&history.restocks));
    violations.extend(failed(&history.arrivals));
    violations.extend(failed(&history.credits));
    violations
}

fn product_ledgers<'a>(
    requested: &RequestedMovements<'_>,
    state: &'a FinalState,
) -> ProductLedgers<'a> {
    let ledger = |sku: &'a Sku| {
        let movements: Vec<&Movement> =
            state.movements.iter().filter(|movement| movement.sku == *sku).collect();
        let moved =
            movements.iter().map(|movement| (movement.quantity, requested.bounds(movement)));
        let timeline = Timeline::new(&moved.collect::<Vec<_>>());
        (sku, ProductLedger { movements, timeline })
    };
    state.stocks.keys().map(ledger).collect()
}

impl ProductLedger<'_> {
    fn out_of_order(&self) -> Option<Violation> {
        let first = self.timeline.contradiction()?;
        let Bounds { earliest, latest } = self.timeline.of(first);
        let movement = described(self.movements[first]);
        let detail = format!("{movement} was made after {earliest:?} and before {latest:?}");
        Some(Violation { rule: Rule::OutOfOrder, detail })
    }
}

/// Calls that failed with an error that no injected fault explains.
fn failed<I: Debug, O: Debug>(calls: &[Call<I, O>]) -> impl Iterator<Item = Violation> {
    calls
        .iter()
        .filter(|call| matches!(call.answer, Answer::Failed(_)))
        .map(|call| Violation { rule: Rule::UnexpectedAnswer, detail: format!("{call:?}") })
}

fn described(movement: &Movement) -> String {
    let Movement { sku, kind, quantity, reference, stock_after } = movement;
    format!("the {kind} of {quantity} {sku} for {reference}, with stock_after {stock_after},")
}
