//! What a sweep finds.

use domain::{Arrival, Reason, RestockStatus, Stock};
use warehouse::{CloseRequest, SweepRequest, UnsettledRestock};

use testkit::database::{AN_HOUR, SKU, Stocked, backdate_two_hours, ordered, sku};

#[tokio::test]
async fn the_sweep_finds_a_product_at_its_reorder_point_without_a_restock() {
    let stocked = Stocked::with(10).await;
    let swept = stocked.warehouse.sweep(AN_HOUR).await.expect("swept");
    let [depletion] = swept.depletions.as_slice() else { panic!("{swept:?}") };
    assert_eq!((depletion.sku.clone(), depletion.restock_cycle.get()), (sku(), 1));
    assert_eq!((depletion.stock, depletion.reason), (Some(Stock::new(10)), Reason::Sweep));
}

#[tokio::test]
async fn the_sweep_leaves_a_product_with_enough_stock_or_an_open_restock_alone() {
    let enough = Stocked::with(11).await;
    assert!(enough.warehouse.sweep(AN_HOUR).await.expect("swept").depletions.is_empty());
    let restocked = Stocked::with(0).await;
    ordered(restocked.open_restock("a", 1, 1).await);
    assert!(restocked.warehouse.sweep(AN_HOUR).await.expect("swept").depletions.is_empty());
}

#[tokio::test]
async fn the_sweep_finds_an_open_restock_until_it_is_closed_and_then_its_depleted_product() {
    let stocked = Stocked::with(0).await;
    ordered(stocked.open_restock("a", 1, 1).await);
    backdate_two_hours(&stocked).await;
    let swept = stocked.warehouse.sweep(AN_HOUR).await.expect("swept");
    let [UnsettledRestock { sku: of, restock_cycle, execution, ended: false }] =
        swept.unsettled.as_slice()
    else {
        panic!("{swept:?}")
    };
    assert_eq!((of.as_str(), restock_cycle.get(), execution.as_str()), (SKU, 1, "a"));
    assert!(swept.depletions.is_empty(), "{swept:?}");
    assert!((7200..7800).contains(&swept.oldest_open_seconds), "{swept:?}");

    let request = CloseRequest {
        sku: sku(),
        restock_cycle: 1.try_into().expect("a cycle"),
        execution: execution.clone(),
        failure: "Restock.Abandoned".to_owned(),
    };
    let closed = stocked.warehouse.close_restock(&request).await.expect("closed");
    let again = stocked.warehouse.close_restock(&request).await.expect("closed");
    assert_eq!((closed.status, &again), (Some(RestockStatus::Failed), &closed));
    let swept = stocked.warehouse.sweep(AN_HOUR).await.expect("swept");
    assert_eq!((swept.depletions[0].restock_cycle.get(), swept.oldest_open_seconds), (2, 0));
}

/// Step Functions may not show the execution of a restock that was opened just now, so the sweep does not look for it.
#[tokio::test]
async fn the_sweep_leaves_a_restock_of_the_last_seconds_alone_unless_its_execution_has_ended() {
    let stocked = Stocked::with(0).await;
    ordered(stocked.open_restock("a", 1, 1).await);
    let swept = stocked.warehouse.sweep(AN_HOUR).await.expect("swept");
    assert!(swept.unsettled.is_empty(), "{swept:?}");
    for (ended, found) in [("a", vec![true]), ("b", vec![])] {
        let request = SweepRequest { ended: Some(ended.to_owned()), ..AN_HOUR };
        let swept = stocked.warehouse.sweep(request).await.expect("swept");
        let unsettled: Vec<_> = swept.unsettled.iter().map(|restock| restock.ended).collect();
        assert_eq!(unsettled, found, "{ended}");
    }
}

#[tokio::test]
async fn the_sweep_finds_forgotten_goods_until_they_are_credited() {
    let stocked = Stocked::with(0).await;
    let order = ordered(stocked.open_restock("a", 1, 1).await).production_order;
    let arrival = Arrival { production_order: order, quantity: 50.try_into().expect("a count") };
    stocked.warehouse.record_arrival(&arrival).await.expect("recorded");
    assert!(stocked.warehouse.sweep(AN_HOUR).await.expect("swept").forgotten.is_empty());
    backdate_two_hours(&stocked).await;
    let swept = stocked.warehouse.sweep(AN_HOUR).await.expect("swept");
    assert_eq!(swept.forgotten, [order]);
    assert_eq!(stocked.warehouse.sweep(AN_HOUR).await.expect("swept"), swept);

    stocked.warehouse.increment_stock(order).await.expect("credited");
    let swept = stocked.warehouse.sweep(AN_HOUR).await.expect("swept");
    assert!(swept.forgotten.is_empty() && swept.unsettled.is_empty(), "{swept:?}");
    assert_eq!(stocked.warehouse.totals(&sku()).await.expect("totals").stock, 50);
}
