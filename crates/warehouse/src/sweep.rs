//! The sweep: reads from the database what was lost elsewhere.

use std::collections::BTreeSet;

use domain::{Depletion, ProductionOrderId, Reason, RestockCycle, Sku, Stock};
use serde::{Deserialize, Serialize};
use sqlx::MySqlConnection;

use crate::{Result, Warehouse};

/// Maximum number of rows of each kind in one result, so that the result fits into the 256 KiB of a state. The next
/// sweep finds the rest.
const LARGEST_SWEEP: i64 = 200;

/// What a sweep looks for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SweepRequest {
    /// Longer than any execution needs to credit an arrival.
    pub arrival_forgotten_after_seconds: u32,
    /// The execution whose end started this sweep, if one did.
    pub ended: Option<String>,
}

/// What a sweep found. The sweep only reads. Other steps act on the result, each idempotently, so nothing is lost with
/// the result.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SweepResult {
    /// Production orders whose goods have arrived and are not credited.
    pub forgotten: Vec<ProductionOrderId>,
    /// Restocks that are open, and failed restocks that operations were not told of. If the execution of such a restock
    /// has ended, nothing else takes care of it.
    pub unsettled: Vec<UnsettledRestock>,
    /// Products to restock.
    pub depletions: Vec<Depletion>,
    /// Rows that cannot be read, and that operations were not told of in the last day. They are left out above.
    pub unreadable: Vec<UnreadableRow>,
    /// Number of all rows that cannot be read. Only for the metric.
    #[serde(skip)]
    pub unreadable_rows: u64,
    /// Age of the oldest open restock; 0 if none is open. Only for the metric.
    #[serde(skip)]
    pub oldest_open_seconds: u64,
}

/// A restock that is open, or that failed without a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnsettledRestock {
    pub sku: Sku,
    pub restock_cycle: RestockCycle,
    /// The execution that opened the restock.
    pub execution: String,
    /// Whether the sweep was started because this execution ended. Otherwise it may still run.
    pub ended: bool,
}

/// A row with a value that the types of the shop do not allow. The constraints of the tables prevent that, so the row was
/// written when they were missing or not enforced.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct UnreadableRow {
    /// Table and key, such as `product cp-9`.
    pub row: String,
    /// What a valid value is.
    pub problem: String,
}

/// The rows of a sweep that cannot be read, each once.
type Unreadable = BTreeSet<UnreadableRow>;

impl Warehouse {
    /// Lists forgotten arrivals, restocks that nothing may take care of, and products at or below their reorder point
    /// without an open restock.
    pub async fn sweep(&self, request: SweepRequest) -> Result<SweepResult> {
        self.run(async |connection| {
            let mut unreadable = Unreadable::new();
            let mut result = SweepResult {
                forgotten: forgotten(connection, &request, &mut unreadable).await?,
                unsettled: unsettled(connection, &request, &mut unreadable).await?,
                depletions: depletions(connection, &mut unreadable).await?,
                oldest_open_seconds: oldest_open(connection).await?,
                ..SweepResult::default()
            };
            result.unreadable_rows = unreadable.len().try_into().unwrap_or(u64::MAX);
            result.unreadable = untold(connection, unreadable).await?;
            Ok(result)
        })
        .await
    }
}

/// Converts each row. Leaves out the rows that cannot be read, and adds them to `unreadable`: one of them must not stop
/// the sweep for all others.
fn readable<Row, T>(
    rows: Vec<Row>,
    unreadable: &mut Unreadable,
    name: impl Fn(&Row) -> String,
    read: impl Fn(&Row) -> Result<T, domain::Error>,
) -> Vec<T> {
    let mut found = Vec::new();
    for row in &rows {
        match read(row) {
            Ok(item) => found.push(item),
            Err(error) => {
                let problem = error.to_string();
                unreadable.insert(UnreadableRow { row: name(row), problem });
            }
        }
    }
    found
}

/// Lists orders whose goods arrived long ago and are not credited.
async fn forgotten(
    connection: &mut MySqlConnection,
    request: &SweepRequest,
    unreadable: &mut Unreadable,
) -> Result<Vec<ProductionOrderId>> {
    let forgotten = sqlx::query_scalar!(
        "SELECT id FROM production_order
         WHERE arrived_at < CURRENT_TIMESTAMP(6) - INTERVAL ? SECOND
         AND NOT EXISTS (SELECT 1 FROM stock_movement
                         WHERE kind = 'arrival' AND reference = production_order.id)
         ORDER BY RAND() LIMIT ?",
        request.arrival_forgotten_after_seconds,
        LARGEST_SWEEP
    );
    let rows = forgotten.fetch_all(connection).await?;
    Ok(readable(rows, unreadable, |id| format!("production_order {id}"), |id| id.parse()))
}

