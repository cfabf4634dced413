//! Callbacks with our signature that cannot be counted.

use factory_simulator::Fault;
use operations::redrive::redrive;
use serde_json::{Value, json};

use super::good::{is_restocked_with, waiting};
use system_testkit::{callback::Callback, cloud::System, observe::FIRST, observe::SECOND};

/// A callback that is refused changes nothing, is reported once, and a good one is still taken.
async fn is_refused(system: &System, callback: &Callback) {
    let refused = format!("refused_{}", callback.order());
    assert_eq!(system.ended(&system.completions(), &refused).await, "FAILED");
    assert_eq!(system.totals().await.arrived, 0);
    system.operations_are_told("Callback.Refused", 2, "a callback for CP-502101 was refused").await;
    assert_eq!(system.completions().list().await.expect("executions").len(), 1);
}

#[tokio::test]
async fn what_cannot_be_counted_is_answered_400_and_reported_and_a_good_callback_is_still_taken() {
    let (system, callback) = waiting().await;
    let counts: [Value; 17] = [
        json!(0),
        json!(-1),
        json!(-50),
        json!(1.5),
        json!(50.0),
        json!(51),
        json!(1e9),
        json!("0"),
        json!("-1"),
        json!("+5"),
        json!("1.5"),
        json!("51"),
        json!(" 5"),
        json!(""),
        json!("plenty"),
        json!(null),
        json!([5]),
    ];
    for count in counts {
        let status = system.call_back(&callback.counting(count.clone())).await;
        assert_eq!(status, 400, "{count}");
    }
    assert_eq!(system.call_back(&callback.without_count()).await, 400);
    for body in ["", "no JSON", "[]", "5", "null"] {
        assert_eq!(system.call_back(&callback.saying(body)).await, 400, "{body:?}");
    }
    is_refused(&system, &callback).await;
    assert_eq!(system.log("receive-completion").await.counted("RefusedCallbacks"), 23);

    assert_eq!(system.call_back(&callback).await, 202);
    is_restocked_with(&system, 50).await;
    system.finish().await;
}

#[tokio::test]
async fn a_body_that_is_too_large_is_answered_413_and_reported_and_a_good_callback_is_still_taken()
{
    let (system, callback) = waiting().await;
    let large = callback.counting(50).saying(format!("{}{}", callback.body, " ".repeat(4096)));
    assert_eq!(system.call_back(&large).await, 413);
    is_refused(&system, &callback).await;
    assert_eq!(system.call_back(&callback).await, 202);
    is_restocked_with(&system, 50).await;
    system.finish().await;
}

/// The factory itself calls back so, once; the second attempt goes well.
async fn the_factory_calls_back(fault: Fault) {
    let system = System::with_stock(0).await;
    system.factory_misbehaves_for(fault, 1).await;
    system.find_sold_out().await;
    let callback = system.callback(1).await;
    // The second goes well, but not before the first was looked at.
    system.factory_misbehaves(Fault::HoldsCallback).await;
    is_refused(&system, &callback).await;
    let good = system.callback(2).await;
    assert_eq!(system.call_back(&good).await, 202);
    is_restocked_with(&system, 50).await;
    assert_eq!(system.factory().requests(), 2);
    system.finish().await;
}

#[tokio::test]
async fn a_factory_that_leaves_the_count_out_is_asked_again_when_the_wait_is_over() {
    the_factory_calls_back(Fault::CountMissing).await;
}

#[tokio::test]
async fn a_factory_that_delivers_more_than_was_ordered_is_asked_again_when_the_wait_is_over() {
    the_factory_calls_back(Fault::CountOver).await;
}

#[tokio::test]
async fn the_dead_letter_of_a_refused_callback_can_be_redriven_without_harm() {
    let (system, callback) = waiting().await;
    assert_eq!(system.call_back(&callback.counting(0)).await, 400);
    is_refused(&system, &callback).await;

    let mut out = Vec::new();
    let redriven = redrive(&system.queues, None, false, &mut out).await.expect("redriven");
    assert_eq!((redriven.moved, redriven.left), (1, 0), "{}", String::from_utf8_lossy(&out));
    let outcome = system.output(&system.restocks(), SECOND).await;
    assert_eq!(outcome["outcome"], "under_way", "the restock still waits");
    assert_eq!(system.factory().requests(), 1);

    assert_eq!(system.call_back(&callback).await, 202);
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "SUCCEEDED");
    is_restocked_with(&system, 50).await;
    system.finish().await;
}
