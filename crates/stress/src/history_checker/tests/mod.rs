//! Changes one thing in a correct round and expects the checker to report it.

mod buckets;
mod fixtures;

use std::time::Duration;

use domain::{Arrival, MovementKind, ProductionOrderRef, PurchaseOutcome, Stock};

use super::*;
use crate::history::Recorded;
use fixtures::{
    ORDER, buys, credited, exchange, moved, opens, order, sale, sku, sold, sold_out, without_stock,
};

/// The opening stock is 5. anna buys 3; her first response is lost. bob wants 3 too: sold out at first, and sold after
/// an arrival of 10. Then anna's key is used with another quantity.
fn correct_round() -> (History, FinalState) {
    let arrival = Arrival { production_order: order(), quantity: 10.try_into().expect("a count") };
    let credit = ProductionOrderRef { production_order: order() };
    let history = History {
        openings: [(sku(), ("opening".to_owned(), Stock::new(5)))].into(),
        restocks: vec![opens(ORDER)],
        purchases: vec![
            buys("anna", 3, (10, 20), Response::Lost),
            buys("anna", 3, (25, 30), sold(2)),
            buys("bob", 3, (35, 40), sold_out(2)),
            buys("bob", 3, (70, 80), sold(9)),
            buys("anna", 3, (90, 95), sold(2)),
            buys("anna", 4, (90, 95), without_stock(PurchaseOutcome::KeyReused)),
        ],
        arrivals: vec![exchange(arrival, (45, 50), Response::Received(Recorded {}))],
        credits: vec![exchange(credit, (50, 60), credited(10))],
        bucket_changes: Vec::new(),
    };
    let movements = vec![
        moved(MovementKind::Count, "opening", 5, 5),
        sale("anna", -3, 2),
        moved(MovementKind::Arrival, ORDER, 10, 12),
        sale("bob", -3, 9),
    ];
    (history, FinalState { stocks: [(sku(), 9)].into(), movements })
}

/// Returns the broken rules after a change of the correct round.
fn found(change: impl FnOnce(&mut History, &mut FinalState)) -> Vec<Rule> {
    let (mut history, mut state) = correct_round();
    change(&mut history, &mut state);
    let mut rules: Vec<Rule> =
        violations(&history, &state).into_iter().map(|violation| violation.rule).collect();
    rules.sort();
    rules.dedup();
    rules
}

#[test]
fn a_correct_round_has_no_violation() {
    assert_eq!(found(|_, _| {}), []);
}

#[test]
fn a_second_movement_under_a_key_is_found() {
    let rules = found(|_, state| {
        state.movements.push(sale("bob", -3, 6));
        state.stocks.insert(sku(), 6);
    });
    assert_eq!(rules, [Rule::MovedTwice]);
}

#[test]
fn goods_that_are_credited_twice_are_found() {
    let rules = found(|_, state| {
        state.movements.push(moved(MovementKind::Arrival, ORDER, 10, 19));
        state.stocks.insert(sku(), 19);
    });
    assert!(rules.contains(&Rule::MovedTwice), "{rules:?}");
}

#[test]
fn a_stock_below_zero_is_found_even_if_goods_arrive_later() {
    let rules = found(|history, state| {
        history.purchases.push(buys("carl", 4, (35, 40), Response::Lost));
        state.movements.insert(2, sale("carl", -4, -2));
        state.movements[3].stock_after = 8;
        state.movements[4].stock_after = 5;
        state.stocks.insert(sku(), 5);
        history.purchases[3].response = sold(5);
    });
    assert_eq!(rules, [Rule::Oversold]);
}

#[test]
fn a_stock_that_the_ledger_does_not_explain_is_found() {
    let rules = found(|_, state| state.stocks.extend([(sku(), 8)]));
    assert_eq!(rules, [Rule::NotExplained]);
}

#[test]
fn a_movement_with_a_wrong_stock_after_it_is_found() {
    let rules = found(|history, state| {
        state.movements[3].stock_after = 2;
        history.purchases[3].response = sold(2);
    });
    assert_eq!(rules, [Rule::NotExplained]);
}

#[test]
fn a_sale_without_a_request_is_found() {
    let rules = found(|_, state| {
        state.movements.push(sale("carl", -3, 6));
        state.stocks.insert(sku(), 6);
    });
    assert_eq!(rules, [Rule::NotRequested]);
}

