//! `PublishDepletion`: tells the restock workflow, through the topic, that a product is depleted.

use domain::Depletion;
use lambda_support::Answer;
use serde::Serialize;

/// The topic that depletions are published to.
#[derive(Debug)]
pub struct Topic {
    /// A client of SNS.
    pub client: aws_sdk_sns::Client,
    /// The topic's ARN.
    pub arn: String,
}

/// The message as SNS took it.
#[derive(Debug, Serialize)]
pub struct Published {
    message_id: Option<String>,
}

/// Publishes a depletion.
pub async fn handle(topic: &Topic, depletion: Depletion) -> Result<Answer<Published>, aws::Error> {
    let message = serde_json::to_string(&depletion)?;
    let publish = topic.client.publish().topic_arn(&topic.arn).message(message).send();
    let taken = publish.await?;
    let sentence = format!(
        "told the restock workflow that {} is depleted, in restock cycle {}",
        depletion.sku, depletion.restock_cycle
    );
    let published = Published { message_id: taken.message_id };
    Ok(Answer::new(published, sentence).counted("Depletions", 1))
}
