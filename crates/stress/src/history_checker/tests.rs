//! Each rule is found: a correct round with one change.

use std::time::Duration;

use domain::{Arrival, ProductionOrder, ProductionOrderId, Purchase, Reason};
use warehouse::OpenRestock;

use super::*;
use crate::history::{Credit, Credited, OpenedRestock, PurchaseOutcome, RecordedArrival};

const ORDER: &str = "6f1f4c7e-0a52-4f0e-9d56-0c5d6d1f2a3b";

fn call<I, O>(input: I, (began, ended): (u64, u64), answer: Answer<O>) -> Call<I, O> {
    let [began, ended] = [began, ended].map(Duration::from_millis);
    Call { input, began, ended, answer }
}

fn buys(
    key: &str,
    quantity: u32,
    when: (u64, u64),
    answer: Answer<PurchaseOutcome>,
) -> Call<Purchase, PurchaseOutcome> {
    let purchase = Purchase {
        purchase_id: key.parse().expect("a key"),
        sku: sku(),
        quantity: quantity.try_into().expect("a quantity"),
    };
    call(purchase, when, answer)
}

fn sku() -> Sku {
    "STRESS-1".parse().expect("an SKU")
}

fn order() -> ProductionOrderId {
    ORDER.parse().expect("an order")
}

fn opens(order: &str) -> Call<OpenRestock, OpenedRestock> {
    let restock_cycle = 1.try_into().expect("a cycle");
    let order = ProductionOrder {
        production_order: order.parse().expect("an order"),
        sku: sku(),
        restock_cycle,
        attempt: 1,
        quantity: 10.try_into().expect("a count"),
        factory: "FF-500293".parse().expect("a factory"),
    };
    let opening = OpenRestock {
        sku: sku(),
        restock_cycle,
        reason: Reason::Sweep,
        execution: "STRESS-1_1".to_owned(),
        attempt: 1,
        attempts_allowed: 1,
    };
    call(opening, (41, 44), Answer::Known(OpenedRestock { order: Some(order) }))
}

fn moved(kind: &str, reference: &str, quantity: i64, stock_after: i64) -> Movement {
    let (kind, reference) = (kind.to_owned(), reference.to_owned());
    Movement { sku: sku(), kind, quantity, reference, stock_after }
}

fn sold(stock: i64) -> Answer<PurchaseOutcome> {
    Answer::Known(PurchaseOutcome::Sold { stock })
}

fn sold_out(stock: i64) -> Answer<PurchaseOutcome> {
    Answer::Known(PurchaseOutcome::SoldOut { stock })
}

/// A correct round. The stock is 5. Anna buys 3 and gets the answer of her second request. Bob wants 3 and gets them after
/// 10 have arrived. Eve uses Anna's key with another quantity.
fn good() -> (History, FinalState) {
    let arrival = Arrival { production_order: order(), delivered: 10.try_into().expect("a count") };
    let credit = Credit { production_order: order() };
    let history = History {
        openings: [(sku(), ("opening".to_owned(), 5))].into(),
        restocks: vec![opens(ORDER)],
        purchases: vec![
            buys("anna", 3, (10, 20), Answer::Lost),
            buys("anna", 3, (25, 30), sold(2)),
            buys("bob", 3, (35, 40), sold_out(2)),
            buys("bob", 3, (70, 80), sold(9)),
            buys("anna", 3, (90, 95), sold(2)),
            buys("anna", 4, (90, 95), Answer::Known(PurchaseOutcome::KeyReused)),
        ],
        arrivals: vec![call(arrival, (45, 50), Answer::Known(RecordedArrival {}))],
        credits: vec![call(credit, (50, 60), Answer::Known(Credited { quantity: 10 }))],
    };
    let movements = vec![
        moved("count", "opening", 5, 5),
        moved("sale", "anna", -3, 2),
        moved("arrival", ORDER, 10, 12),
        moved("sale", "bob", -3, 9),
    ];
    (history, FinalState { stocks: [(sku(), 9)].into(), movements })
}

/// The rules that are violated after a change of the correct round.
fn found(change: impl FnOnce(&mut History, &mut FinalState)) -> Vec<Rule> {
    let (mut history, mut state) = good();
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
        state.movements.push(moved("sale", "bob", -3, 6));
        state.stocks.insert(sku(), 6);
    });
    assert_eq!(rules, [Rule::DuplicateMovement]);
}

#[test]
fn an_arrival_that_is_credited_twice_is_found() {
    let rules = found(|_, state| {
        state.movements.push(moved("arrival", ORDER, 10, 19));
        state.stocks.insert(sku(), 19);
    });
    assert!(rules.contains(&Rule::DuplicateMovement), "{rules:?}");
}

#[test]
fn a_stock_below_zero_is_found_even_if_goods_arrive_later() {
    let rules = found(|history, state| {
        history.purchases.push(buys("carl", 4, (35, 40), Answer::Lost));
        state.movements.insert(2, moved("sale", "carl", -4, -2));
        state.movements[3].stock_after = 8;
        state.movements[4].stock_after = 5;
        state.stocks.insert(sku(), 5);
        history.purchases[3].answer = sold(5);
    });
    assert_eq!(rules, [Rule::Oversold]);
}

