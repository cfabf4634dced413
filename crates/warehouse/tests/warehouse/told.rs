//! Whether operations were told of a failure is a fact of its own: a report that was not sent is repeated.

use domain::{Arrival, Stock};
use warehouse::{ClosedRestock, ReportSubject, UnsettledRestock};

use testkit::database::{AN_HOUR, Stocked, close_request, ordered, sku};

/// A restock of this cycle that fails.
async fn fail(stocked: &Stocked, execution: &str, cycle: u32) -> ClosedRestock {
    ordered(stocked.open_restock(execution, cycle, 1).await);
    stocked.warehouse.close_restock(&close_request(execution)).await.expect("closed")
}

async fn succeed(stocked: &Stocked, execution: &str, cycle: u32) {
    let order = ordered(stocked.open_restock(execution, cycle, 1).await);
    let arrival = Arrival { production_order: order.production_order, quantity: order.quantity };
    stocked.warehouse.record_arrival(&arrival).await.expect("recorded");
    stocked.warehouse.increment_stock(order.production_order).await.expect("credited");
    stocked.warehouse.count_stock(&sku(), Stock::new(0), execution).await.expect("stock");
}

async fn tell(stocked: &Stocked, execution: &str) {
    let told = ReportSubject::Restock { sku: sku(), execution: execution.to_owned() };
    stocked.warehouse.record_report(&told).await.expect("recorded");
}

async fn untold(stocked: &Stocked) -> Vec<String> {
    let swept = stocked.warehouse.sweep(AN_HOUR).await.expect("swept");
    swept.unsettled.into_iter().map(|UnsettledRestock { execution, .. }| execution).collect()
}

#[tokio::test]
async fn a_failure_is_not_taken_for_told_because_an_earlier_restock_failed() {
    let stocked = Stocked::with(0).await;
    for (execution, cycle) in [("a", 1), ("b", 2)] {
        assert!(!fail(&stocked, execution, cycle).await.reported, "nobody was told");
    }
}

#[tokio::test]
async fn a_failure_is_told_once_until_a_restock_is_completed() {
    let stocked = Stocked::with(0).await;
    fail(&stocked, "a", 1).await;
    tell(&stocked, "a").await;
    let again = stocked.warehouse.close_restock(&close_request("a")).await.expect("closed");
    assert!(again.reported, "operations were told of this one");
    assert!(fail(&stocked, "b", 2).await.reported, "operations were told of the one before");
    succeed(&stocked, "c", 3).await;
    assert!(!fail(&stocked, "d", 4).await.reported, "a new failure");
}

#[tokio::test]
async fn the_sweep_finds_a_failed_restock_until_operations_are_told() {
    let stocked = Stocked::with(0).await;
    fail(&stocked, "a", 1).await;
    assert_eq!(untold(&stocked).await, ["a"]);
    fail(&stocked, "b", 2).await;
    assert_eq!(untold(&stocked).await, ["b"], "one report tells of both");
    tell(&stocked, "b").await;
    assert_eq!(untold(&stocked).await, [""; 0]);
    fail(&stocked, "c", 3).await;
    assert_eq!(
        untold(&stocked).await,
        [""; 0],
        "operations know that restocks of the product fail"
    );
}

#[tokio::test]
async fn the_sweep_does_not_report_a_failure_that_is_over_or_that_an_operator_caused() {
    let stocked = Stocked::with(0).await;
    fail(&stocked, "a", 1).await;
    succeed(&stocked, "b", 2).await;
    assert_eq!(untold(&stocked).await, [""; 0]);
    ordered(stocked.open_restock("c", 3, 1).await);
    let mut by_hand = close_request("c");
    by_hand.failure = "Restock.ClosedByHand".to_owned();
    stocked.warehouse.close_restock(&by_hand).await.expect("closed");
    assert_eq!(untold(&stocked).await, [""; 0]);
}

/// The database was away when the restock was to be closed.
#[tokio::test]
async fn a_report_of_a_restock_that_could_not_be_closed_counts_when_the_sweep_closes_it() {
    let stocked = Stocked::with(0).await;
    ordered(stocked.open_restock("a", 1, 1).await);
    tell(&stocked, "a").await;
    let closed = stocked.warehouse.close_restock(&close_request("a")).await.expect("closed");
    assert!(closed.reported);
}

#[tokio::test]
async fn a_restock_that_was_completed_is_never_recorded_as_told() {
    let stocked = Stocked::with(0).await;
    succeed(&stocked, "a", 1).await;
    tell(&stocked, "a").await;
    assert!(!fail(&stocked, "b", 2).await.reported);
}
