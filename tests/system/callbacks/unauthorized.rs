//! Callbacks that we have not asked for.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::callback::Keys;

use super::good::{is_restocked_with, waiting};
use system_testkit::{callback::Callback, cloud::System};

/// Another order's name, well-formed.
const SOMEBODY_ELSES: &str = "6f1c3a52-96a0-4b8f-9d0e-2f0f4f6f9b11";

async fn keys(system: &System) -> Keys {
    system.callback_keys().await.parse().expect("keys")
}

/// Makes callbacks that are all answered with `status`, counted in the metric, and change nothing.
async fn are_turned_away(status: u16, callbacks: &[(&str, Callback)], system: &System) {
    for (what, callback) in callbacks {
        assert_eq!(system.call_back(callback).await, status, "{what}: {}", callback.url);
    }
    let counted = system.log("receive-completion").await.counted("ForgedCallbacks");
    assert_eq!(counted, u64::try_from(callbacks.len()).expect("a number"));
    assert_eq!(system.totals().await.arrived, 0);
    assert!(system.completions().list().await.expect("executions").is_empty());
    assert!(system.mails().await.is_empty());
}

/// And the true one is still taken.
async fn the_true_one_is_taken(system: &System, callback: &Callback) {
    assert_eq!(system.call_back(callback).await, 202);
    is_restocked_with(system, 50).await;
}

#[tokio::test]
async fn a_forged_callback_is_answered_401_and_changes_nothing() {
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
        ("a signature that is no hexadecimal", callback.with("signature", "✓")),
        ("an empty signature", callback.with("signature", "")),
        ("no signature", callback.without("signature")),
        ("two signatures", twice),
        ("another quantity", callback.with("quantity", "51")),
        ("a quantity that is none", callback.with("quantity", "many")),
        ("no quantity", callback.without("quantity")),
        ("another expiry", callback.with("expires", "4102444800")),
        ("an expiry that is none", callback.with("expires", "never")),
        ("no expiry", callback.without("expires")),
        ("another order", callback.for_order(SOMEBODY_ELSES)),
    ];
    are_turned_away(401, &forged, &system).await;
    the_true_one_is_taken(&system, &callback).await;
    system.finish().await;
}

#[tokio::test]
async fn an_expired_callback_is_answered_401_and_changes_nothing() {
    let (system, callback) = waiting().await;
    let keys = keys(&system).await;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    let signed = |expires: u64| callback.with("expires", &expires.to_string()).signed_with(&keys);
    let expired = [("a second ago", signed(now - 1)), ("now", signed(now)), ("in 1970", signed(0))];
    are_turned_away(401, &expired, &system).await;
    // It is the expiry, not our signing, that they were turned away for.
    the_true_one_is_taken(&system, &signed(now + 600)).await;
    system.finish().await;
}

#[tokio::test]
async fn a_callback_for_what_is_no_order_is_answered_404_and_changes_nothing() {
    let (system, callback) = waiting().await;
    let order = callback.order();
    let unknown = [
        ("a number", callback.for_order("1")),
        ("in capitals", callback.for_order(&order.to_uppercase())),
        ("without its dashes", callback.for_order(&order.replace('-', ""))),
        ("something after it", callback.for_order(&format!("{order}0"))),
        ("a statement", callback.for_order("' OR 1=1 -- ")),
    ];
    are_turned_away(404, &unknown, &system).await;
    the_true_one_is_taken(&system, &callback).await;
    system.finish().await;
}

#[tokio::test]
async fn a_callback_that_we_signed_for_an_order_that_the_books_do_not_have_is_told_to_operations() {
    let (system, callback) = waiting().await;
    let unknown = callback.for_order(SOMEBODY_ELSES).signed_with(&keys(&system).await);
    assert_eq!(system.call_back(&unknown).await, 202);
    assert_eq!(system.ended(&system.completions(), SOMEBODY_ELSES).await, "FAILED");
    let mails = system.mails().await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(mails[0].text.contains("ProductionOrder.Unknown"), "{mails:?}");
    the_true_one_is_taken(&system, &callback).await;
    system.finish().await;
}
