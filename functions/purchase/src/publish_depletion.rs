//! `PublishDepletion`: publishes a depletion to the topic, which starts the restock workflow.

use domain::Depletion;
use lambda_support::StepOutput;
use serde::Serialize;

/// The topic for depletions.
#[derive(Debug)]
pub struct Topic {
    pub client: aws_sdk_sns::Client,
    pub arn: String,
}

#[derive(Debug, Serialize)]
pub struct Published {
    message_id: Option<String>,
}

pub async fn handle(
    topic: &Topic,
    depletion: Depletion,
) -> Result<StepOutput<Published>, aws::Error> {
    let message = serde_json::to_string(&depletion)?;
    let publish = topic.client.publish().topic_arn(&topic.arn).message(message).send();
    let accepted = publish.await?;
    let sentence = format!(
        "published a depletion of {} for restock cycle {}",
        depletion.sku, depletion.restock_cycle
    );
    let published = Published { message_id: accepted.message_id };
    Ok(StepOutput::new(published, sentence).counted("Depletions", 1))
}
