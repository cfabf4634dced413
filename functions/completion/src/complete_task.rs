//! `CompleteTask`: completes the task of the restock that waits for an arrival.

use aws_sdk_sfn::{error::SdkError, operation::send_task_success::SendTaskSuccessError};
use domain::{ProductionOrderId, ProductionOrderRef, WaitingTask};
use errors::{ErrorName, NamedError};
use lambda_support::StepOutput;
use thiserror::Error;

/// Why the task could not be completed.
#[derive(Debug, Error)]
pub enum CompleteError {
    #[error(transparent)]
    Aws(#[from] aws::Error),
    /// The execution has ended, or its wait has timed out.
    #[error("no execution waits for production order {0} any longer")]
    TokenClosed(ProductionOrderId),
}

impl NamedError for CompleteError {
    const NAMES: &'static [ErrorName] = &[
        ErrorName::AwsUnavailable,
        ErrorName::AwsRefused,
        ErrorName::MessageUnwritable,
        ErrorName::CompletionTokenClosed,
    ];

    fn name(&self) -> ErrorName {
        match self {
            Self::Aws(error) => error.name(),
            Self::TokenClosed(_) => ErrorName::CompletionTokenClosed,
        }
    }
}

/// Completes the task. Fails with `Completion.TokenClosed` if no execution waits any more. The output is also the
/// result of the task.
pub async fn handle(
    client: &aws_sdk_sfn::Client,
    task: WaitingTask,
) -> Result<StepOutput<ProductionOrderRef>, CompleteError> {
    let order = task.production_order;
    let completed = ProductionOrderRef { production_order: order };
    let output = serde_json::to_string(&completed).map_err(aws::Error::from)?;
    let success = client.send_task_success().task_token(task.task_token).output(output);
    match success.send().await {
        Ok(_) => {
            let sentence = format!("completed the task that waited for production order {order}");
            Ok(StepOutput::new(completed, sentence))
        }
        Err(SdkError::ServiceError(answer)) if is_closed(answer.err()) => {
            Err(CompleteError::TokenClosed(order))
        }
        Err(error) => Err(aws::Error::from(error).into()),
    }
}

/// The three errors with which Step Functions reports that no execution waits with this token.
fn is_closed(error: &SendTaskSuccessError) -> bool {
    error.is_task_timed_out() || error.is_task_does_not_exist() || error.is_invalid_token()
}
