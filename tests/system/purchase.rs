use std::sync::Arc;

use futures::future::join_all;
use tokio::sync::Barrier;

use deployment::api_client::Response;

use system_testkit::{cloud::PATIENT, cloud::System, cloud::eventually};

/// Who is told that it is not known whether it was sold asks again under the same key, as the answer says.
async fn until_told(system: &System, key: &str) -> Response {
    eventually(&format!("{key} is told"), async || {
        let answer = system.buy(key).await;
        (answer.outcome() != "unknown").then_some(answer)
    })
    .await
}

#[tokio::test]
async fn sixty_four_customers_at_once_for_fifty_donuts_get_fifty_and_one_order_is_placed() {
    let system = System::with(50, PATIENT).await;
    // The goods of the order must not come while the customers are still buying.
    system.factory().misbehave(factory_simulator::Fault::HoldsCallback).await.expect("a fault");
    let barrier = Arc::new(Barrier::new(64));
    let answers = join_all((0..64).map(|n| {
        let (system, barrier) = (&system, Arc::clone(&barrier));
        async move {
            barrier.wait().await;
            until_told(system, &format!("customer-{n}")).await
        }
    }))
    .await;
    let told = |status| answers.iter().filter(|answer| answer.status.as_u16() == status).count();
    assert_eq!((told(200), told(409)), (50, 14), "{answers:?}");

    eventually("an order is placed", async || {
        (!system.factory().orders().is_empty()).then_some(())
    })
    .await;
    system.factory().release();
    assert_eq!(system.ended(&system.restocks(), "CP-502101_1").await, "SUCCEEDED");
    let totals = system.totals().await;
    assert_eq!((totals.sold, totals.production_orders), (50, 1));
    assert_eq!((totals.stock, totals.stock), (totals.ledger, totals.arrived));
    assert_eq!(system.factory().requests(), 1);
    system.stop().await;
}
