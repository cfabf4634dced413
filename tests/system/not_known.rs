//! Answers to customers while the database is down.

use std::time::Duration;

use local_cloud::Options;
use tokio::time::{Instant, timeout};

use system_testkit::{
    QUICK, System, customer::JSON, customer::RawResponse, customer::checkout, customer::get_product,
};
use testkit::database::SKU;

const PURCHASE: &str = r#"{"sku":"CP-502101","quantity":1}"#;

/// API Gateway times out after 30 s. The customer is answered long before.
const ANSWERED_WITHIN: Duration = Duration::from_secs(12);

/// A system with its own database server.
async fn with_its_own_server() -> System {
    System::start(Options {
        factory_stage: Duration::from_millis(50),
        stock: Some(20),
        settings: Some(QUICK),
        ..Options::default()
    })
    .await
}

async fn buy(system: &System) -> RawResponse {
    checkout(system, Some(b"the-same"), JSON, PURCHASE).await
}

#[tokio::test]
async fn while_the_database_is_down_the_outcome_is_unknown_and_afterwards_the_same_key_is_sold_once()
 {
    let system = with_its_own_server().await;
    assert_eq!(system.buy("before").await.status, 200);
    let server = system.cloud.backing_services.database.as_ref().expect("its own server");

    server.kill().await;
    let sent_at = Instant::now();
    let answer = timeout(ANSWERED_WITHIN, buy(&system)).await.expect("an answer in time");
    answer.assert_problem(503, "unknown");
    assert_eq!(answer.header("retry-after"), "2");
    assert!(answer.detail().contains("Retry with the same Idempotency-Key"), "{answer:?}");
    assert!(sent_at.elapsed() < ANSWERED_WITHIN);

    let product = get_product(&system, SKU).await;
    product.assert_problem(503, "unavailable");
    assert_eq!(product.header("retry-after"), "2");

    server.restart().await.expect("the server restarts");
    for _ in 0..2 {
        let answer = buy(&system).await;
        assert_eq!((answer.status, answer.outcome()), (200, "sold"), "{answer:?}");
    }
    let totals = system.totals().await;
    assert_eq!((totals.sold, totals.stock, totals.ledger), (2, 18, 18));
    system.finish().await;
}
