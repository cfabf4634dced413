//! What each guard is for. Without it a property breaks, or another guard still protects the property.
//!
//! Unique keys and a conditional update protect the invariants 1, 3, 4 and 5. The secondary guards act before
//! them, so that a key is never violated. To show what a key is for, its tests remove the secondary guards too.

mod common;

use common::{holds, needs};
use model::{FaultKind, Guards, Scenario, Situation, properties};

#[test]
fn the_keys_alone_protect_the_invariants() {
    let purchases = keys_alone(Scenario::two_customers());
    let purchases = purchases.reaching(&[Situation::StockTooLowToSell, Situation::OpeningsRace]);
    holds("keys alone, purchases", purchases, 67_000);
    let restock = keys_alone(Scenario::one_restock().with_faults(1));
    let restock = restock.reaching(&[Situation::CreditsRace, Situation::OpeningsRace]);
    holds("keys alone, restock with 1 fault", restock, 146_000);
}

#[test]
fn without_the_unique_arrival_key_goods_are_credited_twice() {
    let restock = keys_alone(Scenario::one_restock().with_faults(1));
    needs(restock, |guards| guards.unique_arrival_key = false, properties::ONE_CREDIT);
}

#[test]
fn without_the_open_restock_key_two_restocks_are_open() {
    let purchases = keys_alone(Scenario::two_customers());
    needs(purchases, |guards| guards.open_restock_key = false, properties::ONE_RESTOCK);
}

#[test]
fn without_the_conditional_update_more_is_sold_than_there_is() {
    let purchases = keys_alone(Scenario::two_customers());
    let remove = |guards: &mut Guards| guards.conditional_update = false;
    needs(purchases.clone(), remove, properties::NO_OVERSELL);
    needs(purchases, remove, properties::GOODS_EXISTED);
}

#[test]
fn with_the_secondary_guards_the_invariants_hold_without_any_one_key() {
    let missing = [
        Guards { unique_arrival_key: false, ..Guards::ALL },
        Guards { open_restock_key: false, ..Guards::ALL },
        Guards { conditional_update: false, ..Guards::ALL },
    ];
    for guards in missing {
        let purchases = Scenario::repeated_purchase().guarded_by(guards);
        let purchases = purchases.reaching(&[Situation::StockTooLowToSell]);
        holds("one key missing, purchases", purchases, 7_500);
        let restock = Scenario::one_restock().with_faults(1).guarded_by(guards);
        let restock = restock.reaching(&[Situation::CreditsRace, Situation::OpeningsRace]);
        holds("one key missing, restock with 1 fault", restock, 7_400);
    }
}

#[test]
fn without_the_unique_purchase_key_a_repeated_purchase_is_sold_twice() {
    let purchases = Scenario::repeated_purchase();
    needs(purchases, |guards| guards.unique_purchase_key = false, properties::ONE_SALE);
}

#[test]
fn without_one_transaction_the_ledger_does_not_explain_the_stock() {
    let lost = Scenario::one_restock().with_only(&[FaultKind::ResponseLost], 1);
    needs(lost, |guards| guards.one_transaction = false, properties::LEDGER);
}

#[test]
fn without_the_owner_of_a_restock_another_execution_places_its_order_again() {
    let restock = Scenario::one_restock().with_faults(1);
    needs(restock, |guards| guards.restock_execution_owner = false, properties::ORDERED_ONCE);
}

#[test]
fn without_the_sweep_a_lost_message_is_a_forgotten_depletion() {
    let lost = Scenario::one_restock().with_only(&[FaultKind::MessageLost], 1);
    needs(lost, |guards| guards.sweep = false, properties::NOT_FORGOTTEN);
}

#[test]
fn without_the_sweep_the_goods_of_a_stopped_execution_are_never_credited() {
    let stops = Scenario::one_restock().with_only(&[FaultKind::ExecutionStops], 1);
    needs(stops, |guards| guards.sweep = false, properties::CREDITED);
}

/// `AwaitCompletion`, the next `OpenRestock`, `CompleteTask` or the sweep notices goods that arrived early.
#[test]
fn with_one_guard_less_the_goods_of_an_early_callback_are_credited() {
    let all = Guards::ALL;
    let without_await = Guards { arrival_seen_by_await: false, ..all };
    let without_open = Guards { arrival_seen_by_open: false, ..all };
    let without_complete = Guards { closed_token_credits: false, ..all };
    let without_both = Guards { arrival_seen_by_open: false, ..without_await };
    let missed = [
        (without_await, vec![Situation::ArrivedBeforeWait], 8_200),
        (without_open, vec![Situation::ArrivedBeforeNextOrder], 7_500),
        (without_complete, vec![Situation::TokenClosed], 8_000),
        (
            without_both,
            vec![Situation::ArrivedBeforeWait, Situation::ArrivedBeforeNextOrder],
            35_000,
        ),
    ];
    for (guards, situations, at_least) in missed {
        let restock = Scenario::one_restock().with_faults(1).guarded_by(guards);
        holds("early callback, guards missing", restock.reaching(&situations), at_least);
    }
}

#[test]
fn only_without_all_three_guards_the_goods_of_an_early_callback_are_never_credited() {
    let none = Guards { arrival_seen_by_await: false, arrival_seen_by_open: false, ..Guards::ALL };
    let none = Guards { sweep: false, ..none };
    let early = |guards| Scenario::one_restock().guarded_by(guards);
    let remove_all = |guards: &mut Guards| *guards = none;
    needs(early(Guards { arrival_seen_by_await: true, ..none }), remove_all, properties::CREDITED);
    needs(early(Guards { arrival_seen_by_open: true, ..none }), remove_all, properties::CREDITED);
    needs(early(Guards { sweep: true, ..none }), remove_all, properties::CREDITED);
}

#[test]
fn without_the_sweep_a_closed_token_must_credit() {
    let without_sweep = Guards { sweep: false, ..Guards::ALL };
    let early = Scenario::one_restock().with_only(&[FaultKind::TimesOutEarly], 1);
    let early = early.guarded_by(without_sweep).reaching(&[Situation::TokenClosed]);
    holds("closed token, no sweep", early.clone(), 120);
    needs(early, |guards| guards.closed_token_credits = false, properties::CREDITED);
}

/// The cycle in a message saves an execution that has nothing to do. The credit before closing saves
/// operations a false alarm, and customers the wait for the sweep.
#[test]
fn without_the_cycle_in_a_message_or_the_credit_before_closing_the_invariants_hold() {
    let without_cycle = Guards { superseded_by_cycle: false, ..Guards::ALL };
    let without_credit = Guards { close_credits: false, ..Guards::ALL };
    let restock = |guards| Scenario::one_restock().with_faults(1).guarded_by(guards);
    holds("no superseded, restock", restock(without_cycle), 7_400);
    let closing = restock(without_credit).reaching(&[Situation::ArrivedBeforeClosing]);
    holds("no credit before closing", closing, 7_500);
    let purchases = Scenario::two_customers().with_faults(1).guarded_by(without_cycle);
    let purchases = purchases.reaching(&[Situation::RequestOutdated]);
    holds("no superseded, purchases", purchases, 79_000);
}

fn keys_alone(scenario: Scenario) -> Scenario {
    scenario.guarded_by(Guards::KEYS_ALONE)
}
