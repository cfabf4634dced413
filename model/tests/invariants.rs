//! The protocol as it is deployed: every path, every state.

mod common;

use common::holds;
use model::{FaultKind, Scenario, Situation};

#[test]
fn the_invariants_hold_for_purchases_and_a_restock_without_faults() {
    holds("purchases, no faults", Scenario::repeated_purchase(), 7_500);
}

#[test]
fn the_invariants_hold_for_purchases_and_restocks_with_any_one_fault() {
    holds("purchases, 1 fault", Scenario::repeated_purchase().with_faults(1), 850_000);
}

#[test]
fn the_invariants_hold_for_a_restock_with_any_two_faults() {
    let scenario = Scenario::one_restock().with_faults(2).reaching(&Situation::OF_RESTOCKS);
    holds("restock, 2 faults", scenario, 460_000);
}

#[test]
fn the_invariants_hold_for_a_restock_with_up_to_four_losses() {
    let losses = [
        FaultKind::MessageLost,
        FaultKind::OrderLost,
        FaultKind::CallbackLost,
        FaultKind::FactoryCrashes,
        FaultKind::FewerDelivered,
    ];
    let scenario = Scenario::one_restock().with_only(&losses, 4);
    let scenario = scenario.reaching(&[Situation::AttemptsExhausted]);
    holds("restock, 4 losses", scenario, 53_000);
}

#[test]
fn the_invariants_hold_for_a_restock_with_up_to_three_repetitions_and_early_timeouts() {
    let untimely =
        [FaultKind::CallbackRepeated, FaultKind::MessageRepeated, FaultKind::TimesOutEarly];
    let scenario = Scenario::one_restock().with_only(&untimely, 3).reaching(&[
        Situation::CallbackLate,
        Situation::TokenClosed,
        Situation::NameReused,
        Situation::BothOrdersArrived,
    ]);
    holds("restock, 3 repetitions or early timeouts", scenario, 160_000);
}
