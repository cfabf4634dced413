//! Sales, and the check of the stock before them.

use std::sync::Arc;

use futures::future::join_all;
use tokio::sync::Barrier;
use warehouse::{Sale, StockCheck};

use testkit::database::{Stocked, purchase, sku};

/// One purchase for each key, all at the same time, each over its own connection.
async fn buy_simultaneously(
    stocked: &Stocked,
    keys: impl IntoIterator<Item = String>,
) -> Vec<Sale> {
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

fn sold(sales: &[Sale]) -> usize {
    sales.iter().filter(|sale| matches!(sale, Sale::Sold(_))).count()
}

#[tokio::test]
async fn sixty_four_simultaneous_buyers_for_fifty_donuts_buy_exactly_fifty() {
    let stocked = Stocked::with(50).await;
    let sales = buy_simultaneously(&stocked, (0..64).map(|n| format!("buyer-{n}"))).await;
    assert_eq!(sold(&sales), 50);
    let books = stocked.warehouse.books(&sku()).await.expect("books");
    assert_eq!((books.stock, books.ledger, books.sold), (0, 0, 50));
}

#[tokio::test]
async fn one_purchase_sent_sixteen_times_at_once_is_sold_once_and_gets_the_same_answer_each_time() {
    let stocked = Stocked::with(50).await;
    let sales = buy_simultaneously(&stocked, (0..16).map(|_| "the-same".to_owned())).await;
    assert_eq!(sold(&sales), 16);
    assert!(sales.iter().all(|sale| *sale == sales[0]), "{sales:?}");
    assert_eq!(stocked.warehouse.books(&sku()).await.expect("books").sold, 1);
}

#[tokio::test]
async fn the_purchase_of_the_last_donut_sent_sixteen_times_at_once_is_sold_each_time() {
    let stocked = Stocked::with(1).await;
    let sales = buy_simultaneously(&stocked, (0..16).map(|_| "the-last".to_owned())).await;
    assert_eq!(sold(&sales), 16, "{sales:?}");
    assert_eq!(stocked.warehouse.books(&sku()).await.expect("books").stock, 0);
}

#[tokio::test]
async fn exactly_one_of_many_sales_crosses_the_reorder_point() {
    let stocked = Stocked::with(20).await;
    let sales = buy_simultaneously(&stocked, (0..20).map(|n| format!("buyer-{n}"))).await;
    let crossed = sales.iter().filter(|sale| matches!(sale, Sale::Sold(left) if left.depleted));
    assert_eq!(crossed.count(), 1);
}

#[tokio::test]
async fn a_repeated_sale_that_crossed_the_reorder_point_says_so_again() {
    let stocked = Stocked::with(11).await;
    let first = stocked.warehouse.sell(&purchase("crossing", 1)).await.expect("an answer");
    assert!(matches!(&first, Sale::Sold(left) if left.depleted && left.stock == 10), "{first:?}");
    stocked.warehouse.sell(&purchase("next", 1)).await.expect("an answer");
    assert_eq!(stocked.warehouse.sell(&purchase("crossing", 1)).await.expect("an answer"), first);
}

#[tokio::test]
async fn a_key_that_is_reused_for_another_purchase_sells_nothing() {
    let stocked = Stocked::with(50).await;
    stocked.warehouse.sell(&purchase("key", 1)).await.expect("an answer");
    let again = stocked.warehouse.sell(&purchase("key", 2)).await.expect("an answer");
    assert_eq!(again, Sale::KeyReused);
    assert_eq!(stocked.warehouse.books(&sku()).await.expect("books").stock, 49);
}

#[tokio::test]
async fn keys_that_differ_only_in_case_are_two_purchases() {
    let stocked = Stocked::with(50).await;
    for key in ["Key", "key"] {
        let sale = stocked.warehouse.sell(&purchase(key, 1)).await.expect("an answer");
        assert!(matches!(sale, Sale::Sold(_)), "{key}: {sale:?}");
    }
    assert_eq!(stocked.warehouse.books(&sku()).await.expect("books").sold, 2);
}

#[tokio::test]
async fn a_purchase_of_more_than_the_stock_is_not_sold_in_part() {
    let stocked = Stocked::with(5).await;
    let sale = stocked.warehouse.sell(&purchase("greedy", 6)).await.expect("an answer");
    assert!(
        matches!(&sale, Sale::SoldOut(shelf) if shelf.stock == 5 && shelf.depleted),
        "{sale:?}"
    );
    assert_eq!(stocked.warehouse.books(&sku()).await.expect("books").stock, 5);
}

#[tokio::test]
async fn a_purchase_that_was_sold_out_can_be_sent_again_when_there_is_stock() {
    let stocked = Stocked::with(0).await;
    let purchase = purchase("same-key", 1);
    assert!(matches!(stocked.warehouse.sell(&purchase).await, Ok(Sale::SoldOut(_))));
    stocked.warehouse.count_stock(&sku(), 5, "found some").await.expect("stock");
    assert!(matches!(stocked.warehouse.sell(&purchase).await, Ok(Sale::Sold(_))));
}

#[tokio::test]
async fn an_unknown_product_is_unknown_to_the_check_and_to_the_sale() {
    let stocked = Stocked::with(50).await;
    let mut purchase = purchase("key", 1);
    purchase.sku = "NO-SUCH".parse().expect("an SKU");
    assert_eq!(
        stocked.warehouse.check_stock(&purchase).await.expect("an answer"),
        StockCheck::UnknownProduct
    );
    assert_eq!(stocked.warehouse.sell(&purchase).await.expect("an answer"), Sale::UnknownProduct);
}

#[tokio::test]
async fn the_check_passes_a_repeated_purchase_even_if_nothing_is_left() {
    let stocked = Stocked::with(1).await;
    stocked.warehouse.sell(&purchase("last", 1)).await.expect("an answer");
    let check = stocked.warehouse.check_stock(&purchase("last", 1)).await.expect("an answer");
    assert!(matches!(check, StockCheck::Available(_)), "{check:?}");
    let check = stocked.warehouse.check_stock(&purchase("other", 1)).await.expect("an answer");
    assert!(matches!(check, StockCheck::SoldOut(_)), "{check:?}");
}

/// A server caches the plan of a procedure for each connection. One call must not influence the next.
#[tokio::test]
async fn sales_and_refusals_on_one_connection_do_not_influence_each_other() {
    let stocked = Stocked::with(0).await;
    for round in 0..20 {
        let refused = stocked.warehouse.sell(&purchase(&format!("early-{round}"), 1)).await;
        assert!(matches!(refused, Ok(Sale::SoldOut(_))), "round {round}: {refused:?}");
        stocked.warehouse.count_stock(&sku(), 1, &format!("found {round}")).await.expect("stock");
        let sold = stocked.warehouse.sell(&purchase(&format!("late-{round}"), 1)).await;
        assert!(matches!(sold, Ok(Sale::Sold(_))), "round {round}: {sold:?}");
    }
    let books = stocked.warehouse.books(&sku()).await.expect("books");
    assert_eq!((books.stock, books.ledger, books.sold), (0, 0, 20));
}
