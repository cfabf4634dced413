//! A callback whose steps cannot be run.

use super::{THROTTLED, failed};
use crate::{callbacks::good::wait, callbacks::good::waiting};
use system_testkit::{
    callback::Callback, cloud::PATIENT, cloud::System, observe::FIRST, observe::entered,
};

/// Nobody waits for the goods that come, and they cannot be credited.
async fn cannot_be_credited(functions: &[&str]) -> (System, Callback) {
    let system = System::with(0, PATIENT).await;
    let callback = wait(&system).await;
    system.abort(&system.restocks(), FIRST).await;
    system.cannot_run(functions).await;
    assert_eq!(system.call_back(&callback).await, 202);
    assert_eq!(system.ended(&system.completions(), &callback.order()).await, "FAILED");
    assert_eq!(system.totals().await.arrived, 0);
    (system, callback)
}

/// The sweep finds goods that were recorded and not credited.
async fn are_credited_by_the_sweep(system: &System) {
    system.can_run(&["increment-stock"]).await;
    system.arrivals_grow_old().await;
    system.sweep().await;
    system.arrived(50).await;
}

#[tokio::test]
async fn goods_that_cannot_be_credited_are_reported_and_the_sweep_credits_them() {
    let (system, callback) = cannot_be_credited(&["increment-stock"]).await;
    let mut mails = system.mails().await;
    mails.retain(|mail| mail.text.contains(&callback.order()));
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(mails[0].text.contains(THROTTLED), "{mails:?}");
    are_credited_by_the_sweep(&system).await;
    system.finish().await;
}

#[tokio::test]
async fn goods_that_nobody_can_be_told_of_are_credited_by_the_sweep() {
    let (system, callback) = cannot_be_credited(&["increment-stock", "report"]).await;
    let ended = system.described(&system.completions(), &callback.order()).await;
    assert_eq!(ended.error(), Some(THROTTLED));
    are_credited_by_the_sweep(&system).await;
    system.stop().await;
}

#[tokio::test]
async fn goods_that_come_after_all_are_credited_though_nobody_can_be_told() {
    let (system, callback) = failed().await;
    system.cannot_run(&["report"]).await;
    assert_eq!(system.call_back(&callback).await, 202);
    let ended = system.described(&system.completions(), &callback.order()).await;
    assert_eq!((ended.status().as_str(), ended.error()), ("FAILED", Some(THROTTLED)));
    let history = system.history(&system.completions(), &callback.order()).await;
    assert_eq!(entered(&history)["ReportArrival"], 1);
    assert_eq!(system.totals().await.stock, 50);
    system.stop().await;
}

#[tokio::test]
async fn a_callback_that_cannot_be_counted_is_refused_though_nobody_can_be_told() {
    let (system, callback) = waiting().await;
    system.cannot_run(&["report"]).await;
    assert_eq!(system.call_back(&callback.counting(51)).await, 400);
    let refused = format!("refused_{}", callback.order());
    let ended = system.described(&system.completions(), &refused).await;
    assert_eq!((ended.status().as_str(), ended.error()), ("FAILED", Some(THROTTLED)));
    assert_eq!(system.totals().await.arrived, 0);
    system.stop().await;
}
