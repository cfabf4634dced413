//! What a customer is told.

use deployment::api_client::Response;
use serde_json::{Value, json};

use crate::{deployment::Deployment, deployment::new_key};
use testkit::database::SKU;

/// That it is a problem as RFC 9457 has it, which says what to do.
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
async fn a_product_is_shown_and_one_that_is_not_there_is_a_problem() {
    let deployment = Deployment::open().await;
    let shown = deployment.shop.product(SKU).await.expect("an answer");
    assert_eq!(shown.status, 200, "{shown:?}");
    assert_eq!((&shown.body["sku"], &shown.body["price"]), (&json!(SKU), &json!(19900)));
    assert!(shown.body["stock"].is_u64(), "{shown:?}");

    let unknown = deployment.shop.product("NO-SUCH-DONUT").await.expect("an answer");
    assert_problem(&unknown, 404, "unknown_product");
    let unreadable = deployment.shop.product("no_sku").await.expect("an answer");
    assert_problem(&unreadable, 400, "bad_request");
    deployment.stop().await;
}

#[tokio::test]
async fn a_purchase_happens_once_for_its_key_and_is_answered_alike() {
    let deployment = Deployment::open().await;
    let (key, sold) = deployment.bought().await;
    assert_eq!((sold.status.as_u16(), &sold.body["purchase_id"]), (200, &json!(key)));
    assert_eq!((&sold.body["sku"], &sold.body["quantity"]), (&json!(SKU), &json!(1)));

    let again = deployment.shop.buy(&key, SKU, 1).await.expect("an answer");
    assert_eq!((again.status, &again.body), (sold.status, &sold.body));
    let another = deployment.shop.buy(&key, SKU, 2).await.expect("an answer");
    assert_problem(&another, 422, "key_reused");
    deployment.stop().await;
}

#[tokio::test]
async fn what_is_no_purchase_is_refused_and_says_why() {
    let deployment = Deployment::open().await;
    let purchase =
        |sku: &str, quantity: Value| json!({"sku": sku, "quantity": quantity}).to_string();
    let large = purchase(SKU, json!("1".repeat(5000)));
    let key = new_key();
    let refused = [
        (None, purchase(SKU, json!(1)), 400, "bad_request"),
        (Some(key.as_str()), purchase(SKU, json!(0)), 400, "bad_request"),
        (Some(key.as_str()), "{".to_owned(), 400, "bad_request"),
        (Some(key.as_str()), large, 413, "too_large"),
        (Some(key.as_str()), purchase("NO-SUCH-DONUT", json!(1)), 404, "unknown_product"),
    ];
    for (key, body, status, outcome) in refused {
        let answer = deployment.shop.checkout(key, body).await.expect("an answer");
        assert_problem(&answer, status, outcome);
    }
    deployment.stop().await;
}
