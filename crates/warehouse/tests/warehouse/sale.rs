//! Sales, and the check of the stock before them.

use std::sync::Arc;

use domain::{Purchase, PurchaseOutcome, Stock};
use futures::future::join_all;
use serde_json::json;
use sqlx::Executor;
use tokio::sync::Barrier;
use warehouse::{Decision, StockCheck};

use testkit::database::{Stocked, purchase, sku};

/// One purchase for each key, all at the same time, each over its own connection.
async fn buy_simultaneously(
    stocked: &Stocked,
    keys: impl IntoIterator<Item = String>,
) -> Vec<Decision> {
    let keys: Vec<String> = keys.into_iter().collect();
    let barrier = Arc::new(Barrier::new(keys.len()));
    join_all(keys.iter().map(|key| {
        let barrier = Arc::clone(&barrier);
        async move {
            let warehouse = stocked.another().await;
            barrier.wait().await;
            warehouse.sell(&purchase(key, 1)).await.expect("an answer")
        }
    }))
    .await
}

fn sold(sales: &[Decision]) -> usize {
    sales.iter().filter(|sale| sale.outcome == PurchaseOutcome::Sold).count()
}

/// The outcome of a purchase.
async fn outcome(stocked: &Stocked, purchase: &Purchase) -> PurchaseOutcome {
    stocked.warehouse.sell(purchase).await.expect("an answer").outcome
}

/// The stock that a sale left, or that was too low.
fn stock(decision: &Decision) -> u32 {
    decision.level.as_ref().expect("a stock level").stock.get()
}

#[tokio::test]
async fn sixty_four_simultaneous_buyers_for_fifty_donuts_buy_exactly_fifty() {
    let stocked = Stocked::with(50).await;
    let sales = buy_simultaneously(&stocked, (0..64).map(|n| format!("buyer-{n}"))).await;
    assert_eq!(sold(&sales), 50);
    let totals = stocked.warehouse.totals(&sku()).await.expect("totals");
    assert_eq!((totals.stock, totals.ledger, totals.sold), (0, 0, 50));
}

#[tokio::test]
async fn one_purchase_sent_sixteen_times_at_once_is_sold_once_and_gets_the_same_answer_each_time() {
    let stocked = Stocked::with(50).await;
    let sales = buy_simultaneously(&stocked, (0..16).map(|_| "the-same".to_owned())).await;
    assert_eq!(sold(&sales), 16);
    assert!(sales.iter().all(|sale| *sale == sales[0]), "{sales:?}");
    assert_eq!(stocked.warehouse.totals(&sku()).await.expect("totals").sold, 1);
}

#[tokio::test]
async fn sixteen_concurrent_requests_with_one_key_for_the_last_donut_are_all_answered_sold() {
    let stocked = Stocked::with(1).await;
    let sales = buy_simultaneously(&stocked, (0..16).map(|_| "the-last".to_owned())).await;
    assert_eq!(sold(&sales), 16, "{sales:?}");
    assert_eq!(stocked.warehouse.totals(&sku()).await.expect("totals").stock, 0);
}

#[tokio::test]
async fn exactly_one_of_many_sales_crosses_the_reorder_point() {
    let stocked = Stocked::with(20).await;
    let sales = buy_simultaneously(&stocked, (0..20).map(|n| format!("buyer-{n}"))).await;
    assert_eq!(sales.iter().filter(|sale| sale.crossed_reorder_point).count(), 1);
    assert_eq!(sold(&sales), 20);
    let at_reorder_point =
        |sale: &&Decision| sale.level.as_ref().is_some_and(|level| level.at_reorder_point);
    assert_eq!(sales.iter().filter(at_reorder_point).count(), 11, "with a stock of 10 or less");
}

#[tokio::test]
async fn a_repeated_sale_that_crossed_the_reorder_point_says_so_again() {
    let stocked = Stocked::with(11).await;
    let first = stocked.warehouse.sell(&purchase("crossing", 1)).await.expect("an answer");
    assert_eq!((first.outcome, stock(&first)), (PurchaseOutcome::Sold, 10));
    assert!(first.crossed_reorder_point, "{first:?}");
    stocked.warehouse.sell(&purchase("next", 1)).await.expect("an answer");
    assert_eq!(stocked.warehouse.sell(&purchase("crossing", 1)).await.expect("an answer"), first);
}

#[tokio::test]
async fn a_key_that_is_reused_for_another_purchase_sells_nothing() {
    let stocked = Stocked::with(50).await;
    stocked.warehouse.sell(&purchase("key", 1)).await.expect("an answer");
    let again = stocked.warehouse.sell(&purchase("key", 2)).await.expect("an answer");
    assert_eq!((again.outcome, again.level), (PurchaseOutcome::KeyReused, None));
    assert_eq!(stocked.warehouse.totals(&sku()).await.expect("totals").stock, 49);
}

#[tokio::test]
async fn keys_that_differ_only_in_case_are_two_purchases() {
    let stocked = Stocked::with(50).await;
    for key in ["Key", "key"] {
        assert_eq!(outcome(&stocked, &purchase(key, 1)).await, PurchaseOutcome::Sold, "{key}");
    }
    assert_eq!(stocked.warehouse.totals(&sku()).await.expect("totals").sold, 2);
}

