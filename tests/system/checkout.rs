//! What a customer is told who sends a purchase, and sends it again.

use futures::future::{join, join_all};
use serde_json::json;
use sqlx::Executor;

use system_testkit::{
    cloud::PATIENT, cloud::System, cloud::eventually, customer::JSON, customer::Told,
    customer::checkout,
};
use testkit::database::SKU;

async fn buy(system: &System, key: &str, sku: &str, quantity: u32) -> Told {
    let body = json!({"sku": sku, "quantity": quantity}).to_string();
    checkout(system, Some(key.as_bytes()), JSON, body).await
}

#[tokio::test]
async fn a_sale_says_what_was_sold_and_says_it_again_to_the_same_key() {
    let system = System::with(30, PATIENT).await;
    let sold = buy(&system, "a-purchase", SKU, 2).await;
    assert_eq!(sold.status, 200, "{sold:?}");
    assert_eq!(sold.header("content-type"), "application/json");
    let expected = json!({
        "outcome": "sold", "purchase_id": "a-purchase", "sku": SKU, "quantity": 2, "stock": 28,
    });
    assert_eq!(sold.body, expected);

    assert_eq!(buy(&system, "another", SKU, 1).await.body["stock"], 27);
    let again = buy(&system, "a-purchase", SKU, 2).await;
    assert_eq!((again.status, again.body), (200, expected));
    let totals = system.totals().await;
    assert_eq!((totals.sold, totals.stock, totals.ledger), (3, 27, 27));
    system.stop().await;
}

#[tokio::test]
async fn one_purchase_sent_sixteen_times_at_once_is_sold_once_and_answered_alike() {
    let system = System::with(30, PATIENT).await;
    let answers = join_all((0..16).map(|_| buy(&system, "impatient", SKU, 3))).await;
    for answer in &answers {
        assert_eq!((answer.status, &answer.body), (200, &answers[0].body), "{answer:?}");
    }
    let totals = system.totals().await;
    assert_eq!((totals.sold, totals.stock, totals.ledger), (3, 27, 27));
    system.stop().await;
}

#[tokio::test]
async fn a_sale_is_told_again_when_nothing_is_left_and_others_are_told_that_it_is_sold_out() {
    let system = System::with(2, PATIENT).await;
    system.factory().misbehave(factory_simulator::Fault::HoldsCallback).await.expect("a fault");
    let sold = buy(&system, "the-last-two", SKU, 2).await;
    assert_eq!((sold.status, &sold.body["stock"]), (200, &json!(0)), "{sold:?}");

    let refused = buy(&system, "too-late", SKU, 1).await;
    refused.assert_problem(409, "sold_out");
    assert_eq!((&refused.body["sku"], &refused.body["stock"]), (&json!(SKU), &json!(0)));
    assert!(refused.detail().contains("the requested quantity of 1"), "{refused:?}");

    let again = buy(&system, "the-last-two", SKU, 2).await;
    assert_eq!((again.status, again.body), (200, sold.body));
    assert_eq!(system.totals().await.sold, 2);
    system.stop().await;
}

#[tokio::test]
async fn a_key_under_which_something_else_was_sold_is_refused_also_when_nothing_is_left() {
    let system = System::with(1, PATIENT).await;
    system.factory().misbehave(factory_simulator::Fault::HoldsCallback).await.expect("a fault");
    assert_eq!(buy(&system, "my-key", SKU, 1).await.status, 200);

    let reused = buy(&system, "my-key", SKU, 2).await;
    reused.assert_problem(422, "key_reused");
    assert!(reused.detail().contains("my-key"), "{reused:?}");
    assert!(reused.detail().contains("Send a new key"), "{reused:?}");
    let totals = system.totals().await;
    assert_eq!((totals.sold, totals.stock, totals.ledger), (1, 0, 0));
    system.stop().await;
}

#[tokio::test]
async fn a_key_that_was_refused_is_still_good_when_there_are_goods_again() {
    let system = System::with(1, PATIENT).await;
    buy(&system, "patient", SKU, 2).await.assert_problem(409, "sold_out");
    assert_eq!(system.ended(&system.restocks(), "CP-502101_1").await, "SUCCEEDED");
    let sold = buy(&system, "patient", SKU, 2).await;
    assert_eq!((sold.status, sold.outcome()), (200, "sold"), "{sold:?}");
    assert_eq!(system.totals().await.sold, 2);
    system.stop().await;
}

/// The advice that nobody waits for any longer costs half of the machine's time; the decision is told.
#[tokio::test]
async fn a_purchase_is_answered_though_the_look_at_the_stock_hangs() {
    let system = System::with(20, PATIENT).await;
    let mut connection = system.by_hand().await;
    connection.execute("LOCK TABLES product WRITE").await.expect("a lock");
    let unlock = async {
        eventually("the look was given up", async || {
            (system.logged_with("check-stock", "REPORT").await > 0).then_some(())
        })
        .await;
        connection.execute("UNLOCK TABLES").await.expect("no lock");
    };
    let (sold, ()) = join(buy(&system, "slow", SKU, 1), unlock).await;
    assert_eq!((sold.status, sold.outcome()), (200, "sold"), "{sold:?}");
    assert_eq!(system.totals().await.sold, 1);
    system.stop().await;
}

#[tokio::test]
async fn a_product_that_does_not_exist_is_not_sold() {
    let system = System::with(20, PATIENT).await;
    let unknown = buy(&system, "curious", "NO-SUCH-DONUT", 1).await;
    unknown.assert_problem(404, "unknown_product");
    assert!(unknown.detail().contains("There is no product NO-SUCH-DONUT"), "{unknown:?}");
    assert_eq!(system.movements().await, 1, "only the opening stock was counted");
    system.stop().await;
}

#[tokio::test]
async fn keys_of_any_visible_ascii_are_taken_as_they_are() {
    let system = System::with(40, PATIENT).await;
    let longest = "k".repeat(64);
    let keys = [
        "key",
        "KEY",
        "';--",
        r#""{%$states.input%}\"#,
        "a,b",
        "%20",
        "~!@#",
        "0",
        longest.as_str(),
    ];
    for key in keys {
        let sold = buy(&system, key, SKU, 1).await;
        assert_eq!((sold.status, &sold.body["purchase_id"]), (200, &json!(key)), "{sold:?}");
    }
    assert_eq!(system.totals().await.sold, 9, "each key is a purchase of its own");
    system.stop().await;
}
