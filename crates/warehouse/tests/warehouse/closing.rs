//! Closing a restock: one that was never opened, and one whose goods have arrived.

use std::time::Duration;

use domain::{Arrival, ProductionOrder, Reason, RestockStatus};
use sqlx::Executor;
use testkit::{
    polling::within,
    sessions::{self, Session},
};
use warehouse::{ArrivalStatus, CloseRequest, ClosedRestock, OpenRequest, Opened};

use testkit::database::{Stocked, close_request, open_request, ordered, sku};

async fn close(stocked: &Stocked, execution: &str) -> ClosedRestock {
    stocked.warehouse.close_restock(&close_request(execution)).await.expect("closed")
}

async fn arrive(stocked: &Stocked, order: &ProductionOrder) -> ArrivalStatus {
    let arrival = Arrival { production_order: order.production_order, quantity: order.quantity };
    stocked.warehouse.record_arrival(&arrival).await.expect("recorded")
}

#[tokio::test]
async fn an_execution_that_fails_before_it_opens_a_restock_gets_a_failed_one() {
    let stocked = Stocked::with(0).await;
    let closed = close(&stocked, "a").await;
    assert_eq!((closed.status, closed.next_cycle.get()), (Some(RestockStatus::Failed), 2));
    assert_eq!((closed.failure.as_deref(), closed.attempts), (Some("Restock.Exhausted"), 0));
    assert_eq!(close(&stocked, "a").await, closed, "a repeated call changes nothing");
    let totals = stocked.warehouse.totals(&sku()).await.expect("totals");
    assert_eq!((totals.failed_restocks, totals.production_orders), (1, 0));
    assert_eq!(ordered(stocked.open_restock("b", 2, 1).await).restock_cycle.get(), 2);
}

#[tokio::test]
async fn an_execution_that_fails_while_another_restocks_the_product_gets_no_restock() {
    let stocked = Stocked::with(0).await;
    ordered(stocked.open_restock("a", 1, 1).await);
    let closed = close(&stocked, "b").await;
    assert_eq!((closed.status, closed.next_cycle.get()), (None, 1));
    assert_eq!(stocked.warehouse.totals(&sku()).await.expect("totals").failed_restocks, 0);
}

/// The database was restored, or repaired by hand: the cycle of the product was used before.
#[tokio::test]
async fn a_failure_of_a_product_whose_cycle_is_used_up_is_recorded_and_the_product_can_be_restocked()
 {
    let stocked = Stocked::with(0).await;
    close(&stocked, "a").await;
    let mut connection = stocked.admin_connection().await;
    connection.execute("UPDATE product SET restock_cycle = 1").await.expect("an earlier cycle");
    stocked.warehouse.open_restock(&open_request("b", 1, 1)).await.expect_err("cycle 1 is used");
    let closed = close(&stocked, "b").await;
    assert_eq!((closed.status, closed.next_cycle.get()), (Some(RestockStatus::Failed), 3));
    ordered(stocked.open_restock("c", 3, 1).await);
}

/// The row of a product whose target stock is above what an order may have, written when the constraint was missing.
#[tokio::test]
async fn a_product_with_an_invalid_target_stock_gets_a_failed_restock() {
    let stocked = Stocked::with(0).await;
    let mut connection = stocked.admin_connection().await;
    for statement in [
        "ALTER TABLE product DROP CONSTRAINT target_at_most_one_order",
        "UPDATE product SET target_stock = 1000050",
    ] {
        connection.execute(statement).await.expect(statement);
    }
    let error = stocked.warehouse.open_restock(&open_request("a", 1, 1)).await;
    error.expect_err("the target stock is invalid");
    let closed = close(&stocked, "a").await;
    assert_eq!((closed.status, closed.next_cycle.get()), (Some(RestockStatus::Failed), 2));
}

