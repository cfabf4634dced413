//! Reads the password of the master user and calls `migrate`. Terraform calls it with each apply.

use aws::{Readiness, Secrets};
use lambda_support::{StartError, config::setting};
use migration::start_migration::{self, Starter};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    lambda_support::run(start().await, start_migration::handle).await
}

async fn start() -> Result<Starter, StartError> {
    let aws = aws::aws().await;
    Ok(Starter {
        secrets: Secrets::within(start_migration::SECRET_TIMEOUT, &aws),
        lambda: start_migration::patient_client(&(&aws).into()),
        migrate: setting("MIGRATE_FUNCTION")?,
        readiness: Readiness::OF_LAMBDA,
        within: start_migration::CALLS_TIMEOUT,
    })
}
