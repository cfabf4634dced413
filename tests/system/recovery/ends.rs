//! Executions that end without being able to report: EventBridge tells operations.

use factory_simulator::Fault;
use operations::redrive::redrive;
use serde_json::{Value, json};

use crate::callbacks;
use system_testkit::{cloud::PATIENT, cloud::System, observe::FIRST, observe::SECOND};
use testkit::database::SKU;

/// The restock is closed as failed, and its execution stopped before anybody was told.
async fn closed_and_stopped() -> System {
    let system = System::with(0, PATIENT).await;
    system.factory_misbehaves(Fault::Answers400NotTaken).await;
    system.throttle("report").await;
    // So that it does not try again before it is stopped.
    system.scale_retries(1e6).await;
    system.find_sold_out().await;
    system.fails_in_a_task(&system.restocks(), FIRST, "Lambda.TooManyRequestsException").await;
    assert_eq!(system.totals().await.failed_restocks, 1);
    system.unthrottle("report").await;
    system.scale_retries(1.0).await;
    assert!(system.mails().await.is_empty());
    system.abort(&system.restocks(), FIRST).await;
    system
}

#[tokio::test]
async fn an_execution_that_is_stopped_before_it_reports_is_told_of_and_redriven() {
    let system = closed_and_stopped().await;
    system.letters(1).await;
    let said = format!("restock {FIRST} ended without a report: Execution.Aborted");
    system.is_mailed(&said).await;
    system.operations_are_told("Execution.Aborted", 2, &said).await;

    system.factory().behave().await.expect("a good factory");
    let moved = redrive(&system.queues, None, false, &mut Vec::new()).await.expect("a redrive");
    assert_eq!((moved.moved, moved.left), (1, 0));
    assert_eq!(system.ended(&system.restocks(), SECOND).await, "SUCCEEDED");
    assert_eq!(system.totals().await.stock, 50);
    system.finish().await;
}

#[tokio::test]
async fn an_execution_that_is_stopped_while_it_waits_is_told_of() {
    let (system, callback) = callbacks::good::waiting().await;
    system.abort(&system.restocks(), FIRST).await;
    let letters = system.letters(1).await;
    let body: Value = serde_json::from_str(&letters[0].body).expect("JSON");
    let again = json!({"sku": SKU, "restock_cycle": 2, "stock": null, "reason": "redrive"});
    assert_eq!(body, again);
    let mail = system.is_mailed("Execution.Aborted").await;
    assert!(mail.text.contains(":execution:restock:CP-502101_1\n"), "{mail:?}");
    assert!(
        mail.text.contains("no other restock of CP-502101 can start until the sweep has closed it")
    );

    assert_eq!(system.call_back(&callback).await, 202);
    system.arrived(50).await;
    system.finish().await;
}

#[tokio::test]
async fn a_callback_whose_execution_is_stopped_is_told_of_with_how_to_deal_with_it() {
    let (system, callback) = callbacks::good::waiting().await;
    system.throttle("record-arrival").await;
    assert_eq!(system.call_back(&callback).await, 202);
    let order = callback.order();
    system.abort(&system.completions(), &order).await;
    let said = format!("the callback for order {order} ended without a report");
    let mail = system.is_mailed(&said).await;
    let again = format!("--name {order}_again --input '{{\"production_order\":\"{order}\"");
    assert!(mail.text.contains(&again), "{mail:?}");
    assert!(system.dead_letters().await.is_empty(), "nothing is to be ordered again");

    system.unthrottle("record-arrival").await;
    assert_eq!(system.call_back(&callback).await, 202);
    system.arrived(50).await;
    system.finish().await;
}
