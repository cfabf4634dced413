//! Compares the answers to purchases with the ledger.

use std::collections::HashMap;

use domain::Purchase;
use warehouse::Movement;

use super::{Bounds, Call, ProductLedger, ProductLedgers, Rule, Violation};
use crate::history::PurchaseOutcome;

/// The sale in the ledger for an idempotency key, and when it was made.
struct Sale<'a> {
    movement: &'a Movement,
    bounds: Bounds,
}

/// The answers that cannot be true.
pub(super) fn check(
    purchases: &[Call<Purchase, PurchaseOutcome>],
    ledgers: &ProductLedgers<'_>,
) -> impl Iterator<Item = Violation> {
    let sales = sales(ledgers);
    purchases.iter().filter_map(move |call| {
        let answer = call.known()?;
        let purchase = &call.input;
        let sale = sales.get(purchase.purchase_id.as_str());
        let rule = match *answer {
            PurchaseOutcome::Sold { stock } => sold(purchase, stock, sale),
            PurchaseOutcome::KeyReused => reused(call, sale),
            PurchaseOutcome::SoldOut { stock } => {
                sold_out(call, stock, sale, &ledgers[&purchase.sku])
            }
            PurchaseOutcome::UnknownProduct => Some(Rule::UnexpectedAnswer),
        };
        Some(Violation { rule: rule?, detail: format!("{call:?}") })
    })
}

/// The sales by idempotency key. For duplicates the first; `ledger::duplicates` reports the second.
fn sales<'a>(ledgers: &ProductLedgers<'a>) -> HashMap<&'a str, Sale<'a>> {
    let mut sales = HashMap::new();
    for ledger in ledgers.values() {
        for (number, movement) in ledger.movements.iter().enumerate() {
            if movement.kind == "sale" {
                let bounds = ledger.timeline.of(number);
                sales.entry(movement.reference.as_str()).or_insert(Sale { movement, bounds });
            }
        }
    }
    sales
}

impl Sale<'_> {
    fn is_of(&self, purchase: &Purchase) -> bool {
        self.movement.sku == purchase.sku
            && self.movement.quantity == -i64::from(purchase.quantity.get())
    }
}

/// Every answer `sold` for a key must match the one sale.
fn sold(purchase: &Purchase, stock: i64, sale: Option<&Sale<'_>>) -> Option<Rule> {
    let matches =
        sale.is_some_and(|sale| sale.is_of(purchase) && sale.movement.stock_after == stock);
    (!matches).then_some(Rule::SoldWithoutSale)
}

fn reused(call: &Call<Purchase, PurchaseOutcome>, sale: Option<&Sale<'_>>) -> Option<Rule> {
    let another =
        sale.is_some_and(|sale| !sale.is_of(&call.input) && sale.bounds.earliest <= call.ended);
    (!another).then_some(Rule::WronglyReused)
}

/// At some moment of the call the stock must have been too low, and at that moment or a later one, when the answer was
/// made, it must have been the stock in the answer.
fn sold_out(
    call: &Call<Purchase, PurchaseOutcome>,
    stock: i64,
    sale: Option<&Sale<'_>>,
    ledger: &ProductLedger<'_>,
) -> Option<Rule> {
    if sale.is_some_and(|sale| sale.bounds.latest < call.began) {
        return Some(Rule::SaleForgotten);
    }
    let wanted = i64::from(call.input.quantity.get());
    let stocks = ledger.timeline.between(call.began, call.ended).iter();
    let possible = stocks.skip_while(|had| **had >= wanted).any(|had| *had == stock);
    (!possible).then_some(Rule::WronglySoldOut)
}
