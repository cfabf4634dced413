//! The history of a product's stock.

use domain::Sku;
use serde::{Deserialize, Serialize};
use sqlx::MySqlConnection;

use super::{OpenRestock, Snapshot};
use crate::{Error, ProductError, Result, StockMovement};

/// How many movements a history has at most. Lambda answers with at most 6 MB, and a movement takes up to 300 bytes.
const MOVEMENTS: u32 = 5_000;

/// A product, and what happened to its stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// Display name.
    pub name: String,
    /// The id of the factory.
    pub factory: String,
    /// The lead time that the factory promises. `None` if the factory is not in the database.
    pub lead_time_seconds: Option<u32>,
    /// Whom to ask about an order.
    pub contact: Option<String>,
    /// Number of buckets that hold the stock.
    pub buckets: u8,
    pub stock: i64,
    /// The sum of all movements.
    pub ledger: i64,
    pub reorder_point: i64,
    pub open: Option<OpenRestock>,
    /// Number of movements that are too old to be among the events.
    pub left_out: i64,
    /// The newest movements and what happened since the first of them, oldest first.
    pub events: Vec<HistoryEvent>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEvent {
    /// UTC, for example `2026-11-22 10:00:00.000000`. The order of the texts is the order of time.
    pub at: String,
    pub kind: EventKind,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventKind {
    Moved {
        movement: StockMovement,
        /// Stock of the product after the movement: the sum of the ledger so far.
        stock: i64,
        /// The production order of an arrival. `None` if the order does not exist.
        order: Option<ArrivedOrder>,
    },
    RestockOpened {
        cycle: u32,
        execution: String,
    },
    /// An order to the factory was recorded.
    Ordered {
        cycle: u32,
        attempt: u32,
        quantity: i32,
    },
    /// An operator has changed the product.
    Changed {
        by: String,
        reason: String,
        /// The change as JSON.
        content: String,
    },
    RestockClosed {
        cycle: u32,
        /// Name of the error, if the restock failed.
        failure: Option<String>,
    },
}

/// The production order of an arrival.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrivedOrder {
    pub cycle: u32,
    pub attempt: u32,
    /// The ordered quantity.
    pub ordered: i32,
    /// Whether the goods arrived after the restock had failed or had ordered again.
    pub late: bool,
}

impl Snapshot {
    /// Returns the history of a product.
    pub async fn history(&mut self, sku: &Sku) -> Result<History, ProductError> {
        let connection = &mut self.connection;
        let product = sqlx::query!(
            r#"SELECT product.name, product.buckets AS "buckets!: u8",
                      (SELECT CAST(COALESCE(SUM(stock), 0) AS SIGNED) FROM stock_bucket
                       WHERE stock_bucket.sku = product.sku) AS "stock!: i64",
                      CAST(reorder_point AS SIGNED) AS "reorder_point!: i64",
                      product.factory, factory.lead_time_seconds AS "lead_time_seconds?", factory.contact AS "contact?"
               FROM product LEFT JOIN factory ON factory.id = product.factory WHERE sku = ?"#,
            sku.as_str()
        );
        let product = product.fetch_optional(&mut *connection).await.map_err(Error::from)?;
        let product = product.ok_or_else(|| ProductError::Unknown(sku.clone()))?;
        let moved = movements(connection, sku).await?;
        let older = older(connection, sku, &moved).await?;
        let ledger = older.units + moved.iter().map(|moved| moved.movement.quantity).sum::<i64>();
        let mut others = other_events(connection, sku).await?;
        if let Some(first) = moved.first().filter(|_| older.movements > 0) {
            others.retain(|event| event.at >= first.at);
        }
        let open = super::restocks::open(connection).await?;
        Ok(History {
            name: product.name,
            factory: product.factory,
            lead_time_seconds: product.lead_time_seconds,
            contact: product.contact,
            buckets: product.buckets,
            stock: product.stock,
            ledger,
            reorder_point: product.reorder_point,
            open: open.into_iter().find(|open| open.sku == sku.as_str()),
            left_out: older.movements,
            events: merged(older.units, moved, others),
        })
    }
}

struct Moved {
    /// In the ledger.
    id: u64,
    at: String,
    movement: StockMovement,
    /// If it is an arrival.
    order: Option<ArrivedOrder>,
}

/// The movements before those of a history.
struct Older {
    movements: i64,
    /// The stock after the last of them.
    units: i64,
}

/// Merges the events by time. The movements keep the order of the ledger, which is the order of their sums, even if
/// their times differ from it.
fn merged(mut stock: i64, movements: Vec<Moved>, others: Vec<HistoryEvent>) -> Vec<HistoryEvent> {
    let mut events = Vec::with_capacity(movements.len() + others.len());
    let mut others = others.into_iter().peekable();
    for Moved { at, movement, order, .. } in movements {
        stock += movement.quantity;
        while let Some(event) = others.next_if(|event| event.at < at) {
            events.push(event);
        }
        events.push(HistoryEvent { at, kind: EventKind::Moved { movement, stock, order } });
    }
    events.extend(others);
    events
}

