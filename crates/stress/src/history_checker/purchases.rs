//! What customers were told, held against the ledger.

use std::collections::HashMap;

use domain::Purchase;
use warehouse::Movement;

use super::{Bounds, Exchange, Rule, Shelf, Shelves, Violation};
use crate::history::Sale;

/// What was sold under a key, and when.
struct Made<'a> {
    movement: &'a Movement,
    bounds: Bounds,
}

/// The answers that cannot be true.
pub(super) fn check(
    purchases: &[Exchange<Purchase, Sale>],
    shelves: &Shelves<'_>,
) -> impl Iterator<Item = Violation> {
    let made = made(shelves);
    purchases.iter().filter_map(move |exchange| {
        let answer = exchange.known()?;
        let purchase = &exchange.question;
        let made = made.get(purchase.purchase_id.as_str());
        let rule = match *answer {
            Sale::Sold { stock } => sold(purchase, stock, made),
            Sale::KeyReused => reused(exchange, made),
            Sale::SoldOut { stock } => sold_out(exchange, stock, made, &shelves[&purchase.sku]),
            Sale::UnknownProduct => Some(Rule::Unexpected),
        };
        Some(Violation { rule: rule?, found: format!("{exchange:?}") })
    })
}

/// By key. Where one was sold twice, the first: that is reported of the second.
fn made<'a>(shelves: &Shelves<'a>) -> HashMap<&'a str, Made<'a>> {
    let mut made = HashMap::new();
    for shelf in shelves.values() {
        for (number, movement) in shelf.movements.iter().enumerate() {
            if movement.kind == "sale" {
                let bounds = shelf.timeline.of(number);
                made.entry(movement.reference.as_str()).or_insert(Made { movement, bounds });
            }
        }
    }
    made
}

impl Made<'_> {
    fn is(&self, purchase: &Purchase) -> bool {
        self.movement.sku == purchase.sku
            && self.movement.quantity == -i64::from(purchase.quantity.get())
    }
}

/// However often it is told, it is told the same.
fn sold(purchase: &Purchase, stock: i64, made: Option<&Made<'_>>) -> Option<Rule> {
    let as_told = made.is_some_and(|made| made.is(purchase) && made.movement.stock_after == stock);
    (!as_told).then_some(Rule::SoldWithoutSale)
}

fn reused(exchange: &Exchange<Purchase, Sale>, made: Option<&Made<'_>>) -> Option<Rule> {
    let another = made
        .is_some_and(|made| !made.is(&exchange.question) && made.bounds.earliest <= exchange.ended);
    (!another).then_some(Rule::WronglyReused)
}

/// At one moment while it was asked there was too little; and at the same or a later one, when the answer
/// was put together, there was what the answer says.
fn sold_out(
    exchange: &Exchange<Purchase, Sale>,
    stock: i64,
    made: Option<&Made<'_>>,
    shelf: &Shelf<'_>,
) -> Option<Rule> {
    if made.is_some_and(|made| made.bounds.latest < exchange.began) {
        return Some(Rule::SaleForgotten);
    }
    let wanted = i64::from(exchange.question.quantity.get());
    let seen = shelf.timeline.between(exchange.began, exchange.ended).iter();
    let possible = seen.skip_while(|had| **had >= wanted).any(|had| *had == stock);
    (!possible).then_some(Rule::WronglySoldOut)
}
