//! Good callbacks: the first is counted, whatever comes after it is not.

use std::collections::BTreeSet;

use factory_simulator::CallbackAnswer;
use factory_simulator::Fault;
use futures::future::join_all;

use system_testkit::{
    callback::Callback, cloud::PATIENT, cloud::System, cloud::eventually, observe::FIRST,
    observe::entered,
};

/// A restock that waits for its goods, and the callback that would bring them.
pub async fn waiting() -> (System, Callback) {
    let system = System::with(0, PATIENT).await;
    let callback = wait(&system).await;
    (system, callback)
}

/// Brings the system there.
pub async fn wait(system: &System) -> Callback {
    system.factory_misbehaves(Fault::HoldsCallback).await;
    system.find_sold_out().await;
    let callback = system.callback(1).await;
    assert_eq!(system.waits_for_order(1).await.id, callback.order());
    callback
}

/// The restock has succeeded, and what came is in stock: once.
pub async fn is_restocked_with(system: &System, goods: i64) {
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "SUCCEEDED");
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.arrived), (goods, goods));
    assert_eq!((totals.completed_restocks, totals.open_restocks), (1, 0));
}

#[tokio::test]
async fn a_callback_that_is_awaited_completes_the_task_and_is_counted_once() {
    let (system, callback) = waiting().await;
    assert_eq!(system.call_back(&callback).await, 202);
    is_restocked_with(&system, 50).await;

    let completion = system.history(&system.completions(), &callback.order()).await;
    let completed = [("CompleteTask", 1), ("Completed", 1), ("RecordArrival", 1), ("WhatIsIt", 1)];
    assert_eq!(entered(&completion), completed.into());
    let restock = entered(&system.history(&system.restocks(), FIRST).await)["IncrementStock"];
    assert_eq!(restock, 1);
    system.finish().await;
}

#[tokio::test]
async fn the_same_callback_again_is_answered_200_and_not_counted() {
    let system = System::with_stock(0).await;
    system.factory_misbehaves_for(Fault::CallsBackTwice, 1).await;
    system.find_sold_out().await;
    let twice = eventually("the factory calls back twice", async || {
        system
            .factory()
            .orders()
            .first()
            .map(|order| order.callbacks.clone())
            .filter(|c| c.len() == 2)
    })
    .await;
    // The second may find the execution of the first still running, which is to have been started by it.
    assert_eq!(twice[0], CallbackAnswer::Status(202));
    assert!(matches!(twice[1], CallbackAnswer::Status(200 | 202)), "{twice:?}");
    is_restocked_with(&system, 50).await;

    let callback = system.callback(1).await;
    assert_eq!(system.output(&system.completions(), &callback.order()).await["outcome"], "awaited");
    assert_eq!(system.call_back(&callback).await, 200);
    assert_eq!(system.completions().list().await.expect("executions").len(), 1);
    is_restocked_with(&system, 50).await;
    system.finish().await;
}

#[tokio::test]
async fn a_callback_again_with_another_count_is_answered_200_and_not_counted() {
    let (system, callback) = waiting().await;
    assert_eq!(system.call_back(&callback).await, 202);
    assert_eq!(system.call_back(&callback.counting(7)).await, 200);
    is_restocked_with(&system, 50).await;
    assert_eq!(system.call_back(&callback.counting(7)).await, 200);
    is_restocked_with(&system, 50).await;
    system.finish().await;
}

#[tokio::test]
async fn of_many_callbacks_at_once_one_is_counted() {
    let (system, callback) = waiting().await;
    let different: Vec<_> = (35..=50).map(|count| callback.counting(count)).collect();
    let answers = join_all(different.iter().map(|callback| system.call_back(callback))).await;
    let first = answers.iter().filter(|status| **status == 202).count();
    assert_eq!(first, 1, "{answers:?}");
    assert!(answers.iter().all(|status| matches!(status, 200 | 202)), "{answers:?}");

    assert_eq!(system.ended(&system.restocks(), FIRST).await, "SUCCEEDED");
    let totals = system.totals().await;
    let counted = different.iter().zip(&answers).position(|(_, status)| *status == 202);
    let said = 35 + i64::try_from(counted.expect("one")).expect("a count");
    assert_eq!((totals.stock, totals.arrived), (said, said));
    system.finish().await;
}

#[tokio::test]
async fn of_many_equal_callbacks_at_once_one_is_counted() {
    let (system, callback) = waiting().await;
    let answers = join_all((0..16).map(|_| system.call_back(&callback))).await;
    let answers = BTreeSet::from_iter(answers);
    assert!(answers.is_subset(&[200, 202].into()) && answers.contains(&202), "{answers:?}");
    is_restocked_with(&system, 50).await;
    assert_eq!(system.completions().list().await.expect("executions").len(), 1);
    system.finish().await;
}

#[tokio::test]
async fn a_count_that_comes_as_text_is_counted() {
    let system = System::with_stock(0).await;
    system.factory_misbehaves_for(Fault::CountsAsText, 1).await;
    system.find_sold_out().await;
    is_restocked_with(&system, 50).await;
    system.finish().await;
}
