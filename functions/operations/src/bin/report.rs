//! Steps `Report…` of the state machines `restock`, `completion` and `sweep`.

use lambda_support::config::setting;
use operations_workflow::report::{self, OperationsQueue};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::StartError> {
    let sqs = aws_sdk_sqs::Client::new(&aws::aws().await);
    let queue = OperationsQueue { sqs, url: setting("OPERATIONS_QUEUE_URL")? };
    lambda_support::run(async |report| report::handle(&queue, report).await).await
}
