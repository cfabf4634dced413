//! The checker can fail: a good round in which one thing is not as it was.

use std::time::Duration;

use domain::{Arrival, ProductionOrder, ProductionOrderId, Purchase, Reason};
use warehouse::OpenRestock;

use super::*;
use crate::history::{Credit, Credited, Opened, Recorded, Sale};

const ORDER: &str = "6f1f4c7e-0a52-4f0e-9d56-0c5d6d1f2a3b";

fn exchange<Q, A>(question: Q, (began, ended): (u64, u64), answer: Answer<A>) -> Exchange<Q, A> {
    let [began, ended] = [began, ended].map(Duration::from_millis);
    Exchange { question, began, ended, answer }
}

fn buys(
    key: &str,
    quantity: u32,
    when: (u64, u64),
    answer: Answer<Sale>,
) -> Exchange<Purchase, Sale> {
    let purchase = Purchase {
        purchase_id: key.parse().expect("a key"),
        sku: sku(),
        quantity: quantity.try_into().expect("a quantity"),
    };
    exchange(purchase, when, answer)
}

fn sku() -> Sku {
    "PROOF-1".parse().expect("an SKU")
}

fn order() -> ProductionOrderId {
    ORDER.parse().expect("an order")
}

fn opens(order: &str) -> Exchange<OpenRestock, Opened> {
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
        execution: "PROOF-1_1".to_owned(),
        attempt: 1,
        attempts_allowed: 1,
    };
    exchange(opening, (41, 44), Answer::Known(Opened { order: Some(order) }))
}

fn moved(kind: &str, reference: &str, quantity: i64, stock_after: i64) -> Movement {
    let (kind, reference) = (kind.to_owned(), reference.to_owned());
    Movement { sku: sku(), kind, quantity, reference, stock_after }
}

fn sold(stock: i64) -> Answer<Sale> {
    Answer::Known(Sale::Sold { stock })
}

fn sold_out(stock: i64) -> Answer<Sale> {
    Answer::Known(Sale::SoldOut { stock })
}

/// Of 5, anna buys 3 and hears of it at the second try. bob wants 3 too, and gets them when 10 have come.
/// eve takes anna's key for another quantity.
fn good() -> (History, Books) {
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
            buys("anna", 4, (90, 95), Answer::Known(Sale::KeyReused)),
        ],
        arrivals: vec![exchange(arrival, (45, 50), Answer::Known(Recorded {}))],
        credits: vec![exchange(credit, (50, 60), Answer::Known(Credited { quantity: 10 }))],
    };
    let movements = vec![
        moved("count", "opening", 5, 5),
        moved("sale", "anna", -3, 2),
        moved("arrival", ORDER, 10, 12),
        moved("sale", "bob", -3, 9),
    ];
    (history, Books { stocks: [(sku(), 9)].into(), movements })
}

/// What is found when one thing is otherwise than in the good round.
fn found(change: impl FnOnce(&mut History, &mut Books)) -> Vec<Rule> {
    let (mut history, mut books) = good();
    change(&mut history, &mut books);
    let mut rules: Vec<Rule> =
        violations(&history, &books).into_iter().map(|violation| violation.rule).collect();
    rules.sort();
    rules.dedup();
    rules
}

#[test]
fn a_good_round_is_good() {
    assert_eq!(found(|_, _| {}), []);
}

#[test]
fn a_second_movement_under_a_key_is_found() {
    let rules = found(|_, books| {
        books.movements.push(moved("sale", "bob", -3, 6));
        books.stocks.insert(sku(), 6);
    });
    assert_eq!(rules, [Rule::MovedTwice]);
}

#[test]
fn goods_that_came_twice_are_found() {
    let rules = found(|_, books| {
        books.movements.push(moved("arrival", ORDER, 10, 19));
        books.stocks.insert(sku(), 19);
    });
    assert!(rules.contains(&Rule::MovedTwice), "{rules:?}");
}

#[test]
fn a_stock_below_zero_is_found_also_where_more_came_later() {
    let rules = found(|history, books| {
        history.purchases.push(buys("carl", 4, (35, 40), Answer::Lost));
        books.movements.insert(2, moved("sale", "carl", -4, -2));
        books.movements[3].stock_after = 8;
        books.movements[4].stock_after = 5;
        books.stocks.insert(sku(), 5);
        history.purchases[3].answer = sold(5);
    });
    assert_eq!(rules, [Rule::Oversold]);
}

#[test]
fn a_stock_that_the_ledger_does_not_explain_is_found() {
    let rules = found(|_, books| books.stocks.extend([(sku(), 8)]));
    assert_eq!(rules, [Rule::NotExplained]);
}

