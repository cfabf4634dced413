//! `AwaitCompletion`: stores what the waiting execution is told with, beside the order it waits for.

use domain::ProductionOrderId;
use lambda_support::Answer;
use serde::{Deserialize, Serialize};
use warehouse::{AwaitError, Warehouse};

/// The order, and the task token of the execution that waits for it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    production_order: ProductionOrderId,
    task_token: String,
}

/// Nobody reads this: the task's result is what the callback brings.
#[derive(Debug, Serialize)]
pub struct Waiting {
    awaited: ProductionOrderId,
}

/// Stores the token, or fails with `Completion.AlreadyArrived`.
pub async fn handle(warehouse: &Warehouse, wait: Wait) -> Result<Answer<Waiting>, AwaitError> {
    let order = wait.production_order;
    warehouse.await_arrival(order, &wait.task_token).await?;
    let sentence = format!("waiting for the goods of production order {order}");
    Ok(Answer::new(Waiting { awaited: order }, sentence))
}
