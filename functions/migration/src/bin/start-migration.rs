//! Reads the password of the master user and calls `migrate`. Terraform calls it with each apply.

use lambda_support::config::setting;
use migration::start_migration::{self, Starter};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::StartError> {
    let aws = aws::aws().await;
    let starter = Starter {
        secrets: aws_sdk_secretsmanager::Client::new(&aws),
        lambda: start_migration::patient_client(&(&aws).into()),
        migrate: setting("MIGRATE_FUNCTION")?,
    };
    lambda_support::run(async |request| start_migration::handle(&starter, request).await).await
}
