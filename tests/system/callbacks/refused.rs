//! Callbacks with a valid signature whose body is refused.

use factory_simulator::Fault;
use operations::redrive::redrive;
use serde_json::{Value, json};

use super::good::{assert_restocked_with, waiting};
use system_testkit::{
    Callback, FIRST_RESTOCK, Orders, SECOND_RESTOCK, System, customer::client, eventually,
};

/// The reasons of refusals.
const NO_COUNT: &str = "MessageAttributeProductCnt must be a whole number above zero";
const NO_ORDER: &str = "the body must be the JSON object of the order: it is invalid at line";
const TOO_LARGE: &str = "larger than 4096 bytes";

/// Counts that are refused, with the reason.
fn refused_counts() -> [(Value, &'static str); 17] {
    [
        (json!(0), NO_COUNT),
        (json!(-1), NO_COUNT),
        (json!(-50), NO_COUNT),
        (json!(1.5), NO_COUNT),
        (json!(50.0), NO_COUNT),
        (json!(51), "the callback reports 51 units, but only 50 were ordered"),
        (json!(1e9), NO_COUNT),
        (json!("0"), NO_COUNT),
        (json!("-1"), NO_COUNT),
        (json!("+5"), NO_COUNT),
        (json!("1.5"), NO_COUNT),
        (json!("51"), "the callback reports 51 units, but only 50 were ordered"),
        (json!(" 5"), NO_COUNT),
        (json!(""), NO_COUNT),
        (json!("plenty"), NO_COUNT),
        (json!(null), NO_COUNT),
        (json!([5]), NO_COUNT),
    ]
}

/// The callback is stored, and refused with this reason when it is handled.
async fn assert_refused(system: &System, callback: &Callback, reason: &str) {
    let refused = refusals(system, reason).await;
    assert_eq!(system.call_back(callback).await, 200, "{}", callback.body);
    let what = format!("{:.99} is refused: {reason}", callback.body);
    eventually(&what, async || (refusals(system, reason).await == refused + 1).then_some(())).await;
}

/// How often a callback was refused with this reason.
async fn refusals(system: &System, reason: &str) -> usize {
    let log = system.log("receive-completion").await;
    let refused = log
        .sentences()
        .into_iter()
        .flat_map(|line| line.split("; ").map(str::to_owned).collect::<Vec<_>>());
    refused.filter(|s| s.starts_with("refused the callback") && s.contains(reason)).count()
}

/// The refusal was reported once, and nothing was credited.
async fn assert_refusal_is_reported(system: &System, callback: &Callback) {
    let refused = format!("refused_{}", callback.order());
    assert_eq!(system.final_status(&system.completions(), &refused).await, "FAILED");
    assert_eq!(system.totals().await.arrived, 0);
    let subject = "a callback for CP-502101 was refused";
    system.assert_reported("Callback.Refused", 2, subject).await;
    assert_eq!(system.completions().list().await.expect("executions").len(), 1);
}

/// The valid callback for the same order is still accepted.
async fn assert_valid_callback_is_credited(system: &System, callback: &Callback) {
    assert_eq!(system.call_back(callback).await, 200);
    assert_restocked_with(system, 50).await;
}

#[tokio::test]
async fn a_body_without_a_valid_count_is_refused_with_the_reason_and_reported_once() {
    let (system, callback) = waiting().await;
    for (count, reason) in refused_counts() {
        assert_refused(&system, &callback.with_count(count), reason).await;
    }
    assert_refused(&system, &callback.without_count(), NO_COUNT).await;
    for body in [" ", "no JSON", "[]", "5", "null"] {
        assert_refused(&system, &callback.with_body(body), NO_ORDER).await;
    }
    assert_refusal_is_reported(&system, &callback).await;
    assert_eq!(system.log("receive-completion").await.metric("RefusedCallbacks"), 23);
    assert_valid_callback_is_credited(&system, &callback).await;
    system.finish().await;
}

#[tokio::test]
async fn a_body_over_4_kib_is_refused_and_reported_once() {
    let (system, callback) = waiting().await;
    let large = callback.with_body(format!("{}{}", callback.body, " ".repeat(4096)));
    assert_refused(&system, &large, TOO_LARGE).await;
    assert_refusal_is_reported(&system, &callback).await;
    assert_valid_callback_is_credited(&system, &callback).await;
    system.finish().await;
}

/// No message can have such a body, so the gateway cannot store the callback. The factory never sends one: it sends the
/// body of the order.
#[tokio::test]
async fn a_callback_that_no_message_can_hold_is_answered_400_and_changes_nothing() {
    let (system, callback) = waiting().await;
    for body in [String::new(), "x".repeat(65537), "\0".to_owned()] {
        assert_eq!(system.call_back(&callback.with_body(body)).await, 400);
    }
    assert!(!system.has_callbacks().await);
    assert!(system.completions().list().await.expect("executions").is_empty());
    assert_valid_callback_is_credited(&system, &callback).await;
    system.finish().await;
}

#[tokio::test]
async fn a_body_that_is_not_utf_8_is_refused_and_reported_once() {
    let (system, callback) = waiting().await;
    let post = client().post(callback.url.clone()).body(b"\xff\xfe{}".to_vec());
    assert_eq!(post.send().await.expect("an answer").status(), 200);
    assert_refusal_is_reported(&system, &callback).await;
    assert_valid_callback_is_credited(&system, &callback).await;
    system.finish().await;
}

/// The factory makes one callback that is refused. The restock orders again when its wait is over.
async fn assert_second_order_replaces_refused(fault: Fault) {
    let system = System::with_stock(0).await;
    system.set_fault(fault, Orders::Next(1)).await;
    system.buy_sold_out().await;
    let callback = system.callback(1).await;
    // The second callback must not come before the first was looked at.
    system.set_fault(Fault::HoldsCallback, Orders::All).await;
    assert_refusal_is_reported(&system, &callback).await;
    let valid = system.callback(2).await;
    assert_valid_callback_is_credited(&system, &valid).await;
    assert_eq!(system.factory().requests(), 2);
    system.finish().await;
}

#[tokio::test]
async fn after_a_callback_without_a_count_the_restock_orders_again_when_the_wait_is_over() {
    assert_second_order_replaces_refused(Fault::CountMissing).await;
}

#[tokio::test]
async fn after_a_callback_with_more_than_was_ordered_the_restock_orders_again_when_the_wait_is_over()
 {
    assert_second_order_replaces_refused(Fault::CountOver).await;
}

#[tokio::test]
async fn a_redrive_of_the_dead_letter_of_a_refused_callback_orders_nothing() {
    let (system, callback) = waiting().await;
    assert_eq!(system.call_back(&callback.with_count(0)).await, 200);
    assert_refusal_is_reported(&system, &callback).await;

    let mut out = Vec::new();
    let redriven = redrive(&system.queues, None, false, &mut out).await.expect("redriven");
    assert_eq!((redriven.moved, redriven.left), (1, 0), "{}", String::from_utf8_lossy(&out));
    let output = system.output(&system.restocks(), SECOND_RESTOCK).await;
    assert_eq!(output["outcome"], "under_way", "the first restock still waits");
    assert_eq!(system.factory().requests(), 1);

    assert_eq!(system.call_back(&callback).await, 200);
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "SUCCEEDED");
    assert_restocked_with(&system, 50).await;
    system.finish().await;
}
