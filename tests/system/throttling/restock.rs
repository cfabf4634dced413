//! A restock whose steps cannot be run.

use factory_simulator::Fault;

use super::{ONE_ATTEMPT, THROTTLED};
use crate::{callbacks::good::is_restocked_with, callbacks::good::waiting};
use system_testkit::{
    cloud::PATIENT, cloud::System, cloud::eventually, observe::FIRST, observe::SECOND,
    observe::entered, observe::task_errors,
};

#[tokio::test]
async fn a_restock_that_cannot_be_opened_is_reported_and_the_sweep_begins_it_later() {
    let system = System::with(0, PATIENT).await;
    system.cannot_run(&["open-restock"]).await;
    system.find_sold_out().await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "FAILED");
    system.operations_are_told(THROTTLED, 1, "restock CP-502101_1 failed").await;
    let history = system.history(&system.restocks(), FIRST).await;
    assert_eq!(task_errors(&history), [THROTTLED; 7], "one attempt, and six more");
    assert_eq!(system.factory().requests(), 0);

    system.can_run(&["open-restock"]).await;
    let restocked = async || system.totals().await.stock == 50;
    system.sweeps_until("the product is restocked", restocked).await;
    system.finish().await;
}

/// Its process is ended while the factory has its order: nobody knows that it has.
#[tokio::test]
async fn an_order_whose_function_is_ended_meanwhile_is_not_sent_again_and_its_goods_are_credited() {
    let system = System::with(0, PATIENT).await;
    let configure = system.cloud.clients.functions.update_function_configuration();
    configure.function_name("place-order").timeout(1).send().await.expect("a shorter time");
    system.factory_misbehaves(Fault::HangsThoughTaken).await;
    system.find_sold_out().await;
    is_restocked_with(&system, 50).await;
    let history = system.history(&system.restocks(), FIRST).await;
    assert_eq!(task_errors(&history)[0], "Sandbox.Timedout");
    assert_eq!(system.factory().requests(), 1);
    // Not by `finish`: a function that is ended leaves no line in its log.
    system.nothing_is_that_must_never_be().await;
    system.cloud.stop().await;
}

#[tokio::test]
async fn a_wait_that_cannot_begin_is_reported_and_the_goods_are_credited_when_they_come() {
    let system = System::with(0, ONE_ATTEMPT).await;
    system.factory_misbehaves(Fault::HoldsCallback).await;
    system.cannot_run(&["await-completion"]).await;
    system.find_sold_out().await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "FAILED");
    system.operations_are_told(THROTTLED, 2, "restock CP-502101_1 failed").await;
    system.can_run(&["await-completion"]).await;
    assert_eq!(system.call_back(&system.callback(1).await).await, 202);
    system.arrived(50).await;
    system.finish().await;
}

#[tokio::test]
async fn goods_that_cannot_be_credited_are_credited_when_the_restock_is_closed() {
    let (system, callback) = waiting().await;
    system.cannot_run(&["increment-stock"]).await;
    assert_eq!(system.call_back(&callback).await, 202);
    is_restocked_with(&system, 50).await;
    assert_eq!(system.output(&system.restocks(), FIRST).await["outcome"], "restocked");
    let history = system.history(&system.restocks(), FIRST).await;
    assert_eq!(entered(&history)["CompletedAfterAll"], 1);
    assert!(system.mails().await.is_empty(), "nothing has failed");
    system.finish().await;
}

#[tokio::test]
async fn a_restock_succeeds_though_nobody_can_be_told_that_it_does_again() {
    let system = System::with(0, PATIENT).await;
    system.factory_misbehaves_for(Fault::Answers400NotTaken, 1).await;
    system.find_sold_out().await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "FAILED");
    system.operations_are_told("Factory.Refused", 2, "restock CP-502101_1 failed").await;

    system.cannot_run(&["report"]).await;
    system.sweep().await;
    assert_eq!(system.output(&system.restocks(), SECOND).await["outcome"], "restocked");
    assert_eq!((system.totals().await.stock, system.mails().await.len()), (50, 1));
    system.finish().await;
}

#[tokio::test]
async fn a_restock_that_cannot_be_closed_or_reported_fails_under_its_first_error() {
    let system = System::with(0, PATIENT).await;
    system.factory_misbehaves(Fault::Answers400NotTaken).await;
    system.cannot_run(&["close-restock", "report"]).await;
    system.find_sold_out().await;
    let ended = system.described(&system.restocks(), FIRST).await;
    assert_eq!((ended.status().as_str(), ended.error()), ("FAILED", Some("Factory.Refused")));
    let history = system.history(&system.restocks(), FIRST).await;
    assert_eq!(task_errors(&history)[1..], [THROTTLED; 14]);
    assert!(system.mails().await.is_empty(), "nobody could be told");
    assert_eq!(system.totals().await.open_restocks, 1);
    system.stop().await;
}

#[tokio::test]
async fn a_message_that_cannot_be_reported_stands_in_the_execution_that_fails() {
    let system = System::with(20, PATIENT).await;
    system.cannot_run(&["report"]).await;
    system.send("no depletion").await;
    let name = eventually("an execution was started", async || {
        system.restock_names().await.into_iter().next()
    })
    .await;
    let ended = system.described(&system.restocks(), &name).await;
    assert_eq!((ended.status().as_str(), ended.error()), ("FAILED", Some(THROTTLED)));
    assert!(ended.input().is_some_and(|input| input.contains("no depletion")), "{ended:?}");
    system.stop().await;
}
