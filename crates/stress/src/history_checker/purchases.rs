//! Compares the responses to purchases with the ledger.

use std::collections::HashMap;

use domain::{MovementKind, Purchase, PurchaseOutcome, PurchaseResult, Stock};
use warehouse::StockMovement;

use super::{Bounds, Exchange, ProductLedger, ProductLedgers, Rule, Violation};

/// The sale that is recorded for a purchase id.
struct RecordedSale<'a> {
    movement: &'a StockMovement,
    bounds: Bounds,
}

/// Finds responses that cannot be correct.
pub(super) fn check(
    purchases: &[Exchange<Purchase, PurchaseResult>],
    ledgers: &ProductLedgers<'_>,
) -> impl Iterator<Item = Violation> {
    let sales = recorded_sales(ledgers);
    purchases.iter().filter_map(move |exchange| {
        let result = exchange.received()?;
        let purchase = &exchange.request;
        let sale = sales.get(purchase.purchase_id.as_str());
        let rule = match result.outcome {
            PurchaseOutcome::Sold => sold(purchase, result.stock, sale),
            PurchaseOutcome::KeyReused => reused(exchange, sale),
            PurchaseOutcome::SoldOut => {
                sold_out(exchange, result.stock, sale, &ledgers[&purchase.sku])
            }
            PurchaseOutcome::UnknownProduct | PurchaseOutcome::Unknown => Some(Rule::Unexpected),
        };
        Some(Violation { rule: rule?, found: format!("{exchange:?}") })
    })
}

/// The sales by purchase id. If there are two for one id, the first: `moved_twice` reports the second.
fn recorded_sales<'a>(ledgers: &ProductLedgers<'a>) -> HashMap<&'a str, RecordedSale<'a>> {
    let mut sales = HashMap::new();
    for ledger in ledgers.values() {
        for (number, movement) in ledger.movements.iter().enumerate() {
            if movement.kind == MovementKind::Sale {
                let bounds = ledger.timeline.of(number);
                let sale = RecordedSale { movement, bounds };
                sales.entry(movement.reference.as_str()).or_insert(sale);
            }
        }
    }
    sales
}

impl RecordedSale<'_> {
    fn is_of(&self, purchase: &Purchase) -> bool {
        self.movement.sku == purchase.sku
            && self.movement.quantity == -i64::from(purchase.quantity.get())
    }
}

fn units(stock: Option<Stock>) -> Option<i64> {
    stock.map(|stock| stock.get().into())
}

/// Each response for the same purchase must have the stock of the recorded sale.
fn sold(
    purchase: &Purchase,
    stock: Option<Stock>,
    sale: Option<&RecordedSale<'_>>,
) -> Option<Rule> {
    let correct = sale.is_some_and(|sale| {
        sale.is_of(purchase) && Some(sale.movement.stock_after) == units(stock)
    });
    (!correct).then_some(Rule::SoldWithoutSale)
}

fn reused(
    exchange: &Exchange<Purchase, PurchaseResult>,
    sale: Option<&RecordedSale<'_>>,
) -> Option<Rule> {
    let other = sale.is_some_and(|sale| {
        !sale.is_of(&exchange.request) && sale.bounds.earliest <= exchange.ended
    });
    (!other).then_some(Rule::WronglyReused)
}

/// At some moment of the request the stock must have been too low. The stock in the response must be that of this
/// moment or of a later one, because it is read after the decision.
fn sold_out(
    exchange: &Exchange<Purchase, PurchaseResult>,
    stock: Option<Stock>,
    sale: Option<&RecordedSale<'_>>,
    ledger: &ProductLedger<'_>,
) -> Option<Rule> {
    if sale.is_some_and(|sale| sale.bounds.latest < exchange.began) {
        return Some(Rule::SaleForgotten);
    }
    let wanted = i64::from(exchange.request.quantity.get());
    let stocks = ledger.timeline.between(exchange.began, exchange.ended).iter();
    let possible = stocks.skip_while(|had| **had >= wanted).any(|had| Some(*had) == units(stock));
    (!possible).then_some(Rule::WronglySoldOut)
}
