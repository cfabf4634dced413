//! Callbacks whose URL this system did not sign, or no longer accepts.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::callback::Keys;

use super::good::{assert_restocked_with, waiting};
use system_testkit::{Callback, System};

/// A valid order id that no order has.
const OTHER_ORDER: &str = "6f1c3a52-96a0-4b8f-9d0e-2f0f4f6f9b11";

/// Why a path that names no order is refused.
const NO_ORDER_ID: &str = "The production order must be a UUID in lower case with hyphens.";

async fn keys(system: &System) -> Keys {
    system.callback_keys().await.parse().expect("keys")
}

/// All callbacks are answered with this status and reason, and counted in the metric. They change nothing.
async fn assert_rejected(
    (status, reason): (u16, &str),
    callbacks: &[(&str, Callback)],
    system: &System,
) {
    for (what, callback) in callbacks {
        let answer = system.callback_response(callback).await;
        assert_eq!(answer.status.as_u16(), status, "{what}: {}: {answer:?}", callback.url);
        assert_eq!(answer.body["detail"], reason, "{what}: {answer:?}");
    }
    let counted = system.log("receive-completion").await.metric("ForgedCallbacks");
    assert_eq!(counted, u64::try_from(callbacks.len()).expect("a number"));
    assert_eq!(system.totals().await.arrived, 0);
    assert!(system.completions().list().await.expect("executions").is_empty());
    assert!(system.mails().await.is_empty());
}

/// The valid callback is still accepted.
async fn assert_valid_callback_is_credited(system: &System, callback: &Callback) {
    assert_eq!(system.call_back(callback).await, 202);
    assert_restocked_with(system, 50).await;
}

#[tokio::test]
async fn a_callback_with_an_invalid_signature_is_answered_401_and_changes_nothing() {
    let (system, callback) = waiting().await;
    let signature = callback.part("signature");
    let other_key: Keys = "0123456789abcdef0123456789abcdef".parse().expect("a key");
    let last = if signature.ends_with('0') { "1" } else { "0" };
    let almost = format!("{}{last}", &signature[..signature.len() - 1]);
    let mut twice = callback.clone();
    twice.url.query_pairs_mut().append_pair("signature", &signature);
    let forged = [
        ("one digit is another", callback.with("signature", &almost)),
        ("signed with another key", callback.signed_with(&other_key)),
        ("a signature cut off", callback.with("signature", &signature[..32])),
        ("a signature that is not hexadecimal", callback.with("signature", "✓")),
        ("an empty signature", callback.with("signature", "")),
        ("no signature", callback.without("signature")),
        ("two signatures", twice),
        ("another quantity", callback.with("quantity", "51")),
        ("a quantity that is not a number", callback.with("quantity", "many")),
        ("no quantity", callback.without("quantity")),
        ("another expiry", callback.with("expires", "4102444800")),
        ("an expiry that is not a number", callback.with("expires", "never")),
        ("no expiry", callback.without("expires")),
        ("another order", callback.for_order(OTHER_ORDER)),
    ];
    assert_rejected((401, "The signature is invalid."), &forged, &system).await;
    assert_valid_callback_is_credited(&system, &callback).await;
    system.finish().await;
}

#[tokio::test]
async fn an_expired_callback_is_answered_401_and_changes_nothing() {
    let (system, callback) = waiting().await;
    let keys = keys(&system).await;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    let signed = |expires: u64| callback.with("expires", &expires.to_string()).signed_with(&keys);
    let expired = [("a second ago", signed(now - 1)), ("now", signed(now)), ("in 1970", signed(0))];
    assert_rejected((401, "The callback URL has expired."), &expired, &system).await;
    // The expiry was the reason, not the signature.
    assert_valid_callback_is_credited(&system, &signed(now + 600)).await;
    system.finish().await;
}

#[tokio::test]
async fn a_callback_for_an_invalid_order_id_is_answered_404_and_changes_nothing() {
    let (system, callback) = waiting().await;
    let order = callback.order();
    let unknown = [
        ("a number", callback.for_order("1")),
        ("in capitals", callback.for_order(&order.to_uppercase())),
        ("without its dashes", callback.for_order(&order.replace('-', ""))),
        ("something after it", callback.for_order(&format!("{order}0"))),
        ("a statement", callback.for_order("' OR 1=1 -- ")),
    ];
    assert_rejected((404, NO_ORDER_ID), &unknown, &system).await;
    assert_valid_callback_is_credited(&system, &callback).await;
    system.finish().await;
}

#[tokio::test]
async fn a_signed_callback_for_an_order_that_is_not_in_the_database_is_reported_to_operations() {
    let (system, callback) = waiting().await;
    let unknown = callback.for_order(OTHER_ORDER).signed_with(&keys(&system).await);
    assert_eq!(system.call_back(&unknown).await, 202);
    assert_eq!(system.final_status(&system.completions(), OTHER_ORDER).await, "FAILED");
    let mails = system.mails().await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(mails[0].text.contains("ProductionOrder.Unknown"), "{mails:?}");
    assert_valid_callback_is_credited(&system, &callback).await;
    system.finish().await;
}
