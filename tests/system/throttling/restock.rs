//! A restock whose steps cannot run.

use factory_simulator::Fault;

use super::{ONE_ATTEMPT, REPORT_COULD_NOT_RUN, THROTTLED};
use crate::callbacks::good::{assert_restocked_with, waiting};
use system_testkit::{
    Check, FIRST_RESTOCK, LONG_WAIT, Orders, SECOND_RESTOCK, System, entered_states, eventually,
    task_errors,
};

#[tokio::test]
async fn a_restock_that_cannot_be_opened_is_reported_and_the_sweep_starts_it_later() {
    let system = System::with(0, LONG_WAIT).await;
    system.throttle_and_hurry_retries(&["open-restock"]).await;
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "FAILED");
    system.assert_reported(THROTTLED, 2, "restock CP-502101_1 failed").await;
    let history = system.history(&system.restocks(), FIRST_RESTOCK).await;
    assert_eq!(task_errors(&history), [THROTTLED; 20], "one attempt, and nineteen more");
    assert_eq!(system.factory().requests(), 0);

    system.unthrottle(&["open-restock"]).await;
    let restocked = async || system.totals().await.stock == 50;
    system.sweep_until("the product is restocked", restocked).await;
    system.finish().await;
}

/// Lambda ends the process of `place-order` at its time-out, before the factory has answered.
#[tokio::test]
async fn an_order_whose_function_times_out_is_not_sent_again_and_its_goods_are_credited() {
    let system = System::with(0, LONG_WAIT).await;
    let configure = system.cloud.clients.functions.update_function_configuration();
    configure.function_name("place-order").timeout(1).send().await.expect("a shorter time-out");
    system.set_fault(Fault::HangsThoughTaken, Orders::All).await;
    system.buy_sold_out().await;
    assert_restocked_with(&system, 50).await;
    let history = system.history(&system.restocks(), FIRST_RESTOCK).await;
    assert_eq!(task_errors(&history)[0], "Sandbox.Timedout");
    assert_eq!(system.factory().requests(), 1);
    system.finish().await;
}

#[tokio::test]
async fn a_wait_that_cannot_begin_is_reported_and_the_goods_are_credited_when_they_come() {
    let system = System::with(0, ONE_ATTEMPT).await;
    system.set_fault(Fault::HoldsCallback, Orders::All).await;
    system.throttle_and_hurry_retries(&["await-completion"]).await;
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "FAILED");
    system.assert_reported(THROTTLED, 2, "restock CP-502101_1 failed").await;
    system.unthrottle(&["await-completion"]).await;
    assert_eq!(system.call_back(&system.callback(1).await).await, 200);
    system.wait_for_arrivals(50).await;
    system.finish().await;
}

#[tokio::test]
async fn goods_that_increment_stock_cannot_credit_are_credited_by_close_restock() {
    let (system, callback) = waiting().await;
    system.throttle_and_hurry_retries(&["increment-stock"]).await;
    assert_eq!(system.call_back(&callback).await, 200);
    assert_restocked_with(&system, 50).await;
    assert_eq!(system.output(&system.restocks(), FIRST_RESTOCK).await["outcome"], "restocked");
    let history = system.history(&system.restocks(), FIRST_RESTOCK).await;
    assert_eq!(entered_states(&history)["CompletedAfterAll"], 1);
    assert!(system.mails().await.is_empty(), "nothing failed");
    system.finish().await;
}

#[tokio::test]
async fn a_restock_after_a_failed_one_succeeds_without_report() {
    let system = System::with(0, LONG_WAIT).await;
    system.set_fault(Fault::Answers400NotTaken, Orders::Next(1)).await;
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "FAILED");
    system.assert_reported("Factory.Refused", 2, "restock CP-502101_1 failed").await;

    system.throttle_and_hurry_retries(&["report"]).await;
    system.sweep().await;
    assert_eq!(system.output(&system.restocks(), SECOND_RESTOCK).await["outcome"], "restocked");
    let history = system.history(&system.restocks(), SECOND_RESTOCK).await;
    assert_eq!(entered_states(&history)["ReportRecovery"], 1);
    assert!(task_errors(&history).iter().all(|error| *error == THROTTLED), "{history:?}");
    assert!(!task_errors(&history).is_empty(), "report has run");
    assert_eq!((system.totals().await.stock, system.mails().await.len()), (50, 1));
    system.finish().await;
}

#[tokio::test]
async fn a_restock_that_can_be_neither_closed_nor_reported_fails_with_its_first_error() {
    let system = System::with(0, LONG_WAIT).await;
    system.set_fault(Fault::Answers400NotTaken, Orders::All).await;
    system.throttle_and_hurry_retries(&["close-restock", "leave-dead-letter", "report"]).await;
    system.buy_sold_out().await;
    let ended = system.ended(&system.restocks(), FIRST_RESTOCK).await;
    assert_eq!((ended.status().as_str(), ended.error()), ("FAILED", Some("Factory.Refused")));
    let history = system.history(&system.restocks(), FIRST_RESTOCK).await;
    assert_eq!(task_errors(&history)[1..], [THROTTLED; 20 + 6]);
    assert!(system.mails().await.is_empty(), "report could not run");
    assert_eq!(system.totals().await.open_restocks, 1);
    system.finish_without(Check::FailuresAreMailed, REPORT_COULD_NOT_RUN).await;
}

#[tokio::test]
async fn a_failure_whose_dead_letter_cannot_be_left_is_mailed_all_the_same() {
    let system = System::with(0, LONG_WAIT).await;
    system.set_fault(Fault::Answers400NotTaken, Orders::All).await;
    system.throttle_and_hurry_retries(&["leave-dead-letter"]).await;
    system.buy_sold_out().await;
    let ended = system.ended(&system.restocks(), FIRST_RESTOCK).await;
    assert_eq!((ended.status().as_str(), ended.error()), ("FAILED", Some("Factory.Refused")));
    let mails = system.mails().await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert_eq!(mails[0].subject, "Restock: restock CP-502101_1 failed: Factory.Refused");
    assert!(system.dead_letters().await.is_empty(), "leave-dead-letter could not run");
    system.finish().await;
}

#[tokio::test]
async fn an_invalid_message_that_cannot_be_reported_is_the_input_of_the_failed_execution() {
    let system = System::with(20, LONG_WAIT).await;
    system.throttle_and_hurry_retries(&["leave-dead-letter", "report"]).await;
    system.send("no depletion").await;
    let name = eventually("an execution was started", async || {
        system.restock_names().await.into_iter().next()
    })
    .await;
    let ended = system.ended(&system.restocks(), &name).await;
    assert_eq!((ended.status().as_str(), ended.error()), ("FAILED", Some(THROTTLED)));
    assert!(ended.input().is_some_and(|input| input.contains("no depletion")), "{ended:?}");
    system.finish_without(Check::FailuresAreMailed, REPORT_COULD_NOT_RUN).await;
}
