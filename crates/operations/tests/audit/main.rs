//! Each finding within the database appears alone, and its repair removes it.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by ending")]

mod buckets;
mod damage;
mod guard_cases;
mod guards;
mod harness;
mod history;
mod rights;

use domain::Arrival;
use futures::future::join_all;
use sqlx::Executor;

use harness::{arrive, findings, finds, finds_and_repairs, name, repair_all, tamper};
use testkit::{
    database::{
        AN_HOUR, Stocked, backdate_two_hours, close_request, ordered, purchase, set_buckets, sku,
    },
    repair::follow,
};

#[tokio::test]
async fn nothing_is_found_where_goods_were_sold_ordered_and_came() {
    let stocked = Stocked::with(12).await;
    stocked.warehouse.sell(&purchase("some", 5)).await.expect("sold");
    assert_eq!(findings(&stocked).await, []);
    let order = ordered(stocked.open_restock("a", 1, 1).await);
    assert_eq!(findings(&stocked).await, []);
    arrive(&stocked, order.production_order, 43).await;
    assert_eq!(findings(&stocked).await, []);
}

#[tokio::test]
async fn a_busy_shop_is_found_in_order_at_every_moment() {
    for buckets in [1, 16] {
        keeps_busy(&Stocked::in_buckets(500, buckets).await).await;
    }
}

/// Buyers and audits at the same time, and changes of the number of buckets.
async fn keeps_busy(stocked: &Stocked) {
    let buyers = join_all((0..16).map(|buyer| {
        async move {
            let warehouse = stocked.another().await;
            for number in 0..30 {
                let bought = purchase(&format!("{buyer}-{number}"), 1);
                // A purchase may fail on a lock; only the ledger matters here.
                let _ = warehouse.sell(&bought).await;
            }
        }
    }));
    let auditor = async {
        for _ in 0..20 {
            assert_eq!(findings(stocked).await, []);
        }
    };
    let changes = async {
        for buckets in [4, 64, 1, 16, 2] {
            stocked.warehouse.change(&set_buckets(buckets)).await.expect("buckets");
        }
    };
    tokio::join!(buyers, auditor, changes);
    assert!(stocked.warehouse.totals(&sku()).await.expect("totals").sold > 0);
}

#[tokio::test]
async fn a_stock_that_was_changed_by_hand_is_found_and_either_side_can_be_the_right_one() {
    for way in [0, 1] {
        let stocked = Stocked::with(20).await;
        tamper(&stocked, &["UPDATE stock_bucket SET stock = stock + 5"]).await;
        let finding = finds(&stocked, "unexplained_stock").await;
        assert_eq!(
            finding.what,
            "CP-502101, bucket 0: the stock is 25, but the ledger adds up to 20."
        );
        follow(&mut stocked.admin_connection().await, &finding.repair, way).await;
        assert_eq!(findings(&stocked).await, []);
        let stock = stocked.warehouse.totals(&sku()).await.expect("totals").stock;
        assert_eq!(stock, [20, 25][way]);
    }
}

#[tokio::test]
async fn a_ledger_that_was_changed_by_hand_is_found_where_it_begins_to_be_wrong() {
    let stocked = Stocked::with(20).await;
    stocked.warehouse.sell(&purchase("one", 1)).await.expect("sold");
    tamper(&stocked, &["UPDATE stock_movement SET stock_after = 21 WHERE kind = 'count'"]).await;
    finds_and_repairs(&stocked, "broken_ledger").await;
}

#[tokio::test]
async fn a_stock_that_was_changed_before_a_sale_is_mended_in_two_steps() {
    let stocked = Stocked::with(20).await;
    tamper(&stocked, &["UPDATE stock_bucket SET stock = 30"]).await;
    stocked.warehouse.sell(&purchase("one", 1)).await.expect("sold");
    let found = findings(&stocked).await;
    let names: Vec<String> = found.iter().map(name).collect();
    assert_eq!(names, ["broken_ledger", "unexplained_stock"]);
    follow(&mut stocked.admin_connection().await, &found[0].repair, 0).await;
    let finding = finds(&stocked, "unexplained_stock").await;
    follow(&mut stocked.admin_connection().await, &finding.repair, 1).await;
    assert_eq!(findings(&stocked).await, []);
    assert_eq!(stocked.warehouse.totals(&sku()).await.expect("totals").stock, 29);
}

#[tokio::test]
async fn a_stock_below_zero_is_found_where_its_constraint_was_dropped() {
    let stocked = Stocked::with(20).await;
    let below = [
        "ALTER TABLE stock_bucket DROP CONSTRAINT stock_not_negative",
        "ALTER TABLE stock_movement DROP CONSTRAINT stock_after_not_negative",
        "UPDATE stock_bucket SET stock = -3",
        "INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after)
         VALUES ('CP-502101', 'sale', -23, 'too-many', -3)",
    ];
    tamper(&stocked, &below).await;
    let guards = ["negative_stock", "missing_guard", "missing_guard"];
    assert_eq!(repair_all(&stocked).await, guards);
    assert_eq!(stocked.warehouse.totals(&sku()).await.expect("totals").stock, 0);
}

