//! What customers are told while the database is away.

use std::time::Duration;

use local_cloud::Options;
use tokio::time::{Instant, timeout};

use system_testkit::{
    cloud::QUICK, cloud::System, customer::JSON, customer::Told, customer::checkout,
    customer::look_at,
};
use testkit::database::SKU;

const PURCHASE: &str = r#"{"sku":"CP-502101","quantity":1}"#;

/// The gateway gives up after 30 s; the customer is told long before that.
const TOLD_WITHIN: Duration = Duration::from_secs(12);

/// A system whose database server is its own.
async fn system_with_a_server() -> System {
    System::start(Options {
        factory_stage: Duration::from_millis(50),
        stock: Some(20),
        settings: Some(QUICK),
        ..Options::default()
    })
    .await
}

async fn buy(system: &System) -> Told {
    checkout(system, Some(b"the-same"), JSON, PURCHASE).await
}

#[tokio::test]
async fn while_the_database_is_away_nobody_is_told_a_lie_and_afterwards_the_key_is_sold_once() {
    let system = system_with_a_server().await;
    assert_eq!(system.buy("before").await.status, 200);
    let server = system.cloud.backing_services.database.as_ref().expect("a server of its own");

    server.kill().await;
    let asked = Instant::now();
    let told = timeout(TOLD_WITHIN, buy(&system)).await.expect("an answer in time");
    told.assert_problem(503, "unknown");
    assert_eq!(told.header("retry-after"), "2");
    assert!(told.detail().contains("Retry with the same Idempotency-Key"), "{told:?}");
    assert!(asked.elapsed() < TOLD_WITHIN);

    let look = look_at(&system, SKU).await;
    look.assert_problem(503, "unavailable");
    assert_eq!(look.header("retry-after"), "2");

    server.restart().await.expect("the server is back");
    for _ in 0..2 {
        let told = buy(&system).await;
        assert_eq!((told.status, told.outcome()), (200, "sold"), "{told:?}");
    }
    let totals = system.totals().await;
    assert_eq!((totals.sold, totals.stock, totals.ledger), (2, 18, 18));
    system.stop().await;
}
