//! Adds, changes and retires products.

use domain::{Buckets, DisplayName, FactoryId, Sku, Stock, Units};
use serde::{Deserialize, Serialize};
use sqlx::MySqlConnection;
use uuid::Uuid;

use crate::{NewProduct, Result, catalog::insert_buckets};

/// New values for a product. What is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductUpdate {
    pub sku: Sku,
    #[serde(default)]
    pub name: Option<DisplayName>,
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

impl ProductUpdate {
    /// Whether everything stays as it is.
    pub fn is_empty(&self) -> bool {
        let Self { sku: _, name, price, reorder_point, target_stock, factory } = self;
        let numbers = price.is_none() && reorder_point.is_none() && target_stock.is_none();
        name.is_none() && factory.is_none() && numbers
    }
}

/// Fails with a duplicate key if the product exists.
pub(super) async fn add(connection: &mut MySqlConnection, new: &NewProduct) -> Result<bool> {
    let add = sqlx::query!(
        "INSERT INTO product (sku, name, price, reorder_point, target_stock, factory)
         VALUES (?, ?, ?, ?, ?, ?)",
        new.sku.as_str(),
        new.name.as_str(),
        new.price,
        new.reorder_point.get(),
        new.target_stock.get(),
        new.factory.to_string()
    );
    add.execute(&mut *connection).await?;
    insert_buckets(connection, &new.sku).await?;
    Ok(true)
}

/// Returns false if there is no such product.
pub(super) async fn update(
    connection: &mut MySqlConnection,
    update: &ProductUpdate,
) -> Result<bool> {
    let update = sqlx::query!(
        "UPDATE product SET name = COALESCE(?, name), price = COALESCE(?, price),
                            crossed_by = IF(? IS NULL, crossed_by, NULL),
                            reorder_point = COALESCE(?, reorder_point),
                            target_stock = COALESCE(?, target_stock), factory = COALESCE(?, factory)
         WHERE sku = ?",
        update.name.as_ref().map(DisplayName::as_str),
        update.price,
        update.reorder_point.map(Stock::get),
        update.reorder_point.map(Stock::get),
        update.target_stock.map(Units::get),
        update.factory.as_ref().map(ToString::to_string),
        update.sku.as_str()
    );
    // sqlx counts the rows that were found, also those that already had the values.
    Ok(update.execute(connection).await?.rows_affected() == 1)
}

/// Whether there is such a product, retired or not.
pub(super) async fn is_known(connection: &mut MySqlConnection, sku: &Sku) -> Result<bool> {
    let known = sqlx::query_scalar!("SELECT sku FROM product WHERE sku = ?", sku.as_str());
    Ok(known.fetch_optional(connection).await?.is_some())
}

/// Returns false if there is no such product that is sold.
pub(super) async fn retire(connection: &mut MySqlConnection, sku: &Sku) -> Result<bool> {
    let retire = sqlx::query!(
        "UPDATE product SET retired_at = CURRENT_TIMESTAMP(6) WHERE sku = ? AND retired_at IS NULL",
        sku.as_str()
    );
    Ok(retire.execute(connection).await?.rows_affected() == 1)
}

/// Returns false if there is no such product that is retired.
pub(super) async fn bring_back(connection: &mut MySqlConnection, sku: &Sku) -> Result<bool> {
    let back = sqlx::query!(
        "UPDATE product SET retired_at = NULL, crossed_by = NULL
         WHERE sku = ? AND retired_at IS NOT NULL",
        sku.as_str()
    );
    Ok(back.execute(connection).await?.rows_affected() == 1)
}

/// Locks all buckets of the product.
pub(super) async fn set_buckets(
    connection: &mut MySqlConnection,
    sku: &Sku,
    buckets: Buckets,
    reference: Uuid,
) -> Result<()> {
    let call = sqlx::query("CALL set_buckets(?, ?, ?)");
    let call = call.bind(sku.as_str()).bind(buckets.get()).bind(reference.to_string());
    call.execute(connection).await?;
    Ok(())
}
