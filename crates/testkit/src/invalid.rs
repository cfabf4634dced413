//! Values that the tables do not allow, written as if a constraint were missing.

use sqlx::MySqlConnection;

use crate::database::SKU;

const HAS_CONSTRAINT: &str = "SELECT COUNT(*) > 0 FROM information_schema.table_constraints
    WHERE constraint_schema = DATABASE() AND table_name = 'product' AND constraint_name = 'sku_form'";

const INSERT: &str =
    "INSERT IGNORE INTO product (sku, name, price, reorder_point, target_stock, factory)
     SELECT ?, name, price, reorder_point, target_stock, factory FROM product WHERE sku = ?";

/// Adds a product with an invalid SKU, unless it is there. Drops the constraint that prevents it.
pub async fn add_unreadable_product(connection: &mut MySqlConnection, sku: &str) {
    let has_constraint = sqlx::query_scalar::<_, bool>(HAS_CONSTRAINT);
    if has_constraint.fetch_one(&mut *connection).await.expect("a count") {
        let drop = sqlx::raw_sql("ALTER TABLE product DROP CONSTRAINT sku_form");
        drop.execute(&mut *connection).await.expect("no constraint");
    }
    let insert = sqlx::query(INSERT).bind(sku).bind(SKU);
    insert.execute(&mut *connection).await.expect("a product");
    let buckets = sqlx::query("CALL insert_missing_buckets(?)").bind(sku);
    buckets.execute(connection).await.expect("its bucket");
}

/// Removes a product that has no restock and no movement.
pub async fn remove_product(connection: &mut MySqlConnection, sku: &str) {
    for delete in ["DELETE FROM stock_bucket WHERE sku = ?", "DELETE FROM product WHERE sku = ?"] {
        let delete = sqlx::query(delete).bind(sku);
        delete.execute(&mut *connection).await.expect("no such product");
    }
}
