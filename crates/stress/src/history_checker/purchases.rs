//! Compares the responses to purchases with the ledger.

use std::collections::HashMap;

use domain::{MovementKind, Purchase, PurchaseOutcome, Stock};

use super::{
    Decided, Exchange, ProductLedgers, Rule, Transactions, Violation, product::ProductLedger,
    timeline::Bounds, transactions::Transaction,
};

/// The sale that is recorded for a purchase id.
struct RecordedSale<'a> {
    made: &'a Transaction<'a>,
    bounds: Bounds,
}

/// Finds responses that cannot be correct.
pub(super) fn check<'a>(
    purchases: &'a [Exchange<Purchase, Decided>],
    transactions: &'a Transactions<'_>,
    ledgers: &'a ProductLedgers<'_>,
) -> impl Iterator<Item = Violation> + 'a {
    let sales = recorded_sales(transactions, &ledgers.bounds);
    purchases.iter().filter_map(move |exchange| {
        let result = exchange.received()?;
        let sale = sales.get(exchange.request.purchase_id.as_str());
        let product = ledgers.get(&exchange.request.sku)?;
        let rule = match result.outcome {
            PurchaseOutcome::Sold => sold(exchange, result.stock, sale, product),
            PurchaseOutcome::KeyReused => reused(exchange, sale),
            PurchaseOutcome::SoldOut => sold_out(exchange, result.stock, sale, product),
            PurchaseOutcome::UnknownProduct | PurchaseOutcome::Unknown => Some(Rule::Unexpected),
        };
        Some(Violation { rule: rule?, found: format!("{exchange:?}") })
    })
}

/// The sales by purchase id. If there are two for one id, the first: `moved_twice` reports the second.
fn recorded_sales<'a>(
    transactions: &'a Transactions<'_>,
    bounds: &[Bounds],
) -> HashMap<&'a str, RecordedSale<'a>> {
    let all = transactions.all.iter().zip(bounds);
    let sales = all.filter(|(made, _)| made.kind == MovementKind::Sale && !made.is_repeated);
    let recorded = |(made, bounds): (&'a Transaction<'_>, &Bounds)| {
        (made.reference, RecordedSale { made, bounds: *bounds })
    };
    sales.map(recorded).collect()
}

impl RecordedSale<'_> {
    fn is_of(&self, purchase: &Purchase) -> bool {
        self.made.sku == &purchase.sku
            && self.made.quantity() == -i64::from(purchase.quantity.get())
    }

    fn left(&self, stock: i64) -> bool {
        self.made.parts.iter().any(|part| part.stock_after == stock)
    }
}

fn units(stock: Option<Stock>) -> Option<i64> {
    stock.map(|stock| stock.get().into())
}

/// With one bucket, each response for the same purchase must have the stock that the sale left. With several, the stock is
/// read after the sale, unless the product had one bucket when the purchase began.
fn sold(
    exchange: &Exchange<Purchase, Decided>,
    stock: Option<Stock>,
    sale: Option<&RecordedSale<'_>>,
    product: &ProductLedger<'_>,
) -> Option<Rule> {
    let moments = (exchange.began, exchange.ended);
    let is_possible = |sale: &RecordedSale<'_>, stock| {
        sale.left(stock) || product.has_several_buckets() && product.may_have_had(stock, moments)
    };
    let correct = sale.is_some_and(|sale| {
        let possible = units(stock).is_some_and(|stock| is_possible(sale, stock));
        sale.is_of(&exchange.request) && possible
    });
    (!correct).then_some(Rule::SoldWithoutSale)
}

fn reused(exchange: &Exchange<Purchase, Decided>, sale: Option<&RecordedSale<'_>>) -> Option<Rule> {
    let other = sale.is_some_and(|sale| {
        !sale.is_of(&exchange.request) && sale.bounds.earliest <= exchange.ended
    });
    (!other).then_some(Rule::WronglyReused)
}

/// At some moment of the request the stock must have been too low. The stock in the response must be that of this
/// moment or of a later one, because it is read after the decision.
fn sold_out(
    exchange: &Exchange<Purchase, Decided>,
    stock: Option<Stock>,
    sale: Option<&RecordedSale<'_>>,
    product: &ProductLedger<'_>,
) -> Option<Rule> {
    if sale.is_some_and(|sale| sale.bounds.latest < exchange.began) {
        return Some(Rule::SaleForgotten);
    }
    let wanted = i64::from(exchange.request.quantity.get());
    let moments = (exchange.began, exchange.ended);
    let possible = units(stock).is_some_and(|had| product.may_have_refused(wanted, had, moments));
    (!possible).then_some(Rule::WronglySoldOut)
}
