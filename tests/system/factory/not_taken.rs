//! Orders that were certainly not taken: sent again, until they are or until it is enough.

use factory_simulator::Fault;
use operations::redrive::redrive;

use system_testkit::{
    cloud::System, observe::FIRST, observe::SECOND, observe::entered, observe::task_errors,
};

/// The first time, and six retries.
const TIMES: usize = 7;

/// Refuses two orders, and takes the third.
async fn is_asked_until_it_takes(fault: Fault) {
    let system = System::with_stock(0).await;
    system.factory_misbehaves_for(fault, 2).await;
    system.find_sold_out().await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "SUCCEEDED");
    assert_eq!((system.factory().requests(), system.factory().orders().len()), (3, 1));
    was_ordered_once(&system).await;
    system.finish().await;
}

/// One production order, whose goods came; the factory was not available, and nothing else was wrong.
async fn was_ordered_once(system: &System) {
    let history = system.history(&system.restocks(), FIRST).await;
    assert_eq!((entered(&history)["PlaceOrder"], entered(&history)["AwaitCompletion"]), (1, 1));
    let errors = task_errors(&history);
    assert!(!errors.is_empty() && errors.iter().all(|e| *e == "Factory.Unavailable"), "{errors:?}");
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.arrived, totals.production_orders), (50, 50, 1));
    assert!(system.mails().await.is_empty(), "nothing has failed");
}

#[tokio::test]
async fn a_factory_that_answers_429_is_asked_again_until_it_takes_the_order() {
    is_asked_until_it_takes(Fault::Answers429NotTaken).await;
}

#[tokio::test]
async fn a_factory_that_answers_503_is_asked_again_until_it_takes_the_order() {
    is_asked_until_it_takes(Fault::Answers503NotTaken).await;
}

#[tokio::test]
async fn a_factory_that_refuses_connections_is_asked_again_until_it_takes_the_order() {
    let system = System::with_stock(0).await;
    system.factory_misbehaves(Fault::RefusesConnections).await;
    system.find_sold_out().await;
    system.fails_in_a_task(&system.restocks(), FIRST, "Factory.Unavailable").await;
    system.factory().behave().await.expect("a factory that behaves");
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "SUCCEEDED");
    assert_eq!((system.factory().requests(), system.factory().orders().len()), (1, 1));
    was_ordered_once(&system).await;
    system.finish().await;
}

/// Is asked so often, then operations are told; what they redrive is restocked.
async fn is_given_up(fault: Fault, requests: usize) {
    let system = System::with_stock(0).await;
    system.hurry_retries().await;
    system.factory_misbehaves(fault).await;
    system.find_sold_out().await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "FAILED");
    assert_eq!((system.factory().requests(), system.factory().orders().len()), (requests, 0));
    let history = system.history(&system.restocks(), FIRST).await;
    assert_eq!(task_errors(&history), vec!["Factory.Unavailable"; TIMES]);
    let totals = system.totals().await;
    assert_eq!((totals.failed_restocks, totals.open_restocks, totals.arrived), (1, 0, 0));
    let subject = "restock CP-502101_1 failed: Factory.Unavailable";
    system.operations_are_told("Factory.Unavailable", 2, subject).await;

    system.factory().behave().await.expect("a factory that behaves");
    let redriven = redrive(&system.queues, None, false, &mut Vec::new()).await.expect("redriven");
    assert_eq!((redriven.moved, redriven.left), (1, 0));
    assert_eq!(system.ended(&system.restocks(), SECOND).await, "SUCCEEDED");
    assert_eq!(system.totals().await.stock, 50);
    assert!(system.dead_letters().await.is_empty(), "it was moved");
    system.finish().await;
}

#[tokio::test]
async fn a_factory_that_keeps_answering_429_is_reported_and_the_dead_letter_restocks_later() {
    is_given_up(Fault::Answers429NotTaken, TIMES).await;
}

#[tokio::test]
async fn a_factory_that_keeps_answering_503_is_reported_and_the_dead_letter_restocks_later() {
    is_given_up(Fault::Answers503NotTaken, TIMES).await;
}

#[tokio::test]
async fn a_factory_that_keeps_refusing_connections_is_reported_and_the_dead_letter_restocks_later()
{
    is_given_up(Fault::RefusesConnections, 0).await;
}
