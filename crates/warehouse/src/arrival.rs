//! Goods from the factory: waited for, recorded when the callback comes, and credited once.

use domain::{Arrival, ProductionOrderId, RestockCycle, Sku};
use serde::Serialize;
use sqlx::{FromRow, MySqlConnection};

use crate::{Error, Result, Warehouse};

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
    pub async fn await_arrival(&self, order: ProductionOrderId, task_token: &str) -> Result<()> {
        let id = order.to_string();
        self.run(async |connection| {
            let stored = sqlx::query!(
                "UPDATE production_order SET task_token = ? WHERE id = ? AND arrived_at IS NULL",
                task_token,
                id
            );
            if stored.execute(&mut *connection).await?.rows_affected() > 0 {
                return Ok(());
            }
            let known = sqlx::query_scalar!("SELECT id FROM production_order WHERE id = ?", id);
            match known.fetch_optional(connection).await? {
                Some(_) => Err(Error::AlreadyArrived(order)),
                None => Err(Error::UnknownProductionOrder(order)),
            }
        })
        .await
    }

    /// Records that goods have come. The first count stands; what follows is decided anew each time,
    /// so that a repeated call repairs what an earlier one left undone.
    pub async fn record_arrival(&self, arrival: &Arrival) -> Result<Recorded> {
        self.transaction(async |connection| {
            let token = record(connection, arrival).await?;
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
            Ok(match token {
                _ if now.credited => Recorded::Duplicate,
                _ if !now.current => Recorded::Late,
                Some(task_token) => Recorded::Awaited { task_token },
                None => Recorded::Early,
            })
        })
        .await
    }

    /// What is known of the order of a callback that was refused. Changes nothing.
    pub async fn refused_arrival(&self, order: ProductionOrderId) -> Result<Refused> {
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
            .ok_or(Error::UnknownProductionOrder(order))?;
        Ok(Refused {
            sku: row.sku.parse()?,
            restock_cycle: row.cycle.try_into()?,
            stock: row.stock,
        })
    }

    /// Puts the goods of an order in stock, once.
    pub async fn increment_stock(&self, order: ProductionOrderId) -> Result<Credited> {
        self.run(async |connection| credit(connection, order).await).await
    }
}

/// Locks the order's row, which `await_arrival` waits for: one of the two sees what the other wrote.
/// Answers the token of the execution that waits, if one does.
async fn record(connection: &mut MySqlConnection, arrival: &Arrival) -> Result<Option<String>> {
    let order = arrival.production_order;
    let row = sqlx::query!(
        "SELECT task_token FROM production_order WHERE id = ? FOR UPDATE",
        order.to_string()
    )
    .fetch_optional(&mut *connection)
    .await?
    .ok_or(Error::UnknownProductionOrder(order))?;
    sqlx::query!(
        "UPDATE production_order SET arrived_quantity = ?, arrived_at = CURRENT_TIMESTAMP(6)
         WHERE id = ? AND arrived_at IS NULL",
        arrival.delivered.get(),
        order.to_string()
    )
    .execute(connection)
    .await?;
    Ok(row.task_token)
}

/// What `increment_stock` answers.
#[derive(FromRow)]
struct CreditRow {
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

pub(crate) async fn credit(
    connection: &mut MySqlConnection,
    order: ProductionOrderId,
) -> Result<Credited> {
    let call = sqlx::query_as("CALL increment_stock(?)").bind(order.to_string());
    let row: Option<CreditRow> = call.fetch_optional(connection).await?;
    let row = row.ok_or(Error::UnknownProductionOrder(order))?;
    Ok(Credited {
        sku: row.sku.parse()?,
        restock_cycle: row.cycle.try_into()?,
        attempt: row.attempt,
        quantity: row.arrived_quantity.ok_or(Error::NotArrived(order))?,
        stock: row.stock,
        credited_here: row.credited_here,
        restock_status: row.restock_status,
        // A clock that was set back makes no time negative.
        lead_time_seconds: row.lead_time_seconds.map(|seconds| seconds.max(0).unsigned_abs()),
        failures_before: row.failures_before.try_into().unwrap_or(u32::MAX),
    })
}
