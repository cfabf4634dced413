//! `POST /checkout`

use std::time::Duration;

use aws_config::{retry::RetryConfig, timeout::TimeoutConfig};
use lambda_support::config::setting;
use purchase_workflow::sales_api::{self, PurchaseMachine};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::StartError> {
    // A repeated call would run the machine twice; it is the customer who repeats, with the same key.
    let once = RetryConfig::disabled();
    // Longer than the machine may take, so that its answer is heard.
    let patience = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_timeout(Duration::from_secs(8))
        .build();
    let aws = aws::aws().await.into_builder().retry_config(once).timeout_config(patience).build();
    let machine = PurchaseMachine {
        client: aws::step_functions(&aws),
        arn: setting("PURCHASE_MACHINE_ARN")?,
    };
    lambda_support::run(async |request| sales_api::handle(&machine, request).await).await
}
