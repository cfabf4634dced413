//! Reads the password of the master user and calls `migrate`. Terraform calls it with each apply.

use lambda_support::{StartError, config::setting};
use migration::start_migration::{self, Starter};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    lambda_support::run(start().await, start_migration::handle).await
}

async fn start() -> Result<Starter, StartError> {
    let aws = aws::aws().await;
    Ok(Starter {
        secrets: aws_sdk_secretsmanager::Client::new(&aws),
        lambda: start_migration::patient_client(&(&aws).into()),
        migrate: setting("MIGRATE_FUNCTION")?,
        readiness: aws::Readiness::OF_LAMBDA,
    })
}
