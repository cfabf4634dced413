//! Connections that are lost, blocked, or cannot be made.

use std::time::Duration;

use domain::PurchaseOutcome;
use errors::NamedError;
use sqlx::Executor;
use warehouse::Warehouse;

use testkit::{
    database::{Stocked, purchase, sku},
    polling::within,
    sessions,
};

#[tokio::test]
async fn work_on_a_cut_connection_is_done_on_a_new_one() {
    let stocked = Stocked::with(5).await;
    cut_other_sessions(&stocked).await;
    let sale = stocked.warehouse.sell(&purchase("k", 1)).await.expect("sold on a new connection");
    assert_eq!(sale.outcome, PurchaseOutcome::Sold);
}

#[tokio::test]
async fn a_lost_connection_leaves_no_lock_behind() {
    let stocked = Stocked::with(5).await;
    let mut other = stocked.admin_connection().await;
    other.execute("START TRANSACTION").await.expect("a transaction");
    other.execute("SELECT stock FROM stock_bucket FOR UPDATE").await.expect("a lock");
    let error = stocked.warehouse.sell(&purchase("k", 1)).await.expect_err("the row is locked");
    assert_eq!(error.name().as_str(), "Database.Busy");
    drop(other);
    let sold = async || stocked.warehouse.sell(&purchase("k", 1)).await.ok();
    within(Duration::from_secs(10), "the purchase is sold", sold).await;
    assert_eq!(stocked.warehouse.totals(&sku()).await.expect("totals").sold, 1);
}

#[tokio::test]
async fn a_database_that_cannot_be_reached_is_an_error_that_is_retried() {
    let nowhere = "mysql://nobody:secret@127.0.0.1:9/none".parse().expect("a URL");
    let warehouse = Warehouse::open(nowhere).await;
    let error = warehouse.sell(&purchase("k", 1)).await.expect_err("no server is there");
    assert_eq!(error.name().as_str(), "Database.Unavailable");
    assert!(!error.to_string().contains("secret"), "{error}");
}

/// Ends all other sessions that use the test's database.
async fn cut_other_sessions(stocked: &Stocked) {
    let mut connection = stocked.admin_connection().await;
    let others = sessions::others(&mut connection).await;
    assert!(!others.is_empty(), "the warehouse has no connection");
    sessions::end(&mut connection, &others).await;
}
