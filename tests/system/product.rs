//! `GET /products/{sku}`

use factory_simulator::Fault;
use serde_json::json;

use system_testkit::{cloud::PATIENT, cloud::System, cloud::eventually, customer::look_at};
use testkit::database::SKU;

#[tokio::test]
async fn a_product_is_shown_with_its_name_price_and_stock() {
    let system = System::with(20, PATIENT).await;
    let told = look_at(&system, SKU).await;
    assert_eq!((told.status, told.header("content-type")), (200, "application/json"));
    let expected =
        json!({"sku": SKU, "name": "부산도너츠", "price": 19900, "stock": 20, "restock": null});
    assert_eq!(told.body, expected);
    assert_eq!(system.buy("one").await.status, 200);
    assert_eq!(look_at(&system, SKU).await.body["stock"], 19);
    system.stop().await;
}

#[tokio::test]
async fn a_restock_is_shown_as_long_as_it_is_under_way() {
    let system = System::with(0, PATIENT).await;
    system.factory().misbehave(Fault::HoldsCallback).await.expect("a fault");
    system.buy("hungry").await;
    let restock = eventually("a restock is shown", async || {
        let body = look_at(&system, SKU).await.body;
        body["restock"].is_object().then(|| body["restock"].clone())
    })
    .await;
    let ordered_at = restock["ordered_at"].as_str().expect("a time");
    assert!(humantime::parse_rfc3339(ordered_at).is_ok(), "{restock}");
    let expected = json!({"cycle": 1, "attempt": 1, "quantity": 50, "ordered_at": ordered_at});
    assert_eq!(restock, expected);

    // It is shown before the factory has it, and only what the factory has can be released.
    eventually("the factory has the order", async || {
        (!system.factory().orders().is_empty()).then_some(())
    })
    .await;
    system.factory().release();
    assert_eq!(system.ended(&system.restocks(), "CP-502101_1").await, "SUCCEEDED");
    let told = look_at(&system, SKU).await;
    assert_eq!((&told.body["stock"], &told.body["restock"]), (&json!(50), &json!(null)));
    system.stop().await;
}

#[tokio::test]
async fn what_is_no_product_is_told_apart_from_what_cannot_be_one() {
    let system = System::with(20, PATIENT).await;
    let unknown = look_at(&system, "CP-502102").await;
    unknown.assert_problem(404, "unknown_product");
    assert!(unknown.detail().contains("There is no product CP-502102"), "{unknown:?}");
    let too_long = "A".repeat(41);
    for sku in ["cp-502101", "CP_502101", "CP-502101%20", "%27", too_long.as_str()] {
        let told = look_at(&system, sku).await;
        told.assert_problem(400, "bad_request");
        assert!(told.detail().contains("SKU must be 1 to 40 characters of A-Z, 0-9"), "{told:?}");
    }
    system.stop().await;
}
