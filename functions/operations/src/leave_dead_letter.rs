//! `leave-dead-letter`: puts a message into `dead_letter_queue`, so that a person can try the failed work again. A step of
//! its own, so that a report that is retried does not repeat the dead letter.

use aws::Error;
use lambda_support::StepOutput;
use serde::Serialize;

use crate::dead_letter::{DeadLetter, DeadLetterQueue, Failure};

#[derive(Debug, Serialize)]
pub struct Left {
    /// Id of the message in `dead_letter_queue`.
    message_id: Option<String>,
}

/// Leaves the dead letter of a failure.
pub async fn handle(queue: &DeadLetterQueue, failure: Failure) -> Result<StepOutput<Left>, Error> {
    let message_id = queue.send(DeadLetter::of(&failure)?).await?;
    Ok(StepOutput::new(Left { message_id }, "left a dead letter").counted("DeadLetters", 1))
}
