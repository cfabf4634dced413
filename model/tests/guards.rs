//! What each guard is for: taken out, something breaks; or something else still holds it.
//!
//! The invariants 1, 3, 4 and 5 are held by keys and a condition. Before and behind them there are locks,
//! names and a check, with which the keys are never put to the test. So the keys are taken out of a
//! protocol that has the keys alone.

mod common;

use common::{breaks, holds};
use model::{Guards, Kind, Scenario, properties};

#[test]
fn the_keys_alone_hold_the_invariants() {
    let alone = |scenario: Scenario| scenario.guarded_by(Guards::KEYS_ALONE);
    holds("keys alone, sales", alone(Scenario::two_customers()), 5_000);
    holds("keys alone, 1 fault", alone(Scenario::restock_alone().with_faults(1)), 20_000);
}

#[test]
fn without_the_unique_arrival_key_goods_are_counted_twice() {
    let guards = Guards { unique_arrival_key: false, ..Guards::KEYS_ALONE };
    let scenario = Scenario::restock_alone().with_faults(1).guarded_by(guards);
    breaks(scenario, properties::ONE_CREDIT);
}

#[test]
fn without_the_open_restock_key_two_restocks_are_open() {
    let guards = Guards { open_restock_key: false, ..Guards::KEYS_ALONE };
    breaks(Scenario::two_customers().guarded_by(guards), properties::ONE_RESTOCK);
}

#[test]
fn without_the_conditional_update_more_is_sold_than_there_is() {
    let guards = Guards { conditional_update: false, ..Guards::KEYS_ALONE };
    let scenario = Scenario::two_customers().guarded_by(guards);
    breaks(scenario.clone(), properties::NO_OVERSELL);
    breaks(scenario, properties::GOODS_EXISTED);
}

#[test]
fn where_the_locks_the_names_and_the_check_are_a_missing_key_is_not_missed() {
    let missing = [
        Guards { unique_arrival_key: false, ..Guards::ALL },
        Guards { open_restock_key: false, ..Guards::ALL },
        Guards { conditional_update: false, ..Guards::ALL },
    ];
    for guards in missing {
        holds("one key missing, sales", Scenario::quiet().guarded_by(guards), 5_000);
        let scenario = Scenario::restock_alone().with_faults(1).guarded_by(guards);
        holds("one key missing, 1 fault", scenario, 5_000);
    }
}

#[test]
fn without_the_unique_purchase_key_a_purchase_sent_twice_happens_twice() {
    let guards = Guards { unique_purchase_key: false, ..Guards::ALL };
    breaks(Scenario::quiet().guarded_by(guards), properties::ONE_SALE);
}

#[test]
fn without_one_transaction_the_ledger_does_not_explain_the_stock() {
    let guards = Guards { one_transaction: false, ..Guards::ALL };
    let lost = Scenario::restock_alone().with_only(&[Kind::AnswerLost], 1);
    breaks(lost.guarded_by(guards), properties::LEDGER);
}

#[test]
fn without_the_owner_of_a_restock_another_execution_sends_its_order_again() {
    let guards = Guards { restock_execution_owner: false, ..Guards::ALL };
    let scenario = Scenario::restock_alone().with_faults(1).guarded_by(guards);
    breaks(scenario, properties::ASKED_ONCE);
}

#[test]
fn without_the_sweep_a_lost_message_is_a_forgotten_depletion() {
    let guards = Guards { sweep: false, ..Guards::ALL };
    let lost = Scenario::restock_alone().with_only(&[Kind::MessageLost], 1);
    breaks(lost.guarded_by(guards), properties::NOT_FORGOTTEN);
}

#[test]
fn without_the_sweep_the_goods_of_an_execution_that_died_are_never_counted() {
    let guards = Guards { sweep: false, ..Guards::ALL };
    let dies = Scenario::restock_alone().with_only(&[Kind::ExecutionDies], 1);
    breaks(dies.guarded_by(guards), properties::CREDITED);
}

/// An early callback is noticed by `AwaitCompletion`, else by the next `OpenRestock`, else by the sweep.
#[test]
fn only_without_all_three_who_notice_an_early_callback_its_goods_are_never_counted() {
    let all = Guards::ALL;
    let without_one = [
        Guards { arrival_seen_by_await: false, ..all },
        Guards { arrival_seen_by_open: false, ..all },
        Guards { closed_token_credits: false, ..all },
        Guards { arrival_seen_by_await: false, arrival_seen_by_open: false, ..all },
    ];
    for guards in without_one {
        let scenario = Scenario::restock_alone().with_faults(1).guarded_by(guards);
        holds("early callbacks, one fewer notices", scenario, 5_000);
    }
    let nobody = Guards { arrival_seen_by_await: false, arrival_seen_by_open: false, ..all };
    let nobody = Guards { sweep: false, ..nobody };
    breaks(Scenario::restock_alone().guarded_by(nobody), properties::CREDITED);
}

#[test]
fn without_the_sweep_a_closed_token_must_credit() {
    let untold = Guards { closed_token_credits: false, sweep: false, ..Guards::ALL };
    let early = Scenario::restock_alone().with_only(&[Kind::TimesOutEarly], 1);
    breaks(early.clone().guarded_by(untold), properties::CREDITED);
    holds("closed token, no sweep", early.guarded_by(Guards { sweep: false, ..Guards::ALL }), 100);
}

/// The one spares an execution that has nothing to do; the other spares operations a false alarm, and
/// customers the wait for the sweep.
#[test]
fn the_cycle_in_a_message_and_the_credit_before_closing_are_economy() {
    let spared = [
        Guards { superseded_by_cycle: false, ..Guards::ALL },
        Guards { close_credits: false, ..Guards::ALL },
    ];
    for guards in spared {
        let scenario = Scenario::restock_alone().with_faults(1).guarded_by(guards);
        holds("without an economy", scenario, 5_000);
    }
}
