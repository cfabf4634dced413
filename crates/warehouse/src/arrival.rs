//! Arrivals: wait for one, record one when the callback comes, and credit it once.

use domain::{Arrival, ProductionOrderId, RestockCycle, RestockStatus, Sku, Stock, Units};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, MySqlConnection};

use crate::{ArrivalError, AwaitError, CreditError, Error, Result, Warehouse, sale::stock};

/// What has to be done with an arrival. Not `Debug`, because it may hold a task token.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum ArrivalStatus {
    /// An execution waits for the arrival. Complete its task.
    Awaited {
        /// Secret.
        task_token: String,
    },
    /// No execution waits for the arrival yet. The one that starts to wait will find it.
    Early,
    /// No execution waits for the arrival any more. Credit it.
    Late,
    /// The arrival is already credited.
    Duplicate,
}

/// The production order of a callback that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedCallback {
    pub sku: Sku,
    pub restock_cycle: RestockCycle,
    /// Current stock of the product.
    pub stock: Stock,
}

/// An arrival that is in stock, credited by this call or by an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credited {
    pub sku: Sku,
    /// The restock that ordered the goods.
    pub restock_cycle: RestockCycle,
    /// Attempt number of the order, starting at 1.
    pub attempt: u32,
    pub quantity: Units,
    /// Current stock of the product.
    pub stock: Stock,
    /// The stock that a restock of the product aims at.
    pub target_stock: Stock,
    /// Whether this call credited the arrival. `false` if an earlier call did.
    pub credited_here: bool,
    /// Whether this call completed the restock.
    pub completed_here: bool,
    /// Whether the restock had sent another order, or was closed, before the arrival was credited: the wait for the
    /// arrival was shorter than the factory took.
    pub late: bool,
    /// `Open` if a later order of the restock is still awaited. `Failed` if operations were informed that nothing
    /// arrived.
    pub restock_status: RestockStatus,
    /// Seconds from the order to the arrival.
    pub lead_time_seconds: u64,
    /// Number of restocks of the product that failed in a row before this one.
    pub failures_before: u32,
}

impl Warehouse {
    /// Stores the token of the task that waits for the goods of the order. Fails with [`AwaitError::AlreadyArrived`] if
    /// the goods have arrived, because then no callback will complete the task.
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

    /// Records an arrival. The first quantity stands. The status is determined again on each call, so a retry completes
    /// what an earlier call left undone.
    pub async fn record_arrival(&self, arrival: &Arrival) -> Result<ArrivalStatus, ArrivalError> {
        let status = self.transaction(async |connection| {
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
                _ if now.credited => ArrivalStatus::Duplicate,
                _ if !now.current => ArrivalStatus::Late,
                Some(task_token) => ArrivalStatus::Awaited { task_token },
                None => ArrivalStatus::Early,
            }))
        });
        status.await?.ok_or(ArrivalError::UnknownOrder(arrival.production_order))
    }

    /// Looks up the order of a callback that was refused. Changes nothing.
    pub async fn refused_callback(
        &self,
        order: ProductionOrderId,
    ) -> Result<RefusedCallback, ArrivalError> {
        let row = self
            .run(async |connection| {
                Ok(sqlx::query!(
                    r#"SELECT sku, cycle,
                              (SELECT CAST(COALESCE(SUM(stock), 0) AS SIGNED) FROM stock_bucket
                               WHERE stock_bucket.sku = production_order.sku) AS "stock!: i64"
                       FROM production_order WHERE id = ?"#,
                    order.to_string()
                )
                .fetch_optional(connection)
                .await?)
            })
            .await?
            .ok_or(ArrivalError::UnknownOrder(order))?;
        Ok(RefusedCallback {
            sku: row.sku.parse().map_err(Error::from)?,
            restock_cycle: row.cycle.try_into().map_err(Error::from)?,
            stock: stock(row.stock),
        })
    }

    /// Credits the arrival of an order, once. If the order is the latest of an open restock, completes the restock.
    pub async fn increment_stock(&self, order: ProductionOrderId) -> Result<Credited, CreditError> {
        let id = order.to_string();
        let row = self.run(async |connection| credit(connection, &id).await).await?;
        let row = row.ok_or(CreditError::UnknownOrder(order))?;
        let quantity = row.arrived_quantity.ok_or(CreditError::NotArrived(order))?;
        Ok(row.credited(quantity)?)
    }
}

/// Stores the arrival and returns the token of the waiting task, if there is one. Returns `None` if the order is
/// unknown. Locks the row of the order, which `await_arrival` also locks: whichever comes second sees what the first
/// one wrote.
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
        arrival.quantity.get(),
        order.to_string()
    )
    .execute(connection)
    .await?;
    Ok(Some(row.task_token))
}

/// The result of storing a task token.
enum Stored {
    Token,
    AlreadyArrived,
    UnknownOrder,
}

/// The row that the procedure `increment_stock` returns.
#[derive(FromRow)]
pub(crate) struct CreditRow {
    sku: String,
    cycle: u32,
    attempt: u32,
    arrived_quantity: Option<i32>,
    credited_here: bool,
    closed_here: bool,
    came_late: bool,
    stock: i64,
    target_stock: i32,
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
            quantity: units(quantity)?,
            stock: stock(self.stock),
            target_stock: stock(self.target_stock.into()),
            credited_here: self.credited_here,
            completed_here: self.closed_here,
            late: self.came_late,
            restock_status: self.restock_status.parse()?,
            // Negative only if the clock of the server was set back.
            lead_time_seconds: self.lead_time_seconds.unwrap_or_default().max(0).unsigned_abs(),
            failures_before: self.failures_before.try_into().unwrap_or(u32::MAX),
        })
    }
}

/// Credits the arrival of an order, if one is recorded and not yet credited. Returns `None` if the order is unknown.
pub(crate) async fn credit(
    connection: &mut MySqlConnection,
    order: &str,
) -> Result<Option<CreditRow>> {
    let call = sqlx::query_as("CALL increment_stock(?)").bind(order);
    Ok(call.fetch_optional(connection).await?)
}

/// Converts a quantity from the database.
pub(crate) fn units(quantity: i32) -> Result<Units> {
    let quantity = u32::try_from(quantity).map_err(|_| domain::Error::Units)?;
    Ok(quantity.try_into()?)
}
