//! Records again what an execution has ordered and the database has lost, as after a restore.

use domain::{ProductionOrderId, Sku, Units};
use serde::{Deserialize, Serialize};
use sqlx::MySqlConnection;

use super::Outcome;
use crate::{ChangeError, Result, restock::next_cycle};

/// The orders that an execution of `restock` has sent, as its history says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentOrders {
    pub sku: Sku,
    pub execution: String,
    /// Whether the execution has ended. Then its restock is recorded as completed, otherwise as open.
    pub has_ended: bool,
    pub orders: Vec<SentOrder>,
}

/// One of these orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentOrder {
    pub production_order: ProductionOrderId,
    pub attempt: u32,
    pub quantity: Units,
}

/// Records the orders that the database does not have, and their restock if it does not have that either. Returns false if
/// there is no such product.
pub(super) async fn record(connection: &mut MySqlConnection, sent: &SentOrders) -> Outcome<bool> {
    let Some(next) = lock(connection, &sent.sku).await? else { return Ok(Ok(false)) };
    let recorded = cycle(connection, sent).await?;
    if recorded.is_none() && is_restocked(connection, &sent.sku).await? {
        return Ok(Err(refused(format!(
            "a restock of {} is open. Wait until it is closed, and repeat the command",
            sent.sku
        ))));
    }
    let cycle = match recorded {
        Some(cycle) => cycle,
        None => insert_restock(connection, sent, next).await?,
    };
    let mut missing = recorded.is_none();
    for order in &sent.orders {
        missing |= insert(connection, &sent.sku, cycle, order).await?;
    }
    let has_all = || refused(format!("the database has all orders of {}", sent.execution));
    Ok(if missing { Ok(true) } else { Err(has_all()) })
}

fn refused(why: String) -> ChangeError {
    ChangeError::Refused(format!("{why}. Nothing was changed"))
}

/// Locks the product, as everybody does who opens or closes a restock. Returns its next cycle, or `None` if it is unknown.
async fn lock(connection: &mut MySqlConnection, sku: &Sku) -> Result<Option<u32>> {
    let next = sqlx::query_scalar!(
        "SELECT restock_cycle FROM product WHERE sku = ? FOR UPDATE",
        sku.as_str()
    );
    Ok(next.fetch_optional(connection).await?)
}

/// The cycle of the restock that the execution has opened, if the database has it.
async fn cycle(connection: &mut MySqlConnection, sent: &SentOrders) -> Result<Option<u32>> {
    let cycle = sqlx::query_scalar!(
        "SELECT cycle FROM restock WHERE sku = ? AND execution = ?",
        sent.sku.as_str(),
        sent.execution
    );
    Ok(cycle.fetch_optional(connection).await?)
}

async fn is_restocked(connection: &mut MySqlConnection, sku: &Sku) -> Result<bool> {
    let open = sqlx::query_scalar!("SELECT cycle FROM restock WHERE open_sku = ?", sku.as_str());
    Ok(open.fetch_optional(connection).await?.is_some())
}

/// In the next cycle of the product: the cycle that the execution knows may belong to another restock by now.
async fn insert_restock(
    connection: &mut MySqlConnection,
    sent: &SentOrders,
    next: u32,
) -> Result<u32> {
    let insert = sqlx::query!(
        "INSERT INTO restock (sku, cycle, execution, status, closed_at)
         VALUES (?, ?, ?, IF(?, 'completed', 'open'), IF(?, CURRENT_TIMESTAMP(6), NULL))",
        sent.sku.as_str(),
        next,
        sent.execution,
        sent.has_ended,
        sent.has_ended
    );
    insert.execute(&mut *connection).await?;
    if sent.has_ended {
        next_cycle(connection, &sent.sku).await?;
    }
    Ok(next)
}

/// Returns false if the database has the order.
async fn insert(
    connection: &mut MySqlConnection,
    sku: &Sku,
    cycle: u32,
    order: &SentOrder,
) -> Result<bool> {
    let id = order.production_order.to_string();
    let known = sqlx::query_scalar!("SELECT id FROM production_order WHERE id = ?", id);
    if known.fetch_optional(&mut *connection).await?.is_some() {
        return Ok(false);
    }
    let insert = sqlx::query!(
        "INSERT INTO production_order (id, sku, cycle, attempt, quantity) VALUES (?, ?, ?, ?, ?)",
        id,
        sku.as_str(),
        cycle,
        order.attempt,
        order.quantity.get()
    );
    insert.execute(connection).await?;
    Ok(true)
}
