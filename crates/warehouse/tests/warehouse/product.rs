//! Products: shown to customers, and added.

use domain::{Sku, Stock};
use warehouse::{NewProduct, ProductList};

use testkit::{
    database::{Stocked, open_request, ordered, sku},
    invalid::add_unreadable_product,
};

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
        name: "a new donut".parse().expect("a name"),
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

async fn with_products(skus: &[&str]) -> Stocked {
    let stocked = Stocked::with(4).await;
    for sku in skus {
        let product = NewProduct {
            sku: sku.parse().expect("an SKU"),
            name: format!("donut {sku}").parse().expect("a name"),
            price: 1000,
            reorder_point: Stock::new(3),
            target_stock: 20.try_into().expect("units"),
            factory: "FF-500293".parse().expect("a factory"),
        };
        stocked.warehouse.add_product(&product).await.expect("added");
    }
    stocked
}

async fn page(stocked: &Stocked, after: Option<&str>, limit: u32) -> (Vec<String>, Option<String>) {
    let after: Option<Sku> = after.map(|sku| sku.parse().expect("an SKU"));
    let limit = limit.try_into().expect("a limit");
    let listed = stocked.warehouse.list_products(after.as_ref(), limit).await;
    let ProductList { products, next } = listed.expect("products");
    (products.iter().map(|p| p.sku.to_string()).collect(), next.map(|sku| sku.to_string()))
}

fn strings(skus: &[&str]) -> Vec<String> {
    skus.iter().map(|sku| (*sku).to_owned()).collect()
}

#[tokio::test]
async fn the_pages_of_the_list_have_each_product_once_by_sku() {
    let stocked = with_products(&["CP-9", "A", "B"]).await;
    let next = |sku: &str| Some(sku.to_owned());
    assert_eq!(page(&stocked, None, 2).await, (strings(&["A", "B"]), next("B")));
    assert_eq!(page(&stocked, Some("B"), 2).await, (strings(&["CP-502101", "CP-9"]), None));
    assert_eq!(
        page(&stocked, None, 3).await,
        (strings(&["A", "B", "CP-502101"]), next("CP-502101"))
    );
    assert_eq!(page(&stocked, None, 4).await.1, None);
    assert_eq!(page(&stocked, Some("CP-9"), 2).await, (vec![], None));
    assert_eq!(page(&stocked, Some("AA"), 1).await, (strings(&["B"]), next("B")));
}

#[tokio::test]
async fn the_list_shows_each_product_with_its_stock_and_the_latest_order_of_its_restock() {
    let stocked = with_products(&["A"]).await;
    ordered(stocked.open_restock("a", 1, 1).await);
    ordered(stocked.open_restock("a", 1, 2).await);
    let listed = stocked.warehouse.list_products(None, 50.try_into().expect("a limit")).await;
    let [first, second] = listed.expect("products").products.try_into().expect("two products");
    assert_eq!((first.stock, first.restock), (Stock::new(0), None));
    let shown = stocked.warehouse.show_product(&sku()).await.expect("an answer");
    assert_eq!(Some(&second), shown.as_ref());
    assert_eq!(second.restock.expect("a restock").attempt, 2);
}

#[tokio::test]
async fn a_product_that_cannot_be_read_is_left_out_of_the_list_and_hides_no_other() {
    let stocked = with_products(&["Z"]).await;
    add_unreadable_product(&mut stocked.admin_connection().await, "CP-bad").await;
    assert_eq!(page(&stocked, None, 50).await, (strings(&["CP-502101", "Z"]), None));
}
