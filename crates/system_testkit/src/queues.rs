//! The messages in `stock_queue`, `completion_queue`, `dead_letter_queue` and `operations_queue`.

use std::collections::BTreeMap;

use aws_sdk_sqs::types::{Message, MessageAttributeValue, QueueAttributeName as Attribute};
use operations::dead_letters::DeadLetter;

use crate::{System, eventually};

/// A dead letter as the queue has it: body and attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetterMessage {
    pub body: String,
    pub attributes: BTreeMap<String, String>,
}

impl DeadLetterMessage {
    fn read(message: Message) -> Self {
        let attributes = message.message_attributes.unwrap_or_default().into_iter();
        let text = |value: MessageAttributeValue| value.string_value;
        Self {
            body: message.body.unwrap_or_default(),
            attributes: attributes.filter_map(|(name, value)| Some((name, text(value)?))).collect(),
        }
    }

    /// The value of an attribute; empty if it has none.
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }
}

impl System {
    /// The dead letters as `restock dead-letters redrive` reads them.
    pub async fn dead_letters(&self) -> Vec<DeadLetter> {
        self.queues.list().await.expect("dead letters")
    }

    /// Waits until there are at least this many dead letters, and returns all of them.
    pub async fn wait_for_dead_letters(&self, number: usize) -> Vec<DeadLetterMessage> {
        eventually(&format!("there are {number} dead letters"), async || {
            let letters = self.receive_dead_letters().await;
            (letters.len() >= number).then_some(letters)
        })
        .await
    }

    /// Leaves them visible to others.
    async fn receive_dead_letters(&self) -> Vec<DeadLetterMessage> {
        let receive = self.cloud.clients.queues.receive_message();
        let receive = receive
            .queue_url(&self.cloud.outputs.dead_letter_queue_url)
            .max_number_of_messages(10)
            .visibility_timeout(0)
            .message_attribute_names("All");
        let messages = receive.send().await.expect("messages").messages.unwrap_or_default();
        messages.into_iter().map(DeadLetterMessage::read).collect()
    }

    /// Puts a message into `dead_letter_queue`.
    pub async fn leave_dead_letter(&self, body: &str) {
        let url = &self.cloud.outputs.dead_letter_queue_url;
        let send = self.cloud.clients.queues.send_message().queue_url(url).message_body(body);
        send.send().await.expect("the message is sent");
    }

    /// Receives a dead letter as another operator does, and hides it for a minute. Returns its receipt.
    pub async fn hide_dead_letter(&self) -> String {
        let receive = self.cloud.clients.queues.receive_message();
        let receive = receive.queue_url(&self.cloud.outputs.dead_letter_queue_url);
        let received = receive.visibility_timeout(60).send().await.expect("messages");
        let letter = received.messages.and_then(|messages| messages.into_iter().next());
        letter.and_then(|letter| letter.receipt_handle).expect("a dead letter")
    }

    /// Puts back a dead letter that was hidden.
    pub async fn show_dead_letter(&self, receipt: &str) {
        let show = self.cloud.clients.queues.change_message_visibility().visibility_timeout(0);
        let show = show.queue_url(&self.cloud.outputs.dead_letter_queue_url);
        show.receipt_handle(receipt).send().await.expect("it is put back");
    }

    /// The dead letters that a receiver gets now, without receiving them.
    pub async fn visible_dead_letters(&self) -> usize {
        let get = self.cloud.clients.queues.get_queue_attributes();
        let get = get.queue_url(&self.cloud.outputs.dead_letter_queue_url);
        let get = get.attribute_names(Attribute::ApproximateNumberOfMessages);
        let counts = get.send().await.expect("attributes").attributes.expect("attributes");
        counts[&Attribute::ApproximateNumberOfMessages].parse().expect("a number")
    }

    /// Waits until every message in `stock_queue` has been handled.
    pub async fn wait_until_queue_is_empty(&self) {
        eventually("stock_queue is empty", async || (!self.has_messages().await).then_some(()))
            .await;
    }

    /// Whether there are messages in `stock_queue`, received or not.
    pub async fn has_messages(&self) -> bool {
        self.count_messages(&self.cloud.outputs.stock_queue_url).await > 0
    }

    /// Whether there are callbacks in `completion_queue`, received or not.
    pub async fn has_callbacks(&self) -> bool {
        self.count_messages(&self.cloud.outputs.completion_queue_url).await > 0
    }

    /// Waits until `send-mail` has handled every report.
    pub async fn wait_until_mails_are_sent(&self) {
        eventually("operations_queue is empty", async || (!self.has_reports().await).then_some(()))
            .await;
    }

    /// Whether there are messages in `operations_queue`, received or not.
    pub async fn has_reports(&self) -> bool {
        self.count_messages(&self.operations_queue_url().await).await > 0
    }

    pub async fn operations_queue_url(&self) -> String {
        let get = self.cloud.clients.queues.get_queue_url().queue_name("operations_queue");
        get.send().await.expect("a queue").queue_url.expect("a URL")
    }

    /// The number of messages in the queue of this URL, received or not.
    pub async fn count_messages(&self, queue_url: &str) -> u64 {
        let get = self.cloud.clients.queues.get_queue_attributes();
        let get = get
            .queue_url(queue_url)
            .attribute_names(Attribute::ApproximateNumberOfMessages)
            .attribute_names(Attribute::ApproximateNumberOfMessagesNotVisible);
        let counts = get.send().await.expect("attributes").attributes.expect("attributes");
        assert_eq!(counts.len(), 2, "{counts:?}");
        counts.values().map(|number| number.parse::<u64>().expect("a number")).sum()
    }

    /// Waits until every callback in `completion_queue` has been handled.
    pub async fn wait_until_callbacks_are_handled(&self) {
        eventually("completion_queue is empty", async || {
            (!self.has_callbacks().await).then_some(())
        })
        .await;
    }

    /// Has SQS deliver a message again this soon if its consumer could not handle it.
    pub async fn set_visibility_timeout(&self, queue_url: &str, seconds: u32) {
        let set = self.cloud.clients.queues.set_queue_attributes().queue_url(queue_url);
        let set = set.attributes(Attribute::VisibilityTimeout, seconds.to_string());
        set.send().await.expect("the visibility time-out is set");
    }

    /// Deletes all messages in the queue of this URL.
    pub async fn purge(&self, queue_url: &str) {
        let purge = self.cloud.clients.queues.purge_queue().queue_url(queue_url);
        purge.send().await.expect("the queue is purged");
    }
}
