//! The keys that sign callback URLs: one that cannot be read, and a rotation.

use factory_simulator::Fault;
use local_cloud::deploy::CALLBACK_KEY_SECRET;

use super::good::{assert_restocked_with, waiting};
use system_testkit::{FIRST_RESTOCK, Orders, System};

const NEW_KEY_SECRET: &str = "restock/callback-key-2";
const NEW_KEY: &str = "fedcba9876543210fedcba9876543210";

/// Both functions that use the keys get other secrets.
async fn use_keys_in(system: &System, secrets: &str) {
    for function in ["place-order", "receive-completion"] {
        system.configure(function, "CALLBACK_KEY_SECRETS", secrets).await;
    }
}

#[tokio::test]
async fn without_a_key_no_order_is_sent_and_with_the_next_order_the_key_is_read_again() {
    let system = System::with_stock(0).await;
    use_keys_in(&system, NEW_KEY_SECRET).await;
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "FAILED");
    system.wait_for_mail("restock CP-502101_1 failed: Signature.Failed").await;
    assert!(system.factory().orders().is_empty());
    system.cloud.create_secret(NEW_KEY_SECRET, NEW_KEY).await.expect("a secret");
    system.sweep().await;
    system.wait_for_arrivals(50).await;
    system.finish().await;
}

#[tokio::test]
async fn a_callback_of_before_the_rotation_is_credited_and_the_next_order_has_the_new_key() {
    let (system, callback) = waiting().await;
    system.cloud.create_secret(NEW_KEY_SECRET, NEW_KEY).await.expect("a secret");
    use_keys_in(&system, &format!("{NEW_KEY_SECRET},{CALLBACK_KEY_SECRET}")).await;
    assert_eq!(system.call_back(&callback).await, 200);
    assert_restocked_with(&system, 50).await;

    system.set_fault(Fault::HoldsCallback, Orders::All).await;
    system.buy_several("all", 50).await;
    let next = system.callback(2).await;
    let signed = next.signed_with(&NEW_KEY.parse().expect("a key"));
    assert_eq!(next.part("signature"), signed.part("signature"));
    assert_eq!(system.call_back(&next).await, 200);
    system.wait_for_arrivals(100).await;
    system.finish().await;
}
