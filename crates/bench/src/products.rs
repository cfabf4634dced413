//! Databases with products to sell.

use anyhow::{Context, Result};
use database_server::DatabaseServer;
use domain::{Sku, Stock};
use uuid::Uuid;
use warehouse::{NewProduct, Warehouse};

/// More units than a run can sell.
pub(crate) const PLENTY: Stock = Stock::new(1_000_000_000);

/// The SKUs of this number of products.
pub(crate) fn skus(number: u32) -> Result<Vec<Sku>> {
    (0..number).map(|number| Ok(format!("BENCH-{number}").parse()?)).collect()
}

/// Creates a database of the shop on the server, and returns its URL.
pub(crate) async fn create_database(server: &DatabaseServer) -> Result<String> {
    let url = server.create_database(&format!("bench_{}", Uuid::new_v4().simple())).await?;
    warehouse::migrate(&url.parse()?).await.context("the migrations cannot be run")?;
    Ok(url)
}

/// Adds a product with this stock.
pub(crate) async fn add(warehouse: &Warehouse, sku: &Sku, stock: Stock) -> Result<()> {
    let product = NewProduct {
        sku: sku.clone(),
        name: sku.to_string().parse()?,
        price: 19_900,
        reorder_point: Stock::new(10),
        target_stock: 50.try_into()?,
        factory: warehouse::FIRST_FACTORY.parse()?,
    };
    warehouse.add_product(&product).await?;
    warehouse.count_stock(sku, stock, &format!("opening of {sku}")).await?;
    Ok(())
}
