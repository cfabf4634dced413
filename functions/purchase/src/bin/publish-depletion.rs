//! Step `PublishDepletion` of the state machines `purchase` and `sweep`.

use lambda_support::{StartError, config::setting};
use purchase_workflow::publish_depletion::{self, Topic};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    lambda_support::run(start().await, publish_depletion::handle).await
}

async fn start() -> Result<Topic, StartError> {
    let client = aws_sdk_sns::Client::new(&aws::aws().await);
    Ok(Topic { client, arn: setting("DEPLETION_TOPIC_ARN")? })
}
