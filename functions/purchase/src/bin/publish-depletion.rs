//! The step `PublishDepletion` of the machines `purchase` and `sweep`.

use purchase_workflow::publish_depletion::{self, Topic};
use step::config::setting;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), step::StartError> {
    let topic = Topic {
        client: aws_sdk_sns::Client::new(&door::aws().await),
        arn: setting("DEPLETION_TOPIC_ARN")?,
    };
    step::run(async |depletion| publish_depletion::handle(&topic, depletion).await).await
}
