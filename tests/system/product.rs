//! `GET /products/{sku}`

use factory_simulator::Fault;
use serde_json::json;

use system_testkit::{LONG_WAIT, Orders, System, customer::get_product, eventually};
use testkit::database::SKU;

#[tokio::test]
async fn a_product_is_shown_with_its_name_price_and_stock() {
    let system = System::with(20, LONG_WAIT).await;
    let answer = get_product(&system, SKU).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    let expected =
        json!({"sku": SKU, "name": "부산도너츠", "price": 19900, "stock": 20, "restock": null});
    assert_eq!(answer.body, expected);
    assert_eq!(system.buy("one").await.status, 200);
    assert_eq!(get_product(&system, SKU).await.body["stock"], 19);
    system.finish().await;
}

#[tokio::test]
async fn a_product_is_shown_with_its_restock_while_that_is_under_way() {
    let system = System::with(0, LONG_WAIT).await;
    system.set_fault(Fault::HoldsCallback, Orders::All).await;
    system.buy("refused").await;
    let restock = eventually("a restock is shown", async || {
        let body = get_product(&system, SKU).await.body;
        body["restock"].is_object().then(|| body["restock"].clone())
    })
    .await;
    let ordered_at = restock["ordered_at"].as_str().expect("a time");
    assert!(humantime::parse_rfc3339(ordered_at).is_ok(), "{restock}");
    let expected = json!({"cycle": 1, "attempt": 1, "quantity": 50, "ordered_at": ordered_at});
    assert_eq!(restock, expected);

    // The restock is shown before the factory has the order. Only a callback that the factory holds can be released.
    eventually("the factory has the order", async || {
        (!system.factory().orders().is_empty()).then_some(())
    })
    .await;
    system.release_callbacks().await;
    assert_eq!(system.final_status(&system.restocks(), "CP-502101_1").await, "SUCCEEDED");
    let answer = get_product(&system, SKU).await;
    assert_eq!((&answer.body["stock"], &answer.body["restock"]), (&json!(50), &json!(null)));
    system.finish().await;
}

#[tokio::test]
async fn products_are_listed_page_by_page_and_a_wrong_parameter_is_answered_400() {
    let system = System::with_two_factories(20, LONG_WAIT).await;
    let (mut after, mut listed) = (String::new(), Vec::new());
    loop {
        let page = get_product(&system, &format!("?limit=2{after}")).await;
        assert_eq!(page.status, 200, "{page:?}");
        let products = page.body["products"].as_array().expect("products").clone();
        assert!((1..=2).contains(&products.len()), "{page:?}");
        listed.extend(products);
        let Some(next) = page.body["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    let skus: Vec<&str> = listed.iter().filter_map(|product| product["sku"].as_str()).collect();
    assert_eq!(skus, [SKU, "CP-502102", "CP-502103"]);
    assert_eq!(listed[0], get_product(&system, SKU).await.body);
    for (query, words) in [
        ("?limit=0", "whole number from 1 to 100"),
        ("?limit=1&limit=2", "whole number from 1 to 100"),
        ("?after=cp", "After: the SKU must be"),
    ] {
        let refused = get_product(&system, query).await;
        refused.assert_problem(400, "bad_request");
        assert!(refused.detail().contains(words), "{refused:?}");
    }
    system.finish().await;
}

#[tokio::test]
async fn an_unknown_product_is_answered_404_and_an_invalid_sku_400() {
    let system = System::with(20, LONG_WAIT).await;
    let unknown = get_product(&system, "CP-502102").await;
    unknown.assert_problem(404, "unknown_product");
    assert!(unknown.detail().contains("There is no product CP-502102"), "{unknown:?}");
    let too_long = "A".repeat(41);
    for sku in ["cp-502101", "CP_502101", "CP-502101%20", "%27", too_long.as_str()] {
        let answer = get_product(&system, sku).await;
        answer.assert_problem(400, "bad_request");
        assert!(
            answer.detail().contains("SKU must be 1 to 40 characters of A-Z, 0-9"),
            "{answer:?}"
        );
    }
    system.finish().await;
}
