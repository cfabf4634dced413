//! Steps `LeaveDeadLetter` and `LeaveRejectedMessage` of the state machines `restock`, `completion` and `sweep`.

use lambda_support::config::setting;
use operations_workflow::{dead_letter::DeadLetterQueue, leave_dead_letter};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::StartError> {
    let sqs = aws_sdk_sqs::Client::new(&aws::aws().await);
    let queue = DeadLetterQueue { sqs, url: setting("DEAD_LETTER_QUEUE_URL")? };
    lambda_support::run(async |failure| leave_dead_letter::handle(&queue, failure).await).await
}
