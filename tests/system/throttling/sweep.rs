//! A sweep whose steps cannot run: the next sweep finds what this one left.

use super::{REPORT_COULD_NOT_RUN, THROTTLED, with_a_failed_restock};
use crate::callbacks::good::waiting;
use system_testkit::{Check, FIRST_RESTOCK, LONG_WAIT, SECOND_RESTOCK, System, task_errors};

/// Sweeps. A step of the sweep fails, and the sweep itself succeeds.
async fn sweep_with_a_failed_step(system: &System) {
    let sweep = system.start_sweep().await;
    assert_eq!(system.final_status(&system.sweeps(), &sweep).await, "SUCCEEDED");
    let history = system.history(&system.sweeps(), &sweep).await;
    assert!(task_errors(&history).contains(&THROTTLED), "{history:?}");
}

/// The sweep fails with the error of a throttled function.
async fn assert_sweep_fails(system: &System, sweep: &str) {
    let ended = system.ended(&system.sweeps(), sweep).await;
    assert_eq!((ended.status().as_str(), ended.error()), ("FAILED", Some(THROTTLED)));
}

#[tokio::test]
async fn a_sweep_without_find_depleted_fails_and_the_next_one_finds_the_depletion() {
    let system = System::with(0, LONG_WAIT).await;
    system.throttle_and_hurry_retries(&["find-depleted"]).await;
    let sweep = system.start_sweep().await;
    assert_sweep_fails(&system, &sweep).await;
    system.unthrottle(&["find-depleted"]).await;
    system.sweep().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "SUCCEEDED");
    system.finish().await;
}

#[tokio::test]
async fn a_depletion_that_the_sweep_cannot_publish_is_published_by_the_next() {
    let system = System::with(0, LONG_WAIT).await;
    system.throttle_and_hurry_retries(&["publish-depletion"]).await;
    sweep_with_a_failed_step(&system).await;
    assert!(system.restock_names().await.is_empty());
    system.unthrottle(&["publish-depletion"]).await;
    system.sweep().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "SUCCEEDED");
    system.finish().await;
}

#[tokio::test]
async fn an_abandoned_restock_is_closed_without_report_and_the_product_restocked() {
    let (system, _) = waiting().await;
    system.throttle_and_hurry_retries(&["leave-dead-letter", "report"]).await;
    abandon_restock(&system).await;
    sweep_with_a_failed_step(&system).await;
    assert_eq!(system.totals().await.failed_restocks, 1);
    assert!(system.mails().await.is_empty(), "report could not run");
    assert_eq!(system.final_status(&system.restocks(), SECOND_RESTOCK).await, "SUCCEEDED");
    system.finish_without(Check::FailuresAreMailed, REPORT_COULD_NOT_RUN).await;
}

/// Stops the execution that waits, without a sweep at once, and makes its restock old enough for a scheduled sweep.
async fn abandon_restock(system: &System) {
    system.lose_ends_of_restocks().await;
    system.abort(&system.restocks(), FIRST_RESTOCK).await;
    system.backdate_restocks().await;
    system.clear_fault().await;
}

#[tokio::test]
async fn an_abandoned_restock_that_cannot_be_closed_is_closed_by_the_next_sweep() {
    let (system, _) = waiting().await;
    system.throttle_and_hurry_retries(&["close-restock"]).await;
    abandon_restock(&system).await;
    sweep_with_a_failed_step(&system).await;
    assert_eq!(system.totals().await.open_restocks, 1);
    system.unthrottle(&["close-restock"]).await;
    system.sweep().await;
    assert_eq!(system.final_status(&system.restocks(), SECOND_RESTOCK).await, "SUCCEEDED");
    system.finish().await;
}

#[tokio::test]
async fn a_sweep_that_fails_after_it_closed_a_restock_leaves_its_depletion_to_the_next() {
    let (system, _) = waiting().await;
    system.throttle(&["close-restock"]).await;
    abandon_restock(&system).await;
    let sweep = system.start_sweep().await;
    system.wait_for_task_error(&system.sweeps(), &sweep, THROTTLED).await;
    // The sweep has listed the abandoned restock and retries to close it. Its last step, FindDepleted, will fail.
    system.throttle_and_hurry_retries(&["find-depleted"]).await;
    system.unthrottle(&["close-restock"]).await;
    assert_sweep_fails(&system, &sweep).await;
    assert_eq!(system.totals().await.failed_restocks, 1);
    system.unthrottle(&["find-depleted"]).await;
    system.sweep().await;
    assert_eq!(system.final_status(&system.restocks(), SECOND_RESTOCK).await, "SUCCEEDED");
    system.finish().await;
}

/// A system with recorded goods of a failed restock that could not be credited, long ago.
async fn with_forgotten_goods_of_a_failed_restock() -> System {
    let (system, callback) = with_a_failed_restock().await;
    system.throttle_and_hurry_retries(&["increment-stock"]).await;
    assert_eq!(system.call_back(&callback).await, 200);
    assert_eq!(system.final_status(&system.completions(), &callback.order()).await, "FAILED");
    system.backdate_arrivals().await;
    system
}

#[tokio::test]
async fn the_sweep_credits_goods_of_a_failed_restock_and_a_mail_says_so() {
    let system = with_forgotten_goods_of_a_failed_restock().await;
    let mails_before = system.mails().await.len();
    system.unthrottle(&["increment-stock"]).await;
    system.sweep().await;
    assert_eq!(system.totals().await.stock, 50);
    let mails = system.mails().await;
    assert_eq!(mails.len() - mails_before, 1, "{mails:?}");
    let arrived = "Restock: 50 CP-502101 arrived after the restock had failed";
    assert!(mails.iter().any(|mail| mail.subject == arrived), "{mails:?}");
    system.finish().await;
}

#[tokio::test]
async fn the_sweep_credits_goods_of_a_failed_restock_without_report() {
    let system = with_forgotten_goods_of_a_failed_restock().await;
    let mails_before = system.mails().await.len();
    system.unthrottle(&["increment-stock"]).await;
    system.throttle_and_hurry_retries(&["report"]).await;
    sweep_with_a_failed_step(&system).await;
    assert_eq!((system.totals().await.stock, system.mails().await.len()), (50, mails_before));
    system.finish().await;
}

#[tokio::test]
async fn goods_that_the_sweep_cannot_credit_are_credited_by_the_next() {
    let system = with_forgotten_goods_of_a_failed_restock().await;
    sweep_with_a_failed_step(&system).await;
    assert_eq!(system.totals().await.stock, 0);
    system.unthrottle(&["increment-stock"]).await;
    system.sweep().await;
    system.wait_for_arrivals(50).await;
    system.finish().await;
}