#[test]
fn a_sale_of_another_quantity_than_requested_is_found() {
    let rules = found(|history, state| {
        state.movements[3] = sale("bob", -2, 10);
        state.stocks.insert(sku(), 10);
        history.purchases[3].response = Response::Lost;
    });
    assert_eq!(rules, [Rule::NotRequested]);
}

#[test]
fn goods_that_were_not_reported_are_found() {
    let rules = found(|history, _| history.arrivals.clear());
    assert_eq!(rules, [Rule::NotRequested]);
}

#[test]
fn a_confirmed_sale_that_is_lost_is_found() {
    let rules = found(|_, state| {
        state.movements.pop();
        state.stocks.insert(sku(), 12);
    });
    assert_eq!(rules, [Rule::SoldWithoutSale]);
}

#[test]
fn a_retry_with_another_response_is_found() {
    assert_eq!(found(|h, _| h.purchases[4].response = sold(1)), [Rule::SoldWithoutSale]);
    assert_eq!(found(|h, _| h.purchases[4].response = sold_out(9)), [Rule::SaleForgotten]);
    let reused = without_stock(PurchaseOutcome::KeyReused);
    assert_eq!(found(|h, _| h.purchases[4].response = reused), [Rule::WronglyReused]);
}

#[test]
fn a_response_sold_for_another_quantity_than_the_recorded_one_is_found() {
    assert_eq!(found(|h, _| h.purchases[5].response = sold(2)), [Rule::SoldWithoutSale]);
}

#[test]
fn sold_out_although_the_stock_was_always_sufficient_is_found() {
    let refused = |quantity, when| {
        found(move |h, _| h.purchases.push(buys("dora", quantity, when, sold_out(2))))
    };
    assert_eq!(refused(2, (35, 40)), [Rule::WronglySoldOut], "the stock was two");
    assert_eq!(refused(3, (31, 34)), [], "the stock was two");
    assert_eq!(refused(3, (61, 69)), [Rule::WronglySoldOut], "the stock was twelve");
    assert_eq!(refused(3, (55, 69)), [], "the goods may not have been credited yet");
    assert_eq!(refused(3, (1, 9)), [Rule::WronglySoldOut], "the stock was five");
    assert_eq!(refused(3, (1, 12)), [], "anna's first request may have taken effect");
}

#[test]
fn sold_out_with_a_stock_that_never_existed_is_found() {
    let refused =
        |stock, when| found(move |h, _| h.purchases.push(buys("dora", 3, when, sold_out(stock))));
    assert_eq!(refused(7, (31, 69)), [Rule::WronglySoldOut], "the stock was never seven");
    assert_eq!(refused(12, (31, 69)), [], "decided at a stock of two, read at twelve");
    assert_eq!(refused(5, (1, 34)), [Rule::WronglySoldOut], "the stock was five before, not after");
}

#[test]
fn a_confirmed_credit_that_is_lost_is_found() {
    let rules = found(|history, _| {
        history.credits[0].response = credited(9);
    });
    assert_eq!(rules, [Rule::ArrivalLost]);
}

#[test]
fn two_orders_for_one_attempt_are_found() {
    let again = |order| found(move |history, _| history.restocks.push(opens(order)));
    assert_eq!(again(ORDER), [], "the same order was returned again");
    assert_eq!(again("0d0f7ee2-6a5c-4a43-8fd4-1f6c5d2f7b60"), [Rule::OrderedTwice]);
}

#[test]
fn a_ledger_whose_order_contradicts_the_times_of_requests_is_found() {
    let rules = found(|history, _| {
        history.credits[0].began = Duration::from_millis(81);
        history.credits[0].ended = Duration::from_millis(85);
    });
    assert!(rules.contains(&Rule::OutOfOrder), "{rules:?}");
}

#[test]
fn an_unexpected_response_is_found() {
    let failed = Response::Failed("Database.Failed".to_owned());
    assert_eq!(found(|h, _| h.purchases[0].response = failed), [Rule::Unexpected]);
    let unknown = without_stock(PurchaseOutcome::UnknownProduct);
    assert_eq!(found(|h, _| h.purchases[2].response = unknown), [Rule::Unexpected]);
}
