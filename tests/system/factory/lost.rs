//! Orders that the factory accepted and lost.

use factory_simulator::Fault;
use operations::redrive::redrive;

use system_testkit::{FIRST_RESTOCK, Orders, SECOND_RESTOCK, SHORT_WAIT, System};

async fn assert_second_attempt_restocks(fault: Fault) {
    let system = System::with(0, SHORT_WAIT).await;
    system.set_fault(fault, Orders::Next(1)).await;
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "SUCCEEDED");
    let rows = system.order_rows().await;
    let arrived: Vec<_> = rows.iter().map(|row| (row.attempt, row.arrived_quantity)).collect();
    assert_eq!(arrived, [(1, None), (2, Some(50))]);
    assert_eq!((system.factory().requests(), system.totals().await.stock), (2, 50));
    assert!(system.mails().await.is_empty(), "nothing failed");
    system.finish().await;
}

#[tokio::test]
async fn after_a_dropped_callback_a_second_attempt_restocks() {
    assert_second_attempt_restocks(Fault::DropsCallback).await;
}

#[tokio::test]
async fn after_a_crash_of_the_factory_a_second_attempt_restocks() {
    assert_second_attempt_restocks(Fault::Crashes).await;
}

#[tokio::test]
async fn if_all_attempts_are_lost_the_failure_is_reported_and_a_redrive_restocks() {
    let system = System::with(0, SHORT_WAIT).await;
    system.set_fault(Fault::DropsCallback, Orders::All).await;
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "FAILED");
    let subject = "restock CP-502101_1 failed: Restock.Exhausted";
    system.assert_reported("Restock.Exhausted", 2, subject).await;
    let mails = system.mails().await;
    assert!(mails[0].text.contains("2 orders"), "{mails:?}");
    let totals = system.totals().await;
    assert_eq!((totals.failed_restocks, totals.open_restocks, totals.production_orders), (1, 0, 2));

    system.clear_fault().await;
    let redriven = redrive(&system.queues, None, false, &mut Vec::new()).await.expect("redriven");
    assert_eq!((redriven.moved, redriven.left), (1, 0));
    assert_eq!(system.final_status(&system.restocks(), SECOND_RESTOCK).await, "SUCCEEDED");
    assert_eq!((system.factory().requests(), system.totals().await.stock), (3, 50));
    system.finish().await;
}

#[tokio::test]
async fn a_refused_second_attempt_is_reported_and_the_goods_of_the_first_are_credited_when_they_come()
 {
    let system = System::with(0, SHORT_WAIT).await;
    system.set_fault(Fault::HoldsCallback, Orders::All).await;
    system.buy_sold_out().await;
    let callback = system.callback(1).await;
    system.set_fault(Fault::Answers400NotTaken, Orders::All).await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "FAILED");
    system.assert_reported("Factory.Refused", 2, "Factory.Refused").await;

    assert_eq!(system.call_back(&callback).await, 200);
    system.wait_for_arrivals(50).await;
    system.finish().await;
}
