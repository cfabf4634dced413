//! Damage that no constraint prevents.

use domain::PurchaseOutcome;
use testkit::database::{Stocked, close_request, ordered, purchase, sku};

use warehouse::CloseRequest;

use crate::harness::{arrive, findings, finds, name, repair_all, tamper};

#[tokio::test]
async fn a_deleted_opening_movement_is_counted_in_again() {
    let stocked = Stocked::with(20).await;
    stocked.warehouse.sell(&purchase("one", 1)).await.expect("sold");
    stocked.warehouse.sell(&purchase("two", 2)).await.expect("sold");
    tamper(&stocked, &["DELETE FROM stock_movement WHERE kind = 'count'"]).await;
    let found = findings(&stocked).await;
    assert_eq!(name(&found[0]), "broken_ledger", "{found:#?}");
    assert_eq!(repair_all(&stocked).await, ["broken_ledger"]);
    let totals = stocked.warehouse.totals(&sku()).await.expect("totals");
    assert_eq!((totals.stock, totals.ledger), (17, 17));
    stocked.warehouse.sell(&purchase("two", 2)).await.expect("the same purchase");
    assert_eq!(stocked.warehouse.totals(&sku()).await.expect("totals").stock, 17);
}

/// The constraints that allow only what the types of the shop allow.
const FORMS: [(&str, &str); 8] = [
    ("factory", "factory_id_form"),
    ("product", "sku_form"),
    ("product", "target_at_most_one_order"),
    ("product", "product_cycle_in_range"),
    ("restock", "restock_cycle_in_range"),
    ("production_order", "order_id_form"),
    ("production_order", "ordered_quantity_in_range"),
    ("stock_movement", "reference_form"),
];

#[tokio::test]
async fn values_that_no_step_can_read_are_found_and_corrected() {
    for damage in [
        "UPDATE product SET sku = 'cp-9'",
        "UPDATE product SET factory = 'ff 1'",
        "UPDATE product SET restock_cycle = 0",
        "UPDATE product SET restock_cycle = 4294967295",
        "UPDATE product SET target_stock = 1000050",
        "UPDATE restock SET cycle = 0",
        "UPDATE restock SET cycle = 4294967295",
        "UPDATE production_order SET id = 'not-a-uuid'",
        "UPDATE production_order SET quantity = 1000001",
    ] {
        let stocked = Stocked::with(5).await;
        let order = ordered(stocked.open_restock("a", 1, 1).await).production_order;
        arrive(&stocked, order, 45).await;
        let with_children = match damage {
            "UPDATE product SET sku = 'cp-9'" => {
                "UPDATE stock_bucket SET sku = 'cp-9'; UPDATE restock SET sku = 'cp-9'; \
                 UPDATE production_order SET sku = 'cp-9'; \
                                                  UPDATE stock_movement SET sku = 'cp-9'"
            }
            "UPDATE product SET factory = 'ff 1'" => "UPDATE factory SET id = 'ff 1'",
            "UPDATE restock SET cycle = 0" => "UPDATE production_order SET cycle = 0",
            "UPDATE restock SET cycle = 4294967295" => {
                "UPDATE production_order SET cycle = 4294967295"
            }
            "UPDATE production_order SET id = 'not-a-uuid'" => {
                "UPDATE stock_movement SET reference = 'not-a-uuid' WHERE kind = 'arrival'"
            }
            _ => "DO 1",
        };
        let statement = format!("SET FOREIGN_KEY_CHECKS = 0; {damage}; {with_children}");
        let without =
            FORMS.map(|(table, guard)| format!("ALTER TABLE {table} DROP CONSTRAINT {guard}"));
        crate::harness::run(&stocked, &without).await;
        crate::harness::run(&stocked, &[statement]).await;
        let found = repair_all(&stocked).await;
        let expected =
            if damage.contains("restock_cycle") { "wrong_cycle" } else { "unreadable_value" };
        assert!(found.contains(&expected.to_owned()), "{damage}: {found:?}");
    }
}

#[tokio::test]
async fn a_cycle_far_above_the_restocks_is_found_before_the_numbers_end() {
    for restocks in [0, 1] {
        let stocked = Stocked::with(5).await;
        if restocks == 1 {
            let order = ordered(stocked.open_restock("a", 1, 1).await).production_order;
            arrive(&stocked, order, 45).await;
        }
        tamper(&stocked, &["UPDATE product SET restock_cycle = 999999999"]).await;
        assert_eq!(repair_all(&stocked).await, ["wrong_cycle"], "after {restocks} restocks");
        tamper(&stocked, &["UPDATE product SET restock_cycle = restock_cycle + 10"]).await;
        assert_eq!(findings(&stocked).await, [], "executions that restocked nothing use up names");
    }
}

