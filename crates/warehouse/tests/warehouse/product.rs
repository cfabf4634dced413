//! Products: shown to customers, and added.

use domain::Stock;
use warehouse::NewProduct;

use testkit::database::{Stocked, open_request, ordered, sku};

#[tokio::test]
async fn a_product_is_shown_with_its_price_its_stock_and_its_open_restock() {
    let stocked = Stocked::with(4).await;
    let shown =
        stocked.warehouse.show_product(&sku()).await.expect("an answer").expect("a product");
    assert_eq!((shown.name.as_str(), shown.price), ("부산도너츠", 19_900));
    assert_eq!(shown.stock, Stock::new(4));
    assert_eq!(shown.restock, None);

    ordered(stocked.open_restock("a", 1, 1).await);
    stocked.warehouse.count_stock(&sku(), Stock::new(5), "found some").await.expect("stock");
    ordered(stocked.open_restock("a", 1, 2).await);
    let shown =
        stocked.warehouse.show_product(&sku()).await.expect("an answer").expect("a product");
    let restock = shown.restock.expect("a restock");
    let (cycle, quantity) = (restock.cycle.get(), restock.quantity.get());
    assert_eq!((cycle, restock.attempt, quantity), (1, 2, 45));
    assert!(restock.ordered_at.ends_with('Z'), "{restock:?}");

    let unknown = "NO-SUCH".parse().expect("an SKU");
    assert_eq!(stocked.warehouse.show_product(&unknown).await.expect("an answer"), None);
}

#[tokio::test]
async fn an_added_product_has_no_stock_and_adding_it_again_changes_nothing() {
    let stocked = Stocked::with(7).await;
    let added = NewProduct {
        sku: "CP-502102".parse().expect("an SKU"),
        name: "a new donut".to_owned(),
        price: 1000,
        reorder_point: Stock::new(3),
        target_stock: 20.try_into().expect("units"),
        factory: "FF-500293".parse().expect("a factory"),
    };
    stocked.warehouse.add_product(&added).await.expect("the product is added");
    let dearer = NewProduct { price: 2000, ..added.clone() };
    stocked.warehouse.add_product(&dearer).await.expect("nothing to add");
    let existing = NewProduct { sku: sku(), ..added.clone() };
    stocked.warehouse.add_product(&existing).await.expect("nothing to add");

    for (sku, price, stock) in [(&added.sku, 1000, 0), (&sku(), 19_900, 7)] {
        let shown = stocked.warehouse.show_product(sku).await.expect("an answer");
        let shown = shown.expect("a product");
        assert_eq!((shown.price, shown.stock), (price, Stock::new(stock)), "{sku}");
    }
    let mut request = open_request("a", 1, 1);
    request.sku = added.sku;
    let order = ordered(stocked.warehouse.open_restock(&request).await.expect("an answer"));
    assert_eq!((order.quantity.get(), order.factory.to_string().as_str()), (20, "FF-500293"));
}