/// Returns the newest movements, oldest first.
async fn movements(connection: &mut MySqlConnection, sku: &Sku) -> Result<Vec<Moved>> {
    let rows = sqlx::query!(
        r#"SELECT movement.id AS "id!: u64", movement.kind AS "kind!: String", movement.bucket, movement.part,
                  movement.quantity, movement.reference, movement.stock_after,
                  DATE_FORMAT(movement.moved_at, '%Y-%m-%d %H:%i:%s.%f') AS "at!: String",
                  ordered.cycle AS "cycle?", ordered.attempt AS "attempt?",
                  ordered.quantity AS "ordered?",
                  COALESCE(ordered.arrived_at > restock.closed_at AND restock.status = 'failed', FALSE)
                  OR EXISTS (SELECT 1 FROM production_order AS later
                             WHERE later.sku = ordered.sku AND later.cycle = ordered.cycle
                             AND later.attempt > ordered.attempt
                             AND later.ordered_at < ordered.arrived_at) AS "late!: bool"
           FROM stock_movement AS movement
           LEFT JOIN production_order AS ordered
               ON movement.kind = 'arrival' AND ordered.id = movement.reference
           LEFT JOIN restock ON restock.sku = ordered.sku AND restock.cycle = ordered.cycle
           WHERE movement.sku = ? ORDER BY movement.id DESC LIMIT ?"#,
        sku.as_str(),
        MOVEMENTS
    );
    let rows = rows.fetch_all(connection).await?.into_iter().rev();
    let movements = rows.map(|row| {
        let order = arrived_order(row.cycle, row.attempt, row.ordered, row.late);
        let movement = StockMovement {
            sku: sku.clone(),
            bucket: row.bucket,
            kind: row.kind.parse()?,
            part: row.part,
            quantity: row.quantity.into(),
            reference: row.reference,
            stock_after: row.stock_after.into(),
        };
        Ok(Moved { id: row.id, at: row.at, movement, order })
    });
    movements.collect()
}

async fn older(connection: &mut MySqlConnection, sku: &Sku, moved: &[Moved]) -> Result<Older> {
    let first = moved.first().map_or(0, |moved| moved.id);
    let older = sqlx::query_as!(
        Older,
        r#"SELECT COUNT(*) AS "movements!: i64", CAST(COALESCE(SUM(quantity), 0) AS SIGNED) AS "units!: i64"
           FROM stock_movement WHERE sku = ? AND id < ?"#,
        sku.as_str(),
        first
    );
    Ok(older.fetch_one(connection).await?)
}

fn arrived_order(
    cycle: Option<u32>,
    attempt: Option<u32>,
    ordered: Option<i32>,
    late: bool,
) -> Option<ArrivedOrder> {
    Some(ArrivedOrder { cycle: cycle?, attempt: attempt?, ordered: ordered?, late })
}

/// Returns all events except movements, oldest first.
async fn other_events(connection: &mut MySqlConnection, sku: &Sku) -> Result<Vec<HistoryEvent>> {
    let mut events = restocks(connection, sku).await?;
    events.extend(orders(connection, sku).await?);
    events.extend(changes(connection, sku).await?);
    // The sort is stable: a restock comes before its orders of the same moment.
    events.sort_by(|one, other| one.at.cmp(&other.at));
    Ok(events)
}

async fn restocks(connection: &mut MySqlConnection, sku: &Sku) -> Result<Vec<HistoryEvent>> {
    let rows = sqlx::query!(
        r#"SELECT cycle, execution, failure,
                  DATE_FORMAT(opened_at, '%Y-%m-%d %H:%i:%s.%f') AS "opened_at!: String",
                  DATE_FORMAT(closed_at, '%Y-%m-%d %H:%i:%s.%f') AS "closed_at?: String"
           FROM restock WHERE sku = ? ORDER BY cycle"#,
        sku.as_str()
    );
    let mut events = Vec::new();
    for row in rows.fetch_all(connection).await? {
        let opened = EventKind::RestockOpened { cycle: row.cycle, execution: row.execution };
        events.push(HistoryEvent { at: row.opened_at, kind: opened });
        if let Some(at) = row.closed_at {
            let closed = EventKind::RestockClosed { cycle: row.cycle, failure: row.failure };
            events.push(HistoryEvent { at, kind: closed });
        }
    }
    Ok(events)
}

async fn orders(connection: &mut MySqlConnection, sku: &Sku) -> Result<Vec<HistoryEvent>> {
    let rows = sqlx::query!(
        r#"SELECT cycle, attempt, quantity,
                  DATE_FORMAT(ordered_at, '%Y-%m-%d %H:%i:%s.%f') AS "at!: String"
           FROM production_order WHERE sku = ? ORDER BY cycle, attempt"#,
        sku.as_str()
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    let events = rows.map(|row| {
        let (cycle, attempt, quantity) = (row.cycle, row.attempt, row.quantity);
        HistoryEvent { at: row.at, kind: EventKind::Ordered { cycle, attempt, quantity } }
    });
    Ok(events.collect())
}

async fn changes(connection: &mut MySqlConnection, sku: &Sku) -> Result<Vec<HistoryEvent>> {
    let rows = sqlx::query!(
        r#"SELECT changed_by, reason, content,
                  DATE_FORMAT(changed_at, '%Y-%m-%d %H:%i:%s.%f') AS "at!: String"
           FROM operator_change WHERE sku = ? ORDER BY changed_at, id"#,
        sku.as_str()
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    let events = rows.map(|row| {
        let (by, reason, content) = (row.changed_by, row.reason, row.content);
        HistoryEvent { at: row.at, kind: EventKind::Changed { by, reason, content } }
    });
    Ok(events.collect())
}
