//! A sweep whose steps cannot be run: what it leaves, the next one finds.

use operations::executions::Executions;

use super::{THROTTLED, failed};
use crate::callbacks::good::waiting;
use system_testkit::{
    cloud::PATIENT, cloud::System, cloud::eventually, observe::FIRST, observe::SECOND,
};

/// The end of the first sweep that was begun by hand.
async fn swept(system: &System) -> (String, Option<String>) {
    system.sweep().await;
    let (sweeps, name) = first_sweep(system).await;
    let ended = system.described(&sweeps, &name).await;
    (ended.status().as_str().to_owned(), ended.error)
}

async fn first_sweep(system: &System) -> (Executions, String) {
    let machines = system.cloud.clients.machines.clone();
    let sweeps = Executions::of(machines, &system.cloud.outputs.sweep_machine_arn);
    let name = eventually("a sweep was started", async || {
        let first = sweeps.list().await.expect("executions").into_iter().next();
        first.map(|sweep| sweep.name)
    })
    .await;
    (sweeps, name)
}

fn succeeded() -> (String, Option<String>) {
    ("SUCCEEDED".to_owned(), None)
}

#[tokio::test]
async fn a_sweep_that_cannot_ask_the_database_fails_and_the_next_one_finds_all() {
    let system = System::with(0, PATIENT).await;
    system.cannot_run(&["find-depleted"]).await;
    assert_eq!(swept(&system).await, ("FAILED".to_owned(), Some(THROTTLED.to_owned())));
    system.can_run(&["find-depleted"]).await;
    system.sweep().await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "SUCCEEDED");
    system.finish().await;
}

#[tokio::test]
async fn a_depletion_that_the_sweep_cannot_publish_is_published_by_the_next() {
    let system = System::with(0, PATIENT).await;
    system.cannot_run(&["publish-depletion"]).await;
    assert_eq!(swept(&system).await, succeeded());
    assert!(system.restock_names().await.is_empty());
    system.can_run(&["publish-depletion"]).await;
    system.sweep().await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "SUCCEEDED");
    system.finish().await;
}

#[tokio::test]
async fn an_abandoned_restock_that_cannot_be_reported_is_closed_and_the_product_restocked() {
    let (system, _) = waiting().await;
    system.cannot_run(&["report"]).await;
    abandoned(&system).await;
    assert_eq!(swept(&system).await, succeeded());
    assert_eq!(system.totals().await.failed_restocks, 1);
    assert!(system.mails().await.is_empty(), "nobody could be told");
    assert_eq!(system.ended(&system.restocks(), SECOND).await, "SUCCEEDED");
    system.stop().await;
}

/// Stops the execution that waits, long ago.
async fn abandoned(system: &System) {
    system.abort(&system.restocks(), FIRST).await;
    system.restocks_grow_old().await;
    system.factory().behave().await.expect("a factory that behaves");
}

#[tokio::test]
async fn an_abandoned_restock_that_cannot_be_closed_is_closed_by_the_next_sweep() {
    let (system, _) = waiting().await;
    system.cannot_run(&["close-restock"]).await;
    abandoned(&system).await;
    assert_eq!(swept(&system).await, succeeded());
    assert_eq!(system.totals().await.open_restocks, 1);
    system.can_run(&["close-restock"]).await;
    system.sweep().await;
    assert_eq!(system.ended(&system.restocks(), SECOND).await, "SUCCEEDED");
    system.finish().await;
}

#[tokio::test]
async fn a_sweep_that_cannot_ask_for_the_depleted_fails_and_the_next_one_finds_them() {
    let (system, _) = waiting().await;
    system.throttle("close-restock").await;
    abandoned(&system).await;
    system.sweep().await;
    let (sweeps, name) = first_sweep(&system).await;
    system.fails_in_a_task(&sweeps, &name, THROTTLED).await;
    // It has asked for what was left behind, and waits to close it.
    system.cannot_run(&["find-depleted"]).await;
    system.can_run(&["close-restock"]).await;
    let ended = system.described(&sweeps, &name).await;
    assert_eq!((ended.status().as_str(), ended.error()), ("FAILED", Some(THROTTLED)));
    assert_eq!(system.totals().await.failed_restocks, 1);
    system.can_run(&["find-depleted"]).await;
    system.sweep().await;
    assert_eq!(system.ended(&system.restocks(), SECOND).await, "SUCCEEDED");
    system.finish().await;
}

/// The goods of a restock that was reported as failed have come, and nobody could credit them.
async fn credited_by_a_sweep(functions: &[&str]) -> (System, usize) {
    let (system, callback) = failed().await;
    system.cannot_run(&["increment-stock"]).await;
    assert_eq!(system.call_back(&callback).await, 202);
    assert_eq!(system.ended(&system.completions(), &callback.order()).await, "FAILED");
    let told = system.mails().await.len();
    system.can_run(&["increment-stock"]).await;
    system.arrivals_grow_old().await;
    system.cannot_run(functions).await;
    assert_eq!(swept(&system).await, succeeded());
    assert_eq!(system.totals().await.stock, 50);
    let told_by_the_sweep = system.mails().await.len() - told;
    (system, told_by_the_sweep)
}

#[tokio::test]
async fn goods_of_a_failed_restock_that_the_sweep_credits_are_told_to_operations() {
    let (system, told) = credited_by_a_sweep(&[]).await;
    assert_eq!(told, 1);
    let mails = system.mails().await;
    let after_all = "Restock: 50 CP-502101 arrived after the restock had failed";
    assert!(mails.iter().any(|mail| mail.subject == after_all), "{mails:?}");
    system.finish().await;
}

#[tokio::test]
async fn goods_that_the_sweep_credits_are_in_stock_though_nobody_can_be_told() {
    let (system, told) = credited_by_a_sweep(&["report"]).await;
    assert_eq!(told, 0);
    system.finish().await;
}

#[tokio::test]
async fn goods_that_the_sweep_cannot_credit_are_credited_by_the_next() {
    let (system, callback) = failed().await;
    system.cannot_run(&["increment-stock"]).await;
    assert_eq!(system.call_back(&callback).await, 202);
    assert_eq!(system.ended(&system.completions(), &callback.order()).await, "FAILED");
    system.arrivals_grow_old().await;
    assert_eq!(swept(&system).await, succeeded());
    assert_eq!(system.totals().await.stock, 0);
    system.can_run(&["increment-stock"]).await;
    system.sweep().await;
    system.arrived(50).await;
    system.finish().await;
}
