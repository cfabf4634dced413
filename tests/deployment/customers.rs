//! The answers to customers.

use deployment::api_client::Response;
use serde_json::{Value, json};

use crate::{deployment::Deployment, deployment::new_key};
use testkit::database::SKU;

/// A valid SKU that no product has.
const UNKNOWN: &str = "NO-SUCH-DONUT";

/// The answer is a problem of RFC 9457, with this status and outcome.
pub fn assert_problem(answer: &Response, status: u16, outcome: &str) {
    assert_eq!((answer.status.as_u16(), answer.outcome()), (status, outcome), "{answer:?}");
    assert_eq!(answer.content_type, "application/problem+json", "{answer:?}");
    assert_eq!(answer.body["type"], format!("urn:restock:problem:{outcome}"), "{answer:?}");
    assert_eq!(answer.body["status"], status, "{answer:?}");
    for member in ["title", "detail"] {
        assert!(answer.body[member].as_str().is_some_and(|text| !text.is_empty()), "{answer:?}");
    }
}

#[tokio::test]
async fn a_product_is_shown_and_an_unknown_product_is_a_problem() {
    let deployment = Deployment::open().await;
    let shown = deployment.shop.product(SKU).await.expect("an answer");
    assert_eq!(shown.status, 200, "{shown:?}");
    assert_eq!((&shown.body["sku"], &shown.body["price"]), (&json!(SKU), &json!(19900)));
    assert!(shown.body["stock"].is_u64(), "{shown:?}");

    let unknown = deployment.shop.product(UNKNOWN).await.expect("an answer");
    assert_problem(&unknown, 404, "unknown_product");
    let unreadable = deployment.shop.product("no_sku").await.expect("an answer");
    assert_problem(&unreadable, 400, "bad_request");
    deployment.finish().await;
}

#[tokio::test]
async fn a_purchase_that_is_sent_twice_is_sold_once_and_gets_the_same_answer() {
    let deployment = Deployment::open().await;
    let (key, sold) = deployment.buy_one().await;
    assert_eq!((sold.status.as_u16(), &sold.body["purchase_id"]), (200, &json!(key)));
    assert_eq!((&sold.body["sku"], &sold.body["quantity"]), (&json!(SKU), &json!(1)));

    let again = deployment.shop.buy(&key, SKU, 1).await.expect("an answer");
    assert_eq!((again.status, &again.body), (sold.status, &sold.body));
    let another = deployment.shop.buy(&key, SKU, 2).await.expect("an answer");
    assert_problem(&another, 422, "key_reused");
    deployment.finish().await;
}

#[tokio::test]
async fn an_invalid_purchase_is_refused_with_the_reason() {
    let deployment = Deployment::open().await;
    let purchase =
        |sku: &str, quantity: Value| json!({"sku": sku, "quantity": quantity}).to_string();
    let large = purchase(SKU, json!("1".repeat(5000)));
    let key = new_key();
    let refused = [
        (None, purchase(SKU, json!(1)), 400, "bad_request", "Idempotency-Key header is missing"),
        (Some(&key), purchase(SKU, json!(0)), 400, "bad_request", "a whole number from 1 to 100"),
        (Some(&key), "{".to_owned(), 400, "bad_request", "EOF"),
        (Some(&key), large, 413, "too_large", "larger than 4096 bytes"),
        (Some(&key), purchase(UNKNOWN, json!(1)), 404, "unknown_product", UNKNOWN),
    ];
    for (key, body, status, outcome, reason) in refused {
        let key = key.map(String::as_str);
        let answer = deployment.shop.checkout(key, body).await.expect("an answer");
        assert_problem(&answer, status, outcome);
        let detail = answer.body["detail"].as_str().unwrap_or_default();
        assert!(detail.contains(reason), "{reason}: {answer:?}");
    }
    deployment.finish().await;
}
