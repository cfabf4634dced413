use std::collections::BTreeMap;

use anyhow::{Context, Result};
use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::json;

use system::{Queue, queue_arn};

use super::{Deployment, MAIL_FROM, MAIL_TO};

/// The URL of each queue.
pub(super) struct Queues(BTreeMap<String, String>);

impl Queues {
    pub(super) fn url(&self, name: &str) -> String {
        self.0.get(name).cloned().unwrap_or_default()
    }
}

impl Deployment {
    /// Creates the queues. A dead letter queue is created before the queue that refers to it.
    pub(super) async fn create_queues(&self) -> Result<Queues> {
        let mut queues: Vec<_> = self.system.queues.iter().collect();
        queues.sort_by_key(|(_, queue)| queue.dead_letters_to.is_some());
        let mut urls = BTreeMap::new();
        for (name, queue) in queues {
            let url = self.create_queue(name, queue).await;
            urls.insert(
                name.clone(),
                url.with_context(|| format!("the queue {name} cannot be created"))?,
            );
        }
        Ok(Queues(urls))
    }

    async fn create_queue(&self, name: &str, queue: &Queue) -> Result<String> {
        let mut create = self
            .clients
            .queues
            .create_queue()
            .queue_name(name)
            .attributes(
                QueueAttributeName::VisibilityTimeout,
                queue.visibility_timeout_seconds.to_string(),
            )
            .attributes(
                QueueAttributeName::MessageRetentionPeriod,
                queue.retention_seconds.to_string(),
            );
        if let Some(bytes) = queue.maximum_message_bytes {
            create = create.attributes(QueueAttributeName::MaximumMessageSize, bytes.to_string());
        }
        if let (Some(dead), Some(times)) = (&queue.dead_letters_to, queue.max_receive_count) {
            let policy = json!({"deadLetterTargetArn": queue_arn(dead), "maxReceiveCount": times});
            create = create.attributes(QueueAttributeName::RedrivePolicy, policy.to_string());
        }
        create.send().await?.queue_url.context("the queue has no URL")
    }

    /// Creates the topic for depletions and subscribes the queue to it, with raw message delivery.
    pub(super) async fn create_topic(&self, queues: &Queues) -> Result<String> {
        let topic = self.clients.topics.create_topic().name("depletion").send().await;
        let arn = topic
            .context("the topic cannot be created")?
            .topic_arn
            .context("the topic has no ARN")?;
        self.allow_topic_to_send(&arn, queues).await?;
        let subscribe = self
            .clients
            .topics
            .subscribe()
            .topic_arn(&arn)
            .protocol("sqs")
            .endpoint(queue_arn("stock_queue"))
            .attributes("RawMessageDelivery", "true");
        subscribe.send().await.context("stock_queue cannot be subscribed to the topic")?;
        Ok(arn)
    }

    async fn allow_topic_to_send(&self, topic: &str, queues: &Queues) -> Result<()> {
        let policy = json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow",
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": queue_arn("stock_queue"),
                "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
            }],
        });
        let set = self.clients.queues.set_queue_attributes().queue_url(queues.url("stock_queue"));
        let set = set.attributes(QueueAttributeName::Policy, policy.to_string());
        set.send().await.context("the policy of stock_queue cannot be set")?;
        Ok(())
    }

    pub(super) async fn verify_mail_addresses(&self) -> Result<()> {
        for address in [MAIL_FROM, MAIL_TO] {
            let verify = self.clients.mails.verify_email_identity().email_address(address);
            verify.send().await.with_context(|| format!("{address} cannot be verified"))?;
        }
        Ok(())
    }
}
