use std::sync::Arc;

use futures::future::join_all;
use tokio::sync::Barrier;
use warehouse::{Sale, StockCheck};

use testkit::database::{Stocked, purchase, sku};

/// All buy at the same moment, each over a connection of its own.
async fn buy_at_once(stocked: &Stocked, keys: impl IntoIterator<Item = String>) -> Vec<Sale> {
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
async fn sixty_four_buyers_for_fifty_donuts_get_exactly_fifty() {
    let stocked = Stocked::with(50).await;
    let sales = buy_at_once(&stocked, (0..64).map(|n| format!("buyer-{n}"))).await;
    assert_eq!(sold(&sales), 50);
    let books = stocked.warehouse.books(&sku()).await.expect("books");
    assert_eq!((books.stock, books.ledger, books.sold), (0, 0, 50));
}

#[tokio::test]
async fn one_purchase_sent_many_times_at_once_happens_once_and_is_answered_alike() {
    let stocked = Stocked::with(50).await;
    let sales = buy_at_once(&stocked, (0..16).map(|_| "the-same".to_owned())).await;
    assert_eq!(sold(&sales), 16);
    assert!(sales.iter().all(|sale| *sale == sales[0]), "{sales:?}");
    assert_eq!(stocked.warehouse.books(&sku()).await.expect("books").sold, 1);
}

#[tokio::test]
async fn the_last_donut_sent_many_times_at_once_is_sold_to_each_of_its_requests() {
    let stocked = Stocked::with(1).await;
    let sales = buy_at_once(&stocked, (0..16).map(|_| "the-last".to_owned())).await;
    assert_eq!(sold(&sales), 16, "{sales:?}");
    assert_eq!(stocked.warehouse.books(&sku()).await.expect("books").stock, 0);
}

#[tokio::test]
async fn exactly_one_of_many_sales_crosses_the_reorder_point() {
    let stocked = Stocked::with(20).await;
    let sales = buy_at_once(&stocked, (0..20).map(|n| format!("buyer-{n}"))).await;
    let crossed = sales.iter().filter(|sale| matches!(sale, Sale::Sold(left) if left.depleted));
    assert_eq!(crossed.count(), 1);
}

#[tokio::test]
async fn a_sale_that_crossed_the_reorder_point_says_so_again_when_it_is_repeated() {
    let stocked = Stocked::with(11).await;
    let first = stocked.warehouse.sell(&purchase("crossing", 1)).await.expect("an answer");
    assert!(matches!(&first, Sale::Sold(left) if left.depleted && left.stock == 10), "{first:?}");
    stocked.warehouse.sell(&purchase("next", 1)).await.expect("an answer");
    assert_eq!(stocked.warehouse.sell(&purchase("crossing", 1)).await.expect("an answer"), first);
}

#[tokio::test]
async fn under_a_key_that_was_used_nothing_else_is_sold() {
    let stocked = Stocked::with(50).await;
    stocked.warehouse.sell(&purchase("key", 1)).await.expect("an answer");
    let again = stocked.warehouse.sell(&purchase("key", 2)).await.expect("an answer");
    assert_eq!(again, Sale::KeyReused);
    assert_eq!(stocked.warehouse.books(&sku()).await.expect("books").stock, 49);
}

#[tokio::test]
async fn keys_that_differ_in_case_only_are_two_purchases() {
    let stocked = Stocked::with(50).await;
    for key in ["Key", "key"] {
        let sale = stocked.warehouse.sell(&purchase(key, 1)).await.expect("an answer");
        assert!(matches!(sale, Sale::Sold(_)), "{key}: {sale:?}");
    }
    assert_eq!(stocked.warehouse.books(&sku()).await.expect("books").sold, 2);
}

#[tokio::test]
async fn more_than_there_is_is_not_sold_in_part() {
    let stocked = Stocked::with(5).await;
    let sale = stocked.warehouse.sell(&purchase("greedy", 6)).await.expect("an answer");
    assert!(
        matches!(&sale, Sale::SoldOut(shelf) if shelf.stock == 5 && shelf.depleted),
        "{sale:?}"
    );
    assert_eq!(stocked.warehouse.books(&sku()).await.expect("books").stock, 5);
}

#[tokio::test]
async fn a_purchase_refused_as_sold_out_may_be_sent_again_when_there_is_stock() {
    let stocked = Stocked::with(0).await;
    let wish = purchase("patient", 1);
    assert!(matches!(stocked.warehouse.sell(&wish).await, Ok(Sale::SoldOut(_))));
    stocked.warehouse.count_stock(&sku(), 5, "found some").await.expect("stock");
    assert!(matches!(stocked.warehouse.sell(&wish).await, Ok(Sale::Sold(_))));
}

#[tokio::test]
async fn what_is_not_sold_here_is_unknown_to_both_the_look_and_the_sale() {
    let stocked = Stocked::with(50).await;
    let mut wish = purchase("key", 1);
    wish.sku = "NO-SUCH".parse().expect("an SKU");
    assert_eq!(
        stocked.warehouse.check_stock(&wish).await.expect("an answer"),
        StockCheck::UnknownProduct
    );
    assert_eq!(stocked.warehouse.sell(&wish).await.expect("an answer"), Sale::UnknownProduct);
}

#[tokio::test]
async fn a_look_lets_a_purchase_pass_that_was_made_before_though_nothing_is_left() {
    let stocked = Stocked::with(1).await;
    stocked.warehouse.sell(&purchase("last", 1)).await.expect("an answer");
    let look = stocked.warehouse.check_stock(&purchase("last", 1)).await.expect("an answer");
    assert!(matches!(look, StockCheck::Available(_)), "{look:?}");
    let look = stocked.warehouse.check_stock(&purchase("other", 1)).await.expect("an answer");
    assert!(matches!(look, StockCheck::SoldOut(_)), "{look:?}");
}

/// A server keeps a procedure's plan with the connection: what one call decided must not colour the next.
#[tokio::test]
async fn sales_and_refusals_on_one_connection_do_not_colour_each_other() {
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
