//! Stock in several buckets.

use domain::{MovementKind, Stock};
use uuid::Uuid;
use warehouse::{ChangeRequest, Changed, StockMovement};

use super::{
    super::*,
    fixtures::{buys, exchange, moved_in, sku, sold, sold_out},
};
use crate::workload::set_buckets;

/// A movement that is not the first row of its transaction.
fn part(part: u8, movement: StockMovement) -> StockMovement {
    StockMovement { part, ..movement }
}

fn in_bucket(bucket: u8, reference: &str, quantity: i64, stock_after: i64) -> StockMovement {
    moved_in(bucket, MovementKind::Sale, reference, quantity, stock_after)
}

fn changes(when: (u64, u64)) -> Exchange<ChangeRequest, Changed> {
    let two = 2.try_into().expect("a number");
    let request = ChangeRequest { id: Uuid::nil(), ..set_buckets(&sku(), two).expect("a change") };
    let changed = Changed { sku: Some(sku()), stock: Some(Stock::new(0)), repeated: false };
    exchange(request, when, Response::Received(changed))
}

/// The opening stock is 5 + 5. anna buys 4 from bucket 0, which leaves 1 + 5. Then the buckets are levelled: 3 + 3. bob buys
/// 5, more than a bucket holds. carl wants 2 then, and is refused.
fn correct_round() -> (History, FinalState) {
    let opening = |bucket| moved_in(bucket, MovementKind::Count, "opening", 5, 5);
    let moved = |bucket, quantity| {
        moved_in(bucket, MovementKind::Move, &Uuid::nil().to_string(), quantity, 3)
    };
    let history = History {
        openings: [(sku(), ("opening".to_owned(), Stock::new(10)))].into(),
        purchases: vec![
            buys("anna", 4, (10, 20), sold(6)),
            buys("bob", 5, (40, 50), sold(1)),
            buys("carl", 2, (60, 70), sold_out(1)),
        ],
        bucket_changes: vec![changes((25, 30))],
        ..History::default()
    };
    let movements = vec![
        opening(0),
        part(1, opening(1)),
        in_bucket(0, "anna", -4, 1),
        moved(0, 2),
        part(1, moved(1, -2)),
        in_bucket(0, "bob", -3, 0),
        part(1, in_bucket(1, "bob", -2, 1)),
    ];
    (history, FinalState { stocks: [(sku(), 1)].into(), movements })
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
fn a_correct_round_in_two_buckets_has_no_violation() {
    assert_eq!(found(|_, _| {}), []);
}

#[test]
fn the_order_of_the_ledger_does_not_count_across_buckets() {
    assert_eq!(found(|_, state| state.movements.swap(5, 6)), []);
    let swapped = found(|_, state| state.movements.swap(3, 5));
    assert_eq!(swapped, [Rule::Oversold, Rule::NotExplained, Rule::OutOfOrder]);
}

#[test]
fn the_moment_of_one_part_is_that_of_the_others() {
    // carl buys from bucket 1 before bob does, and bob has his response before carl begins.
    let rules = found(|history, state| {
        history.purchases[2] = buys("carl", 1, (60, 70), sold(0));
        state.movements.insert(6, in_bucket(1, "carl", -1, 2));
        state.movements[7].stock_after = 0;
        state.stocks.insert(sku(), 0);
    });
    assert!(rules.contains(&Rule::OutOfOrder), "{rules:?}");
}

#[test]
fn a_refusal_because_of_one_bucket_is_found() {
    let refused = |quantity, when, left| {
        found(move |h, _| h.purchases.push(buys("dora", quantity, when, sold_out(left))))
    };
    assert_eq!(refused(6, (21, 24), 6), [Rule::WronglySoldOut], "the buckets held 1 and 5");
    assert_eq!(refused(7, (21, 24), 6), [], "the buckets held 6 together");
    assert_eq!(refused(4, (31, 39), 6), [Rule::WronglySoldOut], "the buckets held 3 and 3");
    assert_eq!(refused(6, (12, 14), 6), [Rule::WronglySoldOut], "anna left 6");
    assert_eq!(refused(2, (45, 48), 1), [], "bob may have been sold");
    assert_eq!(refused(2, (45, 48), 2), [Rule::WronglySoldOut], "the stock was never two");
}

/// At each moment there are 5 units. Bucket 0 was empty before they were moved, and bucket 1 afterwards.
#[test]
fn a_refusal_because_each_bucket_was_empty_at_another_moment_is_found() {
    let rules = found(|history, state| {
        history.bucket_changes = vec![changes((25, 26))];
        history.purchases =
            vec![buys("anna", 5, (1, 2), sold(5)), buys("bob", 1, (10, 50), sold_out(5))];
        let movements = &mut state.movements;
        movements.truncate(2);
        movements.push(in_bucket(0, "anna", -5, 0));
        let moved = |bucket, quantity, left| {
            moved_in(bucket, MovementKind::Move, &Uuid::nil().to_string(), quantity, left)
        };
        movements.extend([moved(0, 5, 5), part(1, moved(1, -5, 0))]);
        state.stocks.insert(sku(), 5);
    });
    assert_eq!(rules, [Rule::WronglySoldOut]);
}

#[test]
fn a_sale_answers_with_the_stock_of_a_later_moment_of_its_request() {
    let answered = |stock| found(move |h, _| h.purchases[1].response = sold(stock));
    assert_eq!(answered(1), []);
    assert_eq!(answered(0), [], "the stock that it left in bucket 0");
    assert_eq!(
        answered(4),
        [Rule::SoldWithoutSale],
        "bob takes 2 from bucket 1, and 3 from bucket 0"
    );
}

#[test]
fn a_wrong_stock_of_one_bucket_is_found() {
    let rules = found(|_, state| state.movements[2].stock_after = 6);
    assert!(rules.contains(&Rule::NotExplained), "{rules:?}");
}

#[test]
fn a_sale_that_lacks_a_part_is_found() {
    let rules = found(|_, state| {
        state.movements.pop();
        state.stocks.insert(sku(), 3);
    });
    assert_eq!(rules, [Rule::NotRequested, Rule::SoldWithoutSale, Rule::WronglySoldOut]);
}

#[test]
fn a_sale_that_is_made_again_in_another_bucket_is_found() {
    let rules = found(|_, state| {
        state.movements.insert(3, in_bucket(1, "anna", -4, 1));
        state.movements[5].quantity = 2;
        state.stocks.insert(sku(), 1);
    });
    assert!(rules.contains(&Rule::MovedTwice), "{rules:?}");
}

#[test]
fn a_move_that_adds_goods_is_found() {
    let rules = found(|_, state| {
        state.movements[3] =
            StockMovement { quantity: 3, stock_after: 4, ..state.movements[3].clone() };
        state.movements[5].stock_after = 1;
        state.stocks.insert(sku(), 2);
    });
    assert!(rules.contains(&Rule::NotRequested), "{rules:?}");
}
