//! Constraints: the database itself rejects what would violate an invariant.

use sqlx::Executor;

use testkit::database::{Stocked, ordered};

/// Executes a statement, which a constraint of this name must reject.
async fn assert_rejected(stocked: &Stocked, statement: &'static str, constraint: &str) {
    let tried = stocked.admin_connection().await.execute(statement).await;
    let error = tried.expect_err(statement).to_string();
    assert!(error.contains(constraint), "not rejected by {constraint}: {error}");
}

#[tokio::test]
async fn stock_cannot_go_below_zero() {
    let stocked = Stocked::with(1).await;
    assert_rejected(&stocked, "UPDATE stock_bucket SET stock = stock - 2", "stock_not_negative")
        .await;
}

#[tokio::test]
async fn a_reference_cannot_move_stock_twice() {
    let stocked = Stocked::with(1).await;
    let again = "INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after)
                 SELECT sku, kind, quantity, reference, stock_after FROM stock_movement";
    assert_rejected(&stocked, again, "one_movement_per_reference").await;
}

#[tokio::test]
async fn a_product_cannot_have_two_open_restocks() {
    let stocked = Stocked::with(0).await;
    ordered(stocked.open_restock("a", 1, 1).await);
    let second = "INSERT INTO restock (sku, cycle, execution) VALUES ('CP-502101', 2, 'b')";
    assert_rejected(&stocked, second, warehouse::constraint::ONE_OPEN_RESTOCK).await;
}

#[tokio::test]
async fn a_restock_cannot_have_two_orders_for_one_attempt() {
    let stocked = Stocked::with(0).await;
    ordered(stocked.open_restock("a", 1, 1).await);
    let second = "INSERT INTO production_order (id, sku, cycle, attempt, quantity)
                  VALUES (UUID(), 'CP-502101', 1, 1, 50)";
    assert_rejected(&stocked, second, warehouse::constraint::ONE_ORDER_PER_ATTEMPT).await;
}

#[tokio::test]
async fn more_than_was_ordered_cannot_arrive() {
    let stocked = Stocked::with(0).await;
    ordered(stocked.open_restock("a", 1, 1).await);
    let more = "UPDATE production_order SET arrived_quantity = 51, arrived_at = NOW()";
    assert_rejected(&stocked, more, "arrived_within_order").await;
}
