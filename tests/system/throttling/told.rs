//! Steps that tell operations and record it cannot run.

use factory_simulator::Fault;
use system::Settings;

use super::THROTTLED;
use crate::callbacks::good::waiting;
use system_testkit::{Check, FIRST_RESTOCK, LONG_WAIT, Orders, QUICK, System, task_errors};
use testkit::invalid::{add_unreadable_product, remove_product};

/// Long enough to call back twice during the wait for the second order.
const TWO_ORDERS: Settings = Settings { await_completion_seconds: 8, ..QUICK };

/// A system whose restocks fail. Only a scheduled sweep notices the end of an execution, and it starts no restock.
async fn failing() -> System {
    let system = System::with(0, LONG_WAIT).await;
    system.lose_ends_of_restocks().await;
    system.set_fault(Fault::Answers400NotTaken, Orders::All).await;
    system
}

/// Sweeps. Returns how many invocations of its steps failed, because a function was throttled.
async fn sweep_with_failures(system: &System) -> usize {
    let sweep = system.start_sweep().await;
    assert_eq!(system.final_status(&system.sweeps(), &sweep).await, "SUCCEEDED");
    let history = system.history(&system.sweeps(), &sweep).await;
    let errors = task_errors(&history);
    assert!(errors.iter().all(|error| *error == THROTTLED), "{errors:?}");
    errors.len()
}

/// A system whose restock has failed while these functions could not run. No other restock starts.
async fn failed_without(functions: &[&str]) -> System {
    let system = failing().await;
    system.throttle_and_hurry_retries(functions).await;
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "FAILED");
    system.throttle(&["start-restock"]).await;
    system
}

#[tokio::test]
async fn a_report_that_cannot_be_recorded_is_repeated_until_it_is_recorded() {
    let system = failed_without(&["record-report"]).await;
    let history = system.history(&system.restocks(), FIRST_RESTOCK).await;
    assert_eq!(task_errors(&history)[1..], [THROTTLED; 20], "record-report could not run");
    assert_eq!(sweep_with_failures(&system).await, 20, "record-report could not run");
    assert_eq!(system.log("report").await.invocations().len(), 2);
    system.unthrottle(&["record-report"]).await;
    for _ in 0..2 {
        assert_eq!(sweep_with_failures(&system).await, 0);
        assert_eq!(system.log("report").await.invocations().len(), 3, "recorded, so not repeated");
    }
    system.unthrottle(&["start-restock"]).await;
    system.finish().await;
}

#[tokio::test]
async fn a_sweep_that_cannot_leave_a_dead_letter_reports_the_failure_all_the_same() {
    let system = failed_without(&["report", "leave-dead-letter"]).await;
    system.unthrottle(&["report"]).await;
    assert_eq!(sweep_with_failures(&system).await, 6, "leave-dead-letter could not run");
    system.wait_for_mail("restock CP-502101_1 failed: Factory.Refused").await;
    assert!(system.dead_letters().await.is_empty());
    system.unthrottle(&["leave-dead-letter", "start-restock"]).await;
    system.finish().await;
}

#[tokio::test]
async fn a_restock_whose_execution_cannot_be_looked_up_is_left_to_the_next_sweep() {
    let (system, callback) = waiting().await;
    system.backdate_restocks().await;
    system.throttle_and_hurry_retries(&["check-execution"]).await;
    assert_eq!(sweep_with_failures(&system).await, 3, "check-execution could not run");
    assert_eq!(system.totals().await.open_restocks, 1);
    system.unthrottle(&["check-execution"]).await;
    assert_eq!(sweep_with_failures(&system).await, 0);
    assert_eq!(system.totals().await.open_restocks, 1, "its execution runs");
    assert_eq!(system.call_back(&callback).await, 200);
    system.wait_for_arrivals(50).await;
    system.finish().await;
}

#[tokio::test]
async fn unreadable_rows_that_cannot_be_reported_or_recorded_are_reported_by_the_next_sweep() {
    let system = System::with(50, LONG_WAIT).await;
    let mut connection = system.admin_connection().await;
    add_unreadable_product(&mut connection, "cp-9").await;
    system.throttle_and_hurry_retries(&["report", "record-report"]).await;
    assert_eq!(sweep_with_failures(&system).await, 6, "report could not run");
    assert!(system.mails().await.is_empty(), "report could not run");
    system.unthrottle(&["report"]).await;
    assert_eq!(sweep_with_failures(&system).await, 20, "record-report could not run");
    system.wait_for_mail("a row of the database cannot be read").await;
    system.unthrottle(&["record-report"]).await;
    remove_product(&mut connection, "cp-9").await;
    system.finish().await;
}

/// A system whose restock waits for its second order, and whose factory reports the goods of the first, which cannot be
/// credited.
async fn with_late_goods() -> System {
    let system = System::with(0, TWO_ORDERS).await;
    system.set_fault(Fault::HoldsCallback, Orders::All).await;
    system.buy_sold_out().await;
    system.wait_until_order_is_awaited(2).await;
    system.throttle_and_hurry_retries(&["increment-stock"]).await;
    let callback = system.callback(1).await;
    assert_eq!(system.call_back(&callback).await, 200);
    assert_eq!(system.final_status(&system.completions(), &callback.order()).await, "FAILED");
    system.unthrottle(&["increment-stock"]).await;
    system.backdate_arrivals().await;
    system
}

#[tokio::test]
async fn the_sweep_reports_late_goods_that_it_credits() {
    let system = with_late_goods().await;
    assert_eq!(sweep_with_failures(&system).await, 0);
    system.wait_for_mail("50 CP-502101 arrived late").await;
    system.final_status(&system.restocks(), FIRST_RESTOCK).await;
    system.finish().await;
}

#[tokio::test]
async fn the_sweep_credits_late_goods_also_if_it_cannot_report_them() {
    let system = with_late_goods().await;
    system.throttle(&["report"]).await;
    assert_eq!(sweep_with_failures(&system).await, 6, "report could not run");
    system.wait_for_arrivals(50).await;
    system.unthrottle(&["report"]).await;
    system.final_status(&system.restocks(), FIRST_RESTOCK).await;
    system.finish().await;
}

#[tokio::test]
async fn late_goods_are_credited_also_if_they_cannot_be_reported() {
    let system = System::with(0, TWO_ORDERS).await;
    system.set_fault(Fault::HoldsCallback, Orders::All).await;
    system.buy_sold_out().await;
    system.wait_until_order_is_awaited(2).await;
    system.throttle_and_hurry_retries(&["report"]).await;
    let callback = system.callback(1).await;
    assert_eq!(system.call_back(&callback).await, 200);
    let ended = system.ended(&system.completions(), &callback.order()).await;
    assert_eq!((ended.status().as_str(), ended.error()), ("FAILED", Some(THROTTLED)));
    assert_eq!(system.totals().await.stock, 50);
    system.unthrottle(&["report"]).await;
    system.final_status(&system.restocks(), FIRST_RESTOCK).await;
    system.finish_without(Check::FailuresAreMailed, super::REPORT_COULD_NOT_RUN).await;
}
