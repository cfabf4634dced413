//! How a product's stock came to be what it is.

use domain::Sku;
use sqlx::MySqlConnection;

use super::{Open, Snapshot};
use crate::{Error, ProductError, Result};

/// A product, and all that happened to its stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// For people.
    pub name: String,
    /// Goods on hand.
    pub stock: i64,
    /// The sum of its movements.
    pub ledger: i64,
    /// At or below this it is depleted.
    pub reorder_point: i64,
    /// The restock that is under way.
    pub open: Option<Open>,
    /// The oldest first.
    pub events: Vec<Event>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When: `2026-11-22 10:00:00.000000`, in UTC. In the order of time it is in that of its text.
    pub at: String,
    /// What.
    pub what: Happened,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    /// Goods came or went.
    Moved(Movement),
    /// A restock began.
    Opened {
        /// Its cycle.
        cycle: u32,
        /// The execution that opened it.
        execution: String,
    },
    /// An order to the factory was written down, to be sent.
    Ordered {
        /// The restock.
        cycle: u32,
        /// The how-manieth order of it.
        attempt: u32,
        /// How many were ordered.
        quantity: i32,
    },
    /// A restock ended.
    Closed {
        /// Its cycle.
        cycle: u32,
        /// The name of the error, if it failed.
        failure: Option<String>,
    },
}

/// A row of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// Why.
    pub kind: MovementKind,
    /// Goods that came (above zero) or went (below).
    pub quantity: i32,
    /// What it was for.
    pub reference: String,
    /// What it left.
    pub stock_after: i32,
}

/// Why goods came or went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MovementKind {
    /// To a customer.
    Sale,
    /// From the factory; `None` if there is no such order.
    Arrival(Option<Arrived>),
    /// As people counted.
    Count,
}

/// The order that goods came for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// The restock.
    pub cycle: u32,
    /// The how-manieth order of it.
    pub attempt: u32,
    /// How many were ordered.
    pub ordered: i32,
    /// Whether its restock had failed by then, or had ordered again.
    pub late: bool,
}

impl Snapshot {
    /// How the product's stock came to be what it is.
    pub async fn history(&mut self, sku: &Sku) -> Result<History, ProductError> {
        let connection = &mut self.connection;
        let product = sqlx::query!(
            r#"SELECT name, CAST(stock AS SIGNED) AS "stock!: i64",
                      CAST(reorder_point AS SIGNED) AS "reorder_point!: i64"
               FROM product WHERE sku = ?"#,
            sku.as_str()
        );
        let product = product.fetch_optional(&mut *connection).await.map_err(Error::from)?;
        let product = product.ok_or_else(|| ProductError::Unknown(sku.clone()))?;
        let moved = movements(connection, sku).await?;
        let ledger = moved.iter().map(|(_, movement)| i64::from(movement.quantity)).sum();
        let open = super::restocks::open(connection).await?;
        Ok(History {
            name: product.name,
            stock: product.stock,
            ledger,
            reorder_point: product.reorder_point,
            open: open.into_iter().find(|open| open.sku == sku.as_str()),
            events: merged(moved, around(connection, sku).await?),
        })
    }
}

/// The ledger keeps its order, which is that of the sums, though two clocks' ticks may differ from it.
fn merged(movements: Vec<(String, Movement)>, around: Vec<Event>) -> Vec<Event> {
    let mut events = Vec::with_capacity(movements.len() + around.len());
    let mut around = around.into_iter().peekable();
    for (at, movement) in movements {
        while let Some(event) = around.next_if(|event| event.at < at) {
            events.push(event);
        }
        events.push(Event { at, what: Happened::Moved(movement) });
    }
    events.extend(around);
    events
}

async fn movements(connection: &mut MySqlConnection, sku: &Sku) -> Result<Vec<(String, Movement)>> {
    let rows = sqlx::query!(
        r#"SELECT movement.kind, movement.quantity, movement.reference, movement.stock_after,
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
           WHERE movement.sku = ? ORDER BY movement.id"#,
        sku.as_str()
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    let movements = rows.map(|row| {
        let arrived = arrived(row.cycle, row.attempt, row.ordered, row.late);
        let kind = match row.kind.as_str() {
            "sale" => MovementKind::Sale,
            "arrival" => MovementKind::Arrival(arrived),
            _ => MovementKind::Count,
        };
        let (quantity, stock_after) = (row.quantity, row.stock_after);
        (row.at, Movement { kind, quantity, reference: row.reference, stock_after })
    });
    Ok(movements.collect())
}

fn arrived(
    cycle: Option<u32>,
    attempt: Option<u32>,
    ordered: Option<i32>,
    late: bool,
) -> Option<Arrived> {
    Some(Arrived { cycle: cycle?, attempt: attempt?, ordered: ordered?, late })
}

/// What happened around the movements, the oldest first.
async fn around(connection: &mut MySqlConnection, sku: &Sku) -> Result<Vec<Event>> {
    let mut events = restocks(connection, sku).await?;
    events.extend(orders(connection, sku).await?);
    // Stable: what happened in the same moment stays as it was put, a restock before its orders.
    events.sort_by(|one, other| one.at.cmp(&other.at));
    Ok(events)
}

async fn restocks(connection: &mut MySqlConnection, sku: &Sku) -> Result<Vec<Event>> {
    let rows = sqlx::query!(
        r#"SELECT cycle, execution, failure,
                  DATE_FORMAT(opened_at, '%Y-%m-%d %H:%i:%s.%f') AS "opened_at!: String",
                  DATE_FORMAT(closed_at, '%Y-%m-%d %H:%i:%s.%f') AS "closed_at?: String"
           FROM restock WHERE sku = ? ORDER BY cycle"#,
        sku.as_str()
    );
    let mut events = Vec::new();
    for row in rows.fetch_all(connection).await? {
        let opened = Happened::Opened { cycle: row.cycle, execution: row.execution };
        events.push(Event { at: row.opened_at, what: opened });
        if let Some(at) = row.closed_at {
            let closed = Happened::Closed { cycle: row.cycle, failure: row.failure };
            events.push(Event { at, what: closed });
        }
    }
    Ok(events)
}

async fn orders(connection: &mut MySqlConnection, sku: &Sku) -> Result<Vec<Event>> {
    let rows = sqlx::query!(
        r#"SELECT cycle, attempt, quantity,
                  DATE_FORMAT(ordered_at, '%Y-%m-%d %H:%i:%s.%f') AS "at!: String"
           FROM production_order WHERE sku = ? ORDER BY cycle, attempt"#,
        sku.as_str()
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    let events = rows.map(|row| {
        let (cycle, attempt, quantity) = (row.cycle, row.attempt, row.quantity);
        Event { at: row.at, what: Happened::Ordered { cycle, attempt, quantity } }
    });
    Ok(events.collect())
}
