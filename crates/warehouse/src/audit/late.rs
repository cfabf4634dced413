//! Arrivals that came after the restock had stopped waiting for them. Each of them was ordered twice.

use serde::{Deserialize, Serialize};
use sqlx::MySqlConnection;

use super::Discrepancy;
use crate::Result;

/// The latest arrivals of a product, of which some were late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateArrivals {
    pub sku: String,
    /// Late arrivals among the latest ones.
    pub late: i64,
    /// Arrivals that were looked at: at most ten, of the last seven days.
    pub arrivals: i64,
    /// The longest time from an order to its arrival.
    pub longest_seconds: i64,
    /// The longest time after which a restock stopped waiting for a late arrival.
    pub waited_seconds: i64,
}

/// A restock stops waiting when it orders again or fails. Products are left out whose last three arrivals were in time:
/// the wait has been raised, or the factory has become faster.
pub(super) async fn arrivals(connection: &mut MySqlConnection) -> Result<Vec<Discrepancy>> {
    let rows = sqlx::query_as!(
        LateArrivals,
        r#"SELECT sku AS "sku!",
                  CAST(SUM(arrived_at > wait_ended) AS SIGNED) AS "late!: i64",
                  COUNT(*) AS "arrivals!: i64",
                  MAX(TIMESTAMPDIFF(SECOND, ordered_at, arrived_at)) AS "longest_seconds!: i64",
                  MAX(IF(arrived_at > wait_ended, TIMESTAMPDIFF(SECOND, ordered_at, wait_ended), 0))
                  AS "waited_seconds!: i64"
           FROM (SELECT ordered.sku, ordered.ordered_at, ordered.arrived_at,
                        COALESCE((SELECT MIN(later.ordered_at) FROM production_order AS later
                                  WHERE later.sku = ordered.sku AND later.cycle = ordered.cycle
                                  AND later.attempt > ordered.attempt),
                                 -- One that was stopped by hand did not wait to the end.
                                 IF(restock.failure NOT IN ('Restock.Abandoned', 'Restock.ClosedByHand'),
                                    restock.closed_at, NULL),
                                 ordered.arrived_at) AS wait_ended,
                        ROW_NUMBER() OVER (PARTITION BY ordered.sku ORDER BY ordered.arrived_at DESC) AS age
                 FROM production_order AS ordered
                 JOIN restock ON restock.sku = ordered.sku AND restock.cycle = ordered.cycle
                 WHERE ordered.arrived_at > CURRENT_TIMESTAMP(6) - INTERVAL 7 DAY) AS arrived
           WHERE age <= 10
           GROUP BY sku
           HAVING SUM(age <= 3 AND arrived_at > wait_ended) > 0
           ORDER BY sku"#
    );
    Ok(rows.fetch_all(connection).await?.into_iter().map(Discrepancy::LateArrivals).collect())
}
