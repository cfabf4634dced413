//! Arrivals: waited for, recorded, credited once.

use std::{sync::Arc, time::Duration};

use domain::{Arrival, ProductionOrderId, RestockStatus, Stock};
use errors::{ErrorName, NamedError};
use futures::future::join_all;
use tokio::{sync::Barrier, time::sleep};
use warehouse::{ArrivalStatus, Warehouse};

use testkit::database::{Stocked, backdate_two_hours, close_request, ordered, sku};

fn arrival(order: ProductionOrderId, delivered: u32) -> Arrival {
    Arrival { production_order: order, quantity: delivered.try_into().expect("a count") }
}

async fn record(warehouse: &Warehouse, order: ProductionOrderId, delivered: u32) -> ArrivalStatus {
    warehouse.record_arrival(&arrival(order, delivered)).await.expect("an answer")
}

#[tokio::test]
async fn an_awaited_arrival_returns_the_token_of_the_execution_that_waits() {
    let stocked = Stocked::with(0).await;
    let order = ordered(stocked.open_restock("a", 1, 1).await).production_order;
    let token = "t".repeat(900);
    stocked.warehouse.await_arrival(order, &token).await.expect("stored");
    assert!(
        record(&stocked.warehouse, order, 50).await == ArrivalStatus::Awaited { task_token: token }
    );
}

#[tokio::test]
async fn a_wait_for_goods_that_have_arrived_fails_with_already_arrived() {
    let stocked = Stocked::with(0).await;
    let order = ordered(stocked.open_restock("a", 1, 1).await).production_order;
    assert!(record(&stocked.warehouse, order, 50).await == ArrivalStatus::Early);
    let error =
        stocked.warehouse.await_arrival(order, "token").await.expect_err("the goods are there");
    assert_eq!(error.name().as_str(), "Completion.AlreadyArrived");
}

/// The wait and the arrival of one order, at about the same time. The first starts this much earlier.
async fn race(
    stocked: &Stocked,
    round: u32,
    wait_is_first: bool,
    head_start: Duration,
) -> ArrivalStatus {
    let opened = stocked.open_restock(&format!("e{round}"), round, 1).await;
    let order = ordered(opened).production_order;
    let (waiting, calling) = (stocked.another().await, stocked.another().await);
    let goods = arrival(order, 1);
    let delay = |is_first: bool| if is_first { Duration::ZERO } else { head_start };
    let wait = async {
        sleep(delay(wait_is_first)).await;
        waiting.await_arrival(order, "token").await
    };
    let arrive = async {
        sleep(delay(!wait_is_first)).await;
        calling.record_arrival(&goods).await
    };
    let (waits, recorded) = tokio::join!(wait, arrive);
    let recorded = recorded.expect("the arrival is recorded");
    match &recorded {
        ArrivalStatus::Awaited { .. } => assert!(waits.is_ok(), "awaited, but nobody waits"),
        ArrivalStatus::Early => {
            let error = waits.expect_err("early, but somebody waits");
            assert_eq!(error.name().as_str(), "Completion.AlreadyArrived");
        }
        _ => panic!("neither awaited nor early"),
    }
    stocked.warehouse.increment_stock(order).await.expect("the goods are credited");
    stocked
        .warehouse
        .count_stock(&sku(), Stock::new(0), &format!("sold {round}"))
        .await
        .expect("stock");
    recorded
}

/// Each is first in turn. Its head start grows from nothing until both orders have occurred.
#[tokio::test]
async fn of_a_wait_and_an_arrival_at_the_same_time_the_second_sees_the_first() {
    let stocked = Stocked::with(0).await;
    let (mut awaited, mut early) = (0, 0);
    for round in 1.. {
        let head_start = Duration::from_micros(u64::from(round / 2) * 100);
        match race(&stocked, round, round % 2 == 0, head_start).await {
            ArrivalStatus::Awaited { .. } => awaited += 1,
            _ => early += 1,
        }
        if round >= 20 && awaited > 0 && early > 0 {
            break;
        }
        assert!(round < 1000, "one order never occurred: {awaited} awaited, {early} early");
    }
}

