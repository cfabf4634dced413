//! Damage to the buckets of a product, and to the parts of one movement.

use domain::PurchaseOutcome;
use testkit::database::{Stocked, backdate_two_hours, ordered, purchase, set_buckets, sku};

use crate::harness::{arrive, findings, finds, finds_and_repairs, repair_all, tamper};

/// 20 units in 4 buckets of 5.
async fn stocked() -> Stocked {
    Stocked::in_buckets(20, 4).await
}

async fn stock(stocked: &Stocked) -> i64 {
    stocked.warehouse.totals(&sku()).await.expect("totals").stock
}

#[tokio::test]
async fn sales_and_arrivals_of_several_buckets_are_found_in_order() {
    let stocked = stocked().await;
    let sold = stocked.warehouse.sell(&purchase("most", 14)).await.expect("sold");
    assert_eq!(sold.outcome, PurchaseOutcome::Sold);
    let order = ordered(stocked.open_restock("a", 1, 1).await);
    arrive(&stocked, order.production_order, 44).await;
    assert_eq!(findings(&stocked).await, []);
}

#[tokio::test]
async fn a_bucket_that_was_changed_by_hand_is_named() {
    let stocked = stocked().await;
    tamper(&stocked, &["UPDATE stock_bucket SET stock = 7 WHERE bucket = 2"]).await;
    let finding = finds(&stocked, "unexplained_stock").await;
    let what = "CP-502101, bucket 2: the stock is 7, but the ledger adds up to 5.";
    assert_eq!(finding.what, what);
    finds_and_repairs(&stocked, "unexplained_stock").await;
    assert_eq!(stock(&stocked).await, 20);
}

#[tokio::test]
async fn the_ledger_of_one_bucket_is_mended_and_the_others_stay_as_they_are() {
    let stocked = stocked().await;
    tamper(&stocked, &["UPDATE stock_movement SET stock_after = 4 WHERE bucket = 3"]).await;
    let finding = finds(&stocked, "broken_ledger").await;
    assert!(finding.what.starts_with("CP-502101, bucket 3: "), "{finding:?}");
    finds_and_repairs(&stocked, "broken_ledger").await;
}

#[tokio::test]
async fn a_deleted_part_of_a_move_is_found_where_its_goods_are_missing() {
    let stocked = stocked().await;
    stocked.warehouse.sell(&purchase("most", 17)).await.expect("sold");
    tamper(&stocked, &["DELETE FROM stock_movement WHERE kind = 'move' AND bucket = 3"]).await;
    let repaired = repair_all(&stocked).await;
    assert_eq!(repaired, ["broken_ledger", "unbalanced_move"]);
    assert_eq!(stock(&stocked).await, 3);
}

#[tokio::test]
async fn a_bucket_that_was_emptied_below_zero_is_mended() {
    let stocked = stocked().await;
    let below = [
        "ALTER TABLE stock_bucket DROP CONSTRAINT stock_not_negative",
        "ALTER TABLE stock_movement DROP CONSTRAINT stock_after_not_negative",
        "UPDATE stock_bucket SET stock = -3 WHERE bucket = 1",
        "INSERT INTO stock_movement (sku, bucket, kind, quantity, reference, stock_after)
         VALUES ('CP-502101', 1, 'sale', -8, 'too-many', -3)",
    ];
    tamper(&stocked, &below).await;
    let guards = ["negative_stock", "missing_guard", "missing_guard"];
    assert_eq!(repair_all(&stocked).await, guards);
    assert_eq!(stock(&stocked).await, 15);
}

#[tokio::test]
async fn a_missing_bucket_is_found_and_inserted() {
    let stocked = Stocked::in_buckets(0, 4).await;
    tamper(&stocked, &["DELETE FROM stock_bucket WHERE bucket = 2"]).await;
    finds_and_repairs(&stocked, "missing_buckets").await;
}

/// The product sells and is restocked before the repair too.
#[tokio::test]
async fn goods_arrive_also_if_a_bucket_is_missing() {
    let stocked = Stocked::in_buckets(0, 4).await;
    tamper(&stocked, &["DELETE FROM stock_bucket"]).await;
    let refused = stocked.warehouse.sell(&purchase("early", 1)).await.expect("an answer");
    assert_eq!(refused.outcome, PurchaseOutcome::SoldOut);
    let order = ordered(stocked.open_restock("a", 1, 1).await);
    arrive(&stocked, order.production_order, 50).await;
    assert_eq!(stock(&stocked).await, 50);
    assert_eq!(findings(&stocked).await, []);
}

#[tokio::test]
async fn goods_in_a_bucket_that_is_not_in_use_are_moved() {
    let stocked = stocked().await;
    tamper(&stocked, &["UPDATE product SET buckets = 3"]).await;
    finds_and_repairs(&stocked, "unused_bucket").await;
    assert_eq!(stock(&stocked).await, 20);
}

#[tokio::test]
async fn a_purchase_that_could_be_recorded_again_is_found() {
    let stocked = stocked().await;
    stocked.warehouse.sell(&purchase("most", 14)).await.expect("sold");
    tamper(&stocked, &["UPDATE stock_movement SET part = 9 WHERE kind = 'sale' AND part = 0"])
        .await;
    finds_and_repairs(&stocked, "missing_part").await;
    stocked.warehouse.sell(&purchase("most", 14)).await.expect("the same purchase");
    assert_eq!(stock(&stocked).await, 6);
}

#[tokio::test]
async fn a_recorded_crossing_is_found_if_the_stock_is_above_the_reorder_point() {
    let stocked = Stocked::with(11).await;
    let sold = stocked.warehouse.sell(&purchase("crossing", 1)).await.expect("sold");
    assert!(sold.crossed_reorder_point);
    assert_eq!(findings(&stocked).await, []);
    tamper(&stocked, &["UPDATE product SET reorder_point = 9"]).await;
    finds_and_repairs(&stocked, "outdated_crossing").await;
    let sold = stocked.warehouse.sell(&purchase("next", 1)).await.expect("sold");
    assert!(sold.crossed_reorder_point);
}

/// The rows of a move add up to nothing, but one after the other they pass through stocks that never existed.
#[tokio::test]
async fn goods_that_change_their_bucket_do_not_hide_a_forgotten_depletion() {
    let stocked = Stocked::in_buckets(9, 4).await;
    backdate_two_hours(&stocked).await;
    stocked.warehouse.change(&set_buckets(1)).await.expect("one bucket");
    finds(&stocked, "forgotten_depletion").await;
}
