//! What the system leaves behind, as operations find it: log lines, messages, executions.

use std::collections::BTreeMap;

use aws_sdk_sfn::operation::describe_execution::DescribeExecutionOutput;
use aws_sdk_sqs::types::{Message, QueueAttributeName as Attribute};
use operations::executions::Executions;
use sqlx::{Connection, MySqlConnection};

use crate::{cloud::System, cloud::eventually};
use testkit::database::SKU;

/// A dead letter with all that it says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub body: String,
    pub attributes: BTreeMap<String, String>,
}

impl Letter {
    fn read(message: Message) -> Self {
        let attributes = message.message_attributes.unwrap_or_default();
        let text = |value: aws_sdk_sqs::types::MessageAttributeValue| value.string_value;
        Self {
            body: message.body.unwrap_or_default(),
            attributes: attributes
                .into_iter()
                .filter_map(|(name, value)| Some((name, text(value)?)))
                .collect(),
        }
    }

    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }
}

impl System {
    /// The dead letters with their attributes, once there are so many.
    pub async fn letters(&self, number: usize) -> Vec<Letter> {
        eventually(&format!("there are {number} dead letters"), async || {
            let letters = self.receive_dead_letters().await;
            (letters.len() >= number).then_some(letters)
        })
        .await
    }

    /// Sees them without hiding them from others.
    async fn receive_dead_letters(&self) -> Vec<Letter> {
        let receive = self
            .cloud
            .clients
            .queues
            .receive_message()
            .queue_url(&self.cloud.outputs.dead_letter_queue_url)
            .max_number_of_messages(10)
            .visibility_timeout(0)
            .message_attribute_names("All");
        let messages = receive.send().await.expect("messages").messages.unwrap_or_default();
        messages.into_iter().map(Letter::read).collect()
    }

    /// Waits until every message in `stock_queue` has been dealt with.
    pub async fn queue_is_empty(&self) {
        eventually("stock_queue is empty", async || (!self.messages_wait().await).then_some(()))
            .await;
    }

    /// Whether there are messages in `stock_queue`, taken or not.
    pub async fn messages_wait(&self) -> bool {
        let ask = self.cloud.clients.queues.get_queue_attributes();
        let ask = ask
            .queue_url(&self.cloud.outputs.stock_queue_url)
            .attribute_names(Attribute::ApproximateNumberOfMessages)
            .attribute_names(Attribute::ApproximateNumberOfMessagesNotVisible);
        let told = ask.send().await.expect("attributes").attributes.expect("attributes");
        assert_eq!(told.len(), 2, "{told:?}");
        told.values().any(|number| number != "0")
    }

    /// All that is to be known of an execution, once it has ended.
    pub async fn described(&self, executions: &Executions, name: &str) -> DescribeExecutionOutput {
        self.ended(executions, name).await;
        let execution = executions.named(name).await.expect("executions").expect("it is there");
        let machines = &self.cloud.clients.machines;
        let describe = machines.describe_execution().execution_arn(execution.execution_arn());
        describe.send().await.expect("the execution")
    }

    /// The names of all restocks that were started.
    pub async fn restock_names(&self) -> Vec<String> {
        let executions = self.restocks().list().await.expect("executions");
        executions.iter().map(|execution| execution.name().to_owned()).collect()
    }

    /// The execution that was started under the name and a suffix.
    pub async fn started_again(&self, name: &str) -> String {
        let prefix = format!("{name}_");
        eventually(&format!("{name} is started again"), async || {
            self.restock_names().await.into_iter().find(|name| name.starts_with(&prefix))
        })
        .await
    }

    /// A connection that may do what no function does.
    pub async fn by_hand(&self) -> MySqlConnection {
        let url = self.cloud.outputs.database_url.as_deref().expect("a database");
        MySqlConnection::connect(url).await.expect("a connection")
    }

    /// How many movements of the product the ledger holds.
    pub async fn movements(&self) -> i64 {
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM stock_movement WHERE sku = ?");
        count.bind(SKU).fetch_one(&mut self.by_hand().await).await.expect("a count")
    }
}