#[tokio::test]
async fn a_product_that_was_deleted_and_recorded_again_is_not_for_sale() {
    let stocked = Stocked::with(20).await;
    tamper(&stocked, &["SET FOREIGN_KEY_CHECKS = 0", "DELETE FROM product"]).await;
    assert_eq!(repair_all(&stocked).await, ["invalid_row"]);
    let decision = stocked.warehouse.sell(&purchase("cheap", 1)).await.expect("a decision");
    assert_eq!(decision.outcome, PurchaseOutcome::UnknownProduct);
}

/// Each of the two orders of the restock arrives after its wait.
#[tokio::test]
async fn goods_that_come_after_the_wait_are_found_until_three_come_in_time() {
    let stocked = Stocked::with(5).await;
    let first = ordered(stocked.open_restock("a", 1, 1).await);
    let second = ordered(stocked.open_restock("a", 1, 2).await);
    arrive(&stocked, first.production_order, 45).await;
    tamper(&stocked, &[
        "UPDATE production_order SET ordered_at = ordered_at - INTERVAL 66 SECOND WHERE attempt = 1",
        "UPDATE production_order SET ordered_at = ordered_at - INTERVAL 6 SECOND WHERE attempt = 2",
    ]).await;
    let finding = finds(&stocked, "late_arrivals").await;
    assert!(finding.what.contains("of the last 1 arrivals, 1 came after"), "{finding:?}");
    assert!(
        finding.what.contains("The longest took 1m 6s; the restock had waited 1m."),
        "{finding:?}"
    );
    assert!(finding.repair.contains("Raise `await_completion_seconds`"), "{finding:?}");
    arrive(&stocked, second.production_order, 45).await;
    for cycle in 2..4 {
        let name = format!("next-{cycle}");
        stocked.warehouse.sell(&purchase(&name, 45 + (4 - cycle) * 20)).await.expect("sold");
        tamper(&stocked, &["UPDATE product SET reorder_point = 48, target_stock = 100"]).await;
        let order = ordered(stocked.open_restock(&name, cycle, 1).await);
        arrive(&stocked, order.production_order, 10).await;
    }
    assert_eq!(findings(&stocked).await, []);
}

#[tokio::test]
async fn goods_of_a_failed_restock_that_come_later_were_late_too() {
    let stocked = Stocked::with(5).await;
    let order = ordered(stocked.open_restock("a", 1, 1).await);
    stocked.warehouse.close_restock(&close_request("a")).await.expect("closed");
    arrive(&stocked, order.production_order, 45).await;
    finds(&stocked, "late_arrivals").await;
}

#[tokio::test]
async fn goods_of_a_restock_that_was_stopped_by_hand_are_not_late() {
    let stocked = Stocked::with(5).await;
    let order = ordered(stocked.open_restock("a", 1, 1).await);
    let stopped = CloseRequest { failure: "Restock.Abandoned".to_owned(), ..close_request("a") };
    stocked.warehouse.close_restock(&stopped).await.expect("closed");
    arrive(&stocked, order.production_order, 45).await;
    assert_eq!(findings(&stocked).await, []);
}

#[tokio::test]
async fn an_oversell_that_was_not_delivered_leaves_a_ledger_that_the_constraints_allow() {
    let stocked = Stocked::with(20).await;
    tamper(
        &stocked,
        &[
            "ALTER TABLE stock_bucket DROP CONSTRAINT stock_not_negative",
            "ALTER TABLE stock_movement DROP CONSTRAINT stock_after_not_negative",
            "INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after)
         VALUES ('CP-502101', 'sale', -15, 'first', 5), ('CP-502101', 'sale', -10, 'second', -5)",
            "UPDATE stock_bucket SET stock = -5",
        ],
    )
    .await;
    assert_eq!(repair_all(&stocked).await, ["negative_stock", "missing_guard", "missing_guard"]);
    let sold = stocked.warehouse.totals(&sku()).await.expect("totals");
    assert_eq!((sold.stock, sold.ledger, sold.sold), (0, 0, 25));
}
