//! Names of executions: one that restocked nothing does not use up the name of one that does.

use sqlx::Executor;

use domain::Stock;
use factory_simulator::Fault;
use operations::redrive::redrive;
use serde_json::json;

use system_testkit::{FIRST_RESTOCK, LONG_WAIT, Orders, SECOND_RESTOCK, System};
use testkit::database::{SKU, sku};

async fn sell_out(system: &System, reference: &str) {
    let counted = system.cloud.warehouse.count_stock(&sku(), Stock::new(0), reference).await;
    counted.expect("no stock");
    let answer = system.buy(reference).await;
    assert_eq!(answer.outcome(), "sold_out", "{answer:?}");
}

async fn outcome_after(system: &System, before: &[String]) -> String {
    let name = system.started_after(before).await;
    let output = system.output(&system.restocks(), &name).await;
    output["outcome"].as_str().expect("an outcome").to_owned()
}

/// A purchase message that asks for a restock of a full product uses the name of the cycle.
#[tokio::test]
async fn a_cycle_whose_execution_found_nothing_to_do_is_restocked_at_the_next_sell_out_without_the_sweep()
 {
    let system = System::with(50, LONG_WAIT).await;
    system.send(&json!({"sku": SKU, "restock_cycle": 1, "reason": "sold_out"}).to_string()).await;
    let output = system.output(&system.restocks(), FIRST_RESTOCK).await;
    assert_eq!(output["outcome"], "not_needed");
    let before = system.restock_names().await;
    sell_out(&system, "next-sell-out").await;
    assert_eq!(outcome_after(&system, &before).await, "restocked");
    assert_eq!(system.totals().await.stock, 50);
    system.finish().await;
}

/// The first restock fails, and its goods come late. The mail calls a redrive harmless.
#[tokio::test]
async fn a_redrive_that_orders_nothing_does_not_use_up_the_name_of_the_next_restock() {
    let system = System::with(0, LONG_WAIT).await;
    system.set_fault(Fault::Answers400NotTaken, Orders::Next(1)).await;
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "FAILED");
    system.cloud.warehouse.count_stock(&sku(), Stock::new(50), "found").await.expect("stock");
    system.wait_for_dead_letters(1).await;
    let before = system.restock_names().await;
    redrive(&system.queues, None, false, &mut Vec::new()).await.expect("a redrive");
    assert_eq!(outcome_after(&system, &before).await, "not_needed");

    sell_out(&system, "next-sell-out").await;
    system.wait_for_arrivals(50).await;
    let names = system.restock_names().await;
    assert!(names.contains(&SECOND_RESTOCK.to_owned()), "started by the purchase: {names:?}");
    system.finish().await;
}

/// The database is as it was before the first restock. Step Functions still has the execution of that restock.
#[tokio::test]
async fn a_cycle_that_was_restocked_before_the_database_was_restored_is_restocked_again() {
    let system = System::with(0, LONG_WAIT).await;
    system.buy_sold_out().await;
    let output = system.output(&system.restocks(), FIRST_RESTOCK).await;
    assert_eq!(output["outcome"], "restocked");
    let before = system.restock_names().await;
    let mut connection = system.admin_connection().await;
    for statement in [
        "DELETE FROM stock_movement",
        "DELETE FROM production_order",
        "DELETE FROM restock",
        "UPDATE stock_bucket SET stock = 0",
        "UPDATE product SET restock_cycle = 1, crossed_by = NULL",
    ] {
        connection.execute(statement).await.expect(statement);
    }
    assert_eq!(system.buy("restored").await.outcome(), "sold_out");
    assert_eq!(outcome_after(&system, &before).await, "restocked");
    assert_eq!(system.totals().await.stock, 50);
    system.finish().await;
}
