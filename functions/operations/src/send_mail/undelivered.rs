use std::{collections::HashMap, fmt::Display};

use aws::Error;
use aws_lambda_events::sqs::{SqsMessage, SqsMessageAttribute};

use super::Destinations;
use crate::{
    dead_letter::DeadLetter,
    report::{MessageUndelivered, Report},
};

/// The attribute in which SQS writes the ARN of the queue that a message comes from, when it moves the message.
const SOURCE: &str = "DeadLetterQueueSourceArn";

/// A longer body is cut: no valid message is so long, and the dead letter has further attributes.
const LONGEST_BODY: usize = 64 * 1024;

/// A message that another queue has set aside.
pub(super) struct Undelivered {
    /// Id of the message, also in `operations_queue`.
    pub message_id: String,
    queue: String,
    body: String,
    attributes: HashMap<String, SqsMessageAttribute>,
}

impl Undelivered {
    /// Returns `None` for a message that was sent to `operations_queue` itself.
    pub fn of(message: &SqsMessage) -> Option<Self> {
        let queue = queue_name(message.attributes.get(SOURCE)?);
        let body = message.body.as_deref().unwrap_or_default();
        Some(Self {
            message_id: message.message_id.clone().unwrap_or_default(),
            queue,
            body: body[..body.floor_char_boundary(LONGEST_BODY)].to_owned(),
            attributes: message.message_attributes.clone(),
        })
    }

    /// Leaves the dead letter, and reports it. The report is a message of its own: while its mail cannot be sent, the dead
    /// letter is not repeated.
    pub async fn leave(&self, to: &Destinations) -> Result<(), Error> {
        let letter = DeadLetter::of_undelivered(&self.queue, &self.body, &self.attributes)?;
        to.dead_letters.send(letter).await?;
        to.reports.send(&Report::MessageUndelivered(self.report())).await?;
        Ok(())
    }

    fn report(&self) -> MessageUndelivered {
        let order = self.attributes.get("production_order");
        MessageUndelivered {
            queue: self.queue.clone(),
            message_id: self.message_id.clone(),
            body: (self.queue == "stock_queue").then(|| self.body.clone()),
            production_order: order.and_then(|order| order.string_value.as_ref()?.parse().ok()),
        }
    }
}

impl Display for Undelivered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "message {} of {}", self.message_id, self.queue)
    }
}

/// The name in `system.json` of the queue with this ARN. On AWS, the queue `stock_queue` of the deployment `restock` is
/// called `restock-stock-queue`.
fn queue_name(arn: &str) -> String {
    let name = arn.rsplit(':').next().unwrap_or(arn).replace('-', "_");
    let known = ["stock_queue", "completion_queue"].into_iter().find(|known| name.ends_with(known));
    known.map_or(name.clone(), str::to_owned)
}
