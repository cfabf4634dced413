//! What the database knows of executions of `restock`.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use sqlx::MySqlConnection;

use crate::Result;

/// A production order of an open restock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenOrder {
    pub id: String,
    pub sku: String,
    pub cycle: u32,
    pub attempt: u32,
    /// Whether an execution has stored its task token.
    pub has_token: bool,
    pub has_arrived: bool,
    /// The execution of the restock.
    pub execution: String,
}

/// Lists the executions that Step Functions may still know: it forgets them 90 days after their end.
pub(super) async fn executions(connection: &mut MySqlConnection) -> Result<HashSet<String>> {
    let executions = sqlx::query_scalar!(
        "SELECT execution FROM restock WHERE opened_at > CURRENT_TIMESTAMP(6) - INTERVAL 100 DAY"
    );
    Ok(executions.fetch_all(connection).await?.into_iter().collect())
}

/// Lists the orders of open restocks. Those of one restock are in the order of their attempts.
pub(super) async fn open_orders(connection: &mut MySqlConnection) -> Result<Vec<OpenOrder>> {
    let orders = sqlx::query_as!(
        OpenOrder,
        r#"SELECT ordered.id, ordered.sku, ordered.cycle, ordered.attempt, restock.execution,
                  ordered.has_task_token AS "has_token!: bool",
                  ordered.arrived_at IS NOT NULL AS "has_arrived!: bool"
           FROM restock
           JOIN production_order AS ordered ON ordered.sku = restock.sku AND ordered.cycle = restock.cycle
           WHERE restock.status = 'open' ORDER BY ordered.sku, ordered.attempt"#
    );
    Ok(orders.fetch_all(connection).await?)
}

pub(super) async fn is_settled(connection: &mut MySqlConnection, order: &str) -> Result<bool> {
    let settled = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM production_order WHERE id = ?)
             OR EXISTS (SELECT 1 FROM operator_change WHERE INSTR(reason, ?) > 0) AS "settled!: bool""#,
        order,
        order
    );
    Ok(settled.fetch_one(connection).await?)
}
