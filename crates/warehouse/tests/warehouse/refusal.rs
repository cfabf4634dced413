//! Refused purchases are counted, seldom written, and never in the way.

use sqlx::{Executor, Row};
use warehouse::audit::Snapshot;

use testkit::database::{Stocked, purchase, sku};

/// The refused requests and units in the database.
async fn written(stocked: &Stocked) -> (i64, i64) {
    let sum = "SELECT CAST(COALESCE(SUM(requests), 0) AS SIGNED), CAST(COALESCE(SUM(units), 0) AS SIGNED) FROM refusal";
    let row =
        sqlx::query(sum).fetch_one(&mut stocked.admin_connection().await).await.expect("sums");
    (row.get(0), row.get(1))
}

#[tokio::test]
async fn the_first_refusal_is_written_at_once_and_those_of_the_next_second_together() {
    let stocked = Stocked::with(0).await;
    stocked.warehouse.count_refusal(&purchase("a", 2)).await.expect("counted");
    assert_eq!(written(&stocked).await, (1, 2));
    for key in ["b", "c", "d"] {
        stocked.warehouse.count_refusal(&purchase(key, 5)).await.expect("counted");
    }
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while written(&stocked).await != (4, 17) {
        assert!(std::time::Instant::now() < deadline, "{:?}", written(&stocked).await);
        // As any later invocation does, refused or not.
        stocked.warehouse.write_refusals().await.expect("written");
    }
}

#[tokio::test]
async fn refusals_of_an_unknown_product_are_nobodys_demand() {
    let stocked = Stocked::with(0).await;
    let unknown = domain::Purchase { sku: "CP-8".parse().expect("an SKU"), ..purchase("a", 1) };
    stocked.warehouse.count_refusal(&unknown).await.expect("nothing is counted");
    assert_eq!(written(&stocked).await, (0, 0));
}

#[tokio::test]
async fn the_demand_of_a_product_has_its_sales_refusals_and_lead_times() {
    let stocked = Stocked::with(10).await;
    stocked.warehouse.sell(&purchase("a", 3)).await.expect("sold");
    stocked.warehouse.sell(&purchase("b", 4)).await.expect("sold");
    stocked.warehouse.count_refusal(&purchase("c", 6)).await.expect("counted");
    let mut connection = stocked.admin_connection().await;
    for statement in [
        "INSERT INTO restock (sku, cycle, execution) VALUES ('CP-502101', 1, 'CP-502101_1')",
        "INSERT INTO production_order (id, sku, cycle, attempt, quantity, ordered_at, arrived_quantity, arrived_at)
         VALUES ('6f9619ff-8b86-4d01-b42d-00cf4fc964ff', 'CP-502101', 1, 1, 5,
                 CURRENT_TIMESTAMP(6), 5, CURRENT_TIMESTAMP(6) + INTERVAL 90 SECOND)",
    ] {
        connection.execute(statement).await.expect(statement);
    }
    let url = stocked.url.parse().expect("a URL");
    let demand = Snapshot::take(&url).await.expect("a look").demand(&sku(), 4).await;
    let demand = demand.expect("a demand");
    assert_eq!(demand.sales.iter().map(|(_, units)| units).sum::<i64>(), 7);
    assert_eq!(demand.refusals.iter().map(|(_, units)| units).sum::<i64>(), 6);
    assert_eq!(demand.lead_times, [90]);
    assert_eq!((demand.reorder_point, demand.target_stock), (10, 50));
    let minutes = demand.from_minute..demand.to_minute;
    assert!(demand.sales.iter().all(|(minute, _)| minutes.contains(minute)), "{demand:?}");
}