#[tokio::test]
async fn a_purchase_of_more_than_the_stock_is_not_sold_in_part() {
    let stocked = Stocked::with(5).await;
    let sale = stocked.warehouse.sell(&purchase("greedy", 6)).await.expect("an answer");
    assert_eq!((sale.outcome, stock(&sale)), (PurchaseOutcome::SoldOut, 5));
    assert!(sale.level.is_some_and(|level| level.at_reorder_point));
    assert!(!sale.crossed_reorder_point, "only a sale crosses the reorder point");
    assert_eq!(stocked.warehouse.totals(&sku()).await.expect("totals").stock, 5);
}

#[tokio::test]
async fn a_purchase_that_was_sold_out_can_be_sent_again_when_there_is_stock() {
    let stocked = Stocked::with(0).await;
    let refused = purchase("same-key", 1);
    assert_eq!(outcome(&stocked, &refused).await, PurchaseOutcome::SoldOut);
    stocked.warehouse.count_stock(&sku(), Stock::new(5), "found some").await.expect("stock");
    assert_eq!(outcome(&stocked, &refused).await, PurchaseOutcome::Sold);
}

#[tokio::test]
async fn an_unknown_product_is_unknown_to_the_check_and_to_the_sale() {
    let stocked = Stocked::with(50).await;
    let mut unknown = purchase("key", 1);
    unknown.sku = "NO-SUCH".parse().expect("an SKU");
    let decision = stocked.warehouse.sell(&unknown).await.expect("an answer");
    assert_eq!((decision.outcome, &decision.level), (PurchaseOutcome::UnknownProduct, &None));
    let check = stocked.warehouse.check_stock(&unknown).await.expect("an answer");
    assert_eq!(check, StockCheck::Refused(decision));
}

#[tokio::test]
async fn the_check_passes_a_repeated_purchase_even_if_nothing_is_left() {
    let stocked = Stocked::with(1).await;
    stocked.warehouse.sell(&purchase("last", 1)).await.expect("an answer");
    let check = stocked.warehouse.check_stock(&purchase("last", 1)).await.expect("an answer");
    assert!(matches!(check, StockCheck::Available(_)), "{check:?}");
    let check = stocked.warehouse.check_stock(&purchase("other", 1)).await.expect("an answer");
    let StockCheck::Refused(decision) = check else { panic!("{check:?}") };
    assert_eq!(decision.outcome, PurchaseOutcome::SoldOut);
}

/// A server caches the plan of a procedure for each connection. One call must not influence the next.
#[tokio::test]
async fn sales_and_refusals_on_one_connection_do_not_influence_each_other() {
    let stocked = Stocked::with(0).await;
    for round in 0..20 {
        let early = outcome(&stocked, &purchase(&format!("early-{round}"), 1)).await;
        assert_eq!(early, PurchaseOutcome::SoldOut, "round {round}");
        stocked
            .warehouse
            .count_stock(&sku(), Stock::new(1), &format!("found {round}"))
            .await
            .expect("stock");
        let late = outcome(&stocked, &purchase(&format!("late-{round}"), 1)).await;
        assert_eq!(late, PurchaseOutcome::Sold, "round {round}");
    }
    let totals = stocked.warehouse.totals(&sku()).await.expect("totals");
    assert_eq!((totals.stock, totals.ledger, totals.sold), (0, 0, 20));
}

#[tokio::test]
async fn the_output_has_one_outcome_and_each_fact_under_its_own_name() {
    let stocked = Stocked::with(11).await;
    let sold = stocked.warehouse.sell(&purchase("crossing", 1)).await.expect("an answer");
    let output = json!({"outcome": "sold", "stock": 10, "at_reorder_point": true,
                        "restock_cycle": 1, "crossed_reorder_point": true});
    assert_eq!(json!(sold), output);
    let check = stocked.warehouse.check_stock(&purchase("next", 1)).await.expect("an answer");
    let output = json!({"outcome": "available", "stock": 10, "at_reorder_point": true,
                        "restock_cycle": 1});
    assert_eq!(json!(check), output);
    let check = stocked.warehouse.check_stock(&purchase("greedy", 11)).await.expect("an answer");
    let output = json!({"outcome": "sold_out", "stock": 10, "at_reorder_point": true,
                        "restock_cycle": 1, "crossed_reorder_point": false});
    assert_eq!(json!(check), output);
}

/// A key that no migration creates refuses the sale. The answer must not be that the product is sold out.
#[tokio::test]
async fn a_sale_that_another_key_refuses_is_an_error_and_changes_nothing() {
    let stocked = Stocked::with(5).await;
    let add = "ALTER TABLE stock_movement ADD UNIQUE KEY extra (sku, kind, quantity)";
    stocked.admin_connection().await.execute(add).await.expect("a key");
    stocked.warehouse.sell(&purchase("first", 1)).await.expect("sold");
    let refused = stocked.warehouse.sell(&purchase("second", 1)).await;
    assert!(matches!(refused, Err(warehouse::Error::Failed(_))), "{refused:?}");
    assert_eq!(stocked.warehouse.totals(&sku()).await.expect("totals").stock, 4);
}
