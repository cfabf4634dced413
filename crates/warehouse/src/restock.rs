//! A restock: opened, gone on with, and closed where it failed. Where it succeeds, the credit of its
//! goods closes it (`arrival`).

use domain::{FactoryId, ProductionOrder, ProductionOrderId, Reason, RestockCycle, Sku, Units};
use serde::{Deserialize, Serialize};
use sqlx::MySqlConnection;

use crate::{ProductError, Result, Warehouse, arrival::credit, constraint};

/// What an execution asks for: the first order of a restock, or the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenRestock {
    /// The product.
    pub sku: Sku,
    /// The restock that the depletion asks for; from the second attempt on, the one under way.
    pub restock_cycle: RestockCycle,
    /// What noticed the depletion.
    pub reason: Reason,
    /// The execution that asks. No other may go on with what it opened.
    pub execution: String,
    /// The how-manieth order this will be, from 1.
    pub attempt: u32,
    /// How many orders a restock may have.
    pub attempts_allowed: u32,
}

/// What there is to do for a restock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Opened {
    /// Send this order. It is written down.
    Ordered {
        /// The order.
        order: ProductionOrder,
    },
    /// Send nothing: the goods of the last order have come in the meantime. Credit them.
    Arrived {
        /// The order whose goods are there.
        order: ProductionOrder,
    },
    /// The stock is above the reorder point.
    NotNeeded,
    /// That restock is closed; the product has moved on.
    Superseded,
    /// Another execution has an open restock for the product.
    UnderWay,
    /// All orders that the restock may have were sent, and none was answered.
    Exhausted,
}

/// Why a restock is closed without its goods.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseReason {
    /// The product.
    pub sku: Sku,
    /// The restock. A later one is not closed by this.
    pub restock_cycle: RestockCycle,
    /// The execution that gives up.
    pub execution: String,
    /// The name of the error.
    pub failure: String,
}

/// How a restock stands that was to be closed as failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Closed {
    /// `failed`; or `completed`, where its goods were credited after all; or `none`, where the
    /// execution never opened one.
    pub status: String,
    /// The product's stock.
    pub stock: i32,
    /// The product's cycle now: what a redrive asks for.
    pub next_cycle: u32,
    /// How many orders were sent, perhaps.
    pub attempts: u32,
    /// How many restocks of the product have failed since one succeeded, with this one.
    pub failures_in_a_row: u32,
}

struct ProductRow {
    stock: i32,
    reorder_point: i32,
    target_stock: i32,
    cycle: RestockCycle,
    factory: FactoryId,
}

impl Warehouse {
    /// Opens a restock, or goes on with the next order of the one that the execution has opened.
    pub async fn open_restock(&self, request: &OpenRestock) -> Result<Opened, ProductError> {
        let opened = self.transaction(async |connection| {
            let Some(product) = lock_product(connection, &request.sku).await? else {
                return Ok(None);
            };
            let open = open_execution(connection, &request.sku).await?;
            let opened = match open {
                Some(execution) if execution == request.execution => {
                    go_on(connection, request, &product).await?
                }
                Some(_) => Opened::UnderWay,
                None if request.attempt > 1 || request.is_old(&product) => Opened::Superseded,
                None if product.stock > product.reorder_point => Opened::NotNeeded,
                None => begin(connection, request, &product).await?,
            };
            Ok(Some(opened))
        });
        opened.await?.ok_or_else(|| ProductError::Unknown(request.sku.clone()))
    }

    /// Closes a restock as failed and begins the product's next cycle; or credits its goods, if they
    /// came while something else went wrong, and so completes it.
    pub async fn close_restock(&self, reason: &CloseReason) -> Result<Closed, ProductError> {
        self.run(async |connection| credit_arrived(connection, reason).await).await?;
        let closed = self.transaction(async |connection| {
            let Some(product) = lock_product(connection, &reason.sku).await? else {
                return Ok(None);
            };
            let open = open_execution(connection, &reason.sku).await?;
            if open.as_deref() == Some(&reason.execution) {
                fail(connection, &reason.sku, &reason.failure).await?;
            }
            standing(connection, reason, product.stock).await.map(Some)
        });
        closed.await?.ok_or_else(|| ProductError::Unknown(reason.sku.clone()))
    }
}

