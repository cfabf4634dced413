//! Goods from the factory: waited for, recorded when the callback comes, and credited once.

use domain::{Arrival, ProductionOrderId, RestockCycle, Sku};
use serde::Serialize;
use sqlx::{FromRow, MySqlConnection};

use crate::{ArrivalError, AwaitError, CreditError, Error, Result, Warehouse};

/// What a callback is to the restock that its goods were ordered for.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Recorded {
    /// An execution waits for them: tell it.
    Awaited {
        /// What it is told with. Not to be logged.
        task_token: String,
    },
    /// No execution waits for them yet. The one that will, finds them.
    Early,
    /// No execution waits for them any more: credit them.
    Late,
    /// They are credited.
    Duplicate,
}

/// What is known of the order of a callback that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The product.
    pub sku: Sku,
    /// The restock that the order belongs to.
    pub restock_cycle: RestockCycle,
    /// The product's stock.
    pub stock: i32,
}

/// What a credit did, or found done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Credited {
    /// The product.
    pub sku: Sku,
    /// The restock that the goods were ordered for.
    pub restock_cycle: RestockCycle,
    /// The how-manieth order of the restock they are.
    pub attempt: u32,
    /// How many came.
    pub quantity: i32,
    /// The product's stock now.
    pub stock: i32,
    /// Whether this call credited them, or an earlier one had.
    pub credited_here: bool,
    /// `completed`; `open`, where a later order is awaited; or `failed`, where operations were told
    /// that nothing had come.
    pub restock_status: String,
    /// How long the restock was open, if this call completed it.
    pub lead_time_seconds: Option<u64>,
    /// How many restocks of the product had failed when this one completed.
    pub failures_before: u32,
}

impl Warehouse {
    /// Stores what the execution that waits for the order's goods is told with. If they are there
    /// already, says so as an error, since nobody would tell it.
    pub async fn await_arrival(
        &self,
        order: ProductionOrderId,
        task_token: &str,
    ) -> Result<(), AwaitError> {
        let id = order.to_string();
        let stored = self.run(async |connection| {
            let stored = sqlx::query!(
                "UPDATE production_order SET task_token = ? WHERE id = ? AND arrived_at IS NULL",
                task_token,
                id
            );
            if stored.execute(&mut *connection).await?.rows_affected() > 0 {
                return Ok(Stored::Token);
            }
            let known = sqlx::query_scalar!("SELECT id FROM production_order WHERE id = ?", id);
            let known = known.fetch_optional(connection).await?;
            Ok(known.map_or(Stored::UnknownOrder, |_| Stored::AlreadyArrived))
        });
        match stored.await? {
            Stored::Token => Ok(()),
            Stored::AlreadyArrived => Err(AwaitError::AlreadyArrived(order)),
            Stored::UnknownOrder => Err(AwaitError::UnknownOrder(order)),
        }
    }