/// Lists open restocks, and for each product the latest failed restock if operations were told of none since the last
/// completed one. A restock that was opened in the last 30 s is left out: Step Functions may not show its execution yet.
async fn unsettled(
    connection: &mut MySqlConnection,
    request: &SweepRequest,
    unreadable: &mut Unreadable,
) -> Result<Vec<UnsettledRestock>> {
    let rows = sqlx::query!(
        r#"SELECT sku, cycle AS restock_cycle, execution, execution <=> ? AS "ended!: bool"
           FROM restock AS this
           WHERE status = 'open'
           AND (execution = ? OR opened_at < CURRENT_TIMESTAMP(6) - INTERVAL 30 SECOND)
           OR status = 'failed' AND reported_at IS NULL AND failure <> 'Restock.ClosedByHand'
           AND NOT EXISTS (SELECT 1 FROM restock AS later
                           WHERE later.sku = this.sku AND later.cycle > this.cycle AND later.status <> 'open')
           AND NOT EXISTS (SELECT 1 FROM restock AS told
                           WHERE told.sku = this.sku AND told.status = 'failed' AND told.reported_at IS NOT NULL
                           AND told.cycle > (SELECT COALESCE(MAX(good.cycle), 0) FROM restock AS good
                                             WHERE good.sku = this.sku AND good.status = 'completed'))
           ORDER BY RAND() LIMIT ?"#,
        request.ended,
        request.ended,
        LARGEST_SWEEP
    )
    .fetch_all(connection)
    .await?;
    let name = |sku: &str, cycle: u32| format!("restock {sku}_{cycle}");
    Ok(readable(
        rows,
        unreadable,
        |row| name(&row.sku, row.restock_cycle),
        |row| {
            Ok(UnsettledRestock {
                sku: row.sku.parse()?,
                restock_cycle: row.restock_cycle.try_into()?,
                execution: row.execution.clone(),
                ended: row.ended,
            })
        },
    ))
}

/// Lists products at or below their reorder point without an open restock. In random order, so that with more products
/// than one result holds each gets its turn.
async fn depletions(
    connection: &mut MySqlConnection,
    unreadable: &mut Unreadable,
) -> Result<Vec<Depletion>> {
    let rows = sqlx::query!(
        r#"SELECT sku, restock_cycle, stock AS "stock!: i64"
           FROM (SELECT sku, restock_cycle, reorder_point, retired_at,
                        (SELECT CAST(COALESCE(SUM(stock), 0) AS SIGNED) FROM stock_bucket
                         WHERE stock_bucket.sku = product.sku) AS stock
                 FROM product) AS stocked
           WHERE stock <= reorder_point AND retired_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM restock WHERE open_sku = stocked.sku)
           ORDER BY RAND() LIMIT ?"#,
        LARGEST_SWEEP
    )
    .fetch_all(connection)
    .await?;
    Ok(readable(
        rows,
        unreadable,
        |row| format!("product {}", row.sku),
        |row| {
            Ok(Depletion {
                sku: row.sku.parse()?,
                restock_cycle: row.restock_cycle.try_into()?,
                stock: u32::try_from(row.stock).ok().map(Stock::new),
                reason: Reason::Sweep,
                purchase_id: None,
            })
        },
    ))
}

/// Leaves out the rows that operations were told of in the last day.
async fn untold(
    connection: &mut MySqlConnection,
    unreadable: Unreadable,
) -> Result<Vec<UnreadableRow>> {
    if unreadable.is_empty() {
        return Ok(Vec::new());
    }
    let told = sqlx::query_scalar!(
        "SELECT name FROM unreadable_row WHERE reported_at > CURRENT_TIMESTAMP(6) - INTERVAL 1 DAY"
    );
    let told = told.fetch_all(connection).await?;
    Ok(unreadable.into_iter().filter(|row| !told.contains(&row.row)).collect())
}

/// Returns the age of the oldest open restock in seconds.
async fn oldest_open(connection: &mut MySqlConnection) -> Result<u64> {
    let seconds = sqlx::query_scalar!(
        r#"SELECT COALESCE(MAX(TIMESTAMPDIFF(SECOND, opened_at, CURRENT_TIMESTAMP(6))), 0) AS "seconds!: i64"
           FROM restock WHERE status = 'open'"#
    );
    // Negative only if the clock of the server was set back.
    Ok(seconds.fetch_one(connection).await?.try_into().unwrap_or_default())
}
