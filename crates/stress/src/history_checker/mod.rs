//! Whether what was answered and what the ledger says can both be true.

mod claims;
mod ledger;
mod purchases;
mod restocks;
#[cfg(test)]
mod tests;
mod timeline;
mod violation;

use std::{collections::BTreeMap, fmt::Debug};

use domain::Sku;
use warehouse::Movement;

use super::history::{Answer, Exchange, History};
use claims::Claims;
use timeline::{Bounds, Timeline};
pub use violation::{Rule, Violation};

/// The warehouse when a round is over.
#[derive(Debug, Clone, Default)]
pub(super) struct Books {
    /// Of each product.
    pub stocks: BTreeMap<Sku, i64>,
    /// Those of one product in the order in which they were made.
    pub movements: Vec<Movement>,
}

/// A product's movements, and when they may have been made.
struct Shelf<'a> {
    movements: Vec<&'a Movement>,
    timeline: Timeline,
}

type Shelves<'a> = BTreeMap<&'a Sku, Shelf<'a>>;

/// Everything that is wrong with a round.
pub(super) fn violations(history: &History, books: &Books) -> Vec<Violation> {
    let claims = Claims::of(history);
    let shelves = shelves(&claims, books);
    let mut wrong = Vec::new();
    wrong.extend(ledger::twice(&books.movements));
    wrong.extend(books.movements.iter().filter_map(|movement| claims.for_nobody(movement)));
    for (sku, shelf) in &shelves {
        wrong.extend(ledger::explained(&shelf.movements, books.stocks[*sku]));
        wrong.extend(shelf.out_of_order());
    }
    wrong.extend(purchases::check(&history.purchases, &shelves));
    wrong.extend(ledger::lost(&history.credits, &books.movements));
    wrong.extend(restocks::ordered_twice(history));
    wrong.extend(failed(&history.purchases));
    wrong.extend(failed(&history.restocks));
    wrong.extend(failed(&history.arrivals));
    wrong.extend(failed(&history.credits));
    wrong
}

fn shelves<'a>(claims: &Claims<'_>, books: &'a Books) -> Shelves<'a> {
    let shelf = |sku: &'a Sku| {
        let movements: Vec<&Movement> =
            books.movements.iter().filter(|movement| movement.sku == *sku).collect();
        let moved = movements.iter().map(|movement| (movement.quantity, claims.bounds(movement)));
        let timeline = Timeline::new(&moved.collect::<Vec<_>>());
        (sku, Shelf { movements, timeline })
    };
    books.stocks.keys().map(shelf).collect()
}

impl Shelf<'_> {
    fn out_of_order(&self) -> Option<Violation> {
        let first = self.timeline.contradiction()?;
        let Bounds { earliest, latest } = self.timeline.of(first);
        let movement = told(self.movements[first]);
        let found = format!("{movement} was made after {earliest:?} and before {latest:?}");
        Some(Violation { rule: Rule::OutOfOrder, found })
    }
}

/// Requests that failed under a name that nothing in a round explains.
fn failed<Q: Debug, A: Debug>(exchanges: &[Exchange<Q, A>]) -> impl Iterator<Item = Violation> {
    exchanges
        .iter()
        .filter(|exchange| matches!(exchange.answer, Answer::Failed(_)))
        .map(|exchange| Violation { rule: Rule::Unexpected, found: format!("{exchange:?}") })
}

fn told(movement: &Movement) -> String {
    let Movement { sku, kind, quantity, reference, stock_after } = movement;
    format!("the {kind} of {quantity} {sku} for {reference}, which left {stock_after},")
}
