//! Discrepancies of restocks: each product at its reorder point must have exactly one open restock.

use serde::{Deserialize, Serialize};
use sqlx::MySqlConnection;

use super::{Discrepancy, Limits};
use crate::Result;

/// An open restock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRestock {
    pub sku: String,
    pub cycle: u32,
    /// The execution that opened it.
    pub execution: String,
    /// How long it has been open.
    pub seconds: i64,
    /// Number of orders recorded. The last one may not have been sent.
    pub attempts: i64,
}

/// The first failed restock after a completed one. Its execution must have reported the failure to operations; later
/// failures in a row are not reported again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedRestock {
    pub sku: String,
    pub cycle: u32,
    /// The execution that opened it.
    pub execution: String,
    /// Name of the error.
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
    found.extend(outdated_crossings(connection).await?);
    found.extend(forgotten_depletions(connection, limits.depletion_forgotten_seconds).await?);
    Ok(found)
}

/// Lists the open restocks.
pub(super) async fn open(connection: &mut MySqlConnection) -> Result<Vec<OpenRestock>> {
    let open = sqlx::query_as!(
        OpenRestock,
        r#"SELECT sku, cycle, execution,
                  TIMESTAMPDIFF(SECOND, opened_at, CURRENT_TIMESTAMP(6)) AS "seconds!: i64",
                  (SELECT COUNT(*) FROM production_order
                   WHERE sku = restock.sku AND cycle = restock.cycle) AS "attempts!: i64"
           FROM restock WHERE status = 'open' ORDER BY sku, cycle"#
    );
    Ok(open.fetch_all(connection).await?)
}

/// Lists the failures that an execution should have reported. The sweep reports the restocks that it closes itself,
/// and a person who closes a restock needs no report.
pub(super) async fn failed(connection: &mut MySqlConnection) -> Result<Vec<FailedRestock>> {
    let failed = sqlx::query_as!(
        FailedRestock,
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

/// Lists the executions whose restock was closed in the last `seconds`.
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

/// A cycle that is a little too high does no harm while no restock is open: executions that restocked nothing used up names.
/// One that is a million too high was written by hand, and the numbers may end. Products with several open restocks are
/// reported by [`several_open`].
async fn wrong_cycles(connection: &mut MySqlConnection) -> Result<Vec<Discrepancy>> {
    let rows = sqlx::query!(
        r#"SELECT sku AS "sku!", CAST(restock_cycle AS SIGNED) AS "cycle!: i64",
                  CAST(expected AS SIGNED) AS "expected!: i64"
           FROM (SELECT product.sku, restock_cycle,
                        COALESCE(MAX(restock.cycle + (status <> 'open')), 1) AS expected,
                        COALESCE(SUM(status = 'open'), 0) AS open
                 FROM product
                 LEFT JOIN restock ON restock.sku = product.sku AND restock.cycle <= 1000000000
                 GROUP BY product.sku, restock_cycle) AS cycles
           WHERE open < 2 AND (restock_cycle < expected OR (open AND restock_cycle > expected)
                               OR restock_cycle > expected + 1000000)
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

async fn outdated_crossings(connection: &mut MySqlConnection) -> Result<Vec<Discrepancy>> {
    let rows = sqlx::query!(
        r#"SELECT sku AS "sku!", crossed_by AS "purchase_id!", stock AS "stock!: i64",
                  reorder_point AS "reorder_point!"
           FROM (SELECT sku, crossed_by, reorder_point,
                        (SELECT CAST(COALESCE(SUM(stock), 0) AS SIGNED) FROM stock_bucket
                         WHERE stock_bucket.sku = product.sku) AS stock
                 FROM product WHERE crossed_by IS NOT NULL) AS crossed
           WHERE stock > reorder_point ORDER BY sku"#
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    let found = rows.map(|row| Discrepancy::OutdatedCrossing {
        sku: row.sku,
        purchase_id: row.purchase_id,
        stock: row.stock,
        reorder_point: row.reorder_point,
    });
    Ok(found.collect())
}

/// A product has had no open restock since its stock reached the reorder point or since its last restock was closed,
/// whichever is later. If there are no movements, since the last migration.
async fn forgotten_depletions(
    connection: &mut MySqlConnection,
    seconds: u32,
) -> Result<Vec<Discrepancy>> {
    let rows = sqlx::query!(
        r#"SELECT sku AS "sku!", stock AS "stock!: i64", reorder_point AS "reorder_point!",
                  TIMESTAMPDIFF(SECOND, since, CURRENT_TIMESTAMP(6)) AS "seconds!: i64"
           FROM (SELECT sku, stock, reorder_point,
                        COALESCE(GREATEST(COALESCE(reached_at, closed_at), COALESCE(closed_at, reached_at)),
                                 (SELECT MAX(installed_on) FROM _sqlx_migrations)) AS since
                 FROM (SELECT sku, stock, reorder_point,
                              (SELECT MAX(closed_at) FROM restock WHERE sku = stocked.sku) AS closed_at,
                              (SELECT MIN(moved_at) FROM stock_movement
                               WHERE sku = stocked.sku
                               AND id > COALESCE((SELECT MAX(id)
                                                  FROM (SELECT sku, id,
                                                               SUM(IF(kind = 'move', 0, quantity)) OVER (PARTITION BY sku ORDER BY id) AS total
                                                        FROM stock_movement) AS enough
                                                  WHERE enough.sku = stocked.sku
                                                  AND enough.total > stocked.reorder_point), 0))
                              AS reached_at
                       FROM (SELECT sku, reorder_point, retired_at,
                                    (SELECT CAST(COALESCE(SUM(stock), 0) AS SIGNED) FROM stock_bucket
                                     WHERE stock_bucket.sku = product.sku) AS stock
                             FROM product) AS stocked
                       WHERE stock <= reorder_point AND retired_at IS NULL
                       AND NOT EXISTS (SELECT 1 FROM restock WHERE open_sku = stocked.sku)) AS times
                ) AS at_reorder_point
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
