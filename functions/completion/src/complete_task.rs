//! `CompleteTask`: tells the execution that waits that its goods are there.

use aws_sdk_sfn::{error::SdkError, operation::send_task_success::SendTaskSuccessError};
use domain::ProductionOrderId;
use errors::{ErrorName, NamedError};
use lambda_support::Answer;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why the task could not be completed.
#[derive(Debug, Error)]
pub enum CompleteError {
    /// The call failed.
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

/// The order, and what its execution is told with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    production_order: ProductionOrderId,
    task_token: String,
}

/// The order whose execution goes on. Also the result of the task that it waited in.
#[derive(Debug, Serialize)]
pub struct Completed {
    production_order: ProductionOrderId,
}

/// Completes the task, or fails with `Completion.TokenClosed`.
pub async fn handle(
    client: &aws_sdk_sfn::Client,
    task: Task,
) -> Result<Answer<Completed>, CompleteError> {
    let order = task.production_order;
    let completed = Completed { production_order: order };
    let output = serde_json::to_string(&completed).map_err(aws::Error::from)?;
    let success = client.send_task_success().task_token(task.task_token).output(output);
    match success.send().await {
        Ok(_) => {
            Ok(Answer::new(completed, format!("told the restock that order {order} is there")))
        }
        Err(SdkError::ServiceError(answer)) if is_closed(answer.err()) => {
            Err(CompleteError::TokenClosed(order))
        }
        Err(error) => Err(aws::Error::from(error).into()),
    }
}

/// The three ways in which Step Functions says that nobody waits under a token.
fn is_closed(error: &SendTaskSuccessError) -> bool {
    error.is_task_timed_out() || error.is_task_does_not_exist() || error.is_invalid_token()
}