#[tokio::test]
async fn goods_that_were_put_in_stock_under_a_made_up_order_are_found() {
    let stocked = Stocked::with(20).await;
    let made_up = [
        "UPDATE stock_bucket SET stock = stock + 7",
        "INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after)
         VALUES ('CP-502101', 'arrival', 7, '00000000-0000-4000-8000-000000000009', 27)",
    ];
    tamper(&stocked, &made_up).await;
    finds_and_repairs(&stocked, "unexplained_arrival").await;
}

#[tokio::test]
async fn goods_that_were_credited_and_not_reported_so_are_found() {
    for reported in ["40", "NULL, arrived_at = NULL"] {
        let stocked = Stocked::with(0).await;
        let order = ordered(stocked.open_restock("a", 1, 1).await);
        arrive(&stocked, order.production_order, 50).await;
        let change = format!("UPDATE production_order SET arrived_quantity = {reported}");
        let mut connection = stocked.admin_connection().await;
        connection.execute(sqlx::query(sqlx::AssertSqlSafe(change))).await.expect("changed");
        finds_and_repairs(&stocked, "unexplained_arrival").await;
    }
}

#[tokio::test]
async fn goods_that_came_long_ago_and_are_not_in_stock_are_found() {
    let stocked = Stocked::with(0).await;
    let order = ordered(stocked.open_restock("a", 1, 1).await).production_order;
    let arrival = Arrival { production_order: order, quantity: 50.try_into().expect("a count") };
    stocked.warehouse.record_arrival(&arrival).await.expect("recorded");
    assert_eq!(findings(&stocked).await, [], "it has just come");
    backdate_two_hours(&stocked).await;
    finds_and_repairs(&stocked, "forgotten_arrival").await;
    assert_eq!(stocked.warehouse.totals(&sku()).await.expect("totals").stock, 50);
}

#[tokio::test]
async fn two_open_restocks_are_found_where_their_key_was_dropped() {
    let stocked = Stocked::with(0).await;
    ordered(stocked.open_restock("a", 1, 1).await);
    let second = [
        "ALTER TABLE restock DROP INDEX one_open_restock",
        "INSERT INTO restock (sku, cycle, execution) VALUES ('CP-502101', 2, 'b')",
    ];
    tamper(&stocked, &second).await;
    assert_eq!(repair_all(&stocked).await, ["several_open_restocks", "missing_guard"]);
    assert_eq!(stocked.warehouse.totals(&sku()).await.expect("totals").open_restocks, 1);
}

#[tokio::test]
async fn a_cycle_that_was_set_back_is_found() {
    let stocked = Stocked::with(0).await;
    ordered(stocked.open_restock("a", 1, 1).await);
    stocked.warehouse.close_restock(&close_request("a")).await.expect("closed");
    tamper(&stocked, &["UPDATE product SET restock_cycle = 1"]).await;
    finds_and_repairs(&stocked, "wrong_cycle").await;
    ordered(stocked.open_restock("b", 2, 1).await);
}

#[tokio::test]
async fn an_order_above_the_target_is_found() {
    let stocked = Stocked::with(0).await;
    ordered(stocked.open_restock("a", 1, 1).await);
    tamper(&stocked, &["UPDATE production_order SET quantity = 60"]).await;
    finds_and_repairs(&stocked, "order_above_target").await;
}

#[tokio::test]
async fn a_product_that_nobody_makes_is_found() {
    let stocked = Stocked::with(20).await;
    tamper(&stocked, &["SET FOREIGN_KEY_CHECKS = 0", "DELETE FROM factory"]).await;
    finds_and_repairs(&stocked, "missing_factory").await;
}

#[tokio::test]
async fn a_depletion_that_no_sweep_has_found_is_found() {
    let stocked = Stocked::with(5).await;
    assert_eq!(findings(&stocked).await, [], "the sweep may not have looked yet");
    backdate_two_hours(&stocked).await;
    stocked.warehouse.sell(&purchase("one-more", 1)).await.expect("sold");
    let finding = finds(&stocked, "forgotten_depletion").await;
    assert!(finding.what.contains("the stock is 4, at or below"), "{finding:?}");
    assert!(finding.what.ends_with("no restock has been open for 2h."), "{finding:?}");
    assert_eq!(stocked.warehouse.sweep(AN_HOUR).await.expect("swept").depletions.len(), 1);
    ordered(stocked.open_restock("a", 1, 1).await);
    assert_eq!(findings(&stocked).await, []);
}

#[tokio::test]
async fn a_product_whose_restock_has_just_failed_is_left_to_the_next_sweep() {
    let stocked = Stocked::with(5).await;
    backdate_two_hours(&stocked).await;
    ordered(stocked.open_restock("a", 1, 1).await);
    stocked.warehouse.close_restock(&close_request("a")).await.expect("closed");
    assert_eq!(findings(&stocked).await, []);
}
