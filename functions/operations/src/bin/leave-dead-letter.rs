//! Steps `LeaveDeadLetter` and `LeaveRejectedMessage` of the state machines `restock`, `completion` and `sweep`.

use lambda_support::{StartError, config::setting};
use operations_workflow::{dead_letter::DeadLetterQueue, leave_dead_letter};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    lambda_support::run(start().await, leave_dead_letter::handle).await
}

async fn start() -> Result<DeadLetterQueue, StartError> {
    let sqs = aws_sdk_sqs::Client::new(&aws::aws().await);
    Ok(DeadLetterQueue { sqs, url: setting("DEAD_LETTER_QUEUE_URL")? })
}
