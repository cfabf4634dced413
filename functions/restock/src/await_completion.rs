//! `AwaitCompletion`: stores the task token of the waiting execution in the production order.

use domain::{ProductionOrderRef, WaitingTask};
use lambda_support::StepOutput;
use warehouse::{AwaitError, Warehouse};

/// Stores the token. Fails with `Completion.AlreadyArrived` if the goods have arrived. Step Functions ignores the
/// output: the result of the task comes with the callback.
pub async fn handle(
    warehouse: &Warehouse,
    task: WaitingTask,
) -> Result<StepOutput<ProductionOrderRef>, AwaitError> {
    let production_order = task.production_order;
    warehouse.await_arrival(production_order, &task.task_token).await?;
    let sentence = format!("waiting for the goods of production order {production_order}");
    Ok(StepOutput::new(ProductionOrderRef { production_order }, sentence))
}
