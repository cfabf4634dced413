//! Failures of the database, and the errors that they become.

use std::time::Duration;

use errors::{ErrorName, NamedError};
use sqlx::Executor;
use warehouse::Opened;

use testkit::{
    database::{Stocked, ordered, purchase},
    polling::within,
};

/// The error of a sale after this statement has changed the procedure `sell`.
async fn error_of_a_sale(change: &'static str) -> ErrorName {
    let stocked = Stocked::with(5).await;
    let mut connection = stocked.admin_connection().await;
    connection.execute("DROP PROCEDURE sell").await.expect("the procedure is dropped");
    connection.execute(sqlx::raw_sql(change)).await.expect(change);
    let sale = stocked.warehouse.sell(&purchase("k", 1)).await;
    sale.expect_err("the procedure is not ours").name()
}

#[tokio::test]
async fn an_error_that_a_retry_cannot_help_is_database_failed() {
    let rejected = "CREATE PROCEDURE sell(a INT) BEGIN SELECT 1; END";
    assert_eq!(error_of_a_sale(rejected).await, ErrorName::DatabaseFailed, "a server error");
    let unreadable = "CREATE PROCEDURE sell(a TEXT, b TEXT, c INT) BEGIN SELECT 1 AS other; END";
    assert_eq!(error_of_a_sale(unreadable).await, ErrorName::DatabaseFailed, "a client error");
}

/// The restock that another execution opens after this one has looked for an open restock.
#[tokio::test]
async fn an_execution_that_loses_the_race_for_the_open_restock_finds_it_under_way() {
    let stocked = Stocked::with(0).await;
    let mut other = stocked.admin_connection().await;
    // Without the lock of the foreign key on the product, for which the execution would wait earlier.
    other.execute("SET SESSION foreign_key_checks = 0").await.expect("no check");
    other.execute("START TRANSACTION").await.expect("a transaction");
    let open = "INSERT INTO restock (sku, cycle, execution) VALUES ('CP-502101', 2, 'other')";
    other.execute(open).await.expect("another open restock");
    let commit = async {
        wait_until_insert_is_blocked(&stocked).await;
        other.execute("COMMIT").await.expect("the other restock is open");
    };
    let (opened, ()) = tokio::join!(stocked.open_restock("a", 1, 1), commit);
    assert_eq!(opened, Opened::UnderWay);
}

async fn wait_until_insert_is_blocked(stocked: &Stocked) {
    let blocked = "SELECT COUNT(*) FROM information_schema.processlist
                   WHERE db = DATABASE() AND info LIKE 'INSERT INTO restock%'";
    within(Duration::from_secs(10), "the execution inserts its restock", async || {
        let count = sqlx::query_scalar::<_, i64>(blocked);
        let count = count.fetch_one(&mut stocked.admin_connection().await).await.expect("a count");
        (count > 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_restock_whose_cycle_exists_already_is_an_error_and_not_under_way() {
    let stocked = Stocked::with(0).await;
    ordered(stocked.open_restock("a", 1, 1).await);
    let mut connection = stocked.admin_connection().await;
    let close = "UPDATE restock SET status = 'failed', failure = 'x', closed_at = NOW()";
    connection.execute(close).await.expect("closed, without the next cycle");
    let request = testkit::database::open_request("b", 1, 1);
    let error = stocked.warehouse.open_restock(&request).await.expect_err("cycle 1 exists");
    assert_eq!(error.name(), ErrorName::DatabaseFailed);
}
