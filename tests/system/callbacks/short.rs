//! Fewer than ordered.

use factory_simulator::Fault;

use super::good::is_restocked_with;
use system_testkit::{cloud::System, observe::SECOND};

#[tokio::test]
async fn fewer_than_ordered_are_credited_as_delivered_and_the_next_depletion_orders_the_rest() {
    let system = System::with_stock(0).await;
    system.factory_misbehaves_for(Fault::CountShort, 1).await;
    system.find_sold_out().await;
    is_restocked_with(&system, 25).await;
    assert_eq!(system.factory().requests(), 1, "25 are above the reorder point");

    // 25 - 15 is the reorder point.
    system.buy_several("fifteen", 15).await;
    assert_eq!(system.ended(&system.restocks(), SECOND).await, "SUCCEEDED");
    let rows = system.order_rows().await;
    assert_eq!(rows.iter().map(|row| row.quantity).collect::<Vec<_>>(), [50, 40]);
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.arrived, totals.sold), (50, 65, 15));
    system.finish().await;
}

#[tokio::test]
async fn so_few_that_the_product_stays_depleted_are_followed_by_an_order_for_the_rest() {
    let system = System::with_stock(0).await;
    system.factory_misbehaves_for(Fault::HoldsCallback, 1).await;
    system.find_sold_out().await;
    let callback = system.callback(1).await;
    assert_eq!(system.call_back(&callback.counting(3)).await, 202);
    is_restocked_with(&system, 3).await;

    system.sweep().await;
    assert_eq!(system.ended(&system.restocks(), SECOND).await, "SUCCEEDED");
    assert_eq!(system.order_rows().await[1].quantity, 47);
    assert_eq!(system.totals().await.stock, 50);
    system.finish().await;
}
