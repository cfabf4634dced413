//! The text of each mail about messages in a queue.

use super::{Links, MENDED, MailTemplate};
use crate::report::{MessageRejected, MessageUndelivered};

pub(super) fn message_rejected(rejected: &MessageRejected) -> MailTemplate {
    let MessageRejected { message_id, body, why, .. } = rejected;
    MailTemplate::new(
        format!("message {message_id} in stock_queue is not a valid depletion"),
        "stock_queue received a message that is not a valid depletion. It was moved to \
         dead_letter_queue.",
    )
    .meaning("This message restocks no product. Other messages are not affected.")
    .action(
        "Find out who sent the message. Send a corrected message to stock_queue, then delete this one from \
         dead_letter_queue. A redrive leaves this message in dead_letter_queue.",
    )
    .fact("Message:", message_id)
    .fact("Problem:", why)
    .fact("Body:", body)
}

pub(super) fn message_undelivered(message: &MessageUndelivered, links: &Links) -> MailTemplate {
    let MessageUndelivered { queue, message_id, body, production_order } = message;
    let template = MailTemplate::new(
        format!("a message in {queue} could not be handled"),
        format!(
            "{queue} delivered a message too often without success. It was moved to dead_letter_queue."
        ),
    )
    .meaning(meaning_of_undelivered(queue))
    .action(redrive_undelivered(queue, links))
    .fact("Queue:", queue)
    .fact("Message:", message_id);
    template.optional_fact("Order:", *production_order).optional_fact("Body:", body.as_ref())
}

pub(super) fn meaning_of_undelivered(queue: &str) -> &'static str {
    match queue {
        "completion_queue" => {
            "Goods that the factory reported may be missing from the stock. The factory does not repeat a \
             callback."
        }
        _ => {
            "A product may not have been restocked. The sweep asks for its restock again every few minutes, \
             but fails as well while the cause lasts."
        }
    }
}

pub(super) fn redrive_undelivered(queue: &str, links: &Links) -> String {
    format!(
        "Read the log of {}, and fix the cause. Then move the dead letters back to the queues that they came \
         from. This is safe: nothing is ordered or credited twice.\n\n    {}",
        consumer(queue),
        links.redrive(None, MENDED)
    )
}

/// The function that handles the messages of a queue.
fn consumer(queue: &str) -> String {
    match queue {
        "stock_queue" => "the function start-restock".to_owned(),
        "completion_queue" => "the function receive-completion".to_owned(),
        other => format!("the function that handles {other}"),
    }
}

pub(super) fn unreadable(message_id: &str, body: &str) -> MailTemplate {
    MailTemplate::new(
        format!("message {message_id} in operations_queue is not a report"),
        "operations_queue received a message that is not a report of this release. It is deleted when this \
         mail is sent.",
    )
    .meaning(UNREADABLE_MEANING)
    .action(UNREADABLE_ACTION)
    .fact("Message:", message_id)
    .fact("Body:", body)
}

pub(super) const UNREADABLE_MEANING: &str =
    "A report to operations may be missing, or somebody sent the message by hand.";

pub(super) const UNREADABLE_ACTION: &str = "Read the message and check whether there is something to do. If it comes from \
     the system, deploy the functions and the state machines from the same release.";
