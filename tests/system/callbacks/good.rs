//! Valid callbacks: the first for an order is credited, later ones are not.

use factory_simulator::CallbackAnswer;
use factory_simulator::Fault;
use futures::future::join_all;

use system_testkit::{
    Callback, FIRST_RESTOCK, LONG_WAIT, Orders, System, entered_states, eventually,
};

/// A system whose first restock waits for its goods, and the callback for them.
pub async fn waiting() -> (System, Callback) {
    let system = System::with(0, LONG_WAIT).await;
    let callback = wait_for_goods(&system).await;
    (system, callback)
}

/// Starts the first restock, until it waits for its goods. Returns the callback, which the factory holds.
pub async fn wait_for_goods(system: &System) -> Callback {
    system.set_fault(Fault::HoldsCallback, Orders::All).await;
    system.buy_sold_out().await;
    let callback = system.callback(1).await;
    assert_eq!(system.wait_until_order_is_awaited(1).await.id, callback.order());
    callback
}

/// The first restock has succeeded, and its goods are in stock once.
pub async fn assert_restocked_with(system: &System, goods: i64) {
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "SUCCEEDED");
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.arrived), (goods, goods));
    assert_eq!((totals.completed_restocks, totals.open_restocks), (1, 0));
}

#[tokio::test]
async fn an_awaited_callback_completes_the_task_and_is_credited_once() {
    let (system, callback) = waiting().await;
    assert_eq!(system.call_back(&callback).await, 200);
    assert_restocked_with(&system, 50).await;

    let completion = system.history(&system.completions(), &callback.order()).await;
    let completed = [("CompleteTask", 1), ("Completed", 1), ("RecordArrival", 1), ("WhatIsIt", 1)];
    assert_eq!(entered_states(&completion), completed.into());
    let restock =
        entered_states(&system.history(&system.restocks(), FIRST_RESTOCK).await)["IncrementStock"];
    assert_eq!(restock, 1);
    system.finish().await;
}

#[tokio::test]
async fn a_repeated_callback_is_not_credited_while_the_first_is_handled_and_not_afterwards() {
    let system = System::with(0, LONG_WAIT).await;
    system.set_fault(Fault::CallsBackTwice, Orders::Next(1)).await;
    // The execution that the first callback started still runs when the second callback is handled.
    system.throttle(&["record-arrival"]).await;
    system.buy_sold_out().await;
    let twice = eventually("the factory calls back twice", async || {
        let order = system.factory().orders().into_iter().next()?;
        Some(order.callbacks).filter(|callbacks| callbacks.len() == 2)
    })
    .await;
    assert_eq!(twice, [CallbackAnswer::Status(200), CallbackAnswer::Status(200)]);
    system.wait_until_callbacks_are_handled().await;
    system.unthrottle(&["record-arrival"]).await;
    assert_restocked_with(&system, 50).await;

    let callback = system.callback(1).await;
    assert_eq!(system.output(&system.completions(), &callback.order()).await["outcome"], "awaited");
    // Now that execution has ended.
    assert_not_credited_again(&system, &callback).await;
    system.finish().await;
}

/// A callback for an order that is credited starts no execution, and nothing is credited.
async fn assert_not_credited_again(system: &System, callback: &Callback) {
    assert_eq!(system.call_back(callback).await, 200);
    system.wait_until_callbacks_are_handled().await;
    assert_eq!(system.completions().list().await.expect("executions").len(), 1);
    assert_restocked_with(system, 50).await;
}

#[tokio::test]
async fn a_repeated_callback_with_another_count_is_not_credited() {
    let (system, callback) = waiting().await;
    assert_eq!(system.call_back(&callback).await, 200);
    assert_restocked_with(&system, 50).await;
    assert_not_credited_again(&system, &callback.with_count(7)).await;
    system.finish().await;
}

#[tokio::test]
async fn one_of_many_simultaneous_callbacks_with_different_counts_is_credited() {
    let (system, callback) = waiting().await;
    let different: Vec<_> = (35..=50).map(|count| callback.with_count(count)).collect();
    let answers = join_all(different.iter().map(|callback| system.call_back(callback))).await;
    assert_eq!(answers, [200; 16]);
    system.wait_until_callbacks_are_handled().await;

    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "SUCCEEDED");
    assert_eq!(system.completions().list().await.expect("executions").len(), 1);
    let input = system.input(&system.completions(), &callback.order()).await;
    let reported = input["quantity"].as_i64().expect("a count");
    assert!((35..=50).contains(&reported), "{input}");
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.arrived), (reported, reported));
    system.finish().await;
}

#[tokio::test]
async fn one_of_many_simultaneous_identical_callbacks_is_credited() {
    let (system, callback) = waiting().await;
    let answers = join_all((0..16).map(|_| system.call_back(&callback))).await;
    assert_eq!(answers, [200; 16]);
    system.wait_until_callbacks_are_handled().await;
    assert_restocked_with(&system, 50).await;
    assert_eq!(system.completions().list().await.expect("executions").len(), 1);
    system.finish().await;
}

#[tokio::test]
async fn a_count_sent_as_text_is_credited() {
    let system = System::with_stock(0).await;
    system.set_fault(Fault::CountsAsText, Orders::Next(1)).await;
    system.buy_sold_out().await;
    assert_restocked_with(&system, 50).await;
    system.finish().await;
}
