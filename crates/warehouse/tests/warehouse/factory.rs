//! Factories: listed, added and changed, and the address that an order is sent to.

use domain::{FactoryNetwork, Stock};
use errors::NamedError;
use warehouse::{
    AuthenticationChange, Factory, FactoryChange, FactoryError, NewProduct, Opened,
    locate_first_factory,
};

use testkit::database::{Stocked, open_request};

fn second() -> Factory {
    Factory {
        id: "FF-2".parse().expect("an id"),
        name: "Second".parse().expect("a name"),
        url: "https://second.example/legacy".parse().expect("a URL"),
        network: FactoryNetwork::Public,
        lead_time_seconds: 90.try_into().expect("a time"),
        contact: Some("second@factory.example".parse().expect("a contact")),
        secret: Some("factories/second".parse().expect("a name")),
    }
}

fn change() -> FactoryChange {
    FactoryChange::of("FF-2".parse().expect("an id"))
}

fn name(failed: Result<impl std::fmt::Debug, FactoryError>) -> String {
    failed.expect_err("an error").name().to_string()
}

#[tokio::test]
async fn a_factory_is_added_once_and_another_one_under_its_id_is_refused() {
    let stocked = Stocked::with(0).await;
    for _ in 0..2 {
        stocked.warehouse.add_factory(&second()).await.expect("added");
    }
    let listed = stocked.warehouse.factories().await.expect("factories");
    assert_eq!(listed.iter().map(|f| f.id.to_string()).collect::<Vec<_>>(), ["FF-2", "FF-500293"]);
    assert_eq!(listed[0], second());
    let other = Factory { name: "Other".parse().expect("a name"), ..second() };
    assert_eq!(name(stocked.warehouse.add_factory(&other).await), "Factory.Exists");
    assert_eq!(stocked.warehouse.factories().await.expect("factories"), listed);
}

#[tokio::test]
async fn a_change_of_a_factory_changes_only_what_it_names() {
    let stocked = Stocked::with(0).await;
    assert_eq!(name(stocked.warehouse.change_factory(&change()).await), "Factory.Unknown");
    stocked.warehouse.add_factory(&second()).await.expect("added");
    let unchanged = stocked.warehouse.change_factory(&change()).await.expect("changed");
    assert_eq!(unchanged, second());
    let request = FactoryChange {
        url: Some("http://10.0.0.7:8080".parse().expect("a URL")),
        network: Some(FactoryNetwork::Private),
        authentication: Some(AuthenticationChange::None),
        ..change()
    };
    let changed = stocked.warehouse.change_factory(&request).await.expect("changed");
    let url = "http://10.0.0.7:8080".parse().expect("a URL");
    assert_eq!(
        changed,
        Factory { url, network: FactoryNetwork::Private, secret: None, ..second() }
    );
    let listed = stocked.warehouse.factories().await.expect("factories");
    assert_eq!(listed[0], changed);
}

#[tokio::test]
async fn a_url_that_does_not_suit_the_network_is_refused_and_nothing_is_changed() {
    let stocked = Stocked::with(0).await;
    let private = Factory { url: "https://10.0.0.7".parse().expect("a URL"), ..second() };
    assert_eq!(name(stocked.warehouse.add_factory(&private).await), "Factory.Url");
    stocked.warehouse.add_factory(&second()).await.expect("added");
    let without_tls =
        FactoryChange { url: Some("http://second.example".parse().expect("a URL")), ..change() };
    assert_eq!(name(stocked.warehouse.change_factory(&without_tls).await), "Factory.Url");
    assert_eq!(stocked.warehouse.factories().await.expect("factories")[0], second());
}

#[tokio::test]
async fn the_first_factory_gets_the_url_of_the_deployment_once() {
    let stocked = Stocked::with(0).await;
    let url = async || {
        let factories = stocked.warehouse.factories().await.expect("factories");
        factories[0].url.to_string()
    };
    assert_eq!(url().await, "https://factory.invalid");
    let database = stocked.url.parse().expect("a URL");
    for deployed in ["https://first.example", "https://later.example"] {
        let deployed = deployed.parse().expect("a URL");
        locate_first_factory(&database, &deployed).await.expect("located");
        assert_eq!(url().await, "https://first.example");
    }
}

#[tokio::test]
async fn an_opened_restock_says_where_its_order_is_sent_also_when_it_is_opened_again() {
    let stocked = Stocked::with(0).await;
    stocked.warehouse.add_factory(&second()).await.expect("added");
    let product = NewProduct {
        sku: "CP-2".parse().expect("an SKU"),
        name: "of the second factory".parse().expect("a name"),
        price: 1,
        reorder_point: Stock::new(1),
        target_stock: 9.try_into().expect("units"),
        factory: second().id,
    };
    stocked.warehouse.add_product(&product).await.expect("added");
    let request = warehouse::OpenRequest { sku: product.sku, ..open_request("a", 1, 1) };
    for _ in 0..2 {
        let opened = stocked.warehouse.open_restock(&request).await.expect("opened");
        let Opened::Ordered { order, factory } = opened else { panic!("no order: {opened:?}") };
        assert_eq!(order.factory, second().id);
        assert_eq!((factory.url, factory.network), (second().url, second().network));
        assert_eq!(factory.secret, second().secret);
        assert_eq!(factory.contact, second().contact.map(String::from));
    }
}
