//! Steps `Report…` of the state machines `restock`, `completion` and `sweep`.

use lambda_support::{StartError, config::setting};
use operations_workflow::report::{self, OperationsQueue};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    lambda_support::run(start().await, report::handle).await
}

async fn start() -> Result<OperationsQueue, StartError> {
    let sqs = aws_sdk_sqs::Client::new(&aws::aws().await);
    Ok(OperationsQueue { sqs, url: setting("OPERATIONS_QUEUE_URL")? })
}
