//! A completion whose steps cannot run.

use super::{REPORT_COULD_NOT_RUN, THROTTLED, with_a_failed_restock};
use crate::callbacks::good::{assert_restocked_with, wait_for_goods, waiting};
use system_testkit::{Callback, Check, FIRST_RESTOCK, LONG_WAIT, System, entered_states};

/// A system with late goods that were not credited, because these functions are throttled; and their callback.
async fn with_uncredited_goods(functions: &[&str]) -> (System, Callback) {
    let system = System::with(0, LONG_WAIT).await;
    system.lose_ends_of_restocks().await;
    let callback = wait_for_goods(&system).await;
    system.abort(&system.restocks(), FIRST_RESTOCK).await;
    system.throttle_and_hurry_retries(functions).await;
    assert_eq!(system.call_back(&callback).await, 200);
    assert_eq!(system.final_status(&system.completions(), &callback.order()).await, "FAILED");
    assert_eq!(system.totals().await.arrived, 0);
    (system, callback)
}

/// The sweep credits goods that were recorded and not credited.
async fn assert_sweep_credits(system: &System) {
    system.unthrottle(&["increment-stock"]).await;
    system.backdate_arrivals().await;
    system.sweep().await;
    system.wait_for_arrivals(50).await;
}

#[tokio::test]
async fn goods_that_could_not_be_credited_are_reported_and_the_sweep_credits_them() {
    let (system, callback) = with_uncredited_goods(&["increment-stock"]).await;
    let mut mails = system.mails().await;
    mails.retain(|mail| mail.text.contains(&callback.order()));
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(mails[0].text.contains(THROTTLED), "{mails:?}");
    assert_sweep_credits(&system).await;
    system.finish().await;
}

#[tokio::test]
async fn the_sweep_credits_goods_that_could_be_neither_credited_nor_reported() {
    let (system, callback) = with_uncredited_goods(&["increment-stock", "report"]).await;
    let ended = system.ended(&system.completions(), &callback.order()).await;
    assert_eq!(ended.error(), Some(THROTTLED));
    assert_sweep_credits(&system).await;
    system.finish_without(Check::FailuresAreMailed, REPORT_COULD_NOT_RUN).await;
}

#[tokio::test]
async fn goods_of_a_failed_restock_are_credited_without_report() {
    let (system, callback) = with_a_failed_restock().await;
    system.throttle_and_hurry_retries(&["report"]).await;
    assert_eq!(system.call_back(&callback).await, 200);
    let ended = system.ended(&system.completions(), &callback.order()).await;
    assert_eq!((ended.status().as_str(), ended.error()), ("FAILED", Some(THROTTLED)));
    let history = system.history(&system.completions(), &callback.order()).await;
    assert_eq!(entered_states(&history)["ReportArrival"], 1);
    assert_eq!(system.totals().await.stock, 50);
    system.finish_without(Check::FailuresAreMailed, REPORT_COULD_NOT_RUN).await;
}

#[tokio::test]
async fn an_invalid_callback_is_refused_without_report() {
    let (system, callback) = waiting().await;
    system.throttle_and_hurry_retries(&["leave-dead-letter", "report"]).await;
    assert_eq!(system.call_back(&callback.with_count(51)).await, 200);
    let refused = format!("refused_{}", callback.order());
    let ended = system.ended(&system.completions(), &refused).await;
    assert_eq!((ended.status().as_str(), ended.error()), ("FAILED", Some(THROTTLED)));
    assert_eq!(system.totals().await.arrived, 0);
    assert_eq!(system.call_back(&callback).await, 200);
    assert_restocked_with(&system, 50).await;
    system.finish_without(Check::FailuresAreMailed, REPORT_COULD_NOT_RUN).await;
}
