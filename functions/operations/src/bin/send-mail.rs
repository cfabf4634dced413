//! Consumer of `operations_queue`.

use lambda_support::{StartError, config::setting};
use operations_workflow::{
    dead_letter::DeadLetterQueue,
    mail::{Links, Mailer},
    report::OperationsQueue,
    send_mail::{self, Destinations},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    lambda_support::run(start().await, send_mail::handle).await
}

async fn start() -> Result<Destinations, StartError> {
    let aws = aws::aws().await;
    let sqs = aws_sdk_sqs::Client::new(&aws);
    Ok(Destinations {
        mailer: Mailer {
            ses: aws_sdk_ses::Client::new(&aws),
            from: setting("MAIL_FROM")?,
            to: setting("MAIL_TO")?,
            links: Links {
                execution: setting("EXECUTION_LINK")?,
                redrive_command: setting("REDRIVE_COMMAND")?,
                aws_command: setting("AWS_COMMAND")?,
                runbook: setting("RUNBOOK_URL")?,
            },
        },
        dead_letters: DeadLetterQueue { sqs: sqs.clone(), url: setting("DEAD_LETTER_QUEUE_URL")? },
        reports: OperationsQueue { sqs, url: setting("OPERATIONS_QUEUE_URL")? },
    })
}
