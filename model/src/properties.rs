//! The invariants of the system as properties of the model. A name starts with the number of its invariant.
//!
//! "Always" properties are checked in every state. "Eventually" properties are checked where a path ends.
//! `stateright` does not notice paths without an end, and where two paths meet it can forget which of
//! them had satisfied the property before. So an "eventually" property here is true only in a state at rest,
//! where a path ends, and the tests show that every path ends at rest.

use stateright::Property;

use crate::{
    database::{Database, ProductionOrder, Restock, RestockStatus},
    executions::{
        CompletionExecution, PurchaseExecution, PurchaseOutcome, RestockOutcome, RestockPosition,
    },
    protocol::Protocol,
    scenario::Checkout,
    state::State,
};

/// Invariant 1: the stock is never below zero.
pub const NO_OVERSELL: &str = "1. the stock is never below zero";
/// Invariant 1: a purchase is refused only if the stock was too low at one moment of the request.
pub const REFUSED_RIGHTLY: &str = "1. a purchase is refused only if the stock was too low";
/// Invariant 1: no more is sold than the initial stock and the arrivals.
pub const GOODS_EXISTED: &str = "1. no more is sold than the goods that existed";
/// Invariant 2: the stock is the sum of the stock movements.
pub const LEDGER: &str = "2. the ledger explains the stock";
/// Invariant 2: the stock of each bucket is the sum of its movements.
pub const LEDGER_OF_BUCKETS: &str = "2. the ledger explains each bucket";
/// Invariant 3: a `purchase_id` has at most one sale, of the whole quantity.
pub const ONE_SALE: &str = "3. a purchase happens at most once";
/// Invariant 3: a purchase that is reported as sold has a sale.
pub const SOLD_HAS_SALE: &str = "3. a purchase that is reported as sold has a sale";
/// Invariant 4: a product has at most one open restock.
pub const ONE_RESTOCK: &str = "4. a product has at most one open restock";
/// Invariant 5: a production order is credited at most once.
pub const ONE_CREDIT: &str = "5. an arrival is credited at most once";
/// The factory accepts a production order at most once. It would produce the goods twice.
pub const ORDERED_ONCE: &str = "the factory accepts a production order at most once";
/// Invariant 5: the goods of a callback that was received are credited in the end.
pub const CREDITED: &str = "5. an arrival that was reported is credited in the end";
/// Invariant 6: a crossing of the reorder point that was claimed is not over. So at the next crossing nothing is claimed,
/// and the sale that crosses finds that, or a claim that was made since.
pub const CLAIM_IS_TRUE: &str = "6. a crossing is claimed only while the stock is low";
/// Invariant 6: in the end the stock is above the reorder point and no restock is open.
pub const NOT_FORGOTTEN: &str = "6. no depletion is forgotten";
/// Invariant 7: in the end operations know of every restock that failed.
pub const NOT_SILENT: &str = "7. no failure is silent";

/// The properties that hold in every scenario.
pub(crate) fn invariants() -> Vec<Property<Protocol>> {
    let always = Property::<Protocol>::always;
    let eventually = Property::<Protocol>::eventually;
    vec![
        always(NO_OVERSELL, |_, s| s.database.buckets.iter().all(|bucket| bucket.stock >= 0)),
        always(REFUSED_RIGHTLY, |_, s| !s.wrongly_sold_out),
        always(GOODS_EXISTED, |m, s| sold(s) <= m.0.stock + arrived(s)),
        always(LEDGER, |m, s| s.database.stock() == m.0.stock + credited(s) - sold(s)),
        always(LEDGER_OF_BUCKETS, |_, s| all_buckets_are_explained(&s.database)),
        always(ONE_SALE, |m, s| m.0.purchases.iter().all(|p| is_sold_once(s, p))),
        always(SOLD_HAS_SALE, sold_purchases_have_sales),
        always(ONE_RESTOCK, |_, s| s.database.open_restocks().count() <= 1),
        always(ONE_CREDIT, |_, s| s.database.orders.iter().all(|o| o.credits <= 1)),
        always(ORDERED_ONCE, |_, s| s.accepted_orders.windows(2).all(|w| w[0] < w[1])),
        always(CLAIM_IS_TRUE, |m, s| {
            s.database.crossed_by.is_none() || s.database.stock() <= m.0.reorder_point
        }),
        eventually(CREDITED, |m, s| all_are_credited(s) && s.is_at_rest(&m.0)),
        eventually(NOT_FORGOTTEN, |m, s| is_stocked(m, s) && s.is_at_rest(&m.0)),
    ]
}

/// Invariant 7. Not every test checks it, because it takes more states.
pub(crate) fn reports() -> Property<Protocol> {
    Property::eventually(NOT_SILENT, |m, s| all_failures_are_known(m, s) && s.is_at_rest(&m.0))
}

fn sold(state: &State) -> i8 {
    state.database.sales.iter().map(|sale| sale.quantity).sum()
}

fn all_buckets_are_explained(database: &Database) -> bool {
    let sold = |number| {
        let sales = database.sales.iter().filter(move |sale| sale.bucket == number);
        sales.map(|sale| sale.quantity).sum::<i8>()
    };
    let mut buckets = database.buckets.iter().enumerate();
    buckets.all(|(number, bucket)| bucket.stock == bucket.moved - sold(number))
}

fn is_sold_once(state: &State, checkout: &Checkout) -> bool {
    let sales = state.database.sales.iter();
    let parts = sales.filter(|sale| sale.purchase_id == checkout.purchase_id);
    [0, checkout.quantity].contains(&parts.map(|part| part.quantity).sum())
}

fn arrived(state: &State) -> i8 {
    state.database.orders.iter().filter_map(|order| order.arrived).sum()
}

fn credited(state: &State) -> i8 {
    let credits = |order: &ProductionOrder| order.arrived.unwrap_or_default() * order.credits as i8;
    state.database.orders.iter().map(credits).sum()
}

fn sold_purchases_have_sales(model: &Protocol, state: &State) -> bool {
    let is_sold = |purchase| matches!(purchase, PurchaseExecution::Ended(PurchaseOutcome::Sold));
    let mut purchases = state.purchases.iter().zip(&model.0.purchases);
    purchases.all(|(&purchase, checkout)| {
        !is_sold(purchase) || state.database.is_sold(checkout.purchase_id)
    })
}

fn all_are_credited(state: &State) -> bool {
    let credited = |c: &CompletionExecution| state.database.orders[c.order].credits > 0;
    state.completions.iter().all(credited)
}

fn is_stocked(model: &Protocol, state: &State) -> bool {
    let closed = state.database.open_restocks().next().is_none();
    closed && state.database.stock() > model.0.reorder_point
}

/// Operations know of a failure if it was reported, or directly follows one that they know of.
fn all_failures_are_known(model: &Protocol, state: &State) -> bool {
    let mut known = false;
    state.database.restocks.iter().all(|restock| {
        let failed = restock.status == RestockStatus::Failed;
        known = failed && (known || is_reported(model, state, restock));
        known || !failed
    })
}

fn is_reported(model: &Protocol, state: &State, restock: &Restock) -> bool {
    let stopped = RestockPosition::Ended(RestockOutcome::Stopped);
    let is_stopped = state.restocks[restock.owner].position == stopped;
    restock.reported || model.0.guards.stopped_executions_reported && is_stopped
}
