//! Orders that the factory took and lost.

use factory_simulator::Fault;
use operations::redrive::redrive;

use system_testkit::{cloud::System, observe::BRISK, observe::FIRST, observe::SECOND};

async fn is_made_up_for_by_a_second_attempt(fault: Fault) {
    let system = System::with(0, BRISK).await;
    system.factory_misbehaves_for(fault, 1).await;
    system.find_sold_out().await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "SUCCEEDED");
    let rows = system.order_rows().await;
    let arrived: Vec<_> = rows.iter().map(|row| (row.attempt, row.arrived_quantity)).collect();
    assert_eq!(arrived, [(1, None), (2, Some(50))]);
    assert_eq!((system.factory().requests(), system.totals().await.stock), (2, 50));
    assert!(system.mails().await.is_empty(), "nothing has failed");
    system.finish().await;
}

#[tokio::test]
async fn an_order_whose_callback_is_dropped_is_made_up_for_by_a_second_attempt() {
    is_made_up_for_by_a_second_attempt(Fault::DropsCallback).await;
}

#[tokio::test]
async fn an_order_that_is_lost_in_a_crash_is_made_up_for_by_a_second_attempt() {
    is_made_up_for_by_a_second_attempt(Fault::Crashes).await;
}

#[tokio::test]
async fn when_all_attempts_are_lost_operations_are_told_and_a_redrive_restocks() {
    let system = System::with(0, BRISK).await;
    system.factory_misbehaves(Fault::DropsCallback).await;
    system.find_sold_out().await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "FAILED");
    let subject = "restock CP-502101_1 failed: Restock.Exhausted";
    system.operations_are_told("Restock.Exhausted", 2, subject).await;
    let mails = system.mails().await;
    assert!(mails[0].text.contains("2 orders"), "{mails:?}");
    let totals = system.totals().await;
    assert_eq!((totals.failed_restocks, totals.open_restocks, totals.production_orders), (1, 0, 2));

    system.factory().behave().await.expect("a factory that behaves");
    let redriven = redrive(&system.queues, None, false, &mut Vec::new()).await.expect("redriven");
    assert_eq!((redriven.moved, redriven.left), (1, 0));
    assert_eq!(system.ended(&system.restocks(), SECOND).await, "SUCCEEDED");
    assert_eq!((system.factory().requests(), system.totals().await.stock), (3, 50));
    system.finish().await;
}

#[tokio::test]
async fn an_order_that_was_refused_for_good_by_the_second_attempt_is_reported_and_the_first_may_still_come()
 {
    let system = System::with(0, BRISK).await;
    system.factory_misbehaves(Fault::HoldsCallback).await;
    system.find_sold_out().await;
    let callback = system.callback(1).await;
    system.factory_misbehaves(Fault::Answers400NotTaken).await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "FAILED");
    system.operations_are_told("Factory.Refused", 2, "Factory.Refused").await;

    assert_eq!(system.call_back(&callback).await, 202);
    system.arrived(50).await;
    system.finish().await;
}
