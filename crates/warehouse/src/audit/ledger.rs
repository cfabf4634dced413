//! Discrepancies between the stock, the ledger, and the recorded arrivals.

use sqlx::MySqlConnection;

use super::{Discrepancy, DuplicateMovement, Limits, UnexplainedArrival, buckets};
use crate::Result;

pub(super) async fn discrepancies(
    connection: &mut MySqlConnection,
    limits: Limits,
) -> Result<Vec<Discrepancy>> {
    let mut found = duplicate_movements(connection).await?;
    found.extend(broken_ledgers(connection).await?);
    found.extend(negative_stocks(connection).await?);
    found.extend(buckets::discrepancies(connection).await?);
    found.extend(unexplained_stocks(connection).await?);
    found.extend(unexplained_arrivals(connection).await?);
    found.extend(forgotten_arrivals(connection, limits.arrival_forgotten_seconds).await?);
    Ok(found)
}

/// Returns the number of products and of movements.
pub(super) async fn size(connection: &mut MySqlConnection) -> Result<(i64, i64)> {
    let size = sqlx::query!(
        r#"SELECT (SELECT COUNT(*) FROM product) AS "products!: i64",
                  (SELECT COUNT(*) FROM stock_movement) AS "movements!: i64""#
    );
    let size = size.fetch_one(connection).await?;
    Ok((size.products, size.movements))
}

/// Compares each movement with the one before it in its bucket. The ids are in the order of the movements, because the
/// bucket is locked while a movement is inserted.
async fn broken_ledgers(connection: &mut MySqlConnection) -> Result<Vec<Discrepancy>> {
    let rows = sqlx::query!(
        r#"SELECT sku AS "sku!", bucket AS "bucket!: u8", id AS "movement!: u64", stock_after AS "stock_after!: i32",
                  CAST(explained AS SIGNED) AS "explained!: i64", breaks AS "breaks!: i64",
                  (SELECT CAST(MIN(total) AS SIGNED)
                   FROM (SELECT sku, bucket, SUM(quantity) OVER (PARTITION BY sku, bucket ORDER BY id) AS total
                         FROM stock_movement) AS totals
                   WHERE totals.sku = broken.sku AND totals.bucket = broken.bucket) AS "lowest!: i64"
           FROM (SELECT sku, bucket, id, stock_after, explained,
                        COUNT(*) OVER (PARTITION BY sku, bucket) AS breaks,
                        ROW_NUMBER() OVER (PARTITION BY sku, bucket ORDER BY id) AS number
                 FROM (SELECT sku, bucket, id, stock_after,
                              quantity
                              + COALESCE(LAG(stock_after) OVER (PARTITION BY sku, bucket ORDER BY id), 0)
                              AS explained
                       FROM stock_movement) AS movement
                 WHERE stock_after <> explained) AS broken
           WHERE number = 1 ORDER BY sku, bucket"#
    );
    let found =
        rows.fetch_all(connection).await?.into_iter().map(|row| Discrepancy::BrokenLedger {
            sku: row.sku,
            bucket: row.bucket,
            movement: row.movement,
            explained: row.explained,
            stock_after: row.stock_after.into(),
            breaks: row.breaks,
            lowest: row.lowest,
        });
    Ok(found.collect())
}

