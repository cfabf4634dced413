//! Brings the database to its shape, as `start-migration` asks.

use lambda_support::config::setting;
use migration::migrate;
use warehouse::Proof;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::StartError> {
    let url = iam_login::trust_rds(setting("DATABASE_URL")?);
    lambda_support::run(async |request| migrate::handle(&url, &Proof::IamToken, request).await)
        .await
}
