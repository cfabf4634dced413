use errors::{ErrorName, NamedError};
use std::sync::Arc;

use domain::{Arrival, ProductionOrderId, RestockStatus, Stock};
use futures::future::join_all;
use tokio::sync::Barrier;
use warehouse::{ArrivalStatus, Warehouse};

use testkit::database::{Stocked, ordered, restock_closed, sku, two_hours_pass};

fn arrival(order: ProductionOrderId, quantity: u32) -> Arrival {
    Arrival { production_order: order, quantity: quantity.try_into().expect("a count") }
}

async fn record(warehouse: &Warehouse, order: ProductionOrderId, quantity: u32) -> ArrivalStatus {
    warehouse.record_arrival(&arrival(order, quantity)).await.expect("an answer")
}

#[tokio::test]
async fn goods_that_are_awaited_come_with_the_token_of_who_waits() {
    let stocked = Stocked::with(0).await;
    let order = ordered(stocked.open_restock("a", 1, 1).await).production_order;
    let token = "t".repeat(900);
    stocked.warehouse.await_arrival(order, &token).await.expect("stored");
    assert!(
        record(&stocked.warehouse, order, 50).await == ArrivalStatus::Awaited { task_token: token }
    );
}

#[tokio::test]
async fn goods_that_come_early_are_found_by_who_begins_to_wait() {
    let stocked = Stocked::with(0).await;
    let order = ordered(stocked.open_restock("a", 1, 1).await).production_order;
    assert!(record(&stocked.warehouse, order, 50).await == ArrivalStatus::Early);
    let error = stocked.warehouse.await_arrival(order, "token").await.expect_err("they are there");
    assert_eq!(error.name().as_str(), "Completion.AlreadyArrived");
}

#[tokio::test]
async fn whoever_is_first_of_the_wait_and_the_callback_the_other_sees_it() {
    let stocked = Stocked::with(0).await;
    for cycle in 1..=20 {
        let order =
            ordered(stocked.open_restock(&format!("e{cycle}"), cycle, 1).await).production_order;
        let (waiting, calling) = (stocked.another().await, stocked.another().await);
        let goods = arrival(order, 1);
        let (awaited, recorded) =
            tokio::join!(waiting.await_arrival(order, "token"), calling.record_arrival(&goods));
        match recorded.expect("an answer") {
            ArrivalStatus::Awaited { .. } => assert!(awaited.is_ok(), "the token was not stored"),
            ArrivalStatus::Early => assert!(awaited.is_err(), "no callback completes the task"),
            _ => panic!("neither awaited nor early"),
        }
        stocked.warehouse.increment_stock(order).await.expect("credited");
        stocked
            .warehouse
            .count_stock(&sku(), Stock::new(0), &format!("sold {cycle}"))
            .await
            .expect("stock");
    }
}

#[tokio::test]
async fn goods_are_credited_once_however_often_and_by_however_many_it_is_asked_for() {
    let stocked = Stocked::with(3).await;
    let order = ordered(stocked.open_restock("a", 1, 1).await).production_order;
    record(&stocked.warehouse, order, 47).await;
    let barrier = Arc::new(Barrier::new(16));
    let credits = join_all((0..16).map(|_| {
        let (stocked, barrier) = (&stocked, Arc::clone(&barrier));
        async move {
            let warehouse = stocked.another().await;
            barrier.wait().await;
            warehouse.increment_stock(order).await.expect("an answer")
        }
    }))
    .await;
    assert_eq!(credits.iter().filter(|credit| credit.credited_here).count(), 1);
    assert!(credits.iter().all(|credit| credit.restock_status == RestockStatus::Completed));
    let totals = stocked.warehouse.totals(&sku()).await.expect("totals");
    assert_eq!((totals.stock, totals.ledger, totals.arrived), (50, 50, 47));
    assert_eq!((totals.open_restocks, totals.completed_restocks), (0, 1));
}

#[tokio::test]
async fn the_first_count_stands_and_a_later_one_changes_nothing() {
    let stocked = Stocked::with(0).await;
    let order = ordered(stocked.open_restock("a", 1, 1).await).production_order;
    record(&stocked.warehouse, order, 20).await;
    record(&stocked.warehouse, order, 50).await;
    let credit = stocked.warehouse.increment_stock(order).await.expect("credited");
    assert_eq!(credit.quantity.get(), 20);
    assert!(record(&stocked.warehouse, order, 50).await == ArrivalStatus::Duplicate);
    assert_eq!(stocked.warehouse.totals(&sku()).await.expect("totals").stock, 20);
}