#[tokio::test]
async fn goods_are_credited_once_by_sixteen_simultaneous_calls() {
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
async fn only_the_first_reported_count_of_an_order_is_credited() {
    let stocked = Stocked::with(0).await;
    let order = ordered(stocked.open_restock("a", 1, 1).await).production_order;
    record(&stocked.warehouse, order, 20).await;
    record(&stocked.warehouse, order, 50).await;
    assert_eq!(
        stocked.warehouse.increment_stock(order).await.expect("credited").quantity.get(),
        20
    );
    assert!(record(&stocked.warehouse, order, 50).await == ArrivalStatus::Duplicate);
    assert_eq!(stocked.warehouse.totals(&sku()).await.expect("totals").stock, 20);
}

#[tokio::test]
async fn goods_of_an_earlier_attempt_are_credited_and_the_restock_stays_open_for_the_later_one() {
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

/// The first order is two hours old when its goods come, and another order has been sent meanwhile.
#[tokio::test]
async fn the_lead_time_of_each_arrival_is_that_of_its_own_order_also_if_it_is_late() {
    let stocked = Stocked::with(0).await;
    let first = ordered(stocked.open_restock("a", 1, 1).await).production_order;
    backdate_two_hours(&stocked).await;
    let second = ordered(stocked.open_restock("a", 1, 2).await).production_order;
    let mut credits = Vec::new();
    for order in [first, second, second] {
        record(&stocked.warehouse, order, 50).await;
        credits.push(stocked.warehouse.increment_stock(order).await.expect("credited"));
    }
    let lead_times: Vec<_> = credits.iter().map(|credit| credit.lead_time_seconds / 60).collect();
    assert_eq!(lead_times, [120, 0, 0], "minutes");
    let late: Vec<_> = credits.iter().map(|credit| credit.late).collect();
    assert_eq!(late, [true, false, false]);
    let completed: Vec<_> = credits.iter().map(|credit| credit.completed_here).collect();
    assert_eq!(completed, [false, true, false]);
}

#[tokio::test]
async fn goods_that_come_after_their_restock_was_completed_are_late_also_for_a_repeated_call() {
    let stocked = Stocked::with(0).await;
    let first = ordered(stocked.open_restock("a", 1, 1).await).production_order;
    let second = ordered(stocked.open_restock("a", 1, 2).await).production_order;
    for order in [second, first] {
        record(&stocked.warehouse, order, 50).await;
        stocked.warehouse.increment_stock(order).await.expect("credited");
    }
    for (order, late) in [(first, true), (second, false)] {
        let again = stocked.warehouse.increment_stock(order).await.expect("credited");
        assert_eq!((again.late, again.credited_here), (late, false));
        assert_eq!((again.stock.get(), again.target_stock.get()), (100, 50));
    }
}

#[tokio::test]
async fn goods_of_a_failed_restock_are_late_and_credited() {
    let stocked = Stocked::with(0).await;
    let order = ordered(stocked.open_restock("a", 1, 1).await);
    stocked.warehouse.close_restock(&close_request("a")).await.expect("closed");
    assert!(record(&stocked.warehouse, order.production_order, 50).await == ArrivalStatus::Late);
    let credit = stocked.warehouse.increment_stock(order.production_order).await.expect("credited");
    assert_eq!((credit.stock, credit.restock_status), (Stock::new(50), RestockStatus::Failed));
}

#[tokio::test]
async fn a_second_attempt_finds_goods_that_arrived_after_the_wait_of_the_first() {
    let stocked = Stocked::with(0).await;
    let order = ordered(stocked.open_restock("a", 1, 1).await);
    record(&stocked.warehouse, order.production_order, 50).await;
    let opened = stocked.open_restock("a", 1, 2).await;
    assert_eq!(opened, warehouse::Opened::Arrived { order });
}

#[tokio::test]
async fn goods_that_have_not_arrived_are_not_credited() {
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
async fn an_unknown_order_can_be_neither_awaited_nor_recorded() {
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