#[test]
fn a_movement_that_says_another_stock_than_it_left_is_found() {
    let rules = found(|history, books| {
        books.movements[3].stock_after = 2;
        history.purchases[3].answer = sold(2);
    });
    assert_eq!(rules, [Rule::NotExplained]);
}

#[test]
fn a_sale_that_nobody_asked_for_is_found() {
    let rules = found(|_, books| {
        books.movements.push(moved("sale", "carl", -3, 6));
        books.stocks.insert(sku(), 6);
    });
    assert_eq!(rules, [Rule::MovedForNobody]);
}

#[test]
fn a_sale_of_another_quantity_than_was_asked_for_is_found() {
    let rules = found(|history, books| {
        books.movements[3] = moved("sale", "bob", -2, 10);
        books.stocks.insert(sku(), 10);
        history.purchases[3].answer = Answer::Lost;
    });
    assert_eq!(rules, [Rule::MovedForNobody]);
}

#[test]
fn goods_that_nobody_reported_are_found() {
    let rules = found(|history, _| history.arrivals.clear());
    assert_eq!(rules, [Rule::MovedForNobody]);
}

#[test]
fn a_sale_that_was_told_and_is_lost_is_found() {
    let rules = found(|_, books| {
        books.movements.pop();
        books.stocks.insert(sku(), 12);
    });
    assert_eq!(rules, [Rule::SoldWithoutSale]);
}

#[test]
fn a_replay_that_is_answered_otherwise_is_found() {
    assert_eq!(found(|h, _| h.purchases[4].answer = sold(1)), [Rule::SoldWithoutSale]);
    assert_eq!(found(|h, _| h.purchases[4].answer = sold_out(9)), [Rule::SaleForgotten]);
    let reused = Answer::Known(Sale::KeyReused);
    assert_eq!(found(|h, _| h.purchases[4].answer = reused), [Rule::WronglyReused]);
}

#[test]
fn sold_for_a_quantity_that_was_not_sold_under_the_key_is_found() {
    assert_eq!(found(|h, _| h.purchases[5].answer = sold(2)), [Rule::SoldWithoutSale]);
}

#[test]
fn sold_out_though_enough_was_there_all_the_time_is_found() {
    let refused = |quantity, when| {
        found(move |h, _| h.purchases.push(buys("dora", quantity, when, sold_out(2))))
    };
    assert_eq!(refused(2, (35, 40)), [Rule::WronglySoldOut], "two were there");
    assert_eq!(refused(3, (31, 34)), [], "two were there");
    assert_eq!(refused(3, (61, 69)), [Rule::WronglySoldOut], "twelve were there");
    assert_eq!(refused(3, (55, 69)), [], "the goods may not have come yet");
    assert_eq!(refused(3, (1, 9)), [Rule::WronglySoldOut], "five were there");
    assert_eq!(refused(3, (1, 12)), [], "anna's first request may have been done");
}

#[test]
fn sold_out_with_a_stock_that_was_not_there_is_found() {
    let refused =
        |stock, when| found(move |h, _| h.purchases.push(buys("dora", 3, when, sold_out(stock))));
    assert_eq!(refused(7, (31, 69)), [Rule::WronglySoldOut], "it was never seven");
    assert_eq!(refused(12, (31, 69)), [], "decided with two, told with twelve");
    assert_eq!(refused(5, (1, 34)), [Rule::WronglySoldOut], "five were there before, not after");
}

#[test]
fn goods_that_were_told_and_did_not_come_are_found() {
    let rules = found(|history, _| {
        history.credits[0].answer = Answer::Known(Credited { quantity: 9 });
    });
    assert_eq!(rules, [Rule::ArrivalLost]);
}

#[test]
fn two_orders_of_one_attempt_are_found() {
    let again = |order| found(move |history, _| history.restocks.push(opens(order)));
    assert_eq!(again(ORDER), [], "it was told again");
    assert_eq!(again("0d0f7ee2-6a5c-4a43-8fd4-1f6c5d2f7b60"), [Rule::OrderedTwice]);
}

#[test]
fn a_ledger_in_another_order_than_things_happened_is_found() {
    let rules = found(|history, _| {
        history.credits[0].began = Duration::from_millis(81);
        history.credits[0].ended = Duration::from_millis(85);
    });
    assert!(rules.contains(&Rule::OutOfOrder), "{rules:?}");
}

#[test]
fn an_answer_that_nothing_explains_is_found() {
    let failed = Answer::Failed("Database.Failed".to_owned());
    assert_eq!(found(|h, _| h.purchases[0].answer = failed), [Rule::Unexpected]);
    let unknown = Answer::Known(Sale::UnknownProduct);
    assert_eq!(found(|h, _| h.purchases[2].answer = unknown), [Rule::Unexpected]);
}
