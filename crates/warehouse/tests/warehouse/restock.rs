//! Restocks: opened, ordered again, closed.

use std::sync::Arc;

use domain::{Arrival, Reason, RestockStatus, Stock};
use errors::NamedError;
use futures::future::join_all;
use tokio::sync::Barrier;
use warehouse::{OpenRequest, Opened};

use testkit::database::{Stocked, close_request, open_request, ordered, purchase, sku};

#[tokio::test]
async fn a_restock_orders_the_difference_to_the_target_stock() {
    let stocked = Stocked::with(4).await;
    let order = ordered(stocked.open_restock("a", 1, 1).await);
    assert_eq!((order.quantity.get(), order.attempt, order.restock_cycle.get()), (46, 1, 1));
}

#[tokio::test]
async fn a_restock_that_the_same_execution_opens_again_has_the_same_order() {
    let stocked = Stocked::with(0).await;
    let first = ordered(stocked.open_restock("a", 1, 1).await);
    stocked.warehouse.count_stock(&sku(), Stock::new(5), "found some").await.expect("stock");
    assert_eq!(ordered(stocked.open_restock("a", 1, 1).await), first);
}

#[tokio::test]
async fn sixteen_simultaneous_executions_open_one_restock() {
    let stocked = Stocked::with(0).await;
    let barrier = Arc::new(Barrier::new(16));
    let opened = join_all((0..16).map(|n| {
        let (stocked, barrier) = (&stocked, Arc::clone(&barrier));
        async move {
            let warehouse = stocked.another().await;
            barrier.wait().await;
            warehouse.open_restock(&open_request(&format!("e{n}"), 1, 1)).await.expect("an answer")
        }
    }))
    .await;
    let orders = opened.iter().filter(|opened| matches!(opened, Opened::Ordered { .. })).count();
    let others = opened.iter().filter(|opened| matches!(opened, Opened::UnderWay)).count();
    assert_eq!((orders, others), (1, 15), "{opened:?}");
    assert_eq!(stocked.warehouse.totals(&sku()).await.expect("totals").production_orders, 1);
}

#[tokio::test]
async fn a_product_above_its_reorder_point_needs_no_restock() {
    let stocked = Stocked::with(11).await;
    assert_eq!(stocked.open_restock("a", 1, 1).await, Opened::NotNeeded);
}

#[tokio::test]
async fn a_purchase_message_of_an_earlier_cycle_is_superseded() {
    let stocked = Stocked::with(0).await;
    ordered(stocked.open_restock("a", 1, 1).await);
    stocked.warehouse.close_restock(&close_request("a")).await.expect("closed");
    assert_eq!(stocked.open_restock("b", 1, 1).await, Opened::Superseded);
}

#[tokio::test]
async fn the_sweep_and_a_redrive_open_the_next_restock_even_if_they_name_an_earlier_cycle() {
    for reason in [Reason::Sweep, Reason::Redrive] {
        let stocked = Stocked::with(0).await;
        ordered(stocked.open_restock("a", 1, 1).await);
        stocked.warehouse.close_restock(&close_request("a")).await.expect("closed");
        let request = OpenRequest { reason, ..open_request("b", 1, 1) };
        let order = ordered(stocked.warehouse.open_restock(&request).await.expect("an answer"));
        assert_eq!(order.restock_cycle.get(), 2);
    }
}

#[tokio::test]
async fn consecutive_failures_are_counted_until_a_restock_succeeds() {
    let stocked = Stocked::with(0).await;
    for cycle in [1, 2] {
        let execution = format!("e{cycle}");
        ordered(stocked.open_restock(&execution, cycle, 1).await);
        stocked.warehouse.close_restock(&close_request(&execution)).await.expect("closed");
    }
    let order = ordered(stocked.open_restock("good", 3, 1).await);
    let arrival = Arrival { production_order: order.production_order, quantity: order.quantity };
    stocked.warehouse.record_arrival(&arrival).await.expect("recorded");
    let credited =
        stocked.warehouse.increment_stock(order.production_order).await.expect("credited");
    assert_eq!(credited.failures_before, 2);
}

#[tokio::test]
async fn a_message_of_a_later_cycle_opens_the_restock_of_the_products_cycle() {
    let stocked = Stocked::with(0).await;
    let order = ordered(stocked.open_restock("a", 7, 1).await);
    assert_eq!(order.restock_cycle.get(), 1);
}

