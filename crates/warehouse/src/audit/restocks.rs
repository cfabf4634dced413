//! Whether every depleted product is restocked, once.

use sqlx::MySqlConnection;

use super::{Discrepancy, Limits};
use crate::Result;

/// A restock that is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The product.
    pub sku: String,
    /// Its cycle.
    pub cycle: u32,
    /// The execution that opened it.
    pub execution: String,
    /// How long ago.
    pub seconds: i64,
    /// How many orders it has sent, perhaps.
    pub attempts: i64,
}

/// A restock that failed, the first after a good one: operations were to be told. Those that follow
/// until a good one are not told again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// The product.
    pub sku: String,
    /// Its cycle.
    pub cycle: u32,
    /// The execution that gave up.
    pub execution: String,
    /// The name of the error.
    pub failure: String,
}

pub(super) async fn discrepancies(
    connection: &mut MySqlConnection,
    limits: Limits,
) -> Result<Vec<Discrepancy>> {
    let mut found = several_open(connection).await?;
    found.extend(wrong_cycles(connection).await?);
    found.extend(orders_above_target(connection).await?);
    found.extend(missing_factories(connection).await?);
    found.extend(forgotten_depletions(connection, limits.depletion_forgotten_seconds).await?);
    Ok(found)
}

/// The restocks that are under way.
pub(super) async fn open(connection: &mut MySqlConnection) -> Result<Vec<Open>> {
    let open = sqlx::query_as!(
        Open,
        r#"SELECT sku, cycle, execution,
                  TIMESTAMPDIFF(SECOND, opened_at, CURRENT_TIMESTAMP(6)) AS "seconds!: i64",
                  (SELECT COUNT(*) FROM production_order
                   WHERE sku = restock.sku AND cycle = restock.cycle) AS "attempts!: i64"
           FROM restock WHERE status = 'open' ORDER BY sku, cycle"#
    );
    Ok(open.fetch_all(connection).await?)
}

/// What the sweep closes it reports itself; who closes one by hand knows of it.
pub(super) async fn failed(connection: &mut MySqlConnection) -> Result<Vec<Failed>> {
    let failed = sqlx::query_as!(
        Failed,
        r#"SELECT sku, cycle, execution, failure AS "failure!"
           FROM restock
           WHERE status = 'failed'
           AND failure NOT IN ('Restock.Abandoned', 'Restock.ClosedByHand')
           AND NOT EXISTS (SELECT 1 FROM restock AS before_it
                           WHERE before_it.sku = restock.sku AND before_it.cycle = restock.cycle - 1
                           AND before_it.status = 'failed')
           AND NOT EXISTS (SELECT 1 FROM restock AS good
                           WHERE good.sku = restock.sku AND good.cycle > restock.cycle
                           AND good.status = 'completed')
           ORDER BY sku"#
    );
    Ok(failed.fetch_all(connection).await?)
}

/// The executions of restocks that were closed within so many seconds.
pub(super) async fn closed_lately(
    connection: &mut MySqlConnection,
    seconds: u32,
) -> Result<Vec<String>> {
    let executions = sqlx::query_scalar!(
        "SELECT execution FROM restock WHERE closed_at > CURRENT_TIMESTAMP(6) - INTERVAL ? SECOND",
        seconds
    );
    Ok(executions.fetch_all(connection).await?)
}

