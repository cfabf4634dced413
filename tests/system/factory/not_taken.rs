//! Orders that the factory certainly did not take: they are sent again, until the retries are used up.

use factory_simulator::Fault;
use operations::redrive::redrive;

use system_testkit::{FIRST_RESTOCK, Orders, SECOND_RESTOCK, System, entered_states, task_errors};

/// One request, and six retries.
const REQUESTS: usize = 7;

/// The factory refuses two requests and takes the third.
async fn assert_order_is_repeated(fault: Fault) {
    let system = System::with_stock(0).await;
    system.set_fault(fault, Orders::Next(2)).await;
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "SUCCEEDED");
    assert_eq!((system.factory().requests(), system.factory().orders().len()), (3, 1));
    assert_ordered_once(&system).await;
    system.finish().await;
}

/// There is one production order, and its goods came. Only `Factory.Unavailable` went wrong.
async fn assert_ordered_once(system: &System) {
    let history = system.history(&system.restocks(), FIRST_RESTOCK).await;
    assert_eq!(
        (entered_states(&history)["PlaceOrder"], entered_states(&history)["AwaitCompletion"]),
        (1, 1)
    );
    let errors = task_errors(&history);
    assert!(!errors.is_empty() && errors.iter().all(|e| *e == "Factory.Unavailable"), "{errors:?}");
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.arrived, totals.production_orders), (50, 50, 1));
    assert!(system.mails().await.is_empty(), "nothing failed");
}

#[tokio::test]
async fn an_order_answered_429_is_sent_again_until_the_factory_takes_it() {
    assert_order_is_repeated(Fault::Answers429NotTaken).await;
}

#[tokio::test]
async fn an_order_answered_503_is_sent_again_until_the_factory_takes_it() {
    assert_order_is_repeated(Fault::Answers503NotTaken).await;
}

#[tokio::test]
async fn an_order_that_cannot_connect_is_sent_again_until_the_factory_takes_it() {
    let system = System::with_stock(0).await;
    system.set_fault(Fault::RefusesConnections, Orders::All).await;
    system.buy_sold_out().await;
    system.wait_for_task_error(&system.restocks(), FIRST_RESTOCK, "Factory.Unavailable").await;
    system.clear_fault().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "SUCCEEDED");
    assert_eq!((system.factory().requests(), system.factory().orders().len()), (1, 1));
    assert_ordered_once(&system).await;
    system.finish().await;
}

/// The factory receives this many requests. Then the failure is reported, and a redrive restocks.
async fn assert_given_up(fault: Fault, requests: usize) {
    let system = System::with_stock(0).await;
    system.hurry_retries().await;
    system.set_fault(fault, Orders::All).await;
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "FAILED");
    assert_eq!((system.factory().requests(), system.factory().orders().len()), (requests, 0));
    let history = system.history(&system.restocks(), FIRST_RESTOCK).await;
    assert_eq!(task_errors(&history), vec!["Factory.Unavailable"; REQUESTS]);
    let totals = system.totals().await;
    assert_eq!((totals.failed_restocks, totals.open_restocks, totals.arrived), (1, 0, 0));
    let subject = "restock CP-502101_1 failed: Factory.Unavailable";
    system.assert_reported("Factory.Unavailable", 2, subject).await;

    system.clear_fault().await;
    let redriven = redrive(&system.queues, None, false, &mut Vec::new()).await.expect("redriven");
    assert_eq!((redriven.moved, redriven.left), (1, 0));
    assert_eq!(system.final_status(&system.restocks(), SECOND_RESTOCK).await, "SUCCEEDED");
    assert_eq!(system.totals().await.stock, 50);
    assert!(system.dead_letters().await.is_empty(), "the dead letter was moved");
    system.finish().await;
}

#[tokio::test]
async fn an_order_that_is_always_answered_429_is_reported_and_a_redrive_restocks() {
    assert_given_up(Fault::Answers429NotTaken, REQUESTS).await;
}

#[tokio::test]
async fn an_order_that_is_always_answered_503_is_reported_and_a_redrive_restocks() {
    assert_given_up(Fault::Answers503NotTaken, REQUESTS).await;
}

#[tokio::test]
async fn an_order_that_can_never_connect_is_reported_and_a_redrive_restocks() {
    assert_given_up(Fault::RefusesConnections, 0).await;
}
