//! `CompleteTask`: completes the task of the restock that waits for an arrival.

use aws_sdk_sfn::{error::SdkError, operation::send_task_success::SendTaskSuccessError};
use domain::{ProductionOrderRef, WaitingTask};
use lambda_support::StepOutput;

use crate::Error;

/// Completes the task. Fails with `Completion.TokenClosed` if no execution waits any more. The output is also the result of
/// the task.
pub async fn handle(
    client: &aws_sdk_sfn::Client,
    task: WaitingTask,
) -> Result<StepOutput<ProductionOrderRef>, Error> {
    let order = task.production_order;
    let completed = ProductionOrderRef { production_order: order };
    let output = serde_json::to_string(&completed)?;
    let success = client.send_task_success().task_token(task.task_token).output(output);
    match success.send().await {
        Ok(_) => {
            let sentence = format!("completed the task that waited for production order {order}");
            Ok(StepOutput::new(completed, sentence))
        }
        Err(SdkError::ServiceError(answer)) if is_closed(answer.err()) => {
            Err(Error::TokenClosed(order))
        }
        Err(error) => Err(aws::Error::from(error).into()),
    }
}

/// The three errors with which Step Functions reports that no execution waits with this token.
fn is_closed(error: &SendTaskSuccessError) -> bool {
    error.is_task_timed_out() || error.is_task_does_not_exist() || error.is_invalid_token()
}
