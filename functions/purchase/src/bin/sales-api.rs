//! `POST /checkout`.

use std::time::Duration;

use aws_config::{retry::RetryConfig, timeout::TimeoutConfig};
use lambda_support::{StartError, config::setting};
use purchase_workflow::sales_api::{self, PurchaseMachine, SalesApi};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    lambda_support::run(start().await, sales_api::handle).await
}

async fn start() -> Result<SalesApi, StartError> {
    // A retry by the SDK would run the state machine twice. The customer retries instead, with the same key.
    let no_retry = RetryConfig::disabled();
    // Longer than the time-out of the state machine, so that its result is received.
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_timeout(Duration::from_secs(8))
        .build();
    let aws =
        aws::aws().await.into_builder().retry_config(no_retry).timeout_config(timeouts).build();
    let client = aws::step_functions(&aws);
    let machine = PurchaseMachine { client, arn: setting("PURCHASE_MACHINE_ARN")? };
    Ok(SalesApi { machine, origin: setting("ORIGIN_SECRET")? })
}
