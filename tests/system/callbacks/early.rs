//! Callbacks that come before the restock waits for them.
//!
//! Whether a callback that comes before `PlaceOrder` has returned is `early` or `awaited` depends on which is faster: the
//! completion's `RecordArrival` or the restock's `AwaitCompletion`. Each test throttles one of them, so that the other is.

use factory_simulator::{CallbackAnswer, Fault};
use system_testkit::{
    FIRST_RESTOCK, LONG_WAIT, Orders, System, entered_states, eventually, task_errors,
};

use super::good::assert_restocked_with;

const THROTTLED: &str = "Lambda.TooManyRequestsException";

/// A system in which one function is throttled, and whose factory makes the callback before it answers the order.
async fn called_back_before_the_answer(throttled: &str) -> System {
    let system = System::with(0, LONG_WAIT).await;
    system.throttle(&[throttled]).await;
    system.set_fault(Fault::CallsBackBeforeAnswering, Orders::Next(1)).await;
    system.buy_sold_out().await;
    let accepted = async || {
        let order = system.factory().orders().into_iter().next()?;
        order.callbacks.into_iter().next()
    };
    let answer = eventually("the factory calls back", accepted).await;
    assert_eq!(answer, CallbackAnswer::Status(200));
    system
}

/// The goods were credited once, to the one order, and the completion had this outcome.
async fn assert_credited_once_as(system: System, outcome: &str) {
    assert_restocked_with(&system, 50).await;
    let order = system.callback(1).await.order();
    assert_eq!(system.output(&system.completions(), &order).await["outcome"], outcome);
    let history = system.history(&system.restocks(), FIRST_RESTOCK).await;
    assert_eq!(entered_states(&history)["IncrementStock"], 1);
    assert_eq!((system.factory().requests(), system.totals().await.production_orders), (1, 1));
    system.finish().await;
}

#[tokio::test]
async fn a_callback_before_place_order_has_returned_is_early_if_it_is_recorded_before_the_wait() {
    let system = called_back_before_the_answer("await-completion").await;
    let order = system.callback(1).await.order();
    assert_eq!(system.output(&system.completions(), &order).await["outcome"], "early");
    assert_eq!(system.totals().await.arrived, 0);

    system.unthrottle(&["await-completion"]).await;
    assert_credited_once_as(system, "early").await;
}

#[tokio::test]
async fn a_callback_before_place_order_has_returned_is_awaited_if_the_wait_begins_before_it_is_recorded()
 {
    let system = called_back_before_the_answer("record-arrival").await;
    let order = system.wait_until_order_is_awaited(1).await;
    assert_eq!(order.arrived_quantity, None);

    system.unthrottle(&["record-arrival"]).await;
    assert_credited_once_as(system, "awaited").await;
}

#[tokio::test]
async fn a_callback_after_place_order_and_before_the_wait_is_credited_when_the_wait_begins() {
    let system = System::with_stock(0).await;
    system.throttle(&["await-completion"]).await;
    system.set_fault(Fault::HoldsCallback, Orders::Next(1)).await;
    system.buy_sold_out().await;
    let callback = system.callback(1).await;
    system.wait_for_task_error(&system.restocks(), FIRST_RESTOCK, THROTTLED).await;

    assert_eq!(system.call_back(&callback).await, 200);
    let completion = system.output(&system.completions(), &callback.order()).await;
    assert_eq!(completion["outcome"], "early");
    assert_eq!(system.totals().await.arrived, 0);

    system.unthrottle(&["await-completion"]).await;
    assert_restocked_with(&system, 50).await;
    let history = system.history(&system.restocks(), FIRST_RESTOCK).await;
    assert_eq!(task_errors(&history).last(), Some(&"Completion.AlreadyArrived"));
    assert_eq!(entered_states(&history)["IncrementStock"], 1);
    system.finish().await;
}