    /// Records that goods have come. The first count stands; what follows is decided anew each time,
    /// so that a repeated call repairs what an earlier one left undone.
    pub async fn record_arrival(&self, arrival: &Arrival) -> Result<Recorded, ArrivalError> {
        let recorded = self.transaction(async |connection| {
            let Some(token) = record(connection, arrival).await? else { return Ok(None) };
            let id = arrival.production_order.to_string();
            let now = sqlx::query!(
                r#"SELECT EXISTS (SELECT 1 FROM stock_movement
                                  WHERE kind = 'arrival' AND reference = this.id) AS "credited!: bool",
                          restock.status = 'open' AND NOT EXISTS (
                              SELECT 1 FROM production_order AS later
                              WHERE later.sku = this.sku AND later.cycle = this.cycle
                              AND later.attempt > this.attempt) AS "current!: bool"
                   FROM production_order AS this
                   JOIN restock ON restock.sku = this.sku AND restock.cycle = this.cycle
                   WHERE this.id = ?"#,
                id
            )
            .fetch_one(connection)
            .await?;
            Ok(Some(match token {
                _ if now.credited => Recorded::Duplicate,
                _ if !now.current => Recorded::Late,
                Some(task_token) => Recorded::Awaited { task_token },
                None => Recorded::Early,
            }))
        });
        recorded.await?.ok_or(ArrivalError::UnknownOrder(arrival.production_order))
    }

    /// What is known of the order of a callback that was refused. Changes nothing.
    pub async fn refused_arrival(&self, order: ProductionOrderId) -> Result<Refused, ArrivalError> {
        let row = self
            .run(async |connection| {
                Ok(sqlx::query!(
                    "SELECT production_order.sku, production_order.cycle, product.stock
                     FROM production_order JOIN product ON product.sku = production_order.sku
                     WHERE production_order.id = ?",
                    order.to_string()
                )
                .fetch_optional(connection)
                .await?)
            })
            .await?
            .ok_or(ArrivalError::UnknownOrder(order))?;
        Ok(Refused {
            sku: row.sku.parse().map_err(Error::from)?,
            restock_cycle: row.cycle.try_into().map_err(Error::from)?,
            stock: row.stock,
        })
    }

    /// Puts the goods of an order in stock, once.
    pub async fn increment_stock(&self, order: ProductionOrderId) -> Result<Credited, CreditError> {
        let id = order.to_string();
        let row = self.run(async |connection| credit(connection, &id).await).await?;
        let row = row.ok_or(CreditError::UnknownOrder(order))?;
        let quantity = row.arrived_quantity.ok_or(CreditError::NotArrived(order))?;
        Ok(row.credited(quantity)?)
    }
}

/// Locks the order's row, which `await_arrival` waits for: one of the two sees what the other wrote.
/// `None` if the order is unknown; else the token of the execution that waits, if one does.
async fn record(
    connection: &mut MySqlConnection,
    arrival: &Arrival,
) -> Result<Option<Option<String>>> {
    let order = arrival.production_order;
    let row = sqlx::query!(
        "SELECT task_token FROM production_order WHERE id = ? FOR UPDATE",
        order.to_string()
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    sqlx::query!(
        "UPDATE production_order SET arrived_quantity = ?, arrived_at = CURRENT_TIMESTAMP(6)
         WHERE id = ? AND arrived_at IS NULL",
        arrival.delivered.get(),
        order.to_string()
    )
    .execute(connection)
    .await?;
    Ok(Some(row.task_token))
}

/// What became of a task token.
enum Stored {
    Token,
    AlreadyArrived,
    UnknownOrder,
}

/// What `increment_stock` answers.
#[derive(FromRow)]
pub(crate) struct CreditRow {
    sku: String,
    cycle: u32,
    attempt: u32,
    arrived_quantity: Option<i32>,
    credited_here: bool,
    stock: i32,
    restock_status: String,
    lead_time_seconds: Option<i64>,
    failures_before: i64,
}

impl CreditRow {
    fn credited(self, quantity: i32) -> Result<Credited> {
        Ok(Credited {
            sku: self.sku.parse()?,
            restock_cycle: self.cycle.try_into()?,
            attempt: self.attempt,
            quantity,
            stock: self.stock,
            credited_here: self.credited_here,
            restock_status: self.restock_status,
            // A clock that was set back makes no time negative.
            lead_time_seconds: self.lead_time_seconds.map(|seconds| seconds.max(0).unsigned_abs()),
            failures_before: self.failures_before.try_into().unwrap_or(u32::MAX),
        })
    }
}

/// Credits the arrival of an order, if one is recorded and not yet credited. `None` if the order is unknown.
pub(crate) async fn credit(
    connection: &mut MySqlConnection,
    order: &str,
) -> Result<Option<CreditRow>> {
    let call = sqlx::query_as("CALL increment_stock(?)").bind(order);
    Ok(call.fetch_optional(connection).await?)
}
