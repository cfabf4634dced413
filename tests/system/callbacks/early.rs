//! Callbacks that come before anybody waits for them.

use factory_simulator::CallbackAnswer;
use factory_simulator::Fault;

use super::good::is_restocked_with;
use system_testkit::{cloud::System, observe::FIRST, observe::entered, observe::task_errors};

#[tokio::test]
async fn a_callback_before_place_order_has_returned_is_credited_when_the_wait_begins() {
    let system = System::with_stock(0).await;
    system.factory_misbehaves_for(Fault::CallsBackBeforeAnswering, 1).await;
    system.find_sold_out().await;
    is_restocked_with(&system, 50).await;

    let order = system.callback(1).await.order();
    assert_eq!(system.factory().orders()[0].callbacks, [CallbackAnswer::Status(202)]);
    let outcome = system.output(&system.completions(), &order).await["outcome"].clone();
    // The machine of the completion may be slower than the restock, which then waits for it.
    assert!(outcome == "early" || outcome == "awaited", "{outcome}");
    assert_eq!((system.factory().requests(), system.totals().await.production_orders), (1, 1));
    system.finish().await;
}

#[tokio::test]
async fn a_callback_before_the_wait_has_begun_is_credited_when_it_begins() {
    let system = System::with_stock(0).await;
    system.throttle("await-completion").await;
    system.factory_misbehaves_for(Fault::HoldsCallback, 1).await;
    system.find_sold_out().await;
    let callback = system.callback(1).await;
    let throttled = "Lambda.TooManyRequestsException";
    system.fails_in_a_task(&system.restocks(), FIRST, throttled).await;

    assert_eq!(system.call_back(&callback).await, 202);
    let completion = system.output(&system.completions(), &callback.order()).await;
    assert_eq!(completion["outcome"], "early");
    assert_eq!(system.totals().await.arrived, 0);

    system.unthrottle("await-completion").await;
    is_restocked_with(&system, 50).await;
    let history = system.history(&system.restocks(), FIRST).await;
    assert_eq!(task_errors(&history).last(), Some(&"Completion.AlreadyArrived"));
    assert_eq!(entered(&history)["IncrementStock"], 1);
    system.finish().await;
}
