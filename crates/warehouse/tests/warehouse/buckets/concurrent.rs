//! Many at once.

use std::sync::Arc;

use domain::{Purchase, PurchaseOutcome};
use futures::future::{join, join_all};
use tokio::sync::Barrier;
use warehouse::{Change, ChangeError, ChangeRequest, Decision};

use super::{NUMBERS, assert_explained};
use testkit::database::{Stocked, purchase, set_buckets, sku};

/// Each buyer makes its purchases one after the other, over a connection of its own; all buyers begin at the same time.
async fn buy_at_once(stocked: &Stocked, buyers: Vec<Vec<Purchase>>) -> Vec<Decision> {
    let barrier = Arc::new(Barrier::new(buyers.len()));
    let buyers = buyers.into_iter().map(|purchases| {
        let barrier = Arc::clone(&barrier);
        async move {
            let warehouse = stocked.another().await;
            barrier.wait().await;
            let mut decisions = Vec::new();
            for purchase in purchases {
                decisions.push(warehouse.sell(&purchase).await.expect("an answer"));
            }
            decisions
        }
    });
    join_all(buyers).await.into_iter().flatten().collect()
}

/// So many purchases for each of so many buyers.
fn purchases(buyers: u32, each: u32, quantity: u32) -> Vec<Vec<Purchase>> {
    let of = |buyer| (0..each).map(move |n| purchase(&format!("{buyer}-{n}"), quantity)).collect();
    (0..buyers).map(of).collect()
}

fn count(decisions: &[Decision], outcome: PurchaseOutcome) -> usize {
    decisions.iter().filter(|decision| decision.outcome == outcome).count()
}

/// Changes the number of buckets, up and down.
async fn change_buckets(stocked: &Stocked, numbers: impl IntoIterator<Item = u32>) {
    let warehouse = stocked.another().await;
    for number in numbers {
        warehouse.change(&set_buckets(number)).await.expect("buckets");
    }
}

#[tokio::test]
async fn sixty_four_buyers_for_two_hundred_donuts_buy_exactly_two_hundred() {
    for number in NUMBERS {
        let stocked = Stocked::in_buckets(200, number).await;
        let decisions = buy_at_once(&stocked, purchases(64, 4, 1)).await;
        assert_eq!(count(&decisions, PurchaseOutcome::Sold), 200, "{number} buckets");
        assert_eq!(count(&decisions, PurchaseOutcome::SoldOut), 56);
        let crossed = decisions.iter().filter(|decision| decision.crossed_reorder_point).count();
        assert_eq!(crossed, 1, "{number} buckets");
        let totals = stocked.warehouse.totals(&sku()).await.expect("totals");
        assert_eq!((totals.stock, totals.ledger, totals.sold), (0, 0, 200));
        assert_explained(&stocked).await;
    }
}

/// There is always enough for each purchase, though mostly not in one bucket.
#[tokio::test]
async fn nobody_is_refused_while_all_buckets_together_suffice() {
    let stocked = Stocked::in_buckets(500, 16).await;
    let buy = buy_at_once(&stocked, purchases(8, 10, 6));
    let change = change_buckets(&stocked, [64, 1, 16, 4, 64, 2, 32, 1, 8]);
    let (decisions, ()) = join(buy, change).await;
    assert_eq!(count(&decisions, PurchaseOutcome::Sold), 80);
    assert_eq!(stocked.warehouse.totals(&sku()).await.expect("totals").stock, 20);
    assert_explained(&stocked).await;
}

#[tokio::test]
async fn buyers_corrections_and_changes_of_the_number_keep_stock_and_ledger_together() {
    let stocked = Stocked::in_buckets(100, 4).await;
    let buy = buy_at_once(&stocked, purchases(12, 10, 3));
    let correct = async {
        let warehouse = stocked.another().await;
        for units in [30, -20, 7, -1, 40, -30, 16, -2] {
            let change = Change::AdjustStock { sku: sku(), units };
            let changed = warehouse.change(&ChangeRequest { change, ..set_buckets(1) }).await;
            // Fewer units may be left than a correction removes.
            let is_refused = units < 0 && matches!(changed, Err(ChangeError::Refused(_)));
            assert!(changed.is_ok() || is_refused, "{units}: {changed:?}");
        }
    };
    let change = change_buckets(&stocked, [16, 2, 64, 1, 4]);
    let (decisions, ((), ())) = join(buy, join(correct, change)).await;
    let totals = stocked.warehouse.totals(&sku()).await.expect("totals");
    let sold = i64::try_from(count(&decisions, PurchaseOutcome::Sold)).expect("a number");
    assert_eq!((totals.sold, totals.stock), (sold * 3, totals.ledger));
    assert_explained(&stocked).await;
}

#[tokio::test]
async fn one_purchase_sent_many_times_while_the_number_changes_is_sold_once() {
    let stocked = Stocked::in_buckets(40, 16).await;
    let same = |_| (0..6).map(|n| purchase(&format!("the-same-{n}"), 2)).collect();
    let buy = buy_at_once(&stocked, (0..12).map(same).collect());
    let change = change_buckets(&stocked, [1, 64, 3, 16, 2, 5]);
    let (decisions, ()) = join(buy, change).await;
    assert_eq!(count(&decisions, PurchaseOutcome::Sold), decisions.len());
    assert_eq!(stocked.warehouse.totals(&sku()).await.expect("totals").sold, 12);
    assert_explained(&stocked).await;
}
