//! Stock in buckets: whatever their number, and while it changes, the shop sells what there is and no more.

mod concurrent;

use domain::{Arrival, Purchase, PurchaseOutcome, Stock};
use sqlx::{Executor, Row};
use uuid::Uuid;
use warehouse::{
    Change, ChangeRequest, Decision, ProductUpdate,
    audit::{Limits, Snapshot},
};

use testkit::database::{Stocked, ordered, purchase, set_buckets, sku};

/// The numbers of buckets to test with.
const NUMBERS: [u32; 3] = [1, 4, 16];

/// No limit is reached within a test.
const LIMITS: Limits = Limits {
    arrival_forgotten_seconds: 3600,
    depletion_forgotten_seconds: 3600,
    closed_lately_seconds: 3600,
};

async fn sell(stocked: &Stocked, purchase: &Purchase) -> Decision {
    stocked.warehouse.sell(purchase).await.expect("an answer")
}

/// The stock of each bucket, those that are not in use included.
async fn stocks(stocked: &Stocked) -> Vec<i32> {
    let rows = sqlx::query("SELECT stock FROM stock_bucket ORDER BY bucket");
    let rows = rows.fetch_all(&mut stocked.admin_connection().await).await.expect("buckets");
    rows.iter().map(|row| row.get(0)).collect()
}

/// Each bucket is the sum of its movements, and so on: everything that an audit looks at.
async fn assert_explained(stocked: &Stocked) {
    let mut snapshot =
        Snapshot::take(&stocked.url.parse().expect("a URL")).await.expect("a snapshot");
    let audited = snapshot.audit(LIMITS).await.expect("an audit");
    assert_eq!(audited.discrepancies, []);
}

async fn change(stocked: &Stocked, change: Change) {
    let request = ChangeRequest { change, ..set_buckets(1) };
    stocked.warehouse.change(&request).await.expect("a change");
}

/// A purchase that tries this bucket of so many first.
async fn purchase_from(
    stocked: &Stocked,
    (bucket, buckets): (u32, u32),
    quantity: u32,
) -> Purchase {
    let mut connection = stocked.admin_connection().await;
    loop {
        let key = Uuid::new_v4().to_string();
        let first = sqlx::query_scalar("SELECT CAST(CRC32(?) MOD ? AS SIGNED)");
        let first = first.bind(&key).bind(buckets).fetch_one(&mut connection).await;
        if first.ok() == Some(i64::from(bucket)) {
            return purchase(&key, quantity);
        }
    }
}

#[tokio::test]
async fn goods_are_spread_evenly_and_moved_back_when_the_number_changes() {
    let stocked = Stocked::in_buckets(10, 4).await;
    assert_eq!(stocks(&stocked).await, [3, 3, 2, 2]);
    stocked.warehouse.change(&set_buckets(2)).await.expect("two buckets");
    assert_eq!(stocks(&stocked).await, [5, 5, 0, 0]);
    stocked.warehouse.change(&set_buckets(1)).await.expect("one bucket");
    assert_eq!(stocks(&stocked).await, [10, 0, 0, 0]);
    assert_explained(&stocked).await;
}

#[tokio::test]
async fn the_same_number_of_buckets_levels_them() {
    let stocked = Stocked::in_buckets(8, 4).await;
    sell(&stocked, &purchase_from(&stocked, (1, 4), 2).await).await;
    assert_eq!(stocks(&stocked).await, [2, 0, 2, 2]);
    stocked.warehouse.change(&set_buckets(4)).await.expect("the same number");
    assert_eq!(stocks(&stocked).await, [2, 2, 1, 1]);
    assert_explained(&stocked).await;
}

#[tokio::test]
async fn a_repeated_change_of_the_number_moves_nothing_more() {
    let stocked = Stocked::with(9).await;
    let request = set_buckets(3);
    stocked.warehouse.change(&request).await.expect("three buckets");
    sell(&stocked, &purchase_from(&stocked, (0, 3), 1).await).await;
    let again = stocked.warehouse.change(&request).await.expect("three buckets");
    assert!(again.repeated, "{again:?}");
    assert_eq!(stocks(&stocked).await, [2, 3, 3]);
}

#[tokio::test]
async fn an_arrival_adds_the_same_share_to_each_bucket() {
    for (quantity, expected) in [(50, [13, 13, 12, 12]), (3, [1, 1, 1, 0])] {
        let stocked = Stocked::in_buckets(0, 4).await;
        let order = ordered(stocked.open_restock("a", 1, 1).await).production_order;
        let arrival =
            Arrival { production_order: order, quantity: quantity.try_into().expect("units") };
        stocked.warehouse.record_arrival(&arrival).await.expect("recorded");
        for _ in 0..2 {
            let credited = stocked.warehouse.increment_stock(order).await.expect("credited");
            assert_eq!(credited.stock.get(), quantity);
        }
        assert_eq!(stocks(&stocked).await, expected);
        assert_explained(&stocked).await;
    }
}

#[tokio::test]
async fn a_purchase_tries_its_own_bucket_then_another_then_several() {
    let stocked = Stocked::in_buckets(12, 4).await;
    for (quantity, left) in
        [(3, [3, 3, 0, 3]), (1, [3, 3, 0, 2]), (3, [0, 3, 0, 2]), (4, [0, 0, 0, 1])]
    {
        let purchase = purchase_from(&stocked, (2, 4), quantity).await;
        assert_eq!(sell(&stocked, &purchase).await.outcome, PurchaseOutcome::Sold);
        assert_eq!(stocks(&stocked).await, left, "after a purchase of {quantity}");
    }
}

