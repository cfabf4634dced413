//! Refused purchases are counted, seldom written, and never in the way.

use std::time::{Duration, Instant};

use sqlx::{Executor, Row};
use warehouse::{Error, audit::Snapshot};

use testkit::database::{Stocked, purchase, sku};

/// The refused requests and units in the database.
async fn written(stocked: &Stocked) -> (i64, i64) {
    let sum = "SELECT CAST(COALESCE(SUM(requests), 0) AS SIGNED), CAST(COALESCE(SUM(units), 0) AS SIGNED) FROM refusal";
    let row =
        sqlx::query(sum).fetch_one(&mut stocked.admin_connection().await).await.expect("sums");
    (row.get(0), row.get(1))
}

/// Counts a refusal as a function does whose purchase was refused at once.
async fn count(stocked: &Stocked, key: &str, quantity: u32) -> Result<(), Error> {
    stocked.warehouse.count_refusal(&purchase(key, quantity));
    stocked.warehouse.write_refusals(Duration::ZERO).await
}

#[tokio::test]
async fn the_first_refusal_is_written_at_once_and_those_of_the_next_second_together() {
    let stocked = Stocked::with(0).await;
    count(&stocked, "a", 2).await.expect("counted");
    assert_eq!(written(&stocked).await, (1, 2));
    for key in ["b", "c", "d"] {
        count(&stocked, key, 5).await.expect("counted");
    }
    let deadline = Instant::now() + Duration::from_secs(20);
    while written(&stocked).await != (4, 17) {
        assert!(Instant::now() < deadline, "{:?}", written(&stocked).await);
        // As any later invocation does, refused or not.
        stocked.warehouse.write_refusals(Duration::ZERO).await.expect("written");
    }
}

#[tokio::test]
async fn a_count_does_not_wait_for_a_sale_that_holds_the_row_of_the_product() {
    let stocked = Stocked::with(0).await;
    let mut product = stocked.admin_connection().await;
    product.execute("START TRANSACTION").await.expect("a transaction");
    product.execute("SELECT sku FROM product FOR UPDATE").await.expect("the product is locked");
    count(&stocked, "a", 2).await.expect("counted");
    assert_eq!(written(&stocked).await, (1, 2));
}

#[tokio::test]
async fn a_count_that_cannot_be_written_is_given_up_soon() {
    let stocked = Stocked::with(0).await;
    let mut blocker = stocked.admin_connection().await;
    blocker.execute("LOCK TABLES refusal WRITE").await.expect("the table is locked");
    let began = Instant::now();
    let error = count(&stocked, "a", 2).await.expect_err("no count");
    // Without a limit of its own, it would wait as long as the table is locked.
    assert!(began.elapsed() < Duration::from_secs(20), "{error}");
    assert_eq!(error.to_string(), "the database did not finish within 300ms");
}

#[tokio::test]
async fn after_a_slow_purchase_the_count_is_kept_for_a_later_one() {
    let stocked = Stocked::with(0).await;
    let mut blocker = stocked.admin_connection().await;
    blocker.execute("LOCK TABLES refusal WRITE").await.expect("the table is locked");
    stocked.warehouse.count_refusal(&purchase("a", 2));
    let slow = stocked.warehouse.write_refusals(Duration::from_millis(101)).await;
    slow.expect("nothing is written, so nothing is given up");
    blocker.execute("UNLOCK TABLES").await.expect("the table is free");
    assert_eq!(written(&stocked).await, (0, 0));
    stocked.warehouse.write_refusals(Duration::ZERO).await.expect("written");
    assert_eq!(written(&stocked).await, (1, 2));
}

#[tokio::test]
async fn the_demand_of_a_product_has_its_sales_refusals_and_lead_times() {
    let stocked = Stocked::with(10).await;
    stocked.warehouse.sell(&purchase("a", 3)).await.expect("sold");
    stocked.warehouse.sell(&purchase("b", 4)).await.expect("sold");
    count(&stocked, "c", 6).await.expect("counted");
    let mut connection = stocked.admin_connection().await;
    // The second restock was needed since the first one, which failed.
    for statement in [
        "INSERT INTO restock (sku, cycle, execution, status, failure, opened_at, closed_at)
         VALUES ('CP-502101', 1, 'CP-502101_1', 'failed', 'Factory.Unavailable', '2030-01-01 10:00:00', '2030-01-01 10:01:00')",
        "INSERT INTO restock (sku, cycle, execution, status, opened_at, closed_at)
         VALUES ('CP-502101', 2, 'CP-502101_2', 'completed', '2030-01-01 10:05:00', '2030-01-01 10:06:00')",
        "INSERT INTO restock (sku, cycle, execution, status, opened_at, closed_at)
         VALUES ('CP-502101', 3, 'CP-502101_3', 'completed', '2030-01-01 11:00:00', '2030-01-01 11:00:50')",
    ] {
        connection.execute(statement).await.expect(statement);
    }
    let url = stocked.url.parse().expect("a URL");
    let demand = Snapshot::take(&url).await.expect("a look").demand(&sku(), 4).await;
    let demand = demand.expect("a demand");
    assert_eq!(demand.sales.iter().map(|(_, units)| units).sum::<i64>(), 7);
    assert_eq!(demand.refusals.iter().map(|(_, units)| units).sum::<i64>(), 6);
    assert_eq!(demand.lead_times, [360, 50]);
    assert_eq!((demand.reorder_point, demand.target_stock), (10, 50));
    let minutes = demand.from_minute..demand.to_minute;
    assert!(demand.sales.iter().all(|(minute, _)| minutes.contains(minute)), "{demand:?}");
}