#[tokio::test]
async fn goods_of_an_earlier_order_that_were_recorded_are_credited_when_the_restock_is_closed() {
    let stocked = Stocked::with(0).await;
    let first = ordered(stocked.open_restock("a", 1, 1).await);
    ordered(stocked.open_restock("a", 1, 2).await);
    assert!(arrive(&stocked, &first).await == ArrivalStatus::Late);
    let closed = close(&stocked, "a").await;
    assert_eq!((closed.status, closed.stock.get()), (Some(RestockStatus::Failed), 50));
}

/// Waits until a statement that begins like this waits for a lock.
pub async fn wait_for(stocked: &Stocked, statement: &'static str) {
    let is_it = |session: &Session| {
        session.statement.as_ref().is_some_and(|running| running.starts_with(statement))
    };
    within(Duration::from_secs(10), statement, async || {
        let others = sessions::others(&mut stocked.admin_connection().await).await;
        others.iter().any(is_it).then_some(())
    })
    .await;
}

/// The arrival begins while the restock is being closed. It must not be taken for early, because nothing would credit it.
#[tokio::test]
async fn goods_that_arrive_while_their_restock_is_closed_are_late() {
    let stocked = Stocked::with(0).await;
    let order = ordered(stocked.open_restock("a", 1, 1).await);
    // The closing waits for the product, and holds the lock of the order meanwhile.
    let mut product = stocked.admin_connection().await;
    product.execute("START TRANSACTION").await.expect("a transaction");
    product.execute("SELECT sku FROM product FOR UPDATE").await.expect("the product is locked");
    let (closing, other) = (stocked.another().await, stocked.another().await);
    let request = close_request("a");
    let arrival = Arrival { production_order: order.production_order, quantity: order.quantity };
    let (closed, arrived, ()) = tokio::join!(
        closing.close_restock(&request),
        async {
            wait_for(&stocked, "SELECT sku FROM product WHERE").await;
            other.record_arrival(&arrival).await
        },
        async {
            wait_for(&stocked, "SELECT task_token FROM production_order").await;
            product.execute("COMMIT").await.expect("the product is free");
        }
    );
    assert_eq!(closed.expect("closed").status, Some(RestockStatus::Failed));
    assert!(arrived.expect("recorded") == ArrivalStatus::Late);
}

/// The same while the restock orders again.
#[tokio::test]
async fn goods_that_arrive_while_their_restock_orders_again_are_late() {
    let stocked = Stocked::with(0).await;
    let order = ordered(stocked.open_restock("a", 1, 1).await);
    let mut product = stocked.admin_connection().await;
    product.execute("START TRANSACTION").await.expect("a transaction");
    product.execute("SELECT sku FROM product FOR UPDATE").await.expect("the product is locked");
    let (opening, other) = (stocked.another().await, stocked.another().await);
    let request = open_request("a", 1, 2);
    let arrival = Arrival { production_order: order.production_order, quantity: order.quantity };
    let (opened, arrived, ()) = tokio::join!(
        opening.open_restock(&request),
        async {
            wait_for(&stocked, "SELECT CASE").await;
            other.record_arrival(&arrival).await
        },
        async {
            wait_for(&stocked, "SELECT task_token FROM production_order").await;
            product.execute("COMMIT").await.expect("the product is free");
        }
    );
    assert!(matches!(opened.expect("opened"), Opened::Ordered { order, .. } if order.attempt == 2));
    assert!(arrived.expect("recorded") == ArrivalStatus::Late);
}

#[tokio::test]
async fn a_restock_that_another_execution_opened_meanwhile_is_left_open() {
    let stocked = Stocked::with(0).await;
    close(&stocked, "a").await;
    let request = OpenRequest { reason: Reason::Sweep, ..open_request("b", 2, 1) };
    ordered(stocked.warehouse.open_restock(&request).await.expect("an answer"));
    let again = CloseRequest { failure: "Restock.Abandoned".to_owned(), ..close_request("a") };
    let closed = stocked.warehouse.close_restock(&again).await.expect("closed");
    assert_eq!(closed.failure.as_deref(), Some("Restock.Exhausted"), "the first error stands");
    assert_eq!(stocked.warehouse.totals(&sku()).await.expect("totals").open_restocks, 1);
}