#[tokio::test]
async fn a_purchase_larger_than_any_bucket_takes_from_as_few_as_possible() {
    let stocked = Stocked::in_buckets(23, 4).await;
    assert_eq!(stocks(&stocked).await, [6, 6, 6, 5]);
    let sold = sell(&stocked, &purchase("large", 14)).await;
    assert_eq!(sold.outcome, PurchaseOutcome::Sold);
    assert_eq!(stocks(&stocked).await, [0, 0, 4, 5]);
    assert_eq!(sell(&stocked, &purchase("large", 14)).await, sold, "a repeated call");
    let other = sell(&stocked, &purchase("large", 13)).await;
    assert_eq!(other.outcome, PurchaseOutcome::KeyReused);
    assert_explained(&stocked).await;
}

#[tokio::test]
async fn a_product_is_sold_out_only_when_all_buckets_together_do_not_suffice() {
    for number in NUMBERS {
        let stocked = Stocked::in_buckets(20, number).await;
        for (key, quantity, left) in [("one", 1, 19), ("two", 18, 1), ("three", 1, 0)] {
            let decision = sell(&stocked, &purchase(key, quantity)).await;
            assert_eq!(decision.outcome, PurchaseOutcome::Sold, "{number} buckets: {key}");
            assert_eq!(decision.level.map(|level| level.stock), Some(Stock::new(left)));
        }
        let refused = sell(&stocked, &purchase("four", 1)).await;
        assert_eq!(refused.outcome, PurchaseOutcome::SoldOut);
        assert_explained(&stocked).await;
    }
}

#[tokio::test]
async fn a_correction_takes_from_several_buckets_and_never_more_than_there_is() {
    let stocked = Stocked::in_buckets(10, 4).await;
    change(&stocked, Change::AdjustStock { sku: sku(), units: -9 }).await;
    assert_eq!(stocks(&stocked).await.iter().sum::<i32>(), 1);
    let request =
        ChangeRequest { change: Change::AdjustStock { sku: sku(), units: -2 }, ..set_buckets(1) };
    let refused = stocked.warehouse.change(&request).await.expect_err("a refusal");
    assert!(refused.to_string().contains("below zero"), "{refused}");
    assert_explained(&stocked).await;
}

#[tokio::test]
async fn the_largest_stock_is_the_same_with_any_number_of_buckets() {
    let stocked = Stocked::in_buckets(0, 16).await;
    change(&stocked, Change::AdjustStock { sku: sku(), units: i32::MAX }).await;
    let request =
        ChangeRequest { change: Change::AdjustStock { sku: sku(), units: 1 }, ..set_buckets(1) };
    let refused = stocked.warehouse.change(&request).await.expect_err("a refusal");
    assert!(refused.to_string().contains("2,147,483,647"), "{refused}");
    stocked.warehouse.change(&set_buckets(1)).await.expect("one bucket holds all");
}

/// Purchases of one product must not wait for the rows of others, nor for its restock.
#[tokio::test]
async fn a_sale_waits_neither_for_the_product_nor_for_another_bucket() {
    let stocked = Stocked::in_buckets(400, 4).await;
    let mut other = stocked.admin_connection().await;
    other.execute("START TRANSACTION").await.expect("a transaction");
    for lock in [
        "SELECT sku FROM product FOR UPDATE",
        "SELECT sku FROM stock_bucket WHERE sku = 'CP-502101' AND bucket = 1 FOR UPDATE",
    ] {
        other.execute(lock).await.expect(lock);
    }
    let decision = sell(&stocked, &purchase_from(&stocked, (2, 4), 1).await).await;
    assert_eq!(decision.outcome, PurchaseOutcome::Sold);
}

#[tokio::test]
async fn each_depletion_is_published_by_one_sale_and_again_after_goods_have_come() {
    for number in NUMBERS {
        let stocked = Stocked::in_buckets(12, number).await;
        let crosses = async |key: &str| {
            let sold = sell(&stocked, &purchase(key, 1)).await;
            assert_eq!(sold.outcome, PurchaseOutcome::Sold);
            sold.crossed_reorder_point
        };
        assert!(!crosses("to-11").await);
        assert!(crosses("to-10").await);
        assert!(!crosses("to-9").await);
        assert!(crosses("to-10").await, "a repeated call says so again");
        change(&stocked, Change::AdjustStock { sku: sku(), units: 2 }).await;
        assert!(crosses("to-10-later").await);
        assert!(!crosses("to-10").await, "that depletion is over");
        assert_explained(&stocked).await;
    }
}

#[tokio::test]
async fn a_sale_below_a_raised_reorder_point_publishes_a_depletion() {
    let stocked = Stocked::in_buckets(30, 4).await;
    let update = ProductUpdate {
        sku: sku(),
        name: None,
        price: None,
        reorder_point: Some(Stock::new(40)),
        target_stock: None,
        factory: None,
    };
    change(&stocked, Change::ChangeProduct(update)).await;
    assert!(sell(&stocked, &purchase("next", 1)).await.crossed_reorder_point);
}
