//! Many customers at once.

use std::sync::Arc;

use factory_simulator::Fault;
use futures::future::join_all;
use tokio::sync::Barrier;

use deployment::api_client::Response;

use system_testkit::{LONG_WAIT, Orders, System, eventually};
use testkit::database::set_buckets;

/// Sends a purchase until its outcome is known: an answer of 503 asks for that.
async fn buy_until_known(system: &System, key: &str) -> Response {
    eventually(&format!("the outcome of {key} is known"), async || {
        let answer = system.buy(key).await;
        (answer.outcome() != "unknown").then_some(answer)
    })
    .await
}

#[tokio::test]
async fn sixty_four_simultaneous_customers_for_fifty_donuts_buy_exactly_fifty_and_one_order_is_placed()
 {
    let system = System::with(50, LONG_WAIT).await;
    fifty_are_sold_and_one_order_is_placed(system).await;
}

#[tokio::test]
async fn the_same_customers_buy_exactly_fifty_from_sixteen_buckets() {
    let system = System::with(50, LONG_WAIT).await;
    system.cloud.warehouse.change(&set_buckets(16)).await.expect("buckets");
    fifty_are_sold_and_one_order_is_placed(system).await;
}

async fn fifty_are_sold_and_one_order_is_placed(system: System) {
    // The goods of the order must not come while customers still buy.
    system.set_fault(Fault::HoldsCallback, Orders::All).await;
    let barrier = Arc::new(Barrier::new(64));
    let answers = join_all((0..64).map(|n| {
        let (system, barrier) = (&system, Arc::clone(&barrier));
        async move {
            barrier.wait().await;
            buy_until_known(system, &format!("customer-{n}")).await
        }
    }))
    .await;
    let count = |status| answers.iter().filter(|answer| answer.status.as_u16() == status).count();
    assert_eq!((count(200), count(409)), (50, 14), "{answers:?}");

    eventually("an order is placed", async || {
        (!system.factory().orders().is_empty()).then_some(())
    })
    .await;
    system.release_callbacks().await;
    assert_eq!(system.final_status(&system.restocks(), "CP-502101_1").await, "SUCCEEDED");
    let totals = system.totals().await;
    assert_eq!((totals.sold, totals.production_orders), (50, 1));
    assert_eq!((totals.stock, totals.stock), (totals.ledger, totals.arrived));
    assert_eq!(system.factory().requests(), 1);
    system.finish().await;
}