#[tokio::test]
async fn goods_of_an_earlier_attempt_are_credited_and_the_restock_goes_on_for_the_later_ones() {
    let stocked = Stocked::with(0).await;
    let first = ordered(stocked.open_restock("a", 1, 1).await).production_order;
    stocked.warehouse.await_arrival(first, "closed").await.expect("stored");
    let second = ordered(stocked.open_restock("a", 1, 2).await).production_order;
    assert!(record(&stocked.warehouse, first, 50).await == ArrivalStatus::Late);
    let credit = stocked.warehouse.increment_stock(first).await.expect("credited");
    assert_eq!(credit.restock_status, RestockStatus::Open);
    record(&stocked.warehouse, second, 50).await;
    let credit = stocked.warehouse.increment_stock(second).await.expect("credited");
    assert_eq!((credit.stock, credit.restock_status), (Stock::new(100), RestockStatus::Completed));
}

/// Only the call that completes the restock tells, so it is counted once.
#[tokio::test]
async fn the_lead_time_is_from_the_opening_of_a_restock_to_the_goods_that_complete_it() {
    let stocked = Stocked::with(0).await;
    let first = ordered(stocked.open_restock("a", 1, 1).await).production_order;
    two_hours_pass(&stocked).await;
    let second = ordered(stocked.open_restock("a", 1, 2).await).production_order;
    let mut lead_times = Vec::new();
    for order in [first, second, second] {
        record(&stocked.warehouse, order, 50).await;
        let credit = stocked.warehouse.increment_stock(order).await.expect("credited");
        lead_times.push(credit.lead_time_seconds);
    }
    let [None, Some(told), None] = lead_times[..] else { panic!("{lead_times:?}") };
    assert!((7200..7260).contains(&told), "{told} s");
}

#[tokio::test]
async fn goods_for_a_restock_that_failed_are_late_and_credited() {
    let stocked = Stocked::with(0).await;
    let order = ordered(stocked.open_restock("a", 1, 1).await);
    stocked.warehouse.close_restock(&restock_closed("a")).await.expect("closed");
    assert!(record(&stocked.warehouse, order.production_order, 50).await == ArrivalStatus::Late);
    let credit = stocked.warehouse.increment_stock(order.production_order).await.expect("credited");
    assert_eq!((credit.stock, credit.restock_status), (Stock::new(50), RestockStatus::Failed));
}

#[tokio::test]
async fn a_second_attempt_finds_goods_that_came_when_the_wait_had_just_ended() {
    let stocked = Stocked::with(0).await;
    let order = ordered(stocked.open_restock("a", 1, 1).await);
    record(&stocked.warehouse, order.production_order, 50).await;
    let opened = stocked.open_restock("a", 1, 2).await;
    assert_eq!(opened, warehouse::Opened::Arrived { order });
}

#[tokio::test]
async fn what_has_not_arrived_is_not_credited() {
    let stocked = Stocked::with(0).await;
    let order = ordered(stocked.open_restock("a", 1, 1).await).production_order;
    let error = stocked.warehouse.increment_stock(order).await.expect_err("nothing arrived");
    assert_eq!(error.name().as_str(), "Completion.NotArrived");
    let error =
        stocked.warehouse.increment_stock(ProductionOrderId::random()).await.expect_err("unknown");
    assert_eq!(error.name().as_str(), "ProductionOrder.Unknown");
    assert_eq!(stocked.warehouse.totals(&sku()).await.expect("totals").stock, 0);
}

#[tokio::test]
async fn an_unknown_order_is_neither_awaited_nor_recorded() {
    let stocked = Stocked::with(0).await;
    let order = ProductionOrderId::random();
    let awaited = stocked.warehouse.await_arrival(order, "token").await.expect_err("unknown");
    let recorded =
        stocked.warehouse.record_arrival(&arrival(order, 1)).await.err().expect("unknown");
    assert_eq!(
        (awaited.name(), recorded.name()),
        (ErrorName::ProductionOrderUnknown, ErrorName::ProductionOrderUnknown)
    );
}
