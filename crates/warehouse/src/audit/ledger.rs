//! Discrepancies between the stock, the ledger, and the recorded arrivals.

use sqlx::MySqlConnection;

use super::{Discrepancy, DuplicateMovement, Limits, UnexplainedArrival};
use crate::Result;

pub(super) async fn discrepancies(
    connection: &mut MySqlConnection,
    limits: Limits,
) -> Result<Vec<Discrepancy>> {
    let mut found = duplicate_movements(connection).await?;
    found.extend(broken_ledgers(connection).await?);
    found.extend(negative_stocks(connection).await?);
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

/// Compares each movement with the one before it. The ids are in the order of the movements, because the row of the
/// product is locked while a movement is inserted.
async fn broken_ledgers(connection: &mut MySqlConnection) -> Result<Vec<Discrepancy>> {
    let rows = sqlx::query!(
        r#"SELECT sku AS "sku!", id AS "movement!: u64", stock_after AS "stock_after!: i32",
                  CAST(explained AS SIGNED) AS "explained!: i64", breaks AS "breaks!: i64",
                  (SELECT CAST(MIN(total) AS SIGNED)
                   FROM (SELECT sku, SUM(quantity) OVER (PARTITION BY sku ORDER BY id) AS total
                         FROM stock_movement) AS totals
                   WHERE totals.sku = broken.sku) AS "lowest!: i64"
           FROM (SELECT sku, id, stock_after, explained,
                        COUNT(*) OVER (PARTITION BY sku) AS breaks,
                        ROW_NUMBER() OVER (PARTITION BY sku ORDER BY id) AS number
                 FROM (SELECT sku, id, stock_after,
                              quantity + COALESCE(LAG(stock_after) OVER (PARTITION BY sku ORDER BY id), 0)
                              AS explained
                       FROM stock_movement) AS movement
                 WHERE stock_after <> explained) AS broken
           WHERE number = 1 ORDER BY sku"#
    );
    let found =
        rows.fetch_all(connection).await?.into_iter().map(|row| Discrepancy::BrokenLedger {
            sku: row.sku,
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
        r#"SELECT sku AS "sku!", CAST(stock AS SIGNED) AS "stock!: i64", ledger AS "ledger!: i64"
           FROM (SELECT sku, stock, (SELECT CAST(COALESCE(SUM(quantity), 0) AS SIGNED)
                                     FROM stock_movement WHERE sku = product.sku) AS ledger
                 FROM product) AS compared
           WHERE stock <> ledger ORDER BY sku"#
    );
    let found = rows.fetch_all(connection).await?.into_iter().map(|row| {
        Discrepancy::UnexplainedStock { sku: row.sku, stock: row.stock, ledger: row.ledger }
    });
    Ok(found.collect())
}

async fn negative_stocks(connection: &mut MySqlConnection) -> Result<Vec<Discrepancy>> {
    let rows = sqlx::query!(
        r#"SELECT movement.sku, CAST(product.stock AS SIGNED) AS "stock!: i64",
                  CAST(MIN(stock_after) AS SIGNED) AS "lowest!: i64", MIN(movement.id) AS "movement!: u64"
           FROM stock_movement AS movement JOIN product ON product.sku = movement.sku
           WHERE stock_after < 0 GROUP BY movement.sku, product.stock ORDER BY movement.sku"#
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    let found = rows.map(|row| Discrepancy::NegativeStock {
        sku: row.sku,
        stock: row.stock,
        lowest: row.lowest,
        movement: row.movement,
    });
    Ok(found.collect())
}

/// Movements that have the kind and the reference of an earlier one.
async fn duplicate_movements(connection: &mut MySqlConnection) -> Result<Vec<Discrepancy>> {
    let rows = sqlx::query_as!(
        DuplicateMovement,
        r#"SELECT sku AS "sku!", kind AS "kind!: String", reference AS "reference!",
                  quantity AS "quantity!: i32", id AS "movement!: u64", first AS "first!: u64"
           FROM (SELECT sku, kind, reference, quantity, id,
                        MIN(id) OVER (PARTITION BY kind, reference) AS first
                 FROM stock_movement) AS movement
           WHERE id > first ORDER BY id LIMIT 20"#
    );
    Ok(rows.fetch_all(connection).await?.into_iter().map(Discrepancy::DuplicateMovement).collect())
}

async fn unexplained_arrivals(connection: &mut MySqlConnection) -> Result<Vec<Discrepancy>> {
    let rows = sqlx::query!(
        r#"SELECT movement.id AS movement, movement.sku, movement.quantity, movement.reference,
                  ordered.sku <=> movement.sku AS "ordered!: bool",
                  ordered.arrived_quantity AS "arrived?: i32"
           FROM stock_movement AS movement
           LEFT JOIN production_order AS ordered ON ordered.id = movement.reference
           WHERE movement.kind = 'arrival'
           AND NOT (ordered.sku <=> movement.sku AND ordered.arrived_quantity <=> movement.quantity)
           ORDER BY movement.id"#
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    let found = rows.map(|row| UnexplainedArrival {
        movement: row.movement,
        sku: row.sku,
        quantity: row.quantity,
        production_order: row.reference,
        ordered: row.ordered,
        arrived: row.arrived,
    });
    Ok(found.map(Discrepancy::UnexplainedArrival).collect())
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
