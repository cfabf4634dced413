//! Failures of the database, and the errors that they become.

use errors::{ErrorName, NamedError};
use sqlx::{AssertSqlSafe, Executor};
use warehouse::Opened;

use testkit::{
    database::{Stocked, ordered, purchase, sku},
    sessions,
};

use crate::closing::wait_for;

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

/// Each with its reason in `crates/warehouse/src/transient.rs`.
const UNAVAILABLE: [u16; 35] = [
    1037, 1040, 1041, 1042, 1043, 1045, 1053, 1077, 1078, 1079, 1080, 1129, 1135, 1152, 1154, 1155,
    1156, 1157, 1158, 1159, 1160, 1161, 1184, 1203, 1226, 1290, 1317, 1615, 1792, 1836, 1927, 3032,
    3168, 3169, 4031,
];
const BUSY: [u16; 16] = [
    1020, 1180, 1205, 1206, 1213, 1305, 1370, 1412, 1637, 1689, 1969, 3024, 3058, 3100, 3101, 3572,
];
const FAILED: [u16; 8] = [1021, 1054, 1114, 1142, 1146, 1153, 1318, 3819];

/// The error of a sale in which the server raises this error.
async fn error_of_a_sale_that_raises(stocked: &Stocked, number: u16) -> ErrorName {
    let procedure = format!(
        "CREATE PROCEDURE sell(a TEXT, b TEXT, c INT) BEGIN \
         SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = {number}, MESSAGE_TEXT = 'raised'; END"
    );
    let mut connection = stocked.admin_connection().await;
    connection.execute("DROP PROCEDURE sell").await.expect("the procedure is dropped");
    connection.execute(sqlx::raw_sql(AssertSqlSafe(procedure))).await.expect("raises");
    let sale = stocked.warehouse.sell(&purchase("k", 1)).await;
    sale.expect_err("the error was raised").name()
}

#[tokio::test]
async fn every_transient_error_of_the_server_is_an_error_that_is_retried() {
    let stocked = Stocked::with(5).await;
    let numbers = |numbers: &'static [u16], name| numbers.iter().map(move |number| (*number, name));
    let all = numbers(&UNAVAILABLE, ErrorName::DatabaseUnavailable)
        .chain(numbers(&BUSY, ErrorName::DatabaseBusy))
        .chain(numbers(&FAILED, ErrorName::DatabaseFailed));
    for (number, expected) in all {
        assert_eq!(error_of_a_sale_that_raises(&stocked, number).await, expected, "{number}");
    }
}

/// As after a change of a table: the prepared statements of the connection are of no use.
#[tokio::test]
async fn work_whose_prepared_statement_is_out_of_date_is_done_on_a_new_connection() {
    let stocked = Stocked::with(5).await;
    stocked.warehouse.show_product(&sku()).await.expect("the connection is open");
    let mut connection = stocked.admin_connection().await;
    let others = sessions::others(&mut connection).await;
    let old = others.iter().map(|session| session.id).max().expect("a session");
    let procedure = format!(
        "CREATE PROCEDURE sell(a TEXT, b TEXT, c INT) BEGIN \
         IF CONNECTION_ID() = {old} THEN SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1615; END IF; \
         SELECT CAST(0 AS SIGNED) AS stock, reorder_point, restock_cycle, NULL AS sold_sku, \
         NULL AS sold_quantity, NULL AS stock_after, FALSE AS crossed FROM product LIMIT 1; END"
    );
    connection.execute("DROP PROCEDURE sell").await.expect("the procedure is dropped");
    connection.execute(sqlx::raw_sql(AssertSqlSafe(procedure))).await.expect("raises once");
    let sale = stocked.warehouse.sell(&purchase("k", 1)).await;
    assert_eq!(sale.expect("an answer").outcome, domain::PurchaseOutcome::SoldOut);
}

/// A deployment that replaces a procedure: for a moment there is none, and then nobody may execute it.
#[tokio::test]
async fn a_procedure_that_is_missing_for_a_moment_is_an_error_that_is_retried() {
    let stocked = Stocked::with(5).await;
    let mut connection = stocked.admin_connection().await;
    connection.execute("DROP PROCEDURE sell").await.expect("the procedure is dropped");
    let error = stocked.warehouse.sell(&purchase("k", 1)).await.expect_err("no procedure");
    assert_eq!(error.name(), ErrorName::DatabaseBusy, "{error}");
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
        wait_for(&stocked, "INSERT INTO restock").await;
        other.execute("COMMIT").await.expect("the other restock is open");
    };
    let (opened, ()) = tokio::join!(stocked.open_restock("a", 1, 1), commit);
    assert_eq!(opened, Opened::UnderWay);
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
