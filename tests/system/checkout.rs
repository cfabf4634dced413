//! `POST /checkout`: the answer to a purchase, and to the same purchase again.

use factory_simulator::Fault;
use futures::future::{join, join_all};
use serde_json::json;
use sqlx::Executor;

use system_testkit::{
    LONG_WAIT, Orders, System, customer::JSON, customer::RawResponse, customer::checkout,
    eventually,
};
use testkit::database::SKU;

async fn buy(system: &System, key: &str, sku: &str, quantity: u32) -> RawResponse {
    let body = json!({"sku": sku, "quantity": quantity}).to_string();
    checkout(system, Some(key.as_bytes()), JSON, body).await
}

#[tokio::test]
async fn a_sale_is_answered_with_what_was_sold_and_again_for_the_same_key() {
    let system = System::with(30, LONG_WAIT).await;
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
    system.finish().await;
}

#[tokio::test]
async fn one_purchase_sent_sixteen_times_at_once_is_sold_once_and_gets_the_same_answer_each_time() {
    let system = System::with(30, LONG_WAIT).await;
    let answers = join_all((0..16).map(|_| buy(&system, "impatient", SKU, 3))).await;
    for answer in &answers {
        assert_eq!((answer.status, &answer.body), (200, &answers[0].body), "{answer:?}");
    }
    let totals = system.totals().await;
    assert_eq!((totals.sold, totals.stock, totals.ledger), (3, 27, 27));
    system.finish().await;
}

#[tokio::test]
async fn a_repeated_sale_gets_the_same_answer_when_nothing_is_left_and_a_new_purchase_is_sold_out()
{
    let system = System::with(2, LONG_WAIT).await;
    system.set_fault(Fault::HoldsCallback, Orders::All).await;
    let sold = buy(&system, "the-last-two", SKU, 2).await;
    assert_eq!((sold.status, &sold.body["stock"]), (200, &json!(0)), "{sold:?}");

    let refused = buy(&system, "too-late", SKU, 1).await;
    refused.assert_problem(409, "sold_out");
    assert_eq!((&refused.body["sku"], &refused.body["stock"]), (&json!(SKU), &json!(0)));
    assert!(refused.detail().contains("the requested quantity of 1"), "{refused:?}");

    let again = buy(&system, "the-last-two", SKU, 2).await;
    assert_eq!((again.status, again.body), (200, sold.body));
    assert_eq!(system.totals().await.sold, 2);
    system.release_callbacks().await;
    system.finish().await;
}

#[tokio::test]
async fn a_key_that_is_reused_for_another_purchase_is_refused_even_when_nothing_is_left() {
    let system = System::with(1, LONG_WAIT).await;
    system.set_fault(Fault::HoldsCallback, Orders::All).await;
    assert_eq!(buy(&system, "my-key", SKU, 1).await.status, 200);

    let reused = buy(&system, "my-key", SKU, 2).await;
    reused.assert_problem(422, "key_reused");
    assert!(reused.detail().contains("my-key"), "{reused:?}");
    assert!(reused.detail().contains("Send a new key"), "{reused:?}");
    let totals = system.totals().await;
    assert_eq!((totals.sold, totals.stock, totals.ledger), (1, 0, 0));
    system.release_callbacks().await;
    system.finish().await;
}

#[tokio::test]
async fn a_key_that_was_refused_as_sold_out_can_be_used_when_there_is_stock_again() {
    let system = System::with(1, LONG_WAIT).await;
    buy(&system, "patient", SKU, 2).await.assert_problem(409, "sold_out");
    assert_eq!(system.final_status(&system.restocks(), "CP-502101_1").await, "SUCCEEDED");
    let sold = buy(&system, "patient", SKU, 2).await;
    assert_eq!((sold.status, sold.outcome()), (200, "sold"), "{sold:?}");
    assert_eq!(system.totals().await.sold, 2);
    system.finish().await;
}

/// `CheckStock` uses up half of the machine's time. `DecrementStock` still decides in time.
#[tokio::test]
async fn a_purchase_is_sold_even_if_check_stock_hangs() {
    let system = System::with(20, LONG_WAIT).await;
    let mut connection = system.admin_connection().await;
    connection.execute("LOCK TABLES product WRITE").await.expect("a lock");
    let unlock = async {
        eventually("check-stock has timed out", async || {
            (system.log("check-stock").await.count_lines("REPORT") > 0).then_some(())
        })
        .await;
        connection.execute("UNLOCK TABLES").await.expect("no lock");
    };
    let (sold, ()) = join(buy(&system, "slow", SKU, 1), unlock).await;
    assert_eq!((sold.status, sold.outcome()), (200, "sold"), "{sold:?}");
    assert_eq!(system.totals().await.sold, 1);
    system.finish().await;
}

#[tokio::test]
async fn a_purchase_of_an_unknown_product_is_answered_404() {
    let system = System::with(20, LONG_WAIT).await;
    let unknown = buy(&system, "curious", "NO-SUCH-DONUT", 1).await;
    unknown.assert_problem(404, "unknown_product");
    assert!(unknown.detail().contains("There is no product NO-SUCH-DONUT"), "{unknown:?}");
    assert_eq!(system.count_movements().await, 1, "only the opening stock was counted");
    system.finish().await;
}

#[tokio::test]
async fn a_key_may_consist_of_any_visible_ascii_characters_but_a_comma() {
    let system = System::with(40, LONG_WAIT).await;
    let longest = "k".repeat(64);
    let keys = [
        "key",
        "KEY",
        "';--",
        r#""{%$states.input%}\"#,
        "a;b",
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
    system.finish().await;
}