impl OpenRestock {
    /// Whether the product has moved on since the depletion was noticed. What is left in the queue by a
    /// crowd must not start the next restock the moment one has failed. The sweep has looked just now,
    /// and an operator insists.
    fn is_old(&self, product: &ProductRow) -> bool {
        self.restock_cycle < product.cycle && !self.reason.outlasts_a_restock()
    }
}

/// Locks the product's row, which all who open and close its restocks wait for.
async fn lock_product(connection: &mut MySqlConnection, sku: &Sku) -> Result<Option<ProductRow>> {
    let row = sqlx::query!(
        "SELECT stock, reorder_point, target_stock, restock_cycle, factory
         FROM product WHERE sku = ? FOR UPDATE",
        sku.as_str()
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(ProductRow {
        stock: row.stock,
        reorder_point: row.reorder_point,
        target_stock: row.target_stock,
        cycle: row.restock_cycle.try_into()?,
        factory: row.factory.parse()?,
    }))
}

/// The execution that has the product's open restock.
async fn open_execution(connection: &mut MySqlConnection, sku: &Sku) -> Result<Option<String>> {
    let execution =
        sqlx::query_scalar!("SELECT execution FROM restock WHERE open_sku = ?", sku.as_str());
    Ok(execution.fetch_optional(connection).await?)
}

/// A new restock, in the product's cycle: a dead letter may ask for one that is not reached yet, where
/// the restock before it could not be closed.
async fn begin(
    connection: &mut MySqlConnection,
    request: &OpenRestock,
    product: &ProductRow,
) -> Result<Opened> {
    let opened = sqlx::query!(
        "INSERT INTO restock (sku, cycle, execution) VALUES (?, ?, ?)",
        request.sku.as_str(),
        product.cycle.get(),
        request.execution
    )
    .execute(&mut *connection)
    .await;
    match opened {
        Err(e) if constraint::is_violated(&e, constraint::ONE_OPEN_RESTOCK) => Ok(Opened::UnderWay),
        Err(e) => Err(e.into()),
        Ok(_) => order(connection, request, product, 1).await,
    }
}

async fn go_on(
    connection: &mut MySqlConnection,
    request: &OpenRestock,
    product: &ProductRow,
) -> Result<Opened> {
    let latest = latest_order(connection, &request.sku, product).await?;
    match latest {
        // A repeated call: what the first one wrote down stands.
        Some((order, _)) if order.attempt >= request.attempt => Ok(Opened::Ordered { order }),
        Some((order, true)) => Ok(Opened::Arrived { order }),
        _ if product.stock > product.reorder_point => {
            complete(connection, &request.sku).await?;
            Ok(Opened::NotNeeded)
        }
        _ if request.attempt > request.attempts_allowed => Ok(Opened::Exhausted),
        _ => order(connection, request, product, request.attempt).await,
    }
}

