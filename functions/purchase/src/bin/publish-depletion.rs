//! Step `PublishDepletion` of the state machines `purchase` and `sweep`.

use lambda_support::config::setting;
use purchase_workflow::publish_depletion::{self, Topic};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::StartError> {
    let topic = Topic {
        client: aws_sdk_sns::Client::new(&aws::aws().await),
        arn: setting("DEPLETION_TOPIC_ARN")?,
    };
    lambda_support::run(async |depletion| publish_depletion::handle(&topic, depletion).await).await
}
