//! Changes and locks: what a change waits for, and who waits for a change.

use std::time::Duration;

use domain::PurchaseOutcome;
use sqlx::{Executor, MySqlConnection};
use testkit::{
    database::{Stocked, purchase, set_buckets},
    polling::within,
};

use super::adjust;
use crate::closing::wait_for;

async fn begin(stocked: &Stocked, statement: &'static str) -> MySqlConnection {
    let mut connection = stocked.admin_connection().await;
    connection.execute("START TRANSACTION").await.expect("a transaction");
    connection.execute(statement).await.expect(statement);
    connection
}

/// Counts the tries of changes from now on. The count survives a rollback.
async fn count_tries(stocked: &Stocked) {
    let mut connection = stocked.admin_connection().await;
    for statement in [
        "CREATE TABLE tried (connection BIGINT) ENGINE = MyISAM",
        "CREATE TRIGGER count_tries BEFORE INSERT ON operator_change
         FOR EACH ROW INSERT INTO tried VALUES (CONNECTION_ID())",
    ] {
        connection.execute(sqlx::raw_sql(statement)).await.expect(statement);
    }
}

async fn tries(stocked: &Stocked) -> i64 {
    let count = sqlx::query_scalar("SELECT COUNT(*) FROM tried");
    count.fetch_one(&mut stocked.admin_connection().await).await.expect("a count")
}

#[tokio::test]
async fn a_change_that_waited_in_vain_for_a_bucket_is_tried_again_and_succeeds() {
    for request in [set_buckets(16), adjust(-2)] {
        let stocked = Stocked::in_buckets(40, 4).await;
        let lock =
            "SELECT stock FROM stock_bucket WHERE sku = 'CP-502101' AND bucket = 2 FOR UPDATE";
        let mut other = begin(&stocked, lock).await;
        count_tries(&stocked).await;
        let (changed, ()) = tokio::join!(stocked.warehouse.change(&request), async {
            let again = async || (tries(&stocked).await == 2).then_some(());
            within(Duration::from_secs(20), "the change is tried again", again).await;
            other.execute("COMMIT").await.expect("the bucket is free");
        });
        assert!(!changed.expect("a change").repeated);
    }
}

/// A change that has to wait for anything else must not stop the sales.
#[tokio::test]
async fn a_change_locks_no_bucket_before_its_record_is_written() {
    for (quantity, request) in [(4, set_buckets(16)), (5, adjust(-2))] {
        let stocked = Stocked::in_buckets(40, 4).await;
        let same = "INSERT INTO operator_change (id, content, changed_by, reason) VALUES (?, '', 'lee', 'the same id')";
        let mut other = begin(&stocked, "SELECT 1").await;
        let same = sqlx::query(same).bind(request.id.to_string());
        same.execute(&mut other).await.expect("an uncommitted change with the same id");
        let (changed, ()) = tokio::join!(stocked.warehouse.change(&request), async {
            wait_for(&stocked, "INSERT INTO operator_change").await;
            let buyer = stocked.another().await;
            let sold = buyer.sell(&purchase("k", quantity)).await.expect("nobody holds a bucket");
            assert_eq!(sold.outcome, PurchaseOutcome::Sold);
            other.execute("ROLLBACK").await.expect("the id is free");
        });
        changed.expect("a change");
    }
}

/// The server is as slow as with many contended buckets.
#[tokio::test]
async fn a_change_that_takes_longer_than_a_purchase_may_is_tried_once() {
    let stocked = Stocked::with(40).await;
    count_tries(&stocked).await;
    let mut connection = stocked.admin_connection().await;
    connection.execute("DROP PROCEDURE set_buckets").await.expect("the procedure is dropped");
    let slow = "CREATE PROCEDURE set_buckets(a TEXT, b INT, c TEXT) BEGIN DO SLEEP(2); END";
    connection.execute(sqlx::raw_sql(slow)).await.expect(slow);
    stocked.warehouse.change(&set_buckets(4)).await.expect("a change");
    assert_eq!(tries(&stocked).await, 1);
}
