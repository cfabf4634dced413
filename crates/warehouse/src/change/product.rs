//! Adds, changes and retires products.

use domain::{FactoryId, Sku, Stock, Units};
use serde::{Deserialize, Serialize};
use sqlx::MySqlConnection;

use crate::{NewProduct, Result};

/// New values for a product. What is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductUpdate {
    pub sku: Sku,
    #[serde(default)]
    pub name: Option<String>,
    /// Won.
    #[serde(default)]
    pub price: Option<u32>,
    #[serde(default)]
    pub reorder_point: Option<Stock>,
    #[serde(default)]
    pub target_stock: Option<Units>,
    #[serde(default)]
    pub factory: Option<FactoryId>,
}

/// Fails with a duplicate key if the product exists.
pub(super) async fn add(connection: &mut MySqlConnection, new: &NewProduct) -> Result<bool> {
    let add = sqlx::query!(
        "INSERT INTO product (sku, name, price, reorder_point, target_stock, factory)
         VALUES (?, ?, ?, ?, ?, ?)",
        new.sku.as_str(),
        new.name,
        new.price,
        new.reorder_point.get(),
        new.target_stock.get(),
        new.factory.to_string()
    );
    add.execute(connection).await?;
    Ok(true)
}

/// Returns false if there is no such product, as the functions below.
pub(super) async fn update(
    connection: &mut MySqlConnection,
    update: &ProductUpdate,
) -> Result<bool> {
    let update = sqlx::query!(
        "UPDATE product SET name = COALESCE(?, name), price = COALESCE(?, price),
                            reorder_point = COALESCE(?, reorder_point),
                            target_stock = COALESCE(?, target_stock), factory = COALESCE(?, factory)
         WHERE sku = ?",
        update.name,
        update.price,
        update.reorder_point.map(Stock::get),
        update.target_stock.map(Units::get),
        update.factory.as_ref().map(ToString::to_string),
        update.sku.as_str()
    );
    // sqlx counts the rows that were found, also those that already had the values.
    Ok(update.execute(connection).await?.rows_affected() == 1)
}

/// A product that is retired already keeps its time.
pub(super) async fn retire(connection: &mut MySqlConnection, sku: &Sku) -> Result<bool> {
    let retire = sqlx::query!(
        "UPDATE product SET retired_at = COALESCE(retired_at, CURRENT_TIMESTAMP(6)) WHERE sku = ?",
        sku.as_str()
    );
    Ok(retire.execute(connection).await?.rows_affected() == 1)
}

pub(super) async fn bring_back(connection: &mut MySqlConnection, sku: &Sku) -> Result<bool> {
    let back = sqlx::query!("UPDATE product SET retired_at = NULL WHERE sku = ?", sku.as_str());
    Ok(back.execute(connection).await?.rows_affected() == 1)
}