async fn several_open(connection: &mut MySqlConnection) -> Result<Vec<Discrepancy>> {
    let rows = sqlx::query!(
        r#"SELECT sku, COUNT(*) AS "open!: i64", MAX(cycle) AS "latest_cycle!: u32"
           FROM restock WHERE status = 'open' GROUP BY sku HAVING COUNT(*) > 1 ORDER BY sku"#
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    let found = rows.map(|row| Discrepancy::SeveralOpenRestocks {
        sku: row.sku,
        open: row.open,
        latest_cycle: row.latest_cycle,
    });
    Ok(found.collect())
}

/// A cycle that is ahead, where no restock is open, does no harm. Several open ones are told as that.
async fn wrong_cycles(connection: &mut MySqlConnection) -> Result<Vec<Discrepancy>> {
    let rows = sqlx::query!(
        r#"SELECT sku AS "sku!", CAST(restock_cycle AS SIGNED) AS "cycle!: i64",
                  CAST(expected AS SIGNED) AS "expected!: i64"
           FROM (SELECT product.sku, restock_cycle, MAX(restock.cycle + (status <> 'open')) AS expected,
                        SUM(status = 'open') AS open
                 FROM product JOIN restock ON restock.sku = product.sku
                 GROUP BY product.sku, restock_cycle) AS cycles
           WHERE open < 2 AND (restock_cycle < expected OR (open AND restock_cycle > expected))
           ORDER BY sku"#
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    let found = rows.map(|row| Discrepancy::WrongCycle {
        sku: row.sku,
        cycle: row.cycle,
        expected: row.expected,
    });
    Ok(found.collect())
}

async fn orders_above_target(connection: &mut MySqlConnection) -> Result<Vec<Discrepancy>> {
    let rows = sqlx::query!(
        "SELECT ordered.id, ordered.sku, ordered.quantity, product.target_stock
         FROM restock
         JOIN production_order AS ordered ON ordered.sku = restock.sku AND ordered.cycle = restock.cycle
         JOIN product ON product.sku = ordered.sku
         WHERE restock.status = 'open' AND ordered.arrived_at IS NULL
         AND ordered.quantity > product.target_stock
         ORDER BY ordered.sku, ordered.attempt"
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    let found = rows.map(|row| Discrepancy::OrderAboveTarget {
        production_order: row.id,
        sku: row.sku,
        quantity: row.quantity,
        target_stock: row.target_stock,
    });
    Ok(found.collect())
}

async fn missing_factories(connection: &mut MySqlConnection) -> Result<Vec<Discrepancy>> {
    let rows = sqlx::query!(
        "SELECT sku, factory FROM product
         WHERE NOT EXISTS (SELECT 1 FROM factory WHERE id = product.factory) ORDER BY sku"
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    Ok(rows.map(|row| Discrepancy::MissingFactory { sku: row.sku, factory: row.factory }).collect())
}

/// Nobody restocks a product since the stock went to or below its reorder point, or since its last
/// restock was closed; or since there is a shop, where nothing has moved.
async fn forgotten_depletions(
    connection: &mut MySqlConnection,
    seconds: u32,
) -> Result<Vec<Discrepancy>> {
    let rows = sqlx::query!(
        r#"SELECT sku AS "sku!", stock AS "stock!", reorder_point AS "reorder_point!",
                  TIMESTAMPDIFF(SECOND, since, CURRENT_TIMESTAMP(6)) AS "seconds!: i64"
           FROM (SELECT sku, stock, reorder_point,
                        COALESCE(GREATEST(COALESCE(depleted_at, closed_at), COALESCE(closed_at, depleted_at)),
                                 (SELECT MAX(installed_on) FROM _sqlx_migrations)) AS since
                 FROM (SELECT sku, stock, reorder_point,
                              (SELECT MAX(closed_at) FROM restock WHERE sku = product.sku) AS closed_at,
                              (SELECT MIN(moved_at) FROM stock_movement
                               WHERE sku = product.sku
                               AND id > COALESCE((SELECT MAX(id) FROM stock_movement AS enough
                                                  WHERE enough.sku = product.sku
                                                  AND enough.stock_after > product.reorder_point), 0))
                              AS depleted_at
                       FROM product
                       WHERE stock <= reorder_point
                       AND NOT EXISTS (SELECT 1 FROM restock WHERE open_sku = product.sku)) AS times
                ) AS depleted
           WHERE since < CURRENT_TIMESTAMP(6) - INTERVAL ? SECOND ORDER BY sku"#,
        seconds
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    let found = rows.map(|row| Discrepancy::ForgottenDepletion {
        sku: row.sku,
        stock: row.stock,
        reorder_point: row.reorder_point,
        seconds: row.seconds,
    });
    Ok(found.collect())
}
