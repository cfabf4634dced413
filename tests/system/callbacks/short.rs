//! Callbacks that report fewer units than were ordered.

use factory_simulator::Fault;

use super::good::assert_restocked_with;
use system_testkit::{Orders, SECOND_RESTOCK, System};

#[tokio::test]
async fn a_short_delivery_is_credited_as_reported_and_the_next_depletion_orders_the_rest() {
    let system = System::with_stock(0).await;
    system.set_fault(Fault::CountShort, Orders::Next(1)).await;
    system.buy_sold_out().await;
    assert_restocked_with(&system, 25).await;
    assert_eq!(system.factory().requests(), 1, "25 are above the reorder point");

    // 25 - 15 = 10, the reorder point.
    system.buy_several("fifteen", 15).await;
    assert_eq!(system.final_status(&system.restocks(), SECOND_RESTOCK).await, "SUCCEEDED");
    let rows = system.order_rows().await;
    assert_eq!(rows.iter().map(|row| row.quantity).collect::<Vec<_>>(), [50, 40]);
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.arrived, totals.sold), (50, 65, 15));
    system.finish().await;
}

#[tokio::test]
async fn after_a_short_delivery_that_leaves_the_product_depleted_the_sweep_has_the_rest_ordered() {
    let system = System::with_stock(0).await;
    system.set_fault(Fault::HoldsCallback, Orders::Next(1)).await;
    system.buy_sold_out().await;
    let callback = system.callback(1).await;
    assert_eq!(system.call_back(&callback.with_count(3)).await, 200);
    assert_restocked_with(&system, 3).await;

    system.sweep().await;
    assert_eq!(system.final_status(&system.restocks(), SECOND_RESTOCK).await, "SUCCEEDED");
    assert_eq!(system.order_rows().await[1].quantity, 47);
    assert_eq!(system.totals().await.stock, 50);
    system.finish().await;
}
