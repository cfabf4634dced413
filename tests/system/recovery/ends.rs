//! Executions that end without reporting: an EventBridge rule reports them.

use factory_simulator::Fault;
use operations::redrive::redrive;
use serde_json::{Value, json};

use crate::callbacks;
use system_testkit::{FIRST_RESTOCK, LONG_WAIT, Orders, SECOND_RESTOCK, System};
use testkit::database::SKU;

/// A system whose first restock is closed as failed, and whose execution was stopped before it reported.
async fn closed_and_stopped() -> System {
    let system = System::with(0, LONG_WAIT).await;
    system.set_fault(Fault::Answers400NotTaken, Orders::All).await;
    system.throttle(&["report"]).await;
    // It must not retry before it is stopped.
    system.scale_retry_delays(1e6).await;
    system.buy_sold_out().await;
    system
        .wait_for_task_error(&system.restocks(), FIRST_RESTOCK, "Lambda.TooManyRequestsException")
        .await;
    assert_eq!(system.totals().await.failed_restocks, 1);
    system.unthrottle(&["report"]).await;
    system.scale_retry_delays(1.0).await;
    assert!(system.mails().await.is_empty());
    system.abort(&system.restocks(), FIRST_RESTOCK).await;
    system
}

#[tokio::test]
async fn a_restock_that_is_stopped_before_it_reports_is_reported_at_once_and_can_be_redriven() {
    let system = closed_and_stopped().await;
    system.wait_for_dead_letters(1).await;
    let subject = format!("restock {FIRST_RESTOCK} failed: Factory.Refused");
    system.wait_for_mail(&subject).await;
    system.assert_reported("Factory.Refused", 2, &subject).await;

    system.clear_fault().await;
    let moved = redrive(&system.queues, None, false, &mut Vec::new()).await.expect("a redrive");
    assert_eq!((moved.moved, moved.left), (1, 0));
    assert_eq!(system.final_status(&system.restocks(), SECOND_RESTOCK).await, "SUCCEEDED");
    assert_eq!(system.totals().await.stock, 50);
    system.finish().await;
}

#[tokio::test]
async fn a_restock_that_is_stopped_during_its_wait_is_closed_and_reported_at_once() {
    let (system, callback) = callbacks::good::waiting().await;
    system.abort(&system.restocks(), FIRST_RESTOCK).await;
    let letters = system.wait_for_dead_letters(1).await;
    let body: Value = serde_json::from_str(&letters[0].body).expect("JSON");
    let again = json!({"sku": SKU, "restock_cycle": 2, "stock": 0, "reason": "redrive"});
    assert_eq!(body, again);
    let mail = system.wait_for_mail("restock CP-502101_1 failed: Restock.Abandoned").await;
    assert!(mail.text.contains(":execution:restock:CP-502101_1\n"), "{mail:?}");
    let totals = system.totals().await;
    assert_eq!((totals.open_restocks, totals.failed_restocks), (0, 1));
    assert_eq!(system.restock_names().await, [FIRST_RESTOCK], "the next restock has time");

    assert_eq!(system.call_back(&callback).await, 200);
    system.wait_for_arrivals(50).await;
    system.finish().await;
}

#[tokio::test]
async fn a_stopped_completion_is_reported_with_the_command_that_starts_it_again() {
    let (system, callback) = callbacks::good::waiting().await;
    system.throttle(&["record-arrival"]).await;
    assert_eq!(system.call_back(&callback).await, 200);
    let order = callback.order();
    system.abort(&system.completions(), &order).await;
    let subject = format!("the callback for order {order} ended without a report");
    let mail = system.wait_for_mail(&subject).await;
    let again = format!("--name {order}_$(date +%s) --input '{{\"production_order\":\"{order}\"");
    assert!(mail.text.contains(&again), "{mail:?}");
    assert!(system.dead_letters().await.is_empty(), "nothing must be ordered again");

    system.unthrottle(&["record-arrival"]).await;
    assert_eq!(system.call_back(&callback).await, 200);
    system.wait_for_arrivals(50).await;
    system.finish().await;
}

/// An expression that cannot be evaluated.
const BROKEN: &str = "{% $number('many') = 1 %}";

#[tokio::test]
async fn a_completion_that_fails_where_nothing_is_caught_is_reported_once() {
    let (system, callback) = callbacks::good::waiting().await;
    let completions = system.completions();
    let choice = "/States/WhatIsIt/Choices/0/Condition";
    let definition = system.change_expression("completion", choice, BROKEN).await;
    assert_eq!(system.call_back(&callback).await, 200);
    let order = callback.order();
    let ended = system.ended(&completions, &order).await;
    assert_eq!(ended.error(), Some("States.QueryEvaluationError"));
    let subject =
        format!("the callback for order {order} ended without a report: Execution.Failed");
    let mail = system.wait_for_mail(&subject).await;
    assert!(mail.text.contains(ended.execution_arn()), "{mail:?}");

    system.deploy_definition("completion", &definition).await;
    assert_eq!(system.call_back(&callback).await, 200);
    system.wait_for_arrivals(50).await;
    system.wait_until_mails_are_sent().await;
    assert_eq!(system.mails().await.len(), 1);
    system.finish().await;
}

#[tokio::test]
async fn a_completion_whose_definition_reports_the_failure_is_not_reported_again() {
    let (system, callback) = callbacks::good::waiting().await;
    let completions = system.completions();
    let task = "/States/RecordArrival/Output";
    let definition = system.change_expression("completion", task, BROKEN).await;
    assert_eq!(system.call_back(&callback).await, 200);
    let order = callback.order();
    let ended = system.ended(&completions, &order).await;
    let reported_by_event_bridge =
        system::System::read().expect("system.json").reports_of_ended_executions.errors;
    let error = ended.error().expect("an error").to_owned();
    assert_eq!(error, "States.TaskFailed");
    assert!(!reported_by_event_bridge.contains(&error), "{error} is reported again");
    let mail = system.wait_for_mail(&format!("the callback for order {order} failed")).await;
    assert!(mail.text.contains("States.QueryEvaluationError"), "{mail:?}");

    system.deploy_definition("completion", &definition).await;
    assert_eq!(system.call_back(&callback).await, 200);
    system.wait_for_arrivals(50).await;
    system.wait_until_mails_are_sent().await;
    assert_eq!(system.mails().await.len(), 1);
    system.finish().await;
}
