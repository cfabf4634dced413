//! The invariants of the design, in the words of the model.
//!
//! "Always" is asked in every state. "Eventually" is asked where a path ends: `stateright` looks for
//! ends that are not good, overlooks circles, and may forget at a state that two paths lead to which
//! of them had been good before. So these properties are true in no state but a good end, and
//! `tests/soundness.rs` shows that there are no circles and that every end is at rest.

use stateright::Property;

use crate::{
    Completion, Order, Protocol, Purchase, Restock, State, Status, Told,
    rarities::rarities,
    restock::{At, Ended},
};

/// 1. The stock is never below zero.
pub const NO_OVERSELL: &str = "1. no oversell";
/// 1. What was sold and what is left are the goods that there were.
pub const GOODS_EXISTED: &str = "1. what was sold had been there";
/// 2. The stock is the sum of its movements.
pub const LEDGER: &str = "2. the ledger explains the stock";
/// 3. One sale under a key, and who is told of a sale has one.
pub const ONE_SALE: &str = "3. a purchase happens at most once";
/// 3. Who is told of a sale has one.
pub const TOLD_IS_SOLD: &str = "3. who is told that it is sold has the goods";
/// 4. One open restock.
pub const ONE_RESTOCK: &str = "4. one open restock for a product";
/// 5. One credit for an order.
pub const ONE_CREDIT: &str = "5. an arrival is counted at most once";
/// The factory makes twice what it is asked for twice.
pub const ASKED_ONCE: &str = "the factory is asked once for an order";
/// 5. A callback that got through is counted in the end.
pub const CREDITED: &str = "5. an arrival that was reported is counted in the end";
/// 6. In the end the stock is above the reorder point, and no restock is left open.
pub const NOT_FORGOTTEN: &str = "6. no depletion is forgotten";
/// 7. In the end operations have heard of every restock that failed.
pub const NOT_SILENT: &str = "7. no failure is silent";

impl Protocol {
    pub(crate) fn asked(&self) -> Vec<Property<Self>> {
        let mut asked = invariants();
        if self.0.ask_for_reports {
            let heard = |m: &Self, s: &State| all_failures_are_known(m, s) && s.is_at_rest(&m.0);
            asked.push(Property::eventually(NOT_SILENT, heard));
        }
        if self.0.ask_for_rarities {
            asked.extend(rarities());
        }
        asked
    }
}

fn invariants() -> Vec<Property<Protocol>> {
    let always = Property::<Protocol>::always;
    let eventually = Property::<Protocol>::eventually;
    vec![
        always(NO_OVERSELL, |_, s| s.database.stock >= 0),
        always(GOODS_EXISTED, |m, s| sold(s) <= m.0.stock + arrived(s)),
        always(LEDGER, |m, s| s.database.stock == m.0.stock + credited(s) - sold(s)),
        always(ONE_SALE, |_, s| s.database.sales.windows(2).all(|w| w[0].key < w[1].key)),
        always(TOLD_IS_SOLD, who_is_told_has_bought),
        always(ONE_RESTOCK, |_, s| s.database.open_restocks().count() <= 1),
        always(ONE_CREDIT, |_, s| s.database.orders.iter().all(|o| o.credits <= 1)),
        always(ASKED_ONCE, |_, s| s.taken.windows(2).all(|w| w[0] < w[1])),
        eventually(CREDITED, |m, s| all_are_credited(s) && s.is_at_rest(&m.0)),
        eventually(NOT_FORGOTTEN, |m, s| is_stocked(m, s) && s.is_at_rest(&m.0)),
    ]
}

fn sold(state: &State) -> i8 {
    state.database.sales.iter().map(|sale| sale.quantity).sum()
}

fn arrived(state: &State) -> i8 {
    state.database.orders.iter().filter_map(|order| order.arrived).sum()
}

fn credited(state: &State) -> i8 {
    let credits = |order: &Order| order.arrived.unwrap_or_default() * order.credits as i8;
    state.database.orders.iter().map(credits).sum()
}

fn who_is_told_has_bought(model: &Protocol, state: &State) -> bool {
    let told = |purchase: &Purchase| matches!(purchase, Purchase::Ended(Told::Sold));
    let mut purchases = state.purchases.iter().zip(&model.0.purchases);
    purchases.all(|(purchase, sent)| !told(purchase) || state.database.sale(sent.key).is_some())
}

fn all_are_credited(state: &State) -> bool {
    let credited = |c: &Completion| state.database.orders[c.order].credits > 0;
    state.completions.iter().all(credited)
}

fn is_stocked(model: &Protocol, state: &State) -> bool {
    let closed = state.database.open_restocks().next().is_none();
    closed && state.database.stock > model.0.reorder_point
}

/// What follows a failure without a success between is not said again.
fn all_failures_are_known(model: &Protocol, state: &State) -> bool {
    let died = |owner: usize| state.restocks[owner].at == At::Ended(Ended::Died);
    let known = |r: &Restock| r.reported || model.0.guards.executions_are_watched && died(r.owner);
    let mut heard = false;
    state.database.restocks.iter().all(|restock| {
        heard = restock.status == Status::Failed && (heard || known(restock));
        heard || restock.status != Status::Failed
    })
}