async fn unexplained_stocks(connection: &mut MySqlConnection) -> Result<Vec<Discrepancy>> {
    let rows = sqlx::query!(
        r#"SELECT sku AS "sku!", bucket AS "bucket!: u8", CAST(stock AS SIGNED) AS "stock!: i64",
                  ledger AS "ledger!: i64"
           FROM (SELECT sku, bucket, stock,
                        (SELECT CAST(COALESCE(SUM(quantity), 0) AS SIGNED) FROM stock_movement
                         WHERE stock_movement.sku = stock_bucket.sku
                         AND stock_movement.bucket = stock_bucket.bucket) AS ledger
                 FROM stock_bucket) AS compared
           WHERE stock <> ledger ORDER BY sku, bucket"#
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    let found = rows.map(|row| Discrepancy::UnexplainedStock {
        sku: row.sku,
        bucket: row.bucket,
        stock: row.stock,
        ledger: row.ledger,
    });
    Ok(found.collect())
}

async fn negative_stocks(connection: &mut MySqlConnection) -> Result<Vec<Discrepancy>> {
    let rows = sqlx::query!(
        r#"SELECT sku, bucket AS "bucket!: u8", CAST(stock_bucket.stock AS SIGNED) AS "stock!: i64",
                  CAST(MIN(stock_after) AS SIGNED) AS "lowest!: i64", MIN(movement.id) AS "movement!: u64"
           FROM stock_movement AS movement JOIN stock_bucket USING (sku, bucket)
           WHERE stock_after < 0 GROUP BY sku, bucket, stock_bucket.stock ORDER BY sku, bucket"#
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    let found = rows.map(|row| Discrepancy::NegativeStock {
        sku: row.sku,
        bucket: row.bucket,
        stock: row.stock,
        lowest: row.lowest,
        movement: row.movement,
    });
    Ok(found.collect())
}

/// Movements that have the kind, the reference and the part of an earlier one.
async fn duplicate_movements(connection: &mut MySqlConnection) -> Result<Vec<Discrepancy>> {
    let rows = sqlx::query_as!(
        DuplicateMovement,
        r#"SELECT sku AS "sku!", bucket AS "bucket!: u8", kind AS "kind!: String", reference AS "reference!",
                  quantity AS "quantity!: i32", id AS "movement!: u64", first AS "first!: u64"
           FROM (SELECT sku, bucket, kind, reference, quantity, id,
                        MIN(id) OVER (PARTITION BY kind, reference, part) AS first
                 FROM stock_movement) AS movement
           WHERE id > first ORDER BY id LIMIT 20"#
    );
    Ok(rows.fetch_all(connection).await?.into_iter().map(Discrepancy::DuplicateMovement).collect())
}

/// An arrival with duplicate movements is left out: it is reported as such.
async fn unexplained_arrivals(connection: &mut MySqlConnection) -> Result<Vec<Discrepancy>> {
    let rows = sqlx::query_as!(
        UnexplainedArrival,
        r#"SELECT movement AS "movement!: u64", credited.sku AS "sku!", credited.quantity AS "quantity!: i64",
                  reference AS "production_order!", ordered.sku <=> credited.sku AS "ordered!: bool",
                  ordered.arrived_quantity AS "arrived?: i32"
           FROM (SELECT MIN(id) AS movement, sku, reference, CAST(SUM(quantity) AS SIGNED) AS quantity
                 FROM stock_movement WHERE kind = 'arrival'
                 GROUP BY sku, reference HAVING COUNT(*) = COUNT(DISTINCT part)) AS credited
           LEFT JOIN production_order AS ordered ON ordered.id = reference
           WHERE NOT (ordered.sku <=> credited.sku AND ordered.arrived_quantity <=> credited.quantity)
           ORDER BY movement"#
    );
    Ok(rows.fetch_all(connection).await?.into_iter().map(Discrepancy::UnexplainedArrival).collect())
}

async fn forgotten_arrivals(
    connection: &mut MySqlConnection,
    seconds: u32,
) -> Result<Vec<Discrepancy>> {
    let rows = sqlx::query!(
        r#"SELECT id, sku, arrived_quantity AS "quantity!",
                  TIMESTAMPDIFF(SECOND, arrived_at, CURRENT_TIMESTAMP(6)) AS "seconds!: i64"
           FROM production_order
           WHERE arrived_at < CURRENT_TIMESTAMP(6) - INTERVAL ? SECOND
           AND NOT EXISTS (SELECT 1 FROM stock_movement
                           WHERE kind = 'arrival' AND reference = production_order.id)
           ORDER BY arrived_at"#,
        seconds
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    let found = rows.map(|row| Discrepancy::ForgottenArrival {
        production_order: row.id,
        sku: row.sku,
        quantity: row.quantity,
        seconds: row.seconds,
    });
    Ok(found.collect())
}

/// Lists the orders without a recorded arrival.
pub(super) async fn unreported(connection: &mut MySqlConnection) -> Result<Vec<String>> {
    let orders = sqlx::query_scalar!("SELECT id FROM production_order WHERE arrived_at IS NULL");
    Ok(orders.fetch_all(connection).await?)
}
