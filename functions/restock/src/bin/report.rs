//! Steps `Report…` of the state machines `restock`, `completion` and `sweep`.

use lambda_support::{StartError, config::setting};
use restock_workflow::report::{self, Links, Operations};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    lambda_support::run(start().await, report::handle).await
}

async fn start() -> Result<Operations, StartError> {
    let aws = aws::aws().await;
    Ok(Operations {
        sqs: aws_sdk_sqs::Client::new(&aws),
        dead_letter_queue_url: setting("DEAD_LETTER_QUEUE_URL")?,
        ses: aws_sdk_ses::Client::new(&aws),
        from: setting("MAIL_FROM")?,
        to: setting("MAIL_TO")?,
        links: Links {
            region: setting("AWS_REGION")?,
            redrive_command: setting("REDRIVE_COMMAND")?,
        },
    })
}
