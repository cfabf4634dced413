//! Answers questions of operators about the database.

use lambda_support::{StartError, config::setting};
use operator_access::inspect_warehouse;
use warehouse::DatabaseUrl;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    lambda_support::run(start(), inspect_warehouse).await
}

/// Connects with the first question: each one sees a snapshot on a connection of its own.
fn start() -> Result<DatabaseUrl, StartError> {
    Ok(iam_login::enable(setting("DATABASE_URL")?)?)
}
