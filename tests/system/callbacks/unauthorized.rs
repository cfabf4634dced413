//! Callbacks whose URL this system did not sign, or no longer accepts.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::callback::Keys;

use super::good::{assert_restocked_with, waiting};
use system_testkit::{Callback, System, eventually};

/// A valid order id that no order has.
const OTHER_ORDER: &str = "6f1c3a52-96a0-4b8f-9d0e-2f0f4f6f9b11";

fn keys(system: &System) -> Keys {
    system.cloud.callback_key.parse().expect("keys")
}

/// The gateway stores the callbacks. They are dropped for this reason and counted, and change nothing.
async fn assert_dropped(reason: &str, callbacks: &[(&str, Callback)], system: &System) {
    for (what, callback) in callbacks {
        assert_eq!(system.call_back(callback).await, 200, "{what}: {}", callback.url);
    }
    assert_nothing_changed(system, callbacks.len()).await;
    let log = system.log("receive-completion").await;
    let dropped: usize = log.sentences().iter().map(|line| line.matches(reason).count()).sum();
    assert_eq!(dropped, callbacks.len(), "{reason}");
}

/// The gateway cannot store the callbacks, because no message can hold them.
async fn assert_not_stored(callbacks: &[(&str, Callback)], system: &System) {
    for (what, callback) in callbacks {
        assert_eq!(system.call_back(callback).await, 400, "{what}: {}", callback.url);
    }
    assert_nothing_changed(system, 0).await;
}

async fn assert_nothing_changed(system: &System, forged: usize) {
    system.wait_until_callbacks_are_handled().await;
    let counted = system.log("receive-completion").await.metric("ForgedCallbacks");
    assert_eq!(counted, u64::try_from(forged).expect("a number"));
    assert_eq!(system.totals().await.arrived, 0);
    assert!(system.completions().list().await.expect("executions").is_empty());
    assert!(system.mails().await.is_empty());
}

/// The valid callback is still accepted.
async fn assert_valid_callback_is_credited(system: &System, callback: &Callback) {
    assert_eq!(system.call_back(callback).await, 200);
    assert_restocked_with(system, 50).await;
}

#[tokio::test]
async fn a_callback_with_an_invalid_signature_is_counted_and_dropped() {
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
        ("two signatures", twice),
        ("another quantity", callback.with("quantity", "51")),
        ("a quantity that is not a number", callback.with("quantity", "many")),
        ("another expiry", callback.with("expires", "4102444800")),
        ("an expiry that is not a number", callback.with("expires", "never")),
        ("another order", callback.for_order(OTHER_ORDER)),
    ];
    assert_dropped("the signature is invalid", &forged, &system).await;
    assert_valid_callback_is_credited(&system, &callback).await;
    system.finish().await;
}

#[tokio::test]
async fn a_callback_without_a_part_of_its_url_is_not_even_stored() {
    let (system, callback) = waiting().await;
    let incomplete = [
        ("an empty signature", callback.with("signature", "")),
        ("no signature", callback.without("signature")),
        ("no quantity", callback.without("quantity")),
        ("no expiry", callback.without("expires")),
    ];
    assert_not_stored(&incomplete, &system).await;
    assert_valid_callback_is_credited(&system, &callback).await;
    system.finish().await;
}

/// The gateway builds JSON from the parts of the URL. The local gateway escapes nothing, which is the worst that AWS
/// could do.
#[tokio::test]
async fn quotation_marks_in_a_url_forge_nothing() {
    let (system, callback) = waiting().await;
    let signature = callback.part("signature");
    let broken = [
        ("a quotation mark", callback.with("signature", "\"")),
        ("half an attribute", callback.with("quantity", "50\"}")),
        ("a backslash", callback.with("expires", "\\")),
    ];
    assert_not_stored(&broken, &system).await;

    let text = |value: &str| format!(r#"{{"DataType": "String", "StringValue": "{value}"#);
    let other = |name: &str, value: &str| format!(r#""}}, "{name}": {}"#, text(value));
    let forged = [
        (
            "another quantity",
            callback.with("signature", &(signature.clone() + &other("quantity", "49"))),
        ),
        (
            "another order",
            callback
                .with("signature", &(signature.clone() + &other("production_order", OTHER_ORDER))),
        ),
        (
            "a signature of bytes",
            callback.with(
                "signature",
                r#"a"}, "signature": {"DataType": "Binary", "BinaryValue": "YQ=="#,
            ),
        ),
    ];
    system.wait_until_callbacks_are_handled().await;
    assert_dropped("dropped callback", &forged, &system).await;
    assert_valid_callback_is_credited(&system, &callback).await;
    system.finish().await;
}

#[tokio::test]
async fn an_expired_callback_is_counted_and_dropped() {
    let (system, callback) = waiting().await;
    let keys = keys(&system);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    let signed = |expires: u64| callback.with("expires", &expires.to_string()).signed_with(&keys);
    let expired = [("a second ago", signed(now - 1)), ("now", signed(now)), ("in 1970", signed(0))];
    assert_dropped("the callback URL has expired", &expired, &system).await;
    // The expiry was the reason, not the signature.
    assert_valid_callback_is_credited(&system, &signed(now + 600)).await;
    system.finish().await;
}

#[tokio::test]
async fn a_callback_for_an_invalid_order_id_is_counted_and_dropped() {
    let (system, callback) = waiting().await;
    let order = callback.order();
    let unknown = [
        ("a number", callback.for_order("1")),
        ("in capitals", callback.for_order(&order.to_uppercase())),
        ("without its dashes", callback.for_order(&order.replace('-', ""))),
        ("something after it", callback.for_order(&format!("{order}0"))),
        ("a statement", callback.for_order("' OR 1=1 -- ")),
    ];
    assert_dropped("the production order must be a UUID", &unknown, &system).await;
    assert_valid_callback_is_credited(&system, &callback).await;
    system.finish().await;
}

#[tokio::test]
async fn a_signed_callback_for_an_order_that_is_not_in_the_database_is_reported_to_operations() {
    let (system, callback) = waiting().await;
    let unknown = callback.for_order(OTHER_ORDER).signed_with(&keys(&system));
    assert_eq!(system.call_back(&unknown).await, 200);
    assert_eq!(system.final_status(&system.completions(), OTHER_ORDER).await, "FAILED");
    let mails = eventually("the unknown order is mailed", async || {
        Some(system.mails().await).filter(|mails| !mails.is_empty())
    })
    .await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(mails[0].text.contains("ProductionOrder.Unknown"), "{mails:?}");
    assert_valid_callback_is_credited(&system, &callback).await;
    system.finish().await;
}
