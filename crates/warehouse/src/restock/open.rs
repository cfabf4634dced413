//! Opens a restock, or continues it with the next order.

use domain::{FactoryAddress, ProductionOrder, ProductionOrderId, Reason, RestockCycle, Sku};
use serde::{Deserialize, Serialize};
use sqlx::MySqlConnection;

use super::{ProductRow, forget_tokens, lock_product, next_cycle};
use crate::{ProductError, Result, Warehouse, arrival::units, constraint, factory::address};

/// Asks for the first or the next order of a restock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenRequest {
    pub sku: Sku,
    /// Attempt 1: the restock that the depletion asks for. Later attempts: the open restock.
    pub restock_cycle: RestockCycle,
    pub reason: Reason,
    /// The execution that asks. Only the execution that opened a restock can continue it.
    pub execution: String,
    /// Attempt number of the order, starting at 1.
    pub attempt: u32,
    /// Maximum number of orders for one restock.
    pub attempts_allowed: u32,
}

/// What the execution has to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Opened {
    /// Send this order, which is already recorded, to this factory.
    Ordered { order: ProductionOrder, factory: FactoryAddress },
    /// Send nothing: the goods of this order, the latest, have arrived. Credit them.
    Arrived { order: ProductionOrder },
    /// Nothing: the stock is above the reorder point.
    NotNeeded,
    /// Nothing: the requested restock is closed, and the product is in a later cycle.
    Superseded,
    /// Nothing: another execution has the product's open restock.
    UnderWay,
    /// Give up: all allowed orders were sent, and the goods of none arrived.
    Exhausted,
}

impl Opened {
    /// The order to send or to credit.
    pub fn order(&self) -> Option<&ProductionOrder> {
        match self {
            Self::Ordered { order, .. } | Self::Arrived { order } => Some(order),
            Self::NotNeeded | Self::Superseded | Self::UnderWay | Self::Exhausted => None,
        }
    }
}

/// What is decided, before the address of the factory is read.
enum Next {
    /// This order is recorded, and must be sent.
    Send(ProductionOrder),
    Answer(Opened),
}

impl Next {
    async fn opened(self, connection: &mut MySqlConnection) -> Result<Opened> {
        match self {
            Self::Answer(opened) => Ok(opened),
            Self::Send(order) => {
                let factory = address(connection, &order.factory).await?;
                Ok(Opened::Ordered { order, factory })
            }
        }
    }
}

impl Warehouse {
    /// Opens a restock, or continues the one that the execution has opened. Records the order before it is sent.
    pub async fn open_restock(&self, request: &OpenRequest) -> Result<Opened, ProductError> {
        let opened = self.transaction(async |connection| {
            let OpenRequest { sku, execution, attempt, .. } = request;
            forget_tokens(connection, sku, execution, Some(*attempt)).await?;
            let Some(product) = lock_product(connection, &request.sku).await? else {
                return Ok(None);
            };
            let next = match &product.open_execution {
                Some(execution) if *execution == request.execution => {
                    resume(connection, request, &product).await?
                }
                Some(_) => Next::Answer(Opened::UnderWay),
                None if request.attempt > 1 || request.is_outdated(&product) => {
                    Next::Answer(Opened::Superseded)
                }
                None if product.stock > product.reorder_point => Next::Answer(Opened::NotNeeded),
                None => begin(connection, request, &product).await?,
            };
            Ok(Some(next.opened(connection).await?))
        });
        opened.await?.ok_or_else(|| ProductError::Unknown(request.sku.clone()))
    }
}

impl OpenRequest {
    /// Whether the product has moved to a later cycle since a purchase noticed the depletion. Many such messages may
    /// be left in the queue, and they must not start the next restock as soon as one has failed. Requests of the sweep
    /// and of operators are never outdated.
    fn is_outdated(&self, product: &ProductRow) -> bool {
        self.restock_cycle < product.cycle && !self.reason.outlasts_a_restock()
    }
}

/// Starts a restock in the product's current cycle. The request may name a later cycle: the dead letter of a restock
/// that could not be closed does.
async fn begin(
    connection: &mut MySqlConnection,
    request: &OpenRequest,
    product: &ProductRow,
) -> Result<Next> {
    let opened = sqlx::query!(
        "INSERT INTO restock (sku, cycle, execution) VALUES (?, ?, ?)",
        request.sku.as_str(),
        product.cycle.get(),
        request.execution
    )
    .execute(&mut *connection)
    .await;
    match opened {
        Err(e) if constraint::is_violated(&e, constraint::ONE_OPEN_RESTOCK) => {
            Ok(Next::Answer(Opened::UnderWay))
        }
        Err(e) => Err(e.into()),
        Ok(_) => order(connection, request, product, 1).await,
    }
}

async fn resume(
    connection: &mut MySqlConnection,
    request: &OpenRequest,
    product: &ProductRow,
) -> Result<Next> {
    let latest = latest_order(connection, &request.sku, product).await?;
    match latest {
        // A retry: the order that the first call recorded stands.
        Some((order, _)) if order.attempt >= request.attempt => Ok(Next::Send(order)),
        Some((order, true)) => Ok(Next::Answer(Opened::Arrived { order })),
        _ if product.stock > product.reorder_point => {
            complete(connection, &request.sku).await?;
            Ok(Next::Answer(Opened::NotNeeded))
        }
        _ if request.attempt > request.attempts_allowed => Ok(Next::Answer(Opened::Exhausted)),
        _ => order(connection, request, product, request.attempt).await,
    }
}

/// Returns the latest order of the product's open restock, and whether its goods have arrived.
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

/// Records an order for the units that are missing to the target stock.
async fn order(
    connection: &mut MySqlConnection,
    request: &OpenRequest,
    product: &ProductRow,
    attempt: u32,
) -> Result<Next> {
    let missing = i32::try_from(product.target_stock - product.stock);
    let missing = missing.map_err(|_| domain::Error::Units)?;
    let order = ProductionOrder {
        production_order: ProductionOrderId::random(),
        sku: request.sku.clone(),
        restock_cycle: product.cycle,
        attempt,
        quantity: units(missing)?,
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
    Ok(Next::Send(order))
}

/// Closes the product's open restock as completed, because the stock was replenished in another way.
async fn complete(connection: &mut MySqlConnection, sku: &Sku) -> Result<()> {
    sqlx::query!(
        "UPDATE restock SET status = 'completed', closed_at = CURRENT_TIMESTAMP(6) WHERE open_sku = ?",
        sku.as_str()
    )
    .execute(&mut *connection)
    .await?;
    next_cycle(connection, sku).await
}