/// The last order of the product's open restock, and whether its goods have arrived.
async fn latest_order(
    connection: &mut MySqlConnection,
    sku: &Sku,
    product: &ProductRow,
) -> Result<Option<(ProductionOrder, bool)>> {
    let row = sqlx::query!(
        r#"SELECT id, cycle, attempt, quantity, arrived_at IS NOT NULL AS "arrived!: bool"
           FROM production_order
           WHERE sku = ? AND cycle = ? ORDER BY attempt DESC LIMIT 1"#,
        sku.as_str(),
        product.cycle.get()
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let order = ProductionOrder {
        production_order: row.id.parse()?,
        sku: sku.clone(),
        restock_cycle: row.cycle.try_into()?,
        attempt: row.attempt,
        quantity: units(row.quantity)?,
        factory: product.factory.clone(),
    };
    Ok(Some((order, row.arrived)))
}

/// Writes down an order for what is missing to the target stock.
async fn order(
    connection: &mut MySqlConnection,
    request: &OpenRestock,
    product: &ProductRow,
    attempt: u32,
) -> Result<Opened> {
    let order = ProductionOrder {
        production_order: ProductionOrderId::random(),
        sku: request.sku.clone(),
        restock_cycle: product.cycle,
        attempt,
        quantity: units(product.target_stock - product.stock)?,
        factory: product.factory.clone(),
    };
    sqlx::query!(
        "INSERT INTO production_order (id, sku, cycle, attempt, quantity) VALUES (?, ?, ?, ?, ?)",
        order.production_order.to_string(),
        order.sku.as_str(),
        order.restock_cycle.get(),
        order.attempt,
        order.quantity.get()
    )
    .execute(connection)
    .await?;
    Ok(Opened::Ordered { order })
}

/// Closes the product's open restock as completed: goods have come another way.
async fn complete(connection: &mut MySqlConnection, sku: &Sku) -> Result<()> {
    sqlx::query!(
        "UPDATE restock SET status = 'completed', closed_at = CURRENT_TIMESTAMP(6) WHERE open_sku = ?",
        sku.as_str()
    )
    .execute(&mut *connection)
    .await?;
    next_cycle(connection, sku).await
}

/// Closes the product's open restock as failed.
async fn fail(connection: &mut MySqlConnection, sku: &Sku, failure: &str) -> Result<()> {
    sqlx::query!(
        "UPDATE restock SET status = 'failed', failure = LEFT(?, 256), closed_at = CURRENT_TIMESTAMP(6)
         WHERE open_sku = ?",
        failure,
        sku.as_str()
    )
    .execute(&mut *connection)
    .await?;
    next_cycle(connection, sku).await
}

async fn next_cycle(connection: &mut MySqlConnection, sku: &Sku) -> Result<()> {
    let next = sqlx::query!(
        "UPDATE product SET restock_cycle = restock_cycle + 1 WHERE sku = ?",
        sku.as_str()
    );
    next.execute(connection).await?;
    Ok(())
}

/// Credits the goods of the latest order of the execution's open restock, if they have arrived.
async fn credit_arrived(connection: &mut MySqlConnection, reason: &CloseReason) -> Result<()> {
    let latest = sqlx::query!(
        r#"SELECT production_order.id, arrived_at IS NOT NULL AS "arrived!: bool"
           FROM restock JOIN production_order USING (sku, cycle)
           WHERE restock.open_sku = ? AND restock.execution = ?
           ORDER BY attempt DESC LIMIT 1"#,
        reason.sku.as_str(),
        reason.execution
    )
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(order) = latest.filter(|order| order.arrived) {
        credit(connection, &order.id).await?;
    }
    Ok(())
}

/// How the restock of the execution that gave up stands now.
async fn standing(
    connection: &mut MySqlConnection,
    reason: &CloseReason,
    stock: i32,
) -> Result<Closed> {
    let row = sqlx::query!(
        r#"SELECT product.restock_cycle, restock.status AS "status?: String",
                  (SELECT COUNT(*) FROM production_order
                   WHERE production_order.sku = restock.sku AND production_order.cycle = restock.cycle)
                  AS "attempts!: i64",
                  (SELECT COUNT(*) FROM restock AS failed
                   WHERE failed.sku = product.sku AND failed.status = 'failed'
                   AND failed.cycle > (SELECT COALESCE(MAX(cycle), 0) FROM restock AS good
                                       WHERE good.sku = product.sku AND good.status = 'completed'))
                  AS "failures_in_a_row!: i64"
           FROM product
           LEFT JOIN restock ON restock.sku = product.sku AND restock.execution = ?
           WHERE product.sku = ?"#,
        reason.execution,
        reason.sku.as_str()
    )
    .fetch_one(connection)
    .await?;
    Ok(Closed {
        status: row.status.unwrap_or_else(|| "none".to_owned()),
        stock,
        next_cycle: row.restock_cycle,
        attempts: row.attempts.try_into().unwrap_or(u32::MAX),
        failures_in_a_row: row.failures_in_a_row.try_into().unwrap_or(u32::MAX),
    })
}

fn units(quantity: i32) -> Result<Units> {
    let quantity = u32::try_from(quantity).map_err(|_| domain::Error::Units)?;
    Ok(quantity.try_into()?)
}
