//! The check accepts a correct history, and rejects the same history with one error.

use super::*;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn moves(number: usize, reference: &str, quantity: i64, stock_after: i64, began: u64) -> Timed {
    let moved = Moved { quantity, stock_after };
    let ended = if number == 0 { Duration::ZERO } else { Duration::MAX };
    (Operation::Move { number, reference: reference.to_owned(), moved }, ms(began), ended)
}

fn sold(reference: &str, quantity: i64, stock_after: i64) -> Operation {
    Operation::Sold { reference: reference.to_owned(), quantity, stock_after }
}

fn sold_out(reference: &str, quantity: i64) -> Operation {
    Operation::SoldOut { reference: reference.to_owned(), quantity }
}

fn reused(reference: &str, quantity: i64) -> Operation {
    Operation::KeyReused { reference: reference.to_owned(), quantity }
}

fn credited(quantity: i64) -> Operation {
    Operation::Credited { reference: "order".to_owned(), quantity }
}

/// Opens with 5 units. `a` buys 3, `b` buys 4 of the 10 that arrive, and the response to `c` is lost.
fn movements() -> Vec<Timed> {
    vec![
        moves(0, "opening", 5, 5, 0),
        moves(1, "a", -3, 2, 10),
        moves(2, "order", 10, 12, 29),
        moves(3, "b", -4, 8, 21),
        moves(4, "c", -1, 7, 55),
    ]
}

fn observations() -> Vec<Timed> {
    let at = |operation, began, ended| (operation, ms(began), ms(ended));
    vec![
        at(sold("a", 3, 2), 10, 20),
        at(sold("a", 3, 2), 12, 40),
        at(reused("a", 1), 41, 42),
        at(sold_out("b", 4), 21, 30),
        at(credited(10), 29, 50),
        at(sold("b", 4, 8), 45, 60),
    ]
}

fn is_explained(movements: &[Timed], observations: Vec<Timed>, final_stock: i64) -> bool {
    unexplained(movements, observations, final_stock).is_none()
}

#[test]
fn a_history_with_repeats_refusals_and_a_lost_response_is_linearizable() {
    assert!(is_explained(&movements(), observations(), 7));
}

#[test]
fn each_wrong_response_is_noticed() {
    let wrong = [
        (0, sold("a", 3, 1), "another stock"),
        (0, sold("a", 2, 2), "another quantity"),
        (1, sold_out("a", 3), "the sale is forgotten"),
        (2, reused("a", 3), "the same request"),
        (2, reused("z", 3), "an id that was never used"),
        (3, sold_out("b", 1), "sold out with sufficient stock"),
        (4, credited(9), "another quantity is credited"),
        (5, sold("z", 4, 8), "sold, but not in the ledger"),
        (5, Operation::Impossible, "a response that no product gives"),
    ];
    for (index, operation, what) in wrong {
        let mut observations = observations();
        observations[index].0 = operation;
        assert!(!is_explained(&movements(), observations, 7), "{what}");
    }
    assert!(!is_explained(&movements(), observations(), 8), "another final stock");
    assert!(!is_explained(&movements(), Vec::new(), 8), "another final stock, and no response");
}

#[test]
fn a_response_that_knows_the_future_or_forgets_the_past_is_noticed() {
    let moved_to = |index: usize, began, ended| {
        let mut observations = observations();
        (observations[index].1, observations[index].2) = (ms(began), ms(ended));
        observations
    };
    assert!(!is_explained(&movements(), moved_to(3, 61, 70), 7), "sold out after the credit");
    assert!(!is_explained(&movements(), moved_to(5, 22, 28), 7), "sold before the arrival");
}

#[test]
fn two_responses_that_see_the_stock_go_back_in_time_are_noticed() {
    let mut observations = observations();
    observations.push((sold_out("d", 3), ms(51), ms(52)));
    observations.push((sold("c", 1, 7), ms(55), ms(56)));
    assert!(!is_explained(&movements(), observations, 7));
}

#[test]
fn each_wrong_ledger_is_noticed() {
    let changed = |index: usize, movement: Timed| {
        let mut movements = movements();
        movements[index] = movement;
        movements
    };
    let wrong = [
        (changed(2, moves(2, "order", 10, 22, 29)), "a movement that does not leave its stock"),
        (changed(3, moves(3, "a", -4, 8, 21)), "a second movement of one reference"),
        (changed(1, moves(1, "a", -3, 2, 30)), "a sale that was requested after its response"),
        (changed(4, moves(4, "c", -9, -1, 55)), "a stock below zero"),
    ];
    for (movements, what) in wrong {
        assert!(!is_explained(&movements, observations(), 7), "{what}");
    }
}
