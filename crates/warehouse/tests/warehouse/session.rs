use domain::PurchaseOutcome;
use errors::NamedError;
use sqlx::Executor;
use warehouse::Warehouse;

use testkit::database::{Stocked, purchase, sku};

#[tokio::test]
async fn a_connection_that_was_cut_is_made_anew_and_the_work_is_done() {
    let stocked = Stocked::with(5).await;
    cut_all_others(&stocked).await;
    let sale = stocked.warehouse.sell(&purchase("k", 1)).await.expect("sold on a new connection");
    assert_eq!(sale.outcome, PurchaseOutcome::Sold);
}

#[tokio::test]
async fn a_lost_connection_leaves_no_lock_behind() {
    let stocked = Stocked::with(5).await;
    let mut other = stocked.admin_connection().await;
    other.execute("START TRANSACTION").await.expect("a transaction");
    other.execute("UPDATE product SET stock = stock").await.expect("a lock");
    let error = stocked.warehouse.sell(&purchase("k", 1)).await.expect_err("the row is locked");
    assert_eq!(error.name().as_str(), "Database.Busy");
    drop(other);
    let sold = async { while stocked.warehouse.sell(&purchase("k", 1)).await.is_err() {} };
    tokio::time::timeout(std::time::Duration::from_secs(10), sold).await.expect("sold in the end");
    assert_eq!(stocked.warehouse.totals(&sku()).await.expect("totals").sold, 1);
}

#[tokio::test]
async fn a_database_that_is_away_is_an_error_worth_a_retry() {
    let nowhere = "mysql://nobody:secret@127.0.0.1:9/none".parse().expect("a URL");
    let warehouse = Warehouse::open(nowhere).await;
    let error = warehouse.sell(&purchase("k", 1)).await.expect_err("nobody is there");
    assert_eq!(error.name().as_str(), "Database.Unavailable");
    assert!(!error.to_string().contains("secret"), "{error}");
}

/// Ends all sessions in the test's database but the one that does it.
async fn cut_all_others(stocked: &Stocked) {
    let mut connection = stocked.admin_connection().await;
    let others: Vec<(i64,)> = sqlx::query_as(
        "SELECT CAST(id AS SIGNED) FROM information_schema.processlist
         WHERE db = DATABASE() AND id <> CONNECTION_ID()",
    )
    .fetch_all(&mut connection)
    .await
    .expect("sessions");
    assert!(!others.is_empty(), "the warehouse has a connection");
    for (id,) in others {
        let kill = sqlx::AssertSqlSafe(format!("KILL {id}"));
        connection.execute(sqlx::query(kill)).await.expect("cut");
    }
}