#[tokio::test]
async fn a_second_attempt_places_a_new_order_and_a_third_is_exhausted() {
    let stocked = Stocked::with(0).await;
    let first = ordered(stocked.open_restock("a", 1, 1).await);
    stocked.warehouse.count_stock(&sku(), Stock::new(5), "found some").await.expect("stock");
    let second = ordered(stocked.open_restock("a", 1, 2).await);
    assert_ne!(first.production_order, second.production_order);
    assert_eq!((second.attempt, second.quantity.get()), (2, 45));
    assert_eq!(stocked.open_restock("a", 1, 3).await, Opened::Exhausted);
}

#[tokio::test]
async fn a_second_attempt_is_not_needed_if_stock_was_found() {
    let stocked = Stocked::with(0).await;
    ordered(stocked.open_restock("a", 1, 1).await);
    stocked.warehouse.count_stock(&sku(), Stock::new(30), "found many").await.expect("stock");
    assert_eq!(stocked.open_restock("a", 1, 2).await, Opened::NotNeeded);
    stocked.warehouse.sell(&purchase("all", 30)).await.expect("sold");
    let order = ordered(stocked.open_restock("b", 2, 1).await);
    assert_eq!(order.restock_cycle.get(), 2);
}

#[tokio::test]
async fn a_restock_that_is_closed_as_failed_stays_closed_and_the_next_cycle_begins() {
    let stocked = Stocked::with(0).await;
    ordered(stocked.open_restock("a", 1, 1).await);
    let closed = stocked.warehouse.close_restock(&close_request("a")).await.expect("closed");
    let (status, next_cycle) = (closed.status, closed.next_cycle.get());
    assert_eq!((status, next_cycle, closed.attempts), (Some(RestockStatus::Failed), 2, 1));
    let again = stocked.warehouse.close_restock(&close_request("a")).await.expect("closed");
    assert_eq!(again, closed, "a repeated call changes nothing");
    assert_eq!(ordered(stocked.open_restock("b", 2, 1).await).restock_cycle.get(), 2);
}

#[tokio::test]
async fn an_execution_cannot_close_the_restock_of_another() {
    let stocked = Stocked::with(0).await;
    ordered(stocked.open_restock("a", 1, 1).await);
    let closed = stocked.warehouse.close_restock(&close_request("b")).await.expect("an answer");
    assert_eq!((closed.status, closed.next_cycle.get()), (None, 1));
    assert_eq!(stocked.open_restock("c", 1, 1).await, Opened::UnderWay);
}

#[tokio::test]
async fn a_restock_of_an_unknown_product_fails_with_product_unknown() {
    let stocked = Stocked::with(0).await;
    let mut request = open_request("a", 1, 1);
    request.sku = "NO-SUCH".parse().expect("an SKU");
    let error = stocked.warehouse.open_restock(&request).await.expect_err("no such product");
    assert_eq!(error.name().as_str(), "Product.Unknown");
}

#[tokio::test]
async fn a_product_at_its_reorder_point_needs_a_restock_at_the_first_and_at_a_later_attempt() {
    let stocked = Stocked::with(10).await;
    for (attempt, quantity) in [(1, 40), (2, 40)] {
        let order = ordered(stocked.open_restock("a", 1, attempt).await);
        assert_eq!((order.attempt, order.quantity.get()), (attempt, quantity));
    }
}

#[tokio::test]
async fn a_later_attempt_of_a_closed_restock_is_superseded() {
    let stocked = Stocked::with(0).await;
    ordered(stocked.open_restock("a", 1, 1).await);
    stocked.warehouse.close_restock(&close_request("a")).await.expect("closed");
    let request = OpenRequest { reason: Reason::Sweep, ..open_request("a", 2, 2) };
    let opened = stocked.warehouse.open_restock(&request).await.expect("an answer");
    assert_eq!(opened, Opened::Superseded);
}

#[tokio::test]
async fn closing_a_restock_whose_goods_have_arrived_credits_them_and_completes_it() {
    let stocked = Stocked::with(0).await;
    let order = ordered(stocked.open_restock("a", 1, 1).await);
    let arrival = Arrival { production_order: order.production_order, quantity: order.quantity };
    stocked.warehouse.record_arrival(&arrival).await.expect("recorded");
    let closed = stocked.warehouse.close_restock(&close_request("a")).await.expect("closed");
    let (stock, next_cycle) = (closed.stock.get(), closed.next_cycle.get());
    assert_eq!((closed.status, stock, next_cycle), (Some(RestockStatus::Completed), 50, 2));
}
