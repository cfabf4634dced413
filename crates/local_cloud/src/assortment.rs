//! What the demo and `restock up` sell besides the first product: two products of a second factory, which requires a header.

use anyhow::{Context, Result};
use domain::{FactoryNetwork, Stock};
use warehouse::{AuthenticationChange, Factory, FactoryChange, NewProduct, Warehouse};

use crate::{
    backing_services::{BackingServices, FACTORY_SECRET},
    local_cloud::count_stock,
    options::Options,
};

/// The second factory.
pub const SECOND_FACTORY: &str = "FF-500294";

/// The products of the second factory, each with its name and price.
pub const MORE_PRODUCTS: [(&str, &str, u32); 2] =
    [("CP-502102", "대구도너츠", 17_900), ("CP-502103", "광주도너츠", 15_900)];

/// Adds the second factory, if it was started, and its products, with the stock of the options. On an existing database, the factory
/// gets its new URL.
pub(crate) async fn add(
    warehouse: &Warehouse,
    services: &BackingServices,
    options: &Options,
) -> Result<()> {
    let Some(simulator) = &services.second_factory else { return Ok(()) };
    let factory = Factory {
        id: SECOND_FACTORY.parse()?,
        name: "Second Factory".parse()?,
        url: simulator.url().parse()?,
        network: FactoryNetwork::Public,
        lead_time_seconds: 40.try_into()?,
        contact: Some("second-factory@donut-states.example".parse()?),
        secret: Some(FACTORY_SECRET.parse()?),
    };
    if warehouse.factories().await?.iter().any(|known| known.id == factory.id) {
        let change = FactoryChange {
            url: Some(factory.url),
            authentication: Some(AuthenticationChange::Secret(FACTORY_SECRET.parse()?)),
            ..FactoryChange::of(factory.id)
        };
        warehouse.change_factory(&change).await?;
    } else {
        warehouse.add_factory(&factory).await?;
    }
    for (sku, name, price) in MORE_PRODUCTS {
        add_product(warehouse, sku, name, price, options).await.context(sku)?;
    }
    Ok(())
}

async fn add_product(
    warehouse: &Warehouse,
    sku: &str,
    name: &str,
    price: u32,
    options: &Options,
) -> Result<()> {
    let product = NewProduct {
        sku: sku.parse()?,
        name: name.parse()?,
        price,
        reorder_point: Stock::new(10),
        target_stock: 50.try_into()?,
        factory: SECOND_FACTORY.parse()?,
    };
    warehouse.add_product(&product).await?;
    count_stock(warehouse, &product.sku, options).await
}