#[test]
fn a_stock_that_the_ledger_does_not_explain_is_found() {
    let rules = found(|_, state| state.stocks.extend([(sku(), 8)]));
    assert_eq!(rules, [Rule::StockNotExplained]);
}

#[test]
fn a_movement_with_a_wrong_stock_after_is_found() {
    let rules = found(|history, state| {
        state.movements[3].stock_after = 2;
        history.purchases[3].answer = sold(2);
    });
    assert_eq!(rules, [Rule::StockNotExplained]);
}

#[test]
fn a_sale_that_nobody_requested_is_found() {
    let rules = found(|_, state| {
        state.movements.push(moved("sale", "carl", -3, 6));
        state.stocks.insert(sku(), 6);
    });
    assert_eq!(rules, [Rule::UnrequestedMovement]);
}

#[test]
fn a_sale_of_another_quantity_than_requested_is_found() {
    let rules = found(|history, state| {
        state.movements[3] = moved("sale", "bob", -2, 10);
        state.stocks.insert(sku(), 10);
        history.purchases[3].answer = Answer::Lost;
    });
    assert_eq!(rules, [Rule::UnrequestedMovement]);
}

#[test]
fn an_arrival_that_no_callback_reported_is_found() {
    let rules = found(|history, _| history.arrivals.clear());
    assert_eq!(rules, [Rule::UnrequestedMovement]);
}

#[test]
fn a_sale_that_was_answered_and_is_not_in_the_ledger_is_found() {
    let rules = found(|_, state| {
        state.movements.pop();
        state.stocks.insert(sku(), 12);
    });
    assert_eq!(rules, [Rule::SoldWithoutSale]);
}

#[test]
fn a_repetition_with_another_answer_is_found() {
    assert_eq!(found(|h, _| h.purchases[4].answer = sold(1)), [Rule::SoldWithoutSale]);
    assert_eq!(found(|h, _| h.purchases[4].answer = sold_out(9)), [Rule::SaleForgotten]);
    let reused = Answer::Known(PurchaseOutcome::KeyReused);
    assert_eq!(found(|h, _| h.purchases[4].answer = reused), [Rule::WronglyReused]);
}

#[test]
fn sold_for_another_quantity_under_the_key_is_found() {
    assert_eq!(found(|h, _| h.purchases[5].answer = sold(2)), [Rule::SoldWithoutSale]);
}

#[test]
fn sold_out_although_the_stock_was_always_enough_is_found() {
    let refused = |quantity, when| {
        found(move |h, _| h.purchases.push(buys("dora", quantity, when, sold_out(2))))
    };
    assert_eq!(refused(2, (35, 40)), [Rule::WronglySoldOut], "the stock was 2");
    assert_eq!(refused(3, (31, 34)), [], "the stock was 2");
    assert_eq!(refused(3, (61, 69)), [Rule::WronglySoldOut], "the stock was 12");
    assert_eq!(refused(3, (55, 69)), [], "the arrival may not have been credited yet");
    assert_eq!(refused(3, (1, 9)), [Rule::WronglySoldOut], "the stock was 5");
    assert_eq!(refused(3, (1, 12)), [], "Anna's first request may have been processed");
}

#[test]
fn sold_out_with_a_stock_that_never_existed_is_found() {
    let refused =
        |stock, when| found(move |h, _| h.purchases.push(buys("dora", 3, when, sold_out(stock))));
    assert_eq!(refused(7, (31, 69)), [Rule::WronglySoldOut], "the stock was never 7");
    assert_eq!(refused(12, (31, 69)), [], "decided with 2, answered with 12");
    assert_eq!(refused(5, (1, 34)), [Rule::WronglySoldOut], "the stock was 5 before, not after");
}

#[test]
fn a_credit_with_another_quantity_than_in_the_ledger_is_found() {
    let rules = found(|history, _| {
        history.credits[0].answer = Answer::Known(Credited { quantity: 9 });
    });
    assert_eq!(rules, [Rule::CreditLost]);
}

#[test]
fn two_orders_for_one_attempt_are_found() {
    let again = |order| found(move |history, _| history.restocks.push(opens(order)));
    assert_eq!(again(ORDER), [], "the same order again");
    assert_eq!(again("0d0f7ee2-6a5c-4a43-8fd4-1f6c5d2f7b60"), [Rule::DuplicateOrder]);
}

#[test]
fn a_ledger_in_an_impossible_order_is_found() {
    let rules = found(|history, _| {
        history.credits[0].began = Duration::from_millis(81);
        history.credits[0].ended = Duration::from_millis(85);
    });
    assert!(rules.contains(&Rule::OutOfOrder), "{rules:?}");
}

#[test]
fn an_unexpected_answer_is_found() {
    let failed = Answer::Failed("Database.Failed".to_owned());
    assert_eq!(found(|h, _| h.purchases[0].answer = failed), [Rule::UnexpectedAnswer]);
    let unknown = Answer::Known(PurchaseOutcome::UnknownProduct);
    assert_eq!(found(|h, _| h.purchases[2].answer = unknown), [Rule::UnexpectedAnswer]);
}
